"""Reason codes of verdicts: stable names that scripts may test."""

from enum import StrEnum


class Reason(StrEnum):
    """Reason code of a verdict, and of a gate that stays shut."""

    GAIN_PAYS = "gain-pays"
    GAIN_TOO_SMALL = "gain-too-small"
    WITHIN_NOISE = "within-noise"
    FORECAST_NOT_WORTH_IT = "forecast-not-worth-it"
    NO_SIGNAL = "no-signal"
    DATA_NOT_TRUSTWORTHY = "data-not-trustworthy"
    INCUMBENT_BETTER = "incumbent-better"
    OUT_OF_BUDGET = "out-of-budget"


AGAINST_ANY_MODEL = (Reason.NO_SIGNAL, Reason.DATA_NOT_TRUSTWORTHY)  # the model of such a run should not be used
