"""The checks of a run, alongside the cheap rungs: one after the other, each in a process of its own."""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Sequence

from runner.checks import Finding
from runner.checks.acknowledged import Acknowledgement, acknowledge, unmatched
from runner.checks.material import Material
from runner.checks.registry import CHECKS, FAILED, OF_PREDICTIONS, OF_TABLE, SLOW, failed, look
from runner.engine import Call
from runner.errors import UserError
from runner.evaluation import Evaluation
from runner.judge import Judge

SHARE_OF_TIME = 0.25  # of the time that is left; a check that is not done by then becomes a note


class Checkup:
    """The checks of one run.

    Parameters
    ----------
    known : sequence of Acknowledgement
        Findings that the user already knows of.
    """

    def __init__(self, judge: Judge, known: Sequence[Acknowledgement] = ()):
        rows, aside = judge.development, judge.dataset.features.iloc[judge.splits.holdout].reset_index(drop=True)
        self._material = Material(rows, judge.metric, judge.seed, aside)
        self._judge, self._known = judge, tuple(known)
        self._thread: threading.Thread | None = None
        self._found: dict[str, list[Finding]] = {}
        self._findings: tuple[Finding, ...] | None = None

    def begin(self, seconds_left: float) -> None:
        """Start the checks of the table, once; they run while the next rungs are climbed."""
        if self._thread is not None:
            return
        until = time.monotonic() + SHARE_OF_TIME * max(seconds_left, 0.0)  # the run's clock may be set meanwhile
        self._thread = threading.Thread(target=self._look_at_table, args=(until,), daemon=True)
        self._thread.start()

    def end(self, evaluations: Sequence[Evaluation]) -> tuple[Finding, ...]:
        """Wait for them, look at the predictions of the cheap candidates too, and return all findings.

        Parameters
        ----------
        evaluations : sequence of Evaluation
            Of the cheap candidates that have a score, best first.
        """
        if self._findings is None:
            if self._thread:
                self._thread.join()
            material = self._material.with_evaluations(evaluations)
            found = dict(self._found)
            for name in OF_PREDICTIONS:
                found[name] = look(name, material)
            raw = [finding for name in (*OF_TABLE, *OF_PREDICTIONS) for finding in found.get(name, [])]
            made = [name for name, of_one in found.items() if FAILED not in {finding.code for finding in of_one}]
            codes = {code for name in made for code in CHECKS[name].CODES}
            looked_for = [entry for entry in self._known if entry.code in codes]
            self._findings = (*acknowledge(raw, self._known), *unmatched(raw, looked_for))
        return self._findings

    def _look_at_table(self, until: float) -> None:
        """Run the checks of the table; those that could not run become one note per reason."""
        lost = defaultdict(list)
        names = [*(name for name in OF_TABLE if name not in SLOW), *SLOW]
        try:
            shared = self._judge.engine.share(self._material, "checks.pkl")
        except UserError as error:  # a full disk
            lost[str(error)], names = names, []
        for name in names:
            left = until - time.monotonic()
            for _, outcome in self._judge.engine.run([Call(look, (name, shared))], math.inf, left):
                if outcome.value is None:
                    lost[outcome.reason or "no reason is known"].append(name)
                else:
                    self._found[name] = outcome.value
        for reason, those in lost.items():
            self._found[those[0]] = [failed(those, reason)]
