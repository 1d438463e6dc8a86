"""What does each column earn? What the kept model loses without it, on rows it has not seen."""

from runner import words
from runner.report import Content
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture

MOST = 15


def columns_picture(verdict: Content) -> Picture | None:
    """Draw the columns that earn most, with their intervals; None if columns were not examined."""
    columns = [each for each in verdict.get("columns") or () if each["gain"] and each["gain"]["estimate"] is not None]
    if not columns:
        return None
    top = sorted(columns, key=lambda each: -each["gain"]["estimate"])[:MOST]
    figure, axes = canvas.sheet(height=0.8 + 0.24 * len(top))
    for place, each in enumerate(top):
        gain, earns = each["gain"], each["earns"]
        low, high = (gain[side] if gain[side] is not None else gain["estimate"] for side in ("low", "high"))
        colour = canvas.CHEAP if earns else canvas.SOFT
        axes.plot([low, high], [place, place], color=colour, lw=2)
        axes.plot([gain["estimate"]], [place], "o", color=colour, ms=6, mfc=colour if earns else canvas.PAPER)
    axes.axvline(0, color=canvas.FAINT, lw=1)
    axes.set_ylim(len(top) - 0.4, -0.6)
    axes.set_yticks(range(len(top)), [canvas.short(each["name"]) for each in top])
    axes.tick_params(axis="y", labelcolor=canvas.INK)
    axes.set_xlabel(f"{verdict['metric']['label']} lost when it is shuffled")
    axes.locator_params(axis="x", nbins=5)
    canvas.bare(axes)
    told = "; ".join(f"{each['name']} {words.interval(each['gain'])}" for each in top)
    return canvas.picture(figure, "columns", "What each column is worth", f"The columns worth most: {told}.")
