"""What did each run's candidates score for their cost? Both ladders in one picture, the same candidates joined."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from runner.report import Content
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.report.pictures.cost import DASHES, Point, cost_axes, frontier, name_points, points, stair, told_best

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def two_ladders(before: Content, after: Content) -> Picture | None:
    """Draw the first run's candidates hollow and the second's filled; None if neither has two with a score."""
    first, second = points(before), points(after)
    if max(len(first), len(second)) < 2:
        return None
    figure, axes = cost_axes(after["metric"], [each.cpu_seconds for each in (*first, *second)])
    was = {each.name: each for each in first}
    for name, cpu, score, _ in second:
        if name in was:
            axes.plot([was[name].cpu_seconds, cpu], [was[name].score, score], color=canvas.FAINT, lw=1, zorder=0)
    _ladder(axes, before, first, canvas.SOFT, {"ls": DASHES, "mfc": canvas.PAPER})
    _ladder(axes, after, second, canvas.CHEAP, {"ls": "-", "mfc": canvas.CHEAP})
    _name(figure, axes, before, after)
    text = (
        f"The first run's best is {told_best(before)}; the second's {told_best(after)}. "
        "Bars are one standard error over the folds."
    )
    return canvas.picture(figure, "two-ladders", "What the candidates of both runs score for their cost", text)


def _ladder(axes: "Axes", verdict: Content, shown: Sequence[Point], colour: str, look: dict[str, Any]) -> None:
    axes.step(*stair(shown, verdict["metric"]), where="post", color=colour, lw=1, ls=look["ls"])
    marks = {verdict["challenger"]: "D", verdict["cheap_champion"]: "s"}
    for name, cpu, score, error in shown:
        mark = marks.get(name, "o")
        axes.errorbar(cpu, score, yerr=error, fmt=mark, color=colour, mfc=look["mfc"], ms=5.5, elinewidth=1)


def _name(figure: "Figure", axes: "Axes", before: Content, after: Content) -> None:
    """Write each name once, at the second run's point if there is one; compared candidates are bold and come first."""
    first, second = ({each.name: each for each in points(verdict)} for verdict in (before, after))
    compared = {verdict[role] for verdict in (before, after) for role in ("cheap_champion", "challenger")}
    wanted = dict.fromkeys(each["name"] for verdict in (after, before) for each in frontier(verdict))
    looks = {}
    for name in sorted(wanted, key=lambda name: name not in compared):
        colour = canvas.CHEAP if name in second else canvas.SOFT
        looks[second.get(name) or first[name]] = (colour, name in compared)
    name_points(figure, axes, looks, [*first.values(), *second.values()])
