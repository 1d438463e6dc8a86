"""A column of weights that is an input.

Meaning: a column is named like the weights of a survey or a sample, and no `dataset.weight` is set. Each row then
counts once, when models are fitted and when they are scored, and the weight itself is an input, although it belongs to
how the rows were drawn.
Does not apply: to the weight of the thing that a row is about, such as a parcel; its name alone does not show which. A
weight beside a height or a length is taken for one of these.
To do: set `dataset.weight` if the column says how many cases a row stands for; else acknowledge the finding.
"""

import numpy as np

from runner.checks import Finding, Severity
from runner.checks.columns import is_number
from runner.checks.material import Material
from runner.config.overrides import as_override
from runner.naming import is_of_samples, weights_among
from runner.task import Task
from runner.words import amount

CODES = ("undeclared-weight",)


def look(material: Material) -> list[Finding]:
    """Look for columns that are called weights where none are declared."""
    features = material.rows.features
    names = [] if material.rows.weight_name else weights_among(features)
    return [
        _finding(material, str(name))
        for name in names
        if is_number(features[name]) and features[name].nunique() > 1 and (features[name] >= 0).all()
    ]


def _finding(material: Material, name: str) -> Finding:
    rows = material.rows
    own = rows.weights_above_zero  # a sample may have more of a rare class
    weighings = own, own * rows.features[name].to_numpy(np.float64)
    if rows.task.is_classification:
        code = 1 if rows.task is Task.BINARY else int(np.bincount(rows.target).argmax())
        what = f"the share of {str(rows.classes[code])!r}"
        alike, weighted = (f"{np.average(rows.target == code, weights=each):.1%}" for each in weighings)
    else:
        what = f"the mean of {rows.target_name!r}"
        alike, weighted = (amount(float(np.average(rows.target, weights=each))) for each in weighings)
    becomes = f"; weighted, it is {weighted}" if weighted != alike else ", weighted or not"
    evidence = f"{name!r} is named like a weight, but rows count alike: {what} is {alike}{becomes}."
    as_weight = as_override("dataset.weight", name)
    advice = f"If {name!r} says how many cases a row stands for, set {as_weight}; it is then no input."
    severity = Severity.WARN if is_of_samples(name) else Severity.INFO
    return Finding(CODES[0], severity, (name,), evidence, advice)
