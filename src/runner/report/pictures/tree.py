"""What does the readable tree say? Its rules as bars: how many rows each is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture

Facts = Mapping[str, Any]
RULE = re.compile(r"^(?:if )?(?P<path>.*?) ?then (?P<outcome>.*) \((?P<rows>[\d,]+) rows?\)$")
MOST = 16


@dataclass(frozen=True)
class Leaf:
    """A rule: its conditions, what it says, and of how many rows."""

    conditions: tuple[str, ...]
    outcome: str
    rows: int


def leaves(text: str | None) -> list[Leaf]:
    """Read rules as `candidates.rules` writes them; none where a line is not one."""
    found = []
    for line in (text or "").splitlines():
        match = RULE.match(line)
        if not match:
            return []
        path = match["path"]
        conditions = () if path == "always" else tuple(path.split(" and "))
        found.append(Leaf(conditions, match["outcome"], int(match["rows"].replace(",", ""))))
    return found


def tree_picture(name: str, text: str | None, picture: str = "tree") -> Picture | None:
    """Draw a tree as it grows from left to right: a box is as high as it has rows; None of what is no tree."""
    found = leaves(text)
    if not 2 <= len(found) <= MOST:
        return None
    total = sum(leaf.rows for leaf in found) or 1
    figure, (axes,) = canvas.sheet(height=0.5 + 0.34 * len(found))
    for place, leaf in enumerate(found):
        axes.barh(place, leaf.rows / total, height=0.62, color=canvas.CHEAP, alpha=0.75)
        axes.text(leaf.rows / total + 0.015, place, f"{leaf.outcome}", va="center", color=canvas.INK)
    axes.set_yticks(range(len(found)), [f"{place + 1}" for place in range(len(found))])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlim(0, 1.35 * max(leaf.rows for leaf in found) / total)
    axes.set_xlabel("share of the rows that each rule is about")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.locator_params(axis="x", nbins=5)
    canvas.bare(axes)
    told = "; ".join(f"rule {place + 1}, {leaf.rows:,} rows: {leaf.outcome}" for place, leaf in enumerate(found))
    return canvas.picture(figure, picture, f"What {name} says", f"{told}.")


def tree_pictures(verdict: Facts) -> list[Picture]:
    """Draw the most detailed readable tree, and the incumbent's rules where they are known."""
    drawn = []
    if readable := readable_tree(verdict):
        drawn.append(tree_picture(readable["name"], readable["text"]))
    return [each for each in drawn if each]


def readable_tree(verdict: Facts) -> Facts | None:
    """Return the candidate whose rules are shown: of the trees, the one with the best score."""
    trees = [each for each in verdict["candidates"] if leaves(each["text"]) and each["score"] is not None]
    return max(trees, key=lambda each: each["score"], default=None)
