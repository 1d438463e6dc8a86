"""How much better is the challenger, and how certain is that? Pure functions of arrays.

The rows must not have been used to choose either model; then no correction for the choice is needed.
"""

from runner.gain.association import association_p_value
from runner.gain.nested import OuterLook, corrected_gain, nested_gain, overlap
from runner.gain.paired import paired_gain
from runner.gain.result import LEVEL, Gain, error_towards, minus, p_value, probability_above, rows_to_settle

__all__ = [
    "LEVEL",
    "Gain",
    "OuterLook",
    "association_p_value",
    "corrected_gain",
    "error_towards",
    "minus",
    "nested_gain",
    "overlap",
    "p_value",
    "paired_gain",
    "probability_above",
    "rows_to_settle",
]
