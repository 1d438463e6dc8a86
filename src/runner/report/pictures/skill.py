"""How far along is each model, from no model to a perfect one? This is on one scale for all tables."""

from runner import words
from runner.report import Content, candidates, scores
from runner.report.pictures import canvas
from runner.report.pictures.canvas import Picture

LOWEST = -30.0  # percent; lower bars are cut here, with the number written, to keep the scale readable


def skill_picture(verdict: Content) -> Picture | None:
    """Draw how far cheap champion and challenger get from no model to a perfect one, on unseen rows."""
    reached = skills(verdict)
    if not reached:
        return None
    figure, axes = canvas.sheet(height=0.75 + 0.42 * len(reached))
    lowest = max(LOWEST, min(0.0, *(100 * skill for _, skill, _ in reached)))
    axes.set_xlim(lowest * 1.15, 116)
    axes.set_ylim(len(reached) - 0.4, -0.6)
    for place, (_, skill, colour) in enumerate(reached):
        axes.barh(place, 100, height=0.5, color=canvas.FAINT, alpha=0.35)
        axes.barh(place, max(lowest, 100 * skill), height=0.5, color=colour)
        axes.text(102, place, words.share(skill), ha="left", va="center", color=canvas.INK, weight="bold")
    axes.set_yticks(range(len(reached)), [canvas.short(name) for name, _, _ in reached])
    axes.tick_params(axis="y", labelcolor=canvas.INK)
    axes.set_xticks([0, 100], ["no model", "perfect"])
    canvas.bare(axes)
    told = "; ".join(f"{name} {words.share(skill)}" for name, skill, _ in reached)
    return canvas.picture(
        figure, "skill", "From no model to a perfect one", f"Reached on {scores.proving_rows(verdict)}: {told}."
    )


def skills(verdict: Content) -> list[tuple[str, float, str]]:
    """Return name, skill on the proof rows, and colour of the compared models."""
    dummy = candidates.dummy(verdict)
    headroom = (verdict.get("facts") or {}).get("headroom")
    nothing = scores.proved_score(dummy) if dummy else None
    if nothing is None or not headroom:
        return []
    reached = []
    for role, colour in (("cheap_champion", canvas.CHEAP), ("challenger", canvas.COSTLY)):
        entry = candidates.entry(verdict, verdict[role])
        score = scores.proved_score(entry) if entry else None
        if entry and score is not None and entry["rung"] != "none":
            reached.append((entry["name"], (score - nothing) / headroom, colour))
    return reached
