"""A score that comes from rows which are there more than once.

Meaning: out of fold, the best cheap model is far better on rows whose inputs are there more than once than on all
others. It learned the twin of a judged row by heart. If nothing predicts the other rows better than no model does,
nothing is known about new rows: in a table of noise with copies, the model that remembers most wins, on the rows kept
aside as well.
Does not apply: to different cases that look alike, which often differ in the target; nor where new rows will repeat old
ones as often as the rows of the table do.
To do: `dataset.drop_copies=true`, or a `dataset.group` that keeps the copies together.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from runner.checks import Finding, Severity
from runner.checks.material import Material
from runner.evaluation import Evaluation
from runner.gain import Gain, p_value, paired_gain
from runner.gain.limits import LEAST_ROWS
from runner.gain.several import holm
from runner.ladder import NONE
from runner.reading.copies import SHARE, hashes_of, look_alike
from runner.words import amount

CODES = ("learned-by-heart",)
LEVEL = 0.05
LITTLE = 0.25  # of what is gained on copies: no stop where more is gained on other rows, though it may be unproven

Rows = NDArray[np.bool_]


def look(material: Material) -> list[Finding]:
    """Compare what the cheap candidates gain over the dummy on rows with and without a twin."""
    scored = [each for each in material.evaluations if each.predictions is not None]
    dummy = next((each for each in scored if each.rung == NONE), None)
    models = [each for each in scored if each.rung != NONE]
    if dummy is None or not models or material.rows.groups is not None:
        return []
    inputs = hashes_of(material.rows.features)
    twins = pd.Series(inputs).duplicated(keep=False).to_numpy()
    if twins.mean() < SHARE or look_alike(inputs, material.rows.target):
        return []
    judged = np.logical_and.reduce([each.judged for each in (dummy, *models)])
    repeated, others = twins & judged, ~twins & judged
    if min(repeated.sum(), others.sum()) < LEAST_ROWS or not _can_judge(material, repeated, others):
        return []
    by_heart = _gain(material, dummy, models[0], repeated)
    if by_heart.low <= _gain(material, dummy, models[0], others).high:
        return []  # as nearly always
    elsewhere = [_gain(material, dummy, each, others) for each in models]
    if by_heart.low <= max(gain.high for gain in elsewhere):
        return []
    is_shown = bool((holm([p_value(gain) for gain in elsewhere]) <= LEVEL).any())
    knows = is_shown or max(gain.estimate for gain in elsewhere) > LITTLE * by_heart.estimate
    return [_finding(material, dummy, models[0], (repeated, others), knows)]


def _can_judge(material: Material, *parts: Rows) -> bool:
    data = material.rows
    return all(material.metric.can_judge(data.target[rows], data.weights_of(rows)) for rows in parts)


def _gain(material: Material, dummy: Evaluation, model: Evaluation, rows: Rows) -> Gain:
    assert dummy.predictions is not None and model.predictions is not None
    data = material.rows
    return paired_gain(
        material.metric, data.target[rows], dummy.predictions[rows], model.predictions[rows],
        weights=data.weights_of(rows), time=None if data.time is None else data.time[rows], seed=material.seed,
    )  # fmt: skip


def _finding(material: Material, dummy: Evaluation, best: Evaluation, parts: tuple[Rows, Rows], knows: bool) -> Finding:
    with_twin, without = (_score(material, best, rows) for rows in parts)
    of_none = [_score(material, dummy, rows) for rows in parts]
    told = [amount(material.metric.for_people(score)) for score in (with_twin, of_none[0], without, of_none[1])]
    evidence = (
        f"Out of fold, {best.candidate!r} scores {material.metric.label} {told[0]} (no model: {told[1]}) on the "
        f"{parts[0].sum():,} rows whose inputs are there more than once, and {told[2]} (no model: {told[3]}) on the "
        f"{parts[1].sum():,} others" + ("." if knows else ", which no model is shown to predict better than no model.")
    )
    advice = (
        "Leave the copies out, dataset.drop_copies=true, unless new rows will repeat old ones as often as these do."
    )
    figures = {"with_twin": with_twin, "without": without}
    return Finding(CODES[0], Severity.WARN if knows else Severity.STOP, (), evidence, advice, figures)


def _score(material: Material, evaluation: Evaluation, rows: Rows) -> float:
    assert evaluation.predictions is not None
    data = material.rows
    return material.metric.score(data.target[rows], evaluation.predictions[rows], data.weights_of(rows))
