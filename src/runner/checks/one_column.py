"""What a single column tells: the skill of a small tree of its own.

The skill is out of fold: 2 AUC - 1 for classes, the mean of each against the rest, and R² of the ranks for values.
"""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr
from sklearn.metrics import r2_score
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from runner.checks import marks, quick
from runner.checks.columns import is_date, is_number, is_sorted_by_target, may_be_blocks, numbers
from runner.dataset import Dataset
from runner.hints import determines

FEWEST_IN_A_RANGE = 5  # cases of a class: fewer may be the greatest of an honest column
IN_STEP = 0.9995  # rank correlation from which on an amount is a function of a column


def column_skill(dataset: Dataset, name: str) -> float:
    """Return the out-of-fold skill of a small tree on one column; 0 is no better than the dummy."""
    column = dataset.features[name]
    if dataset.task.is_classification and _renames_the_classes(column, dataset):
        return 1.0
    tree: Any = DecisionTreeClassifier if dataset.task.is_classification else DecisionTreeRegressor
    model = tree(max_leaf_nodes=16, min_samples_leaf=10, random_state=0)
    if is_number(column) or is_date(column):
        values = column.astype("int64") if is_date(column) else column
        inputs = values.rank(method="dense").to_frame()  # a tree takes values of little spread for one
    else:
        inputs = column.astype(object).where(column.notna(), "missing").astype(str).to_frame()
        kind = "auto" if dataset.task.is_classification else "continuous"
        encoder = TargetEncoder(target_type=kind, cv=KFold(5, shuffle=True, random_state=0))
        model = make_pipeline(encoder, model)
    folds = _folds(dataset)
    with warnings.catch_warnings():  # a class that a fold lacks
        warnings.simplefilter("ignore")
        if not dataset.task.is_classification:
            if is_the_target(column, dataset) or (is_number(column) and _are_in_step(numbers(column), dataset)):
                return 1.0
            ranks = rankdata(dataset.target)  # a coarse tree follows a skewed target's order, not its tail
            return float(r2_score(ranks, cross_val_predict(model, inputs, ranks, cv=folds)))
        predictions = cross_val_predict(model, inputs, dataset.target, cv=folds, method="predict_proba")
    skills, sizes = quick.class_skills(np.unique(dataset.target, return_inverse=True)[1], predictions)
    enough = np.minimum(sizes, len(dataset) - sizes) >= marks.FEWEST_ROWS
    return float(skills[enough].mean()) if enough.any() else float(_divides_the_classes(column, dataset))


def is_the_target(column: "pd.Series[Any]", dataset: Dataset) -> bool:
    """Whether a column holds the amounts of the target, in whatever order the rows are."""
    return not dataset.classes and is_number(column) and np.array_equal(numbers(column), dataset.target)


def skill_told(skill: float, dataset: Dataset) -> str:
    """Write such a skill as what it was computed from."""
    return f"AUC {(1 + skill) / 2:.3f}" if dataset.task.is_classification else f"rank R² {skill:.3f}"


def _renames_the_classes(column: "pd.Series[Any]", dataset: Dataset) -> bool:
    """Whether each class has its own value, as thirty teams have their abbreviations: too many for a small tree."""
    levels, count = pd.factorize(column, use_na_sentinel=False)[0], len(np.unique(dataset.target))
    one_to_one = int(levels.max()) + 1 == count and determines(levels, dataset.target)
    return one_to_one and not may_be_blocks(marks.sizes_of_classes(dataset))


def _divides_the_classes(column: "pd.Series[Any]", dataset: Dataset) -> bool:
    """Whether each class is a range of a number, as very low weights at birth are: too few rows for a small tree."""
    codes, sizes = np.unique(dataset.target, return_inverse=True)[1], marks.sizes_of_classes(dataset)
    if not is_number(column) or column.isna().any() or sizes.min() < FEWEST_IN_A_RANGE or may_be_blocks(sizes):
        return False
    ordered = codes[np.argsort(column.to_numpy(np.float64), kind="stable")]
    alone = determines(pd.factorize(column)[0], codes)
    return bool(alone and (np.diff(ordered) != 0).sum() == len(sizes) - 1 and not is_sorted_by_target(dataset))


def _are_in_step(values: NDArray[np.float64], dataset: Dataset) -> bool:
    """Whether amounts rise or fall with a column, as with their logarithm: of few rows, a small tree does not show it.

    Amounts that grow from row to row are in step with the time, and with all else that grows.
    """
    known = ~np.isnan(values)
    varies = known.all() and np.ptp(values) > 0 and np.ptp(dataset.target) > 0
    return bool(varies) and not is_sorted_by_target(dataset) and abs(spearmanr(values, dataset.target)[0]) >= IN_STEP


def _folds(dataset: Dataset) -> list[quick.Fold]:
    """Return shuffled folds, as a table may be sorted by its target, that keep groups together."""
    count = 3
    if dataset.groups is not None and len(np.unique(dataset.groups)) >= count:
        splitter: Any = GroupKFold(count, shuffle=True, random_state=0)
    else:
        splitter = KFold(count, shuffle=True, random_state=0)
    return list(splitter.split(dataset.target, groups=dataset.groups))
