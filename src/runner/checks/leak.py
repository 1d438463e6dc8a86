"""Does one column alone give the target away?

A column that was written after the outcome predicts it almost perfectly, and far better than any other column
does. Each column gets a small tree of its own; its skill is the share of the dummy's loss that it takes away
(2 AUC - 1 for classes, R² of the ranks for values), out of fold.
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from runner.checks import Finding, Severity
from runner.dataset import Dataset

ROWS = 5_000  # a leak shows on a sample
FEWEST_ROWS = 30  # with leaves of ten rows, fewer tell nothing
NEARLY_PERFECT, FAR_ABOVE = 0.95, 0.25  # stop: so much skill, and so small a part of the next column's loss left
STRONG, ABOVE = 0.5, 0.75  # warn
CERTAIN = 0.999  # stop, whatever the other columns do


def check_leak(dataset: Dataset, seed: int) -> list[Finding]:
    """Look for a column that alone is nearly perfect (stop), or far above the rest (warn)."""
    if len(dataset) < FEWEST_ROWS:
        return []
    rows = np.sort(np.random.default_rng(seed).permutation(len(dataset))[:ROWS])
    sample = dataset.take(rows)
    skills = {str(name): column_skill(sample, str(name)) for name in sample.features}
    ranked = sorted(skills, key=lambda name: -skills[name])
    if not ranked:
        return []
    first, best = ranked[0], skills[ranked[0]]
    next_best = max(skills[ranked[1]], 0.0) if len(ranked) > 1 else 0.0
    left = (1 - best) / (1 - next_best) if next_best < 1 else 1.0
    evidence = f"{first!r} alone takes away {best:.1%} of the dummy's loss; the next column {next_best:.1%}."
    if best >= CERTAIN or (best >= NEARLY_PERFECT and left <= FAR_ABOVE):
        advice = f"If {first!r} is not known before the prediction is made, leave it out: dataset.drop=[{first}]."
        return [Finding("target-leak", Severity.STOP, (first,), evidence, advice)]
    if best >= STRONG and left <= ABOVE:
        advice = (
            f"Far above the rest: is {first!r} known before the prediction is made? If not, dataset.drop=[{first}]."
        )
        return [Finding("target-leak", Severity.WARN, (first,), evidence, advice)]
    return []


def column_skill(dataset: Dataset, name: str) -> float:
    """Return the out-of-fold skill of a small tree on one column; 0 is no better than the dummy."""
    column = dataset.features[name]
    tree: Any = DecisionTreeClassifier if dataset.task.is_classification else DecisionTreeRegressor
    model = tree(max_leaf_nodes=16, min_samples_leaf=10, random_state=0)
    if column.dtype.kind in "iufb":
        inputs = column.to_frame()
    elif column.dtype.kind == "M":
        inputs = column.to_frame().astype("int64")
    else:
        inputs = column.astype(object).where(column.notna(), "missing").astype(str).to_frame()
        kind = "auto" if dataset.task.is_classification else "continuous"
        encoder = TargetEncoder(target_type=kind, cv=KFold(5, shuffle=True, random_state=0))
        model = make_pipeline(encoder, model)
    folds = KFold(3, shuffle=True, random_state=0)  # a table may be sorted by its target
    with warnings.catch_warnings():  # a class that a fold lacks
        warnings.simplefilter("ignore")
        if not dataset.task.is_classification:
            ranks = rankdata(dataset.target)  # a coarse tree follows a skewed target's order, not its tail
            return float(r2_score(ranks, cross_val_predict(model, inputs, ranks, cv=folds)))
        predictions = cross_val_predict(model, inputs, dataset.target, cv=folds, method="predict_proba")
    return _mean_auc_skill(dataset.target, predictions)


def _mean_auc_skill(target: NDArray[np.int64], predictions: NDArray[np.float64]) -> float:
    """Return 2 AUC - 1, each class against the rest, averaged over the classes that are there (a column each)."""
    classes = np.unique(target)
    if len(classes) < 2:
        return 0.0
    return float(np.mean([2 * roc_auc_score(target == c, predictions[:, i]) - 1 for i, c in enumerate(classes)]))
