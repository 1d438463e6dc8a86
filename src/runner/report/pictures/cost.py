"""What does each candidate score for what it costs? Score with its interval over cost, and the frontier."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runner import words
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.report.pictures.labels import HEIGHT, placed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Facts = Mapping[str, Any]
Point = tuple[str, float, float, float]  # name, CPU seconds, score for people, its standard error
BEFORE, BEYOND = 2.5, 1.6  # room beside the cheapest and the dearest, as factors; names stand there
LEAST = 0.01  # CPU seconds: on a log axis nothing is free
MARK, LETTER = 4.0, 5.2  # units of the page: half a mark, and the width of a letter of a name


def cost_picture(verdict: Facts, trials: Sequence[Facts] = ()) -> Picture | None:
    """Draw every candidate that has a score, the trials of the search faintly, and what no other beats for less."""
    metric = verdict["metric"]["name"]
    models = _models(verdict)
    shown = [_point(metric, each) for each in models]
    if len(shown) < 2:
        return None
    from matplotlib.ticker import LogLocator

    figure, (axes,) = canvas.sheet(height=3.4)
    axes.set_xscale("log")
    sign = 1 if verdict["metric"]["greater_is_better"] else -1
    names = {each["name"] for each in verdict["candidates"]}
    drawn = [each for each in trials if each["score"] is not None and each["name"] not in names]
    if drawn:
        cpu = [max(each["costs"]["cpu_seconds"], LEAST) for each in drawn]
        axes.plot(cpu, [words.for_people(metric, each["score"]) for each in drawn], ".", color=canvas.COSTLY, alpha=0.4)
    steps = [(cpu, score) for _, cpu, score, _ in _steps(shown, sign)]
    ends = [*steps, (max(cpu for _, cpu, _, _ in shown), steps[-1][1])]
    axes.step([x for x, _ in ends], [y for _, y in ends], where="post", color=canvas.SOFT, lw=1, ls=(0, (4, 3)))
    for name, cpu_seconds, score, error in shown:
        colour, mark = _look(verdict, name)
        size = 8 if mark != "o" else 5
        axes.errorbar(cpu_seconds, score, yerr=error, fmt=mark, color=colour, ms=size, elinewidth=1.2, capsize=0)
    axes.set_xlabel("CPU seconds to evaluate (log scale)")
    axes.set_ylabel(_axis(verdict["metric"]))
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=8))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.grid(True, axis="y", alpha=0.5)
    axes.margins(y=0.12)
    taken = [max(each["costs"]["cpu_seconds"], LEAST) for each in (*drawn, *models)]
    axes.set_xlim(min(taken) / BEFORE, max(taken) * BEYOND)
    canvas.bare(axes, "bottom")
    _name(figure, axes, verdict, shown)
    best = max(shown, key=lambda each: sign * each[2])
    text = (
        f"{len(shown)} candidates; best {best[0]} with {verdict['metric']['label']} "
        f"{words.score(metric, words.for_people(metric, best[2]))} for {words.cpu(best[1])}. "
        "Bars are one standard error over the folds; the dashed line is the best score that so much computing buys."
    )
    return canvas.picture(figure, "cost", "What each candidate scores for its cost", text)


def frontier(verdict: Facts) -> list[Facts]:
    """Return the candidates that none beats for less, and those compared; cheapest first."""
    metric, models = verdict["metric"], _models(verdict)
    points = [_point(metric["name"], each) for each in models]
    best = {name for name, *_ in _steps(points, 1 if metric["greater_is_better"] else -1)}
    told = [each for each in models if each["name"] in best | {verdict["cheap_champion"], verdict["challenger"]}]
    return sorted(told, key=lambda each: each["costs"]["cpu_seconds"])


def _models(verdict: Facts) -> list[Facts]:
    return [each for each in verdict["candidates"] if each["rung"] != "none" and each["score"] is not None]


def _point(metric: str, entry: Facts) -> Point:
    error = words.standard_error(entry["fold_scores"]) or 0.0
    return entry["name"], max(entry["costs"]["cpu_seconds"], LEAST), words.for_people(metric, entry["score"]), error


def _steps(shown: Sequence[Point], sign: int) -> list[Point]:
    """Return those that none beats for less, cheapest first."""
    steps: list[Point] = []
    for each in sorted(shown, key=lambda each: (each[1], -sign * each[2])):
        if not steps or sign * each[2] > sign * steps[-1][2]:
            steps.append(each)
    return steps


def _look(verdict: Facts, name: str) -> tuple[str, str]:
    if name == verdict["challenger"]:
        return canvas.COSTLY, "D"
    return (canvas.CHEAP, "s") if name == verdict["cheap_champion"] else (canvas.SOFT, "o")


def _name(figure: "Figure", axes: "Axes", verdict: Facts, shown: Sequence[Point]) -> None:
    """Write the names of those compared and of the frontier; a line leads to what has no room beside it."""
    marked = (verdict["challenger"], verdict["cheap_champion"])
    told = {entry["name"] for entry in frontier(verdict)}
    named = sorted((each for each in shown if each[0] in told), key=lambda each: each[0] not in marked)
    figure.draw_without_rendering()
    scale = figure.dpi / 72

    def here(cpu: float, score: float) -> tuple[float, float]:
        x, y = axes.transData.transform((cpu, score)) / scale
        return float(x), float(y)

    taken = []
    for _, cpu, score, error in shown:
        (x, low), (_, y), (_, high) = here(cpu, score - error), here(cpu, score), here(cpu, score + error)
        taken += [(x - 1, min(low, high), x + 1, max(low, high)), (x - MARK, y - MARK, x + MARK, y + MARK)]
    points = [here(cpu, score) for _, cpu, score, _ in named]
    widths = [LETTER * len(name) for name, *_ in named]
    edge = axes.bbox
    sheet = (edge.x0 / scale, edge.y0 / scale, edge.x1 / scale, edge.y1 / scale + 8)
    for (name, cpu, score, _), (x, y), place in zip(named, points, placed(points, widths, taken, sheet), strict=True):
        left, low, right, _ = place.box
        colour = _look(verdict, name)[0] if name in marked else canvas.INK
        line = {"arrowstyle": "-", "color": canvas.SOFT, "lw": 0.8, "shrinkA": 1, "shrinkB": 4}
        axes.annotate(
            name,
            (cpu, score),
            ((left + right) / 2 - x, low + HEIGHT / 2 - y),
            textcoords="offset points",
            size=8.5,
            color=colour,
            weight="bold" if name in marked else "normal",
            ha="center",
            va="center",
            arrowprops=line if place.is_led else None,
        )


def _axis(metric: Facts) -> str:
    return f"{metric['label']} ({'higher' if metric['greater_is_better'] else 'lower'} is better)"
