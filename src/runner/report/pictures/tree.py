"""What does the readable tree say? A tree of its conditions, with the outcome and the row count of each leaf."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.report import Content
from runner.report.pictures import canvas
from runner.report.pictures.branching import Branch, grown, listed
from runner.report.pictures.canvas import Picture
from runner.rules import Condition, Rule
from runner.rules.rule_file import read_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARE = re.compile(r"(?P<share>\d+)% (?:likely|are) (?P<name>.*)")
SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}
MOST = 16  # leaves
MOST_LINES = 3  # per condition
HIGHEST = 8  # a higher tree leaves no room for conditions and is drawn as a list
# In units of the page, from the left: the indent of a branch, where the outcomes begin, and how wide they are.
EDGE, STEP, OUTCOMES, END = 7, 15, 222, 72 * canvas.WIDE - 2
LETTER, LINE, GAP, LEAST_LEAF = 5.8, 13, 9, 33
ROWS = 60  # for the row count of a branch, at the right
BAR, BAR_HEIGHT = 30, 5
MOST_NOTE = 14  # letters beside the bar


@dataclass(frozen=True)
class Row:
    """A node of the tree as drawn: its position on the sheet, its indent, and its parent."""

    branch: Branch
    depth: int
    top: float
    lines: list[str]
    parent: "Row | None"

    @property
    def x(self) -> float:
        """Return the horizontal position of its mark."""
        return EDGE + STEP * self.depth

    @property
    def y(self) -> float:
        """Return the vertical position of its mark, from the top."""
        return self.top + 8

    @property
    def height(self) -> float:
        """Return the height that it takes on the sheet."""
        written = LINE * len(self.lines) + GAP
        rule = self.branch.rule
        is_measured = rule and (rule.note or SHARE.fullmatch(str(rule.then)) or _value(rule) is not None)
        return max(written, LEAST_LEAF) if is_measured else written


def tree_pictures(verdict: Content) -> list[Picture]:
    """Draw the best readable tree, and today's rules if they are known."""
    tree, today = readable_tree(verdict), verdict.get("incumbent") or {}
    drawn = [tree_picture("tree", f"What {tree['name']} says", tree["rules"])] if tree else []
    if today.get("rules"):
        drawn.append(tree_picture("today", f"What {today['name']} says, used today", today["rules"]))
    return [each for each in drawn if each]


def readable_tree(verdict: Content) -> Content | None:
    """Return name, rules, scores and rows of the best of the trees; None if there is none.

    The rules are the kept ones, learned on all development rows, or else those of the last fold.
    """
    trees = [each for each in verdict["candidates"] if _is_tree(each) and each["score"] is not None]
    best = max(trees, key=lambda each: each["score"], default=None)
    if best is None:
        return None
    told = {"name": best["name"], "fold_scores": best["fold_scores"], "rules": best["text"].splitlines(), "rows": None}
    kept = verdict.get("readable") or {}
    return told | {"rules": kept["lines"], "rows": kept["rows"]} if kept.get("tree") == best["name"] else told


def _is_tree(candidate: Content) -> bool:
    """Whether a candidate's text is rules with row counts, which rules used today lack."""
    lines = (candidate["text"] or "").splitlines()
    return bool(lines) and all((rule := read_line(line)) and rule.note for line in lines)


def tree_picture(name: str, title: str, lines: Sequence[str]) -> Picture | None:
    """Draw rules as a tree, or as a list if they form none; None if there are too few, too many, or other text."""
    rules = [rule for line in lines if (rule := read_line(line))]
    if len(rules) < len(lines) or not 2 <= len(rules) <= MOST:
        return None
    tree = grown(rules)
    if tree and tree.height > HIGHEST:
        tree = None
    rows = list(_rows(tree or listed(rules), 0, 4, None, "the first of these that holds" if tree is None else ""))
    figure, axes = canvas.blank(rows[-1].top + rows[-1].height)
    total = _count(rows[0].branch)
    for row in sorted(rows[1:], key=lambda row: -_count(row.branch)):
        _draw_edge(axes, row, _count(row.branch) / total if total else 0.2)
    values = [value for rule in rules if (value := _value(rule)) is not None]
    for row in rows:
        axes.plot(row.x, row.y, "s" if row.branch.rule else "o", ms=6, color=canvas.CHEAP, zorder=3)
        for number, line in enumerate(row.lines):
            axes.text(row.x + 8, row.y + LINE * number, line, va="center", size=10, color=canvas.INK)
        if row.branch.rule:
            _draw_outcome(axes, row.branch.rule, row.y, values)
        elif total and row.parent:
            axes.text(END, row.y, f"{_count(row.branch):,} rows", va="center", ha="right", size=9, color=canvas.SOFT)
    return canvas.picture(figure, name, title, "; ".join(lines) + ".")


