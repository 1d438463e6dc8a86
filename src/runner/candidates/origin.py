"""From a prepared column back to the table's own: what a threshold on it means for the cells.

A threshold on a one-hot column means one level, on a mean target a set of levels, on a part of a date that part. For
text that was turned into numbers there is no such meaning.
"""

from typing import Any, Protocol

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder

from runner.candidates.cleaning import Rescaled
from runner.rules import DATE_PARTS, Condition


class Origin(Protocol):
    """Gives the conditions that hold where a prepared column is below (or above) a threshold."""

    def conditions(self, below: bool, threshold: float, missing_too: bool) -> tuple[Condition, ...]:
        """Return them, joined by `and`.

        Parameters
        ----------
        missing_too : bool
            Whether the tree sends missing values the same way.
        """


class Number:
    """A numeric column, as it is or rescaled, or a part of a date."""

    def __init__(self, column: str, scale: Rescaled | None = None):
        self.column, self.scale = column, scale

    def conditions(self, below: bool, threshold: float, missing_too: bool) -> tuple[Condition, ...]:
        """Compare with the threshold; an infinite one only separates known values from missing ones."""
        if np.isinf(threshold):
            return (Condition(self.column, "is", "known" if below else "missing"),)
        return (Condition(self.column, "<=" if below else ">", shortest(threshold, self.scale), missing_too),)


def shortest(threshold: float, scale: Rescaled | None = None) -> str:
    """Return the shortest number that splits single-precision values, as trees compare them, like the threshold.

    Parameters
    ----------
    scale : Rescaled or None
        What the values were made by, from those of the column.
    """
    middle, span = (scale.middle, scale.span) if scale else (0.0, 1.0)
    below = np.float32(threshold)
    if float(below) > threshold:
        below = np.nextafter(below, np.float32(-np.inf))
    around = [float(np.nextafter(below, np.float32(end))) for end in (-np.inf, np.inf)]
    low, high = ((float(below) + other) / 2 for other in around)
    value = float(below) * span + middle
    texts = (f"{value:.{digits}g}" for digits in range(1, 18))
    return next((text for text in texts if low < (float(text) - middle) / span < high), repr(value))


class Moment(Number):
    """The seconds of a date since 1970."""

    def conditions(self, below: bool, threshold: float, missing_too: bool) -> tuple[Condition, ...]:
        """Compare with the date at the threshold."""
        if np.isinf(threshold):
            return super().conditions(below, threshold, missing_too)
        moment = pd.Timestamp(round(threshold), unit="s").isoformat()
        return (Condition(self.column, "<=" if below else ">", moment, missing_too),)


class Level:
    """A level of a category as zero or one; the level None means missing."""

    def __init__(self, column: str, level: str | None):
        self.column, self.level = column, level

    def conditions(self, below: bool, threshold: float, missing_too: bool) -> tuple[Condition, ...]:
        """Compare with the level."""
        if self.level is None:
            return (Condition(self.column, "is", "known" if below else "missing"),)
        return (Condition(self.column, "!=" if below else "==", self.level),)


class Means:
    """The mean target of each level, with the overall mean for levels that were never seen."""

    def __init__(self, column: str, means: dict[str, float], gap: float, unseen: float):
        self.column, self.means, self.gap, self.unseen = column, means, gap, unseen

    def conditions(self, below: bool, threshold: float, missing_too: bool) -> tuple[Condition, ...]:
        """Name the levels on this side; on the side of unseen levels, name those of the other side."""
        side = {level for level, mean in self.means.items() if (mean <= threshold) == below}
        takes_gaps, takes_unseen = ((mean <= threshold) == below for mean in (self.gap, self.unseen))
        if not takes_unseen:
            return (Condition(self.column, "in", tuple(sorted(side)), takes_gaps),)
        others = tuple(sorted(self.means.keys() - side))
        known = () if takes_gaps else (Condition(self.column, "is", "known"),)
        return ((Condition(self.column, "not in", others),) if others else ()) + known


def origins(cleaning: Any, encoding: Any, features: pd.DataFrame) -> dict[str, Origin | None]:
    """Return where each output column of a fitted Encoding comes from; None if no rule can express it.

    Parameters
    ----------
    cleaning : Cleaning
        Fitted, from which the columns went to the encoding.
    features : DataFrame
        The columns before they were cleaned.
    """
    few = [column for column, kind in encoding.column_to_kind_.items() if kind == "few levels"]
    found: dict[str, Origin | None] = {}
    for column, outputs in encoding.input_to_outputs_.items():
        kind, encoder = encoding.column_to_kind_[column], encoding.encoders_.get(column)
        dtype = features[column].dtype.kind if column in features else "V"  # a number that skrub read from text
        made: list[Origin | None] = [None] * len(outputs)
        if kind == "few levels":
            made = _levels(column, encoding.levels_, few.index(column))
        elif kind == "many levels":
            made = _many_levels(column, encoder)
        elif kind == "date" and dtype == "M":  # and no text that only skrub reads as dates
            made = [_part(column, part) for part in encoder.extracted_features_]
        elif kind == "number" and dtype in "iuf":
            made = [Number(column, next((s for s in cleaning.steps_[column] if isinstance(s, Rescaled)), None))]
        found |= dict(zip(outputs, made, strict=True))
    return found


def _part(column: str, part: str) -> Origin | None:
    if part == "total_seconds":
        return Moment(column)
    return Number(f"{column}.{part}") if part in DATE_PARTS else None


def _levels(column: str, encoder: Any, place: int) -> list[Origin | None]:
    if not isinstance(encoder, OneHotEncoder):
        return [None]
    dropped = None if encoder.drop_idx_ is None else encoder.drop_idx_[place]
    kept = [level for position, level in enumerate(encoder.categories_[place]) if position != dropped]
    return [Level(column, None if pd.isna(level) else str(level)) for level in kept]


def _many_levels(column: str, encoder: Any) -> list[Origin | None]:
    if encoder.is_identifier_:
        return []
    target_encoder = encoder.encoder_
    levels = [str(level) for level in target_encoder.categories_[0]]
    overall = np.atleast_1d(target_encoder.target_mean_)
    made: list[Origin | None] = []
    for number, encodings in enumerate(target_encoder.encodings_):
        means = dict(zip(levels, map(float, np.asarray(encodings, dtype=np.float32)), strict=True))
        unseen = float(np.float32(overall[number if len(overall) > 1 else 0]))
        made.append(Means(column, means, means.pop("missing", unseen), unseen))
    return made
