"""A fitted tree as rules, one per leaf, in the columns and values of the table itself."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.candidates.origin import Origin, origins
from runner.rules import DATE_PARTS, ORDERED, Condition, Rule, Rules
from runner.words import counted

Step = tuple[int, bool, float, bool]  # prepared column, below or above, threshold, whether gaps go there too


def tree_rules(pipeline: Any, features: pd.DataFrame, classes: tuple[Any, ...]) -> tuple[Rules, bool]:
    """Return a rule for each leaf of a tree, and whether they express the tree completely.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted: a cleaning, an encoding and a tree, or a tree alone.
    features : DataFrame
        The features that it was fitted on.
    classes : tuple
        The class of each code; empty for regression.
    """
    tree = pipeline[-1]
    names = list(pipeline[:-1].get_feature_names_out() if len(pipeline) > 1 else features)
    known = origins(pipeline[0][0], pipeline[1], features) if len(pipeline) == 3 else {}  # no scaling after it
    asked: list[Origin | None] = [known.get(name) for name in names]
    labels = [classes[int(code)] for code in tree.classes_] if classes else []
    rules = []
    for leaf, path in _leaves(tree.tree_, 0, ()):
        conditions = [c for step in _tightest(path) for c in _conditions(step, asked, names)]
        outcome = _outcome(tree.tree_.value[leaf][0], labels)
        rules.append(Rule(tuple(_shortest(conditions)), outcome, _rows(tree, leaf, bool(labels))))
    used = {step[0] for _, path in _leaves(tree.tree_, 0, ()) for step in path}
    return tuple(rules), all(asked[position] is not None for position in used)


def as_learned(rules: Rules, features: pd.DataFrame) -> Rules:
    """Return the rules as a person reads them; of the rows that the tree was fitted on, they say what it does.

    A tree cuts halfway between two numbers: where they are whole, the lower one says as much, and where there are just
    two, a row has the greater one or has it not. A gap in a column without any goes to the side with more rows: the
    tree has learned nothing of it, so `or missing` is left out.

    Parameters
    ----------
    features : DataFrame
        The rows that it was fitted on.
    """
    gaps = {str(name) for name in features if features[name].isna().any()}
    numbers = {str(name): np.unique(column.dropna()) for name, column in features.select_dtypes("number").items()}
    whole = {name: values for name, values in numbers.items() if (values % 1 == 0).all()}
    whole |= {f"{name}.{part}": np.empty(0) for name in features.select_dtypes("datetime") for part in DATE_PARTS}
    return tuple(replace(rule, conditions=tuple(_read(c, gaps, whole) for c in rule.conditions)) for rule in rules)


def _read(condition: Condition, gaps: set[str], whole: dict[str, NDArray[Any]]) -> Condition:
    column, sign, value = condition.column, condition.sign, condition.value
    if sign not in ORDERED or not isinstance(value, str):
        return condition
    has_gaps = bool({column, column.rpartition(".")[0]} & gaps)  # the latter of a part of a date
    values = whole.get(column)
    if values is None:
        return replace(condition, or_missing=condition.or_missing and has_gaps)
    if len(values) == 2 and not has_gaps:
        return Condition(column, "==" if sign == ">" else "!=", f"{values[1]:.0f}")
    return Condition(column, sign, str(math.floor(float(value))), condition.or_missing and has_gaps)


def _leaves(inner: Any, node: int, path: tuple[Step, ...]) -> Iterator[tuple[int, tuple[Step, ...]]]:
    left, right = int(inner.children_left[node]), int(inner.children_right[node])
    if left == right:
        yield node, path
        return
    column, threshold = int(inner.feature[node]), float(inner.threshold[node])
    gaps_left = bool(inner.missing_go_to_left[node])
    yield from _leaves(inner, left, (*path, (column, True, threshold, gaps_left)))
    yield from _leaves(inner, right, (*path, (column, False, threshold, not gaps_left)))


def _tightest(path: tuple[Step, ...]) -> list[Step]:
    """Keep one step per column and direction, with the tightest threshold; gaps pass only if all steps let them."""
    kept: dict[tuple[int, bool], Step] = {}
    for column, below, threshold, gaps in path:
        _, _, other, gaps_before = kept.get((column, below), (column, below, threshold, True))
        tightest = min(threshold, other) if below else max(threshold, other)
        kept[column, below] = (column, below, tightest, gaps and gaps_before)
    return list(kept.values())


def _conditions(step: Step, asked: list[Origin | None], names: list[str]) -> tuple[Condition, ...]:
    column, below, threshold, gaps = step
    origin = asked[column]
    if origin is None:  # named as the preparation does: a person can interpret it, a rule cannot
        return (Condition(names[column], "<=" if below else ">", f"{threshold:.6g}"),)
    return origin.conditions(below, threshold, gaps)


def _shortest(conditions: list[Condition]) -> list[Condition]:
    """Leave out what another condition already implies, as that a column which is one level is not another."""
    settled = {c.column: c for c in conditions if c.sign == "==" or (c.sign, c.value) == ("is", "missing")}
    bounded = {c.column for c in conditions if c.sign in ("<=", ">") and not c.or_missing}
    shorter = [c for c in conditions if settled.get(c.column, c) == c]
    return [Condition(c.column, c.sign, c.value, c.or_missing and c.column not in bounded) for c in shorter]


def _rows(tree: Any, leaf: int, of_classes: bool) -> str:
    """Count the rows in a leaf, and those of the class that it predicts: the probability may be drawn to that of all.

    With weights, the share of a class is not that of its rows.
    """
    rows = int(tree.tree_.n_node_samples[leaf])
    if not of_classes or tree.tree_.weighted_n_node_samples[leaf] != rows:
        return counted(rows, "row")
    seen = tree.seen_ if hasattr(tree, "seen_") else tree.tree_.value[:, 0]
    return f"{round(rows * seen[leaf][tree.tree_.value[leaf][0].argmax()]):,} of {counted(rows, 'row')}"


def _outcome(value: NDArray[np.float64], labels: list[Any]) -> Any:
    """Return the mean in a leaf, or the share of each class."""
    if not labels:
        return float(value[0])
    return tuple((str(label), float(share)) for label, share in zip(labels, value / value.sum(), strict=True))
