"""From rules back to the tree that they came from: leaves that share their first questions grow on one branch.

A tree's rules leave out what a tighter condition says already, so a question is looked for that parts the leaves: all
before some place answer it one way, all from there on the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.rules import ORDERED, Condition, Rule

Conditions = tuple[Condition, ...]
Side = tuple[Conditions, Conditions]  # one answer to a question, and the other
MOST_TRIED = 2000  # places, in looking for the tree
TURNED = {"<=": ">", ">": "<=", "<": ">=", ">=": "<", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}


@dataclass(frozen=True)
class Branch:
    """A place in a tree.

    Attributes
    ----------
    conditions : tuple of Condition
        What leads here from the place above; none at the root.
    rule : Rule or None
        What a leaf says.
    branches : tuple of Branch
        What grows here; none on a leaf.
    """

    conditions: Conditions
    rule: Rule | None = None
    branches: "tuple[Branch, ...]" = ()

    @property
    def height(self) -> int:
        """Return how many branches follow each other from here to the farthest leaf."""
        return max((1 + branch.height for branch in self.branches), default=0)


def grown(rules: Sequence[Rule]) -> Branch | None:
    """Return the tree whose leaves are these rules, in their order; None where they are found to be those of no tree.

    Where questions part the rules in many ways, trying all would take time without end.
    """
    return _grow(rules, (), (), iter(range(MOST_TRIED)))


def listed(rules: Sequence[Rule]) -> Branch:
    """Return rules of which the first that holds is taken, each on a branch of its own."""
    return Branch((), branches=tuple(Branch(rule.conditions, rule) for rule in rules))


def _grow(rules: Sequence[Rule], way: Conditions, path: Conditions, tries: Iterator[int]) -> Branch | None:
    """Grow what stands behind the conditions of a way; the path has those of all ways from the root."""
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
    """Yield where a question parts the rules, and its two answers; those told first in a rule come first."""
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
    """Yield what the other side may be: all else that is known, as people write it, or all else."""
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
    if sign in ("==", "in"):  # their opposites hold for gaps
        return (Condition(column, TURNED[sign], value), *([Condition(column, "is", "known")] if gaps else []))
    if sign in ("!=", "not in"):
        return (Condition(column, TURNED[sign], value),)
    return (Condition(column, TURNED[sign], value, not gaps),)


def _follows(given: Conditions, asked: Condition) -> bool:
    """Whether a condition holds wherever some others do: of one column, one of them is enough, or two that bound it."""
    about = [condition for condition in given if condition.column == asked.column]
    known = any(not _takes_gaps(condition) for condition in about)
    return any(_values_follow(each, asked) and (known or _takes_gaps(asked)) for each in about)


def _takes_gaps(condition: Condition) -> bool:
    by_itself = condition.sign in ("!=", "not in") or (condition.sign, condition.value) == ("is", "missing")
    return by_itself or condition.or_missing


def _values_follow(given: Condition, asked: Condition) -> bool:
    """Whether it holds for every value for which the given one does, gaps aside."""
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
    """Return a bound as something to compare: a number, or a date as it is written."""
    text = str(condition.value)
    try:
        return float(text), ""
    except ValueError:
        return 0.0, text
