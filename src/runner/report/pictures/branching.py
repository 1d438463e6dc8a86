"""Rebuilds a tree from its rules: leaves that share their first conditions grow on one branch.

A tree's rules omit conditions that a tighter one implies. The tree is rebuilt by looking for a condition that splits
the leaves: all before some position satisfy it, and all from there on do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.rules import ORDERED, Condition, Rule

Conditions = tuple[Condition, ...]
Side = tuple[Conditions, Conditions]  # the conditions on either side of a split
MOST_TRIED = 2000  # positions tried in looking for the tree
TURNED = {"<=": ">", ">": "<=", "<": ">=", ">=": "<", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}


@dataclass(frozen=True)
class Branch:
    """A node of the tree.

    Attributes
    ----------
    conditions : tuple of Condition
        The conditions on the way from the parent node; empty at the root.
    rule : Rule or None
        The rule of a leaf.
    branches : tuple of Branch
        The child nodes; empty for a leaf.
    """

    conditions: Conditions
    rule: Rule | None = None
    branches: "tuple[Branch, ...]" = ()

    @property
    def height(self) -> int:
        """Return the number of branches on the longest way from here to a leaf."""
        return max((1 + branch.height for branch in self.branches), default=0)


def grown(rules: Sequence[Rule]) -> Branch | None:
    """Return the tree whose leaves are these rules, in this order; None if no such tree is found.

    The number of attempts is limited, because rules that can be split in many ways would take too long.
    """
    return _grow(rules, (), (), iter(range(MOST_TRIED)))


def listed(rules: Sequence[Rule]) -> Branch:
    """Return rules of which the first that holds applies, each on a branch of its own."""
    return Branch((), branches=tuple(Branch(rule.conditions, rule) for rule in rules))


def _grow(rules: Sequence[Rule], way: Conditions, path: Conditions, tries: Iterator[int]) -> Branch | None:
    """Grow the subtree below the conditions of `way`; `path` has all conditions from the root."""
    if next(tries, None) is None:
        return None
    path = (*path, *way)
    if len(rules) == 1:
        is_told = all(_follows(path, condition) for condition in rules[0].conditions)
        return Branch(way, rules[0]) if is_told else None
    for place, (first, second) in _partings(rules):
        before = _grow(rules[:place], first, path, tries)
        after = _grow(rules[place:], second, path, tries) if before else None
        if before and after:
            return Branch(way, branches=(before, after))
    return None


def _partings(rules: Sequence[Rule]) -> Iterator[tuple[int, Side]]:
    """Yield the positions at which a condition splits the rules, with both sides, from a rule's first condition on."""
    deepest = max(len(rule.conditions) for rule in rules)
    for depth in range(deepest):
        for place in range(1, len(rules)):
            for side in _questions(rules[place - 1], rules[place], depth):
                if _all_follow(rules[:place], side[0]) and _all_follow(rules[place:], side[1]):
                    yield place, side


def _questions(before: Rule, after: Rule, depth: int) -> Iterator[Side]:
    for condition in before.conditions[depth : depth + 1]:
        yield from (((condition,), other) for other in _others(condition))
    for condition in after.conditions[depth : depth + 1]:
        yield from ((other, (condition,)) for other in _others(condition))


def _others(condition: Condition) -> Iterator[Conditions]:
    """Yield the possible other sides of a split: all other known values, as people write it, or all other cells."""
    if condition.sign in ("==", "in"):
        yield *opposite(condition), Condition(condition.column, "is", "known")
    if condition.sign in ORDERED and not condition.or_missing:
        yield (Condition(condition.column, TURNED[condition.sign], condition.value),)
    yield opposite(condition)


def _all_follow(rules: Sequence[Rule], side: Conditions) -> bool:
    return all(_follows(rule.conditions, condition) for rule in rules for condition in side)


def opposite(condition: Condition) -> Conditions:
    """Return what holds where a condition does not, for missing cells as well."""
    column, sign, value, gaps = condition.column, condition.sign, condition.value, condition.or_missing
    if sign == "is":
        return (Condition(column, sign, "known" if value == "missing" else "missing"),)
    if sign in ("==", "in"):  # their opposites hold for missing cells
        return (Condition(column, TURNED[sign], value), *([Condition(column, "is", "known")] if gaps else []))
    if sign in ("!=", "not in"):
        return (Condition(column, TURNED[sign], value),)
    return (Condition(column, TURNED[sign], value, not gaps),)


def _follows(given: Conditions, asked: Condition) -> bool:
    """Whether a condition follows from others: on the same column, from a single one, or from two that bound it."""
    about = [condition for condition in given if condition.column == asked.column]
    known = any(not _takes_gaps(condition) for condition in about)
    return any(_values_follow(each, asked) and (known or _takes_gaps(asked)) for each in about)


def _takes_gaps(condition: Condition) -> bool:
    by_itself = condition.sign in ("!=", "not in") or (condition.sign, condition.value) == ("is", "missing")
    return by_itself or condition.or_missing


def _values_follow(given: Condition, asked: Condition) -> bool:
    """Whether the condition holds for every value for which the given one does, missing cells aside."""
    if (given.sign, given.value) == (asked.sign, asked.value) or (asked.sign, asked.value) == ("is", "known"):
        return True
    if (given.sign, given.value) == ("is", "missing"):
        return True  # it holds for no value
    if given.sign == asked.sign and given.sign in ORDERED:
        low, high = _ordered(given), _ordered(asked)
        return low <= high if given.sign in ("<", "<=") else low >= high
    held, wanted = _set(given), _set(asked)
    if given.sign in ("==", "in"):
        return held <= wanted if asked.sign in ("==", "in") else asked.sign in ("!=", "not in") and not held & wanted
    return given.sign in ("!=", "not in") and asked.sign in ("!=", "not in") and held >= wanted


def _set(condition: Condition) -> set[str]:
    return {condition.value} if isinstance(condition.value, str) else set(condition.value)


def _ordered(condition: Condition) -> tuple[float, str]:
    """Return a bound in a form that can be compared: a number, or a date as it is written."""
    text = str(condition.value)
    try:
        return float(text), ""
    except ValueError:
        return 0.0, text
