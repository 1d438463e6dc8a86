"""All checks, the most serious first; findings of one severity are listed in this order."""

from collections.abc import Sequence
from typing import Protocol

from runner.checks import (
    Finding,
    Severity,
    by_heart,
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
    sums,
    too_good,
    undeclared,
    unweighted,
    wide,
)
from runner.checks.material import Material
from runner.errors import in_a_line


class Check(Protocol):
    """What a module with a check offers."""

    @property
    def CODES(self) -> tuple[str, ...]:  # noqa: N802
        """The codes of the findings that it can return."""
        ...

    def look(self, material: Material, /) -> list[Finding]:
        """Return the findings; usually none."""
        ...


OF_TABLE: dict[str, Check] = {
    "leak": leak,
    "sums": sums,
    "undeclared": undeclared,
    "unweighted": unweighted,
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
SLOW = ("drift", "duplicates", "undeclared")  # these fit models, and run last: the others take milliseconds
OF_PREDICTIONS: dict[str, Check] = {"by_heart": by_heart, "too_good": too_good, "label_noise": label_noise}
CHECKS = OF_TABLE | OF_PREDICTIONS
FAILED = "check-failed"
UNUSED_INPUTS, FALLS_SHORT = OF_THE_KEPT = ("unused-inputs", "falls-short")  # found after the verdict: `insight`
CODES: tuple[str, ...] = (*(code for check in CHECKS.values() for code in check.CODES), *OF_THE_KEPT)


def look(name: str, material: Material) -> list[Finding]:
    """Run one check; if it raises, that becomes a note and never ends a run."""
    try:
        return CHECKS[name].look(material)
    except Exception as error:
        return [failed([name], in_a_line(error))]


def failed(names: Sequence[str], reason: str) -> Finding:
    """Return the note for checks that could not run, for one reason; a warning if the check for leaks is among them."""
    codes = [code for name in names for code in CHECKS[name].CODES]  # one check may look for several faults
    what = f"The check {codes[0]!r}" if len(codes) == 1 else f"{len(codes)} checks ({', '.join(codes)})"
    return Finding(
        FAILED,
        Severity.WARN if "leak" in names else Severity.INFO,
        (),
        f"{what} could not be run: {reason.rstrip('.')}.",
        f"The scores stand, but the data may have {'this fault' if len(codes) == 1 else 'these faults'}.",
    )
