"""How was the ladder climbed? The best score rung by rung, each gate, and the forecast next to what came."""

from typing import NamedTuple

from runner import words
from runner.ladder import BLEND
from runner.report import Content, candidates
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture
from runner.report.scores import loss

LABEL = 0.16  # of the longest bar: the room for its number


def climb_picture(verdict: Content) -> Picture | None:
    """Draw the skill of the best candidate of each rung on the folds, and the gates that stayed shut."""
    rungs = climbed(verdict)
    if len(rungs) < 2 or not any(rung.skill for rung in rungs):
        return None
    figure, axes = canvas.sheet(height=0.9 + 0.36 * len(rungs))
    right = max(100 * (rung.skill or 0.0) for rung in rungs)
    right = max(right, *(right + 100 * (rung.forecast or 0.0) for rung in rungs)) or 1.0
    right = right if right > 0 else 1.0  # if nothing beats no model, only the numbers matter
    axes.set_xlim(0, right * 1.32)
    axes.set_ylim(len(rungs) - 0.5, -0.6)
    best = 0.0
    for place, rung in enumerate(rungs):
        skill, forecast = rung.skill, rung.forecast
        if skill is None:
            axes.text(right * 0.015, place, f"■ {rung.told}", va="center", color=canvas.SOFT)
        else:
            shown = max(0.0, 100 * skill)
            axes.barh(place, shown, height=0.56, color=canvas.CHEAP, alpha=0.9 if 100 * skill > best else 0.45)
            mark = 100 * forecast + best if forecast is not None else 0.0
            end = mark if shown < mark < shown + LABEL * right else shown
            axes.text(end + right * 0.02, place, words.share(skill), va="center", color=canvas.INK)
        if forecast is not None and best > 0:
            axes.plot([best + 100 * forecast] * 2, [place - 0.42, place + 0.42], color=canvas.COSTLY, lw=2)
        best = max(best, 100 * (skill or 0.0))
    axes.set_yticks(range(len(rungs)), [canvas.short(rung.name) for rung in rungs])
    axes.tick_params(axis="y", labelcolor=canvas.INK)
    axes.set_xlabel("% of the way to a perfect model, on the folds")
    canvas.bare(axes)
    told = "; ".join(f"{rung.name} {rung.told}" for rung in rungs)
    return canvas.picture(figure, "climb", "The ladder as it was climbed", f"Best of each rung: {told}.")


class Climbed(NamedTuple):
    """A rung: the skill of its best candidate on the folds, whether its gate opened, and the skill forecast."""

    name: str
    skill: float | None
    is_open: bool
    forecast: float | None

    @property
    def told(self) -> str:
        """Say how far it led, or why nowhere."""
        if self.skill is not None:
            return words.share(self.skill)
        if not self.is_open:
            return "gate shut"
        return "no mix scored better" if self.name == BLEND else "no score"


def climbed(verdict: Content) -> list[Climbed]:
    """Return all rungs above no model."""
    dummy = (candidates.dummy(verdict) or {}).get("score")
    if dummy is None or not (headroom := loss(verdict["metric"], dummy)):  # on the folds, like the scores
        return []
    rungs = []
    for gate in verdict["gates"]:
        scores = [c["score"] for c in verdict["candidates"] if c["rung"] == gate["rung"] and c["score"] is not None]
        skill = (max(scores) - dummy) / headroom if scores else None
        forecast = gate["forecast_gain"] if gate["rung"] == "search" else None
        rungs.append(Climbed(gate["rung"], skill, gate["open"], forecast))
    return [rung for rung in rungs if rung.name != "none"]
