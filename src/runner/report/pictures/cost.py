"""What does each candidate score for what it costs? Score with its interval over cost, and the frontier."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from runner import words
from runner.report import Content
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.report.pictures.labels import HEIGHT, Box, placed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE, BEYOND = 2.5, 1.6  # room for names beside the cheapest and the most expensive, as factors
DASHES: "tuple[float, tuple[float, float]]" = (0, (4, 3))
LEAST = 0.01  # CPU seconds, because a log axis has no zero
MARK, LETTER = 4.0, 5.2  # units of the page: half a mark, and the width of a letter of a name

Here = Callable[[float, float], tuple[float, float]]  # from CPU seconds and score to units of the page


class Point(NamedTuple):
    """A candidate as drawn: its score as people read it, and its standard error."""

    name: str
    cpu_seconds: float
    score: float
    error: float


def cost_picture(verdict: Content, trials: Sequence[Content] = (), name: str = "cost") -> Picture | None:
    """Draw every scored candidate, the search's trials faintly, and the frontier that no cheaper candidate beats."""
    metric = verdict["metric"]["name"]
    shown = points(verdict)
    if len(shown) < 2:
        return None
    names = {each["name"] for each in verdict["candidates"]}
    drawn = [each for each in trials if each["score"] is not None and each["name"] not in names]
    spent = [max(each["costs"]["cpu_seconds"], LEAST) for each in drawn]
    figure, axes = cost_axes(verdict["metric"], [*spent, *(each.cpu_seconds for each in shown)])
    if drawn:
        scores = [words.for_people(metric, each["score"]) for each in drawn]
        axes.plot(spent, scores, ".", color=canvas.COSTLY, alpha=0.4)
    axes.step(*stair(shown, verdict["metric"]), where="post", color=canvas.SOFT, lw=1, ls=DASHES)
    for candidate, cpu_seconds, score, error in shown:
        colour, mark = _look(verdict, candidate)
        size = 8 if mark != "o" else 5
        axes.errorbar(cpu_seconds, score, yerr=error, fmt=mark, color=colour, ms=size, elinewidth=1.2, capsize=0)
    _name(figure, axes, verdict, shown)
    text = (
        f"{len(shown)} candidates; best {told_best(verdict)}. "
        "Bars are one standard error over the folds; the dashed line is the best score for each price."
    )
    return canvas.picture(figure, name, "What each candidate scores for its cost", text)


def cost_axes(metric: Content, cpu_seconds: Sequence[float]) -> "tuple[Figure, Axes]":
    """Return axes for scores over CPU seconds on a log scale, with room for names at the sides."""
    from matplotlib.ticker import LogLocator

    figure, axes = canvas.sheet(height=3.4)
    axes.set_xscale("log")
    axes.set_xlabel("CPU seconds to evaluate (log scale)")
    axes.set_ylabel(f"{metric['label']} ({'higher' if metric['greater_is_better'] else 'lower'} is better)")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=8))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.grid(True, axis="y", alpha=0.5)
    axes.margins(y=0.12)
    axes.set_xlim(min(cpu_seconds) / BEFORE, max(cpu_seconds) * BEYOND)
    canvas.bare(axes, "bottom")
    return figure, axes


def points(verdict: Content) -> list[Point]:
    """Return the candidates that have a score, except the dummy."""
    return [_point(verdict["metric"]["name"], each) for each in _models(verdict)]


def stair(shown: Sequence[Point], metric: Content) -> tuple[list[float], list[float]]:
    """Return the corners of the line of the best score that each cost buys: CPU seconds and scores."""
    steps = [(each.cpu_seconds, each.score) for each in _steps(shown, _sign(metric))]
    if steps:
        steps.append((max(each.cpu_seconds for each in shown), steps[-1][1]))
    return [cpu for cpu, _ in steps], [score for _, score in steps]


def told_best(verdict: Content) -> str:
    """Write which candidate scores best, how much, and what it took."""
    found, metric = points(verdict), verdict["metric"]
    if not found:
        return "none"
    best = max(found, key=lambda each: _sign(metric) * each.score)
    shown = words.score(metric["name"], words.for_people(metric["name"], best.score))
    return f"{best.name} with {metric['label']} {shown} for {words.cpu(best.cpu_seconds)}"


def frontier(verdict: Content) -> list[Content]:
    """Return the candidates that no cheaper one beats, and those compared; cheapest first."""
    best = {each.name for each in _steps(points(verdict), _sign(verdict["metric"]))}
    told = [
        each for each in _models(verdict) if each["name"] in best | {verdict["cheap_champion"], verdict["challenger"]}
    ]
    return sorted(told, key=lambda each: each["costs"]["cpu_seconds"])


