"""Where to write names beside points, so that none overlaps another or seems to belong to another point."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import hypot

HEIGHT = 11.0  # of a line of text
NEAR, STEPS = 7.0, (7.0, 16.0, 27.0, 40.0)  # from a point to its name; a line connects names beyond the first step
Box = tuple[float, float, float, float]  # left, low, right, high


@dataclass(frozen=True)
class Place:
    """The box of a name, and whether it is so far from its point that a line connects them."""

    box: Box
    is_led: bool


def placed(points: Sequence[tuple[float, float]], widths: Sequence[float], taken: list[Box], sheet: Box) -> list[Place]:
    """Return a place for each name, in order: the nearest one that is free, or else the one that covers least.

    Parameters
    ----------
    points : sequence of (x, y)
        What the names belong to.
    widths : sequence of float
        Widths of the names.
    taken : list of Box
        What else is drawn; names may not cover it.
    sheet : Box
        The box that names must lie in.
    """
    found: list[Place] = []
    for number, (point, width) in enumerate(zip(points, widths, strict=True)):
        others = [other for place, other in enumerate(points) if place != number]
        boxes = [*taken, *(place.box for place in found)]
        choices = [each for each in _around(point, width) if _inside(each.box, sheet)] or [_beside(point, width)]
        found.append(min(choices, key=lambda each: _badness(each, point, others, boxes)))
    return found


def _badness(place: Place, point: tuple[float, float], others: list[tuple[float, float]], boxes: list[Box]) -> float:
    """Return how bad a place is, by importance: what it covers, how close other points are, how far away it is."""
    covered = sum(_shared(place.box, box) for box in boxes)
    own = _away(place.box, point)
    is_anothers = any(_away(place.box, other) < own + NEAR / 2 for other in others)
    return 1000 * covered + 200 * (is_anothers and not place.is_led) + own + 20 * place.is_led


def _around(point: tuple[float, float], width: float) -> list[Place]:
    """Return places around a point (sides, above, below and between), nearest first."""
    found = []
    for step, across, up in product(STEPS, (1, -1, 0), (0, 1, -1)):
        if across or up:
            x = point[0] + across * step * (0.8 if up else 1) + (across - 1) / 2 * width
            y = point[1] + up * (step + (HEIGHT / 2 if not across else 0)) - HEIGHT / 2
            found.append(Place((x, y, x + width, y + HEIGHT), step > STEPS[0]))
    return found


def _beside(point: tuple[float, float], width: float) -> Place:
    x, y = point[0] + NEAR, point[1] - HEIGHT / 2
    return Place((x, y, x + width, y + HEIGHT), False)


def _inside(box: Box, sheet: Box) -> bool:
    return sheet[0] <= box[0] and sheet[1] <= box[1] and box[2] <= sheet[2] and box[3] <= sheet[3]


def _shared(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    across, up = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return across * up if across > 0 and up > 0 else 0.0


def _away(box: Box, point: tuple[float, float]) -> float:
    """Return the distance of a point from a box."""
    return hypot(max(box[0] - point[0], 0, point[0] - box[2]), max(box[1] - point[1], 0, point[1] - box[3]))