def _rows(branch: Branch, depth: int, top: float, parent: Row | None, head: str = "") -> Iterator[Row]:
    """Yield a node and all that grows on it, from top to bottom."""
    several = len(branch.conditions) > 1
    said = (_said(condition, several) for condition in branch.conditions)
    told = " and ".join(said) or ("otherwise" if parent else head or _all(branch))
    room = ((OUTCOMES if branch.rule else END - ROWS) - EDGE - STEP * depth - 12) / LETTER
    lines = textwrap.wrap(told, int(room), max_lines=MOST_LINES, placeholder=" …")
    row = Row(branch, depth, top, lines, parent)
    yield row
    top += row.height
    for child in branch.branches:
        for below in _rows(child, depth + 1, top, row):
            yield below
            top = below.top + below.height


def _all(branch: Branch) -> str:
    return f"all {_count(branch):,} rows"


def _count(branch: Branch) -> int:
    """Return how many rows a tree was learned on; 0 if its rules do not say."""
    if branch.rule:
        return int(branch.rule.note.split()[-2].replace(",", "")) if branch.rule.note else 0
    return sum(map(_count, branch.branches))


def _said(condition: Condition, is_among_others: bool) -> str:
    """Write a condition for reading: without quotes, with mathematical signs."""
    value = condition.value if isinstance(condition.value, str) else ", ".join(condition.value)
    told = f"{condition.column} {SIGNS.get(condition.sign, condition.sign)} {value}"
    if not condition.or_missing:
        return told
    return f"({told} or missing)" if is_among_others else f"{told} or missing"


def _draw_edge(axes: "Axes", row: Row, share: float) -> None:
    """Draw the edge from the parent node, as wide as the share of the rows that take it."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    assert row.parent
    bend = 6
    ways = [(row.parent.x, row.parent.y), (row.parent.x, row.y - bend), (row.parent.x, row.y)]
    path = Path(
        [*ways, (row.parent.x + bend, row.y), (row.x, row.y)],
        [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO],
    )
    axes.add_patch(PathPatch(path, fill=False, edgecolor=canvas.FAINT, lw=1 + 5 * share, capstyle="butt"))


def _draw_outcome(axes: "Axes", rule: Rule, y: float, values: list[float]) -> None:
    """Write the outcome of a leaf with its row count, and below it a bar for the share or the value."""
    found = SHARE.fullmatch(str(rule.then))
    name, share = (found["name"], f" · {found['share']} %") if found else (str(rule.then), "")
    room = int((END - OUTCOMES) / (LETTER + 0.8)) - len(share)
    told = (name if len(name) <= room else f"{name[: room - 1]}…") + share
    axes.text(OUTCOMES, y, told, va="center", size=10, weight="bold", color=canvas.INK)
    below = y + 13
    value = int(found["share"]) / 100 if found else _value(rule)
    if value is not None:
        low, high = (0.0, 1.0) if found else (min(0.0, *values), max(0.0, *values))
        width = BAR / ((high - low) or 1.0)
        axes.barh(below, BAR, left=OUTCOMES, height=BAR_HEIGHT, color=canvas.FAINT)
        axes.barh(below, value * width, left=OUTCOMES - low * width, height=BAR_HEIGHT, color=canvas.CHEAP)
    if rule.note:
        axes.text(END, below, _short(rule.note), va="center", ha="right", size=9, color=canvas.SOFT)


def _short(note: str) -> str:
    """Write how many of a leaf's rows had its outcome; of so many that there is no room, the share tells it as well."""
    told, _, rows = note.rpartition(" of ")
    short = f"{told} of {rows.split()[0]}" if told else note
    return short if len(short) <= MOST_NOTE else rows


def _value(rule: Rule) -> float | None:
    """Return the number that a leaf predicts; None for a class."""
    try:
        return float(str(rule.then).replace(",", ""))
    except ValueError:
        return None
