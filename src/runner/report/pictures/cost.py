"""What does each candidate score for what it costs? Score with its interval over cost, and the frontier."""

from collections.abc import Mapping, Sequence
from typing import Any

from runner import words
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture

Facts = Mapping[str, Any]
BESIDE = 1.5  # room beside the cheapest and the dearest, as a factor
LEAST = 0.01  # CPU seconds: on a log axis nothing is free


def cost_picture(verdict: Facts, trials: Sequence[Facts] = ()) -> Picture | None:
    """Draw every candidate that has a score, the trials of the search faintly, and what no other beats for less."""
    metric = verdict["metric"]["name"]
    models = [each for each in verdict["candidates"] if each["rung"] != "none"]
    shown = [_point(metric, each) for each in models if each["score"] is not None]
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
    frontier = _frontier(shown, sign)
    ends = [*frontier, (max(cpu for _, cpu, _, _ in shown), frontier[-1][1])]
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
    taken = [max(each["costs"]["cpu_seconds"], LEAST) for each in (*drawn, *models) if each["score"] is not None]
    axes.set_xlim(min(taken) / BESIDE, max(taken) * BESIDE)
    canvas.bare(axes, "bottom")
    _name(axes, verdict, shown, sign)
    best = max(shown, key=lambda each: sign * each[2])
    text = (
        f"{len(shown)} candidates; best {best[0]} with {verdict['metric']['label']} "
        f"{words.score(metric, words.for_people(metric, best[2]))} for {words.cpu(best[1])}. "
        "Bars are one standard error over the folds; the dashed line is the best score that so much computing buys."
    )
    return canvas.picture(figure, "cost", "What each candidate scores for its cost", text)


def _point(metric: str, entry: Facts) -> tuple[str, float, float, float]:
    error = words.standard_error(entry["fold_scores"]) or 0.0
    return entry["name"], max(entry["costs"]["cpu_seconds"], LEAST), words.for_people(metric, entry["score"]), error


def _frontier(shown: Sequence[tuple[str, float, float, float]], sign: int) -> list[tuple[float, float]]:
    """Return cost and score of those that none beats for less, cheapest first."""
    steps: list[tuple[float, float]] = []
    for _, cpu, score, _ in sorted(shown, key=lambda each: (each[1], -sign * each[2])):
        if not steps or sign * score > sign * steps[-1][1]:
            steps.append((cpu, score))
    return steps


def _look(verdict: Facts, name: str) -> tuple[str, str]:
    if name == verdict["challenger"]:
        return canvas.COSTLY, "D"
    return (canvas.CHEAP, "s") if name == verdict["cheap_champion"] else (canvas.SOFT, "o")


def _name(axes: Any, verdict: Facts, shown: Sequence[tuple[str, float, float, float]], sign: int) -> None:
    """Write the names of those compared and of the best, where they do not run into each other."""
    marked = (verdict["challenger"], verdict["cheap_champion"])
    axes.figure.draw_without_rendering()
    scale = axes.figure.dpi / 72
    taken: list[tuple[float, float, float, float]] = []
    right_end = axes.bbox.x1
    for name, cpu, score, _ in sorted(shown, key=lambda each: (each[0] not in marked, -sign * each[2])):
        x, y = axes.transData.transform((cpu, score)) / scale
        size = 0.6 * 8.5 * len(name)
        goes_left = (x + 7 + size) * scale > right_end
        left = x - 7 - size if goes_left else x + 7
        for rise in (4, -12):
            box = (left, y + rise, left + size, y + rise + 10)
            if not any(_meet(box, other) for other in taken):
                break
        else:
            continue
        taken.append(box)
        weight = "bold" if name in marked else "normal"
        offset, side = (-7 if goes_left else 7, rise + 2), "right" if goes_left else "left"
        axes.annotate(
            name, (cpu, score), offset, textcoords="offset points", size=8.5, color=canvas.INK, weight=weight, ha=side
        )


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _axis(metric: Facts) -> str:
    return f"{metric['label']} ({'higher' if metric['greater_is_better'] else 'lower'} is better)"
