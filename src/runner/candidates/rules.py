"""A fitted tree as rules that a person can read, a line a leaf."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Condition = tuple[str, str, float]  # column, "<=" or ">", threshold


def tree_rules(tree: Any, columns: list[str], classes: list[str]) -> str:
    """Return the leaves of a tree as ``if ... then ...``, in the order of the tree.

    Parameters
    ----------
    tree : DecisionTreeClassifier or DecisionTreeRegressor
        Fitted.
    columns : list of str
        What the tree was fitted on. A column of zeros and ones reads as a yes-or-no question.
    classes : list of str
        In the order of the tree's classes; empty for regression.
    """
    inner = tree.tree_
    lines = []
    for leaf, path in _leaves(inner, columns, 0, ()):
        said = " and ".join(_in_words(condition) for condition in _tightest(path)) or "always"
        rows = int(inner.n_node_samples[leaf])
        lines.append(f"if {said} then {_outcome(inner.value[leaf][0], classes)} ({rows:,} rows)")
    return "\n".join(lines)


def _leaves(
    inner: Any, columns: list[str], node: int, path: tuple[Condition, ...]
) -> Iterator[tuple[int, tuple[Condition, ...]]]:
    left, right = int(inner.children_left[node]), int(inner.children_right[node])
    if left == right:
        yield node, path
        return
    column, threshold = columns[inner.feature[node]], float(inner.threshold[node])
    yield from _leaves(inner, columns, left, (*path, (column, "<=", threshold)))
    yield from _leaves(inner, columns, right, (*path, (column, ">", threshold)))


def _tightest(path: tuple[Condition, ...]) -> list[Condition]:
    """Keep one condition a column and direction: the last is the tightest."""
    return list({(column, sign): (column, sign, threshold) for column, sign, threshold in path}.values())


def _in_words(condition: Condition) -> str:
    column, sign, threshold = condition
    if threshold == 0.5:  # a column of zeros and ones, such as one level of a category
        return f"not {column}" if sign == "<=" else column
    return f"{column} {sign} {threshold:,.6g}"


def _outcome(value: NDArray[np.float64], classes: list[str]) -> str:
    """Return the mean of a leaf, or its most probable class with the share that it has there."""
    if not classes:
        return f"{value[0]:,.4g}"
    shares = value / value.sum()
    best = int(np.argmax(shares))
    return f"{classes[best]} in {shares[best]:.0%}"
