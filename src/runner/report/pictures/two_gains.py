"""Does the gain pay in either run? Both gains with their intervals, each against its smallest gain worth having."""

from runner import words
from runner.report import Content, economics
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.report.pictures.gain import colour_of, few_ticks

Row = tuple[Content | None, float | None]  # the gain, and the smallest gain worth having
RUNS = ("first run", "second run")


def two_gains(before: Content, after: Content) -> Picture | None:
    """Draw both gains in a unit that both have; None if neither run measured one."""
    if not before["gain"] and not after["gain"]:
        return None
    unit, rows = rows_in_one_unit(before, after)
    figure, axes = canvas.sheet(height=2.1)
    known = [0.0, *(end for bounds, _ in rows if bounds for end in bounds.values() if end is not None)]
    known += [smallest for bounds, smallest in rows if bounds and smallest is not None]
    pad = 0.14 * ((max(known) - min(known)) or 1.0)
    left, right = min(known) - pad, max(known) + pad
    axes.set_xlim(left, right)
    axes.set_ylim(1.6, -0.75)
    axes.axvline(0, color=canvas.FAINT, lw=1)
    for place, (bounds, smallest) in enumerate(rows):
        if bounds is None:
            axes.text(0, place, " not measured", va="center", color=canvas.SOFT)
            continue
        if smallest is not None:
            axes.barh(place, right - smallest, left=smallest, height=0.8, color=canvas.GOOD, alpha=0.13, lw=0)
            axes.plot([smallest] * 2, [place - 0.4, place + 0.4], color=canvas.GOOD, lw=1.4)
        colour = colour_of(bounds, smallest)
        ends = [bounds[side] if bounds[side] is not None else edge for side, edge in (("low", left), ("high", right))]
        axes.plot(ends, [place, place], color=colour, lw=3)
        axes.plot([bounds["estimate"]], [place], "o", color=colour, ms=8)
    axes.set_yticks([0, 1], RUNS)
    axes.tick_params(axis="y", labelcolor=canvas.INK)
    axes.set_xlabel(unit)
    few_ticks(axes)
    canvas.bare(axes, "bottom")
    told = "; ".join(f"{run} {_said(*row)}" for run, row in zip(RUNS, rows, strict=True))
    return canvas.picture(
        figure, "two-gains", "Both gains and how sure they are", f"{words.sentence_case(unit)}: {told}."
    )


def rows_in_one_unit(before: Content, after: Content) -> tuple[str, list[Row]]:
    """Return both gains in money if both are known in one currency, else in the metric, else as skill."""
    both = (before, after)
    measured = [verdict for verdict in both if verdict["gain"]]
    in_one_currency = before["currency"] == after["currency"] and economics.horizon(before) == economics.horizon(after)
    if all(verdict["net_benefit"] for verdict in measured) and in_one_currency:
        unit = f"net benefit in {after['currency']}, {economics.horizon(after)}"
        return unit, [(verdict["net_benefit"], 0.0) for verdict in both]
    if before["metric"]["name"] == after["metric"]["name"]:
        unit = f"gain in {after['metric']['label']} (+ is better)"
        return unit, [(verdict["gain"], verdict["worthwhile_gain"]["metric"]) for verdict in both]
    return "gain in % of the way to a perfect model", [_as_skill(verdict) for verdict in both]


def _as_skill(verdict: Content) -> Row:
    skill, smallest = verdict["skill"], verdict["worthwhile_gain"]["metric"]  # which money sets, if it is known
    in_percent = {side: None if end is None else 100 * end for side, end in skill.items()} if skill else None
    headroom = (verdict.get("facts") or {}).get("headroom")
    return in_percent, None if smallest is None or not headroom else 100 * smallest / headroom


def _said(bounds: Content | None, smallest: float | None) -> str:
    if bounds is None:
        return "not measured"
    worth = "" if smallest is None else f", worth having from {words.quantity(smallest)}"
    return f"{words.interval(bounds)}{worth}"
