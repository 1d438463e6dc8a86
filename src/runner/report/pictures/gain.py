"""Does the gain pay? The gain with its interval against the smallest gain worth having."""

from typing import TYPE_CHECKING, Any

from runner import words
from runner.report import Content, economics
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def gain_picture(verdict: Content) -> Picture | None:
    """Draw the gain in money if it is known, else in the metric's unit; None if none was measured."""
    if not verdict["gain"]:
        return None
    if verdict["net_benefit"]:
        bounds, smallest = verdict["net_benefit"], 0.0
        unit = f"net benefit in {verdict['currency']}, {economics.horizon(verdict)}"
        said = f"{words.money_interval(bounds, verdict['currency'])}; it pays above 0"
    else:
        bounds, smallest = verdict["gain"], verdict["worthwhile_gain"]["metric"]
        unit = f"gain in {verdict['metric']['label']} (+ is better)"
        said = words.interval(bounds)
        said += f"; worth having from {smallest:+.3g}" if smallest is not None else ""
    text = f"{verdict['challenger']} over {verdict['cheap_champion']}: {said}. The bar is the 90 % interval."
    return canvas.picture(_draw(bounds, smallest, unit), "gain", "The gain and how sure it is", text)


def signal_picture(verdict: Content) -> Picture | None:
    """Draw what the best cheap model gains over no model, if that is the question, else return None."""
    if verdict["reason"] != "no-signal" or not verdict["signal"]:
        return None
    unit = f"gain over no model in {verdict['metric']['label']} (+ is better)"
    text = f"The best cheap model over no model: {words.interval(verdict['signal'])}. The bar is the 90 % interval."
    drawn = _draw(verdict["signal"], 0.0, unit, "better than no model →")
    return canvas.picture(drawn, "signal", "Does anything beat no model?", text)


def colour_of(bounds: Content, smallest: float | None) -> str:
    """Return the colour of a gain that is shown to be worth having, shown not to be, or neither."""
    if smallest is not None and bounds["high"] is not None and bounds["high"] < smallest:
        return canvas.BAD
    if smallest is not None and bounds["low"] is not None and bounds["low"] > smallest:
        return canvas.GOOD
    return canvas.INK


def few_ticks(axes: "Axes") -> None:
    """Write only a few numbers on the x axis, and zero as 0."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(5 if max(map(abs, axes.get_xlim())) < 1e6 else 3))
    axes.xaxis.set_major_formatter(lambda value, _: words.amount(value) if abs(value) > 1e-12 else "0")


def _draw(bounds: Content, smallest: float | None, unit: str, worth: str = "worth having →") -> "Figure":
    figure, axes = canvas.sheet(height=1.75)
    estimate = bounds["estimate"]
    low, high = (bounds[side] for side in ("low", "high"))
    known = [value for value in (estimate, low, high, smallest, 0.0) if value is not None]
    pad = 0.14 * ((max(known) - min(known)) or abs(estimate) or 1.0)
    left, right = min(known) - pad, max(known) + pad
    axes.set_xlim(left, right)
    axes.set_ylim(-0.9, 1.15)
    colour = colour_of(bounds, smallest)
    if smallest is not None:
        axes.axvspan(smallest, right, color=canvas.GOOD, alpha=0.13, lw=0)
        axes.axvline(smallest, color=canvas.GOOD, lw=1.4)
        near_right = smallest > left + 0.6 * (right - left)
        place: dict[str, Any] = {"ha": "right" if near_right else "left", "va": "top"}
        gap = -0.012 if near_right else 0.012
        axes.text(smallest + gap * (right - left), 1.12, worth, color=canvas.GOOD, **place)
    if smallest != 0:
        axes.axvline(0, color=canvas.FAINT, lw=1)
    axes.plot([low if low is not None else left, high if high is not None else right], [0, 0], color=colour, lw=3)
    ends = [end for end in (low, high) if end is not None]
    axes.plot(ends, [0] * len(ends), "|", color=colour, ms=11, mew=2)
    axes.plot([estimate], [0], "o", color=colour, ms=9)
    told = words.interval(bounds).partition(" (")[0]
    axes.text(estimate, -0.3, told, ha="center", va="top", color=canvas.INK, weight="bold")
    axes.set_yticks([])
    axes.set_xlabel(unit)
    few_ticks(axes)
    canvas.bare(axes, "bottom")
    return figure
