"""The last nights of a suite, table by table: score, cost and verdict as small line charts."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from runner import words
from runner.folders import NIGHT
from runner.suite import Content

WIDTH, HEIGHT, PAD = 120, 24, 3


def local_nights(folder: Path, count: int) -> list[dict[str, Any]]:
    """Return the content of suite.json for the last nights in a suite's folder, oldest first."""
    found = [json.loads(path.read_bytes()) for path in folder.glob(f"*/{NIGHT}")]
    return sorted(found, key=lambda night: str(night["started_at"]))[-count:]


def merged(nights: Iterable[Content], count: int) -> list[Content]:
    """Return nights from several sources, each once: the last `count` of them, oldest first."""
    by_start = {(night["started_at"], night["folder"]): night for night in nights}
    return [by_start[key] for key in sorted(by_start)][-count:]


def rows(nights: Sequence[Content]) -> list[dict[str, Any]]:
    """Return one row per run: its scores, costs and verdicts, night by night; None for nights without a verdict."""
    keys = sorted({run["key"] for night in nights for run in night["runs"]})
    return [_row(key, [_entry(night, key) for night in nights]) for key in keys]


def sparkline(values: Sequence[float | None], label: str) -> str:
    """Return a line of values as SVG, with gaps for missing values and the last one marked.

    Parameters
    ----------
    label : str
        What a screen reader says.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * PAD) / max(len(values) - 1, 1)
    points = [
        None if v is None else (PAD + i * step, HEIGHT - PAD - (v - low) / span * (HEIGHT - 2 * PAD))
        for i, v in enumerate(values)
    ]
    lines = "".join(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in part)}"/>' for part in _parts(points))
    x, y = next(point for point in reversed(points) if point is not None)
    return (
        f'<svg class="spark" role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}">{lines}<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )


def _row(key: str, entries: list[Content | None]) -> dict[str, Any]:
    last = next((entry for entry in reversed(entries) if entry), None)
    scores = [None if e is None else e["score"] for e in entries]
    costs = [None if e is None else sum(e["loops"].values()) for e in entries]
    nights = words.counted(len(entries), "night")
    return {
        "key": key,
        "label": last["label"] if last else "",
        "score": words.score(last["metric"], last["score"]) if last else words.UNKNOWN,
        "scores": sparkline(scores, f"score of {key}, {nights}, up is better"),
        "cost": words.quantity(next((cost for cost in reversed(costs) if cost is not None), None)),
        "costs": sparkline(costs, f"cost of {key}, {nights}"),
        "verdicts": [None if e is None else e["decision"] for e in entries],
        "reason": last["reason"] if last else "",
    }


def _entry(night: Content, key: str) -> Content | None:
    return next((run["entry"] for run in night["runs"] if run["key"] == key), None)


def _parts(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Return the stretches of consecutive points without gaps."""
    parts: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            parts.append([])
        else:
            parts[-1].append(point)
    return [part for part in parts if len(part) > 1]