def _models(verdict: Content) -> list[Content]:
    return [each for each in verdict["candidates"] if each["rung"] != "none" and each["score"] is not None]


def _point(metric: str, entry: Content) -> Point:
    error = words.standard_error(entry["fold_scores"]) or 0.0
    cpu_seconds, score = max(entry["costs"]["cpu_seconds"], LEAST), words.for_people(metric, entry["score"])
    return Point(entry["name"], cpu_seconds, score, error)


def _steps(shown: Sequence[Point], sign: int) -> list[Point]:
    """Return the points that no cheaper one beats, cheapest first."""
    steps: list[Point] = []
    for each in sorted(shown, key=lambda each: (each.cpu_seconds, -sign * each.score)):
        if not steps or sign * each.score > sign * steps[-1].score:
            steps.append(each)
    return steps


def _look(verdict: Content, name: str) -> tuple[str, str]:
    if name == verdict["challenger"]:
        return canvas.COSTLY, "D"
    return (canvas.CHEAP, "s") if name == verdict["cheap_champion"] else (canvas.SOFT, "o")


def _sign(metric: Content) -> int:
    return 1 if metric["greater_is_better"] else -1


def _name(figure: "Figure", axes: "Axes", verdict: Content, shown: Sequence[Point]) -> None:
    """Write the names of the compared candidates and of the frontier."""
    marked = (verdict["challenger"], verdict["cheap_champion"])
    told = {entry["name"] for entry in frontier(verdict)}
    named = sorted((each for each in shown if each.name in told), key=lambda each: each.name not in marked)
    looks = [(_look(verdict, name)[0], True) if name in marked else (canvas.INK, False) for name, *_ in named]
    name_points(figure, axes, dict(zip(named, looks, strict=True)), shown)


def name_points(
    figure: "Figure", axes: "Axes", named: Mapping[Point, tuple[str, bool]], shown: Sequence[Point]
) -> None:
    """Write names beside their points, in a colour, perhaps bold; a line connects a name that is further away.

    Parameters
    ----------
    named : mapping of Point to (colour, is_bold)
        The first is placed first.
    shown : sequence of Point
        All points drawn; no name may cover one.
    """
    figure.draw_without_rendering()
    scale = figure.dpi / 72

    def here(cpu: float, score: float) -> tuple[float, float]:
        x, y = axes.transData.transform((cpu, score)) / scale
        return float(x), float(y)

    found = [here(cpu, score) for _, cpu, score, _ in named]
    widths = [LETTER * len(canvas.short(name)) for name, *_ in named]
    edge = axes.bbox
    sheet = (edge.x0 / scale, edge.y0 / scale, edge.x1 / scale, edge.y1 / scale + 8)
    places = placed(found, widths, [*_boxes_of_points(shown, here), *_boxes_of_stairs(axes, here)], sheet)
    line = {"arrowstyle": "-", "color": canvas.SOFT, "lw": 0.8, "shrinkA": 1, "shrinkB": 4}
    for (point, (colour, is_bold)), (x, y), place in zip(named.items(), found, places, strict=True):
        name, cpu, score, _ = point
        left, low, right, _ = place.box
        axes.annotate(
            canvas.short(name),
            (cpu, score),
            ((left + right) / 2 - x, low + HEIGHT / 2 - y),
            textcoords="offset points",
            size=8.5,
            color=colour,
            weight="bold" if is_bold else "normal",
            ha="center",
            va="center",
            arrowprops=line if place.is_led else None,
        )


def _boxes_of_points(shown: Sequence[Point], here: Here) -> Iterator[Box]:
    """Yield the boxes that marks and error bars cover."""
    for _, cpu, score, error in shown:
        (x, low), (_, y), (_, high) = here(cpu, score - error), here(cpu, score), here(cpu, score + error)
        yield x - 1, min(low, high), x + 1, max(low, high)
        yield x - MARK, y - MARK, x + MARK, y + MARK


def _boxes_of_stairs(axes: "Axes", here: Here) -> Iterator[Box]:
    """Yield the boxes that the line of the best score covers."""
    import numpy as np

    for drawn in axes.lines:
        if drawn.get_drawstyle() == "steps-post":
            corners = [here(*corner) for corner in np.column_stack(drawn.get_data())]
            for (left, y), (right, to) in pairwise(corners):
                yield left, y - 1, right, y + 1
                yield right - 1, min(y, to), right + 1, max(y, to)
