"""Would more rows help? The learning curve, and what twice the rows would bring."""

from typing import TYPE_CHECKING

from runner import words
from runner.report import Content
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def curve_picture(verdict: Content) -> Picture | None:
    """Draw the scores over the number of training rows, and the step to twice as many with its interval."""
    curve = verdict.get("curve")
    if not curve or len(curve.get("points") or ()) < 2:
        return None
    metric = verdict["metric"]["name"]
    points = sorted(curve["points"], key=lambda point: point["rows"])
    rows = [point["rows"] for point in points]
    scores = [words.for_people(metric, point["score"]) for point in points]
    errors = [point.get("standard_error") or 0.0 for point in points]
    figure, axes = canvas.sheet()
    axes.set_xscale("log", base=2)
    axes.errorbar(rows, scores, yerr=errors, fmt="o-", color=canvas.CHEAP, ms=5, elinewidth=1.2)
    ticks = list(rows)
    text = f"{curve.get('candidate')}: {verdict['metric']['label']} "
    text += ", ".join(f"{amount(s)} on {n:,} rows" for n, s in zip(rows, scores, strict=True))
    if twice := _twice(curve):
        more, gain = twice
        _draw_twice(axes, rows[-1], scores[-1], more, gain, 1 if verdict["metric"]["greater_is_better"] else -1)
        ticks.append(more)
        text += f"; twice the rows are expected to gain {words.interval(gain)}"
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.xaxis.set_minor_formatter(lambda *_: "")
    axes.set_xlabel("rows trained on (log scale)")
    axes.set_ylabel(verdict["metric"]["label"])
    axes.margins(x=0.12, y=0.25)
    axes.grid(True, axis="y", alpha=0.5)
    canvas.bare(axes, "bottom")
    return canvas.picture(figure, "curve", "Would more rows help?", f"{text}.")


def _draw_twice(axes: "Axes", rows: int, score: float, more: int, gain: Content, sign: int) -> None:
    """Draw the step from all rows to twice as many; `sign` turns a gain into what people read."""
    new = score + sign * gain["estimate"]
    axes.plot([rows, more], [score, new], ls=(0, (3, 3)), color=canvas.COSTLY)
    ends = [gain[side] if gain[side] is not None else gain["estimate"] for side in ("low", "high")]
    low, high = sorted(score + sign * end for end in ends)
    error = [[max(0.0, new - low)], [max(0.0, high - new)]]
    axes.errorbar([more], [new], yerr=error, fmt="D", color=canvas.COSTLY, ms=6)
    axes.annotate("twice\nthe rows", (more, low), (0, -5), textcoords="offset points", ha="center", va="top", size=9)


def _twice(curve: Content) -> tuple[int, Content] | None:
    twice = curve.get("twice")
    if not curve.get("usable") or not twice or not twice.get("gain") or twice["gain"].get("estimate") is None:
        return None
    return int(twice["rows"]), twice["gain"]
