"""All checks, the gravest first: a finding stands in this order among those of its severity."""

from collections.abc import Sequence
from typing import Protocol

from runner.checks import (
    Finding,
    Severity,
    constant,
    contradictions,
    copies,
    drift,
    duplicates,
    few_rows,
    identifier,
    label_noise,
    leak,
    mixed_types,
    outcome_drift,
    outliers,
    stand_ins,
    too_good,
    undeclared,
    wide,
)
from runner.checks.material import Material
from runner.errors import in_a_line


class Check(Protocol):
    """What a module of this package offers."""

    @property
    def CODES(self) -> tuple[str, ...]:  # noqa: N802
        """Return the codes of the findings that it can return."""
        ...

    def look(self, material: Material, /) -> list[Finding]:
        """Return what is to be said of the material; nothing, as a rule."""
        ...


OF_TABLE: dict[str, Check] = {
    "leak": leak,
    "undeclared": undeclared,
    "duplicates": duplicates,
    "contradictions": contradictions,
    "drift": drift,
    "outcome_drift": outcome_drift,
    "identifier": identifier,
    "stand_ins": stand_ins,
    "few_rows": few_rows,
    "wide": wide,
    "mixed_types": mixed_types,
    "outliers": outliers,
    "copies": copies,
    "constant": constant,
}
SLOW = ("undeclared", "drift")  # these fit many models: made last, so that time too short costs no quick one
OF_PREDICTIONS: dict[str, Check] = {"too_good": too_good, "label_noise": label_noise}
CHECKS = OF_TABLE | OF_PREDICTIONS
FAILED = "check-failed"
UNUSED_INPUTS, FALLS_SHORT = OF_THE_KEPT = ("unused-inputs", "falls-short")  # seen after the verdict: `insight`
CODES: tuple[str, ...] = (*(code for check in CHECKS.values() for code in check.CODES), *OF_THE_KEPT)


def look(name: str, material: Material) -> list[Finding]:
    """Run one check; one that raises becomes a note, never the end of a run."""
    try:
        return CHECKS[name].look(material)
    except Exception as error:
        return [failed([name], in_a_line(error))]


def failed(names: Sequence[str], reason: str) -> Finding:
    """Return the note of checks that could not be run, for one reason; a warning where no leak was looked for."""
    codes = [CHECKS[name].CODES[0] for name in names]
    what = f"The check {codes[0]!r}" if len(codes) == 1 else f"{len(codes)} checks ({', '.join(codes)})"
    return Finding(
        FAILED,
        Severity.WARN if "leak" in names else Severity.INFO,
        (),
        f"{what} could not be made: {reason.rstrip('.')}.",
        f"The scores stand as they are: nothing is known of {'this fault' if len(codes) == 1 else 'these faults'}.",
    )
