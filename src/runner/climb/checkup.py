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
from runner.engine import Call, Outcome
from runner.errors import UserError, in_a_line
from runner.evaluation import Evaluation, Status
from runner.judge import Judge
from runner.record import key_of

SHARE_OF_TIME = 0.25  # of the time left, beside the rungs, and once more after them if a search may follow
LATE = (Status.SKIPPED, Status.TIMED_OUT)


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
        self._lost: dict[str, Outcome] = {}
        self._findings: tuple[Finding, ...] | None = None

    def begin(self, seconds_left: float) -> None:
        """Start the checks of the table, once; they run while the next rungs are climbed."""
        if self._thread is not None:
            return
        names = [*(name for name in OF_TABLE if name not in SLOW), *SLOW]
        until = time.monotonic() + SHARE_OF_TIME * max(seconds_left, 0.0)
        self._thread = threading.Thread(target=self._look_at_table, args=(names, until), daemon=True)
        self._thread.start()

    def end(self, evaluations: Sequence[Evaluation], seconds: float = 0.0) -> tuple[Finding, ...]:
        """Wait for them, look at the predictions of the cheap candidates too, and return all findings.

        Checks that there was no time for beside the rungs are made up for, as a search that ends sooner is a smaller
        loss than a fault that nobody is told of. Those that still have no time become a note.

        Parameters
        ----------
        evaluations : sequence of Evaluation
            Of the cheap candidates that have a score, best first.
        seconds : float
            That may be spent on these.
        """
        if self._findings is None:
            if self._thread:
                self._thread.join()
            late = [name for name, outcome in self._lost.items() if outcome.status in LATE]
            if late and seconds > 0:
                self._look_at_table(late, time.monotonic() + seconds)
            material = self._material.with_evaluations(evaluations)
            found = self._found | self._notes()
            for name in OF_PREDICTIONS:
                found[name] = look(name, material)
            raw = [finding for name in (*OF_TABLE, *OF_PREDICTIONS) for finding in found.get(name, [])]
            made = [name for name, of_one in found.items() if FAILED not in {finding.code for finding in of_one}]
            codes = {code for name in made for code in CHECKS[name].CODES}
            looked_for = [entry for entry in self._known if entry.code in codes]
            self._findings = (*acknowledge(raw, self._known), *unmatched(raw, looked_for))
        return self._findings

    def _look_at_table(self, names: Sequence[str], until: float) -> None:
        """Run checks of the table until a time on the clock of `time.monotonic`: the run's may be set meanwhile.

        What they found before the run was cut short is not looked for again.
        """
        record, keys = self._judge.record, {name: key_of(self._judge.rows_key, "check", name) for name in names}
        known = {name: found for name in names if isinstance(found := record.recall(keys[name]), list)}
        self._found |= known
        try:
            shared = self._judge.engine.share(self._material, "checks.pkl")
            for name in [name for name in names if name not in known]:
                call, left = Call(look, (name, shared)), until - time.monotonic()
                for _, outcome in self._judge.engine.run([call], math.inf, left, needed=name not in SLOW):
                    if outcome.value is None:
                        self._lost[name] = outcome
                    else:
                        self._found[name] = outcome.value
                        self._lost.pop(name, None)
                        record.keep(keys[name], outcome.value)
        except Exception as error:  # a full disk, or no memory for a process: no check is passed over
            why = Outcome(Status.FAILED, reason=str(error) if isinstance(error, UserError) else in_a_line(error))
            self._lost |= {name: why for name in names if name not in self._found}

    def _notes(self) -> dict[str, list[Finding]]:
        """Return one note for each reason why checks could not run, under the first of them."""
        lost = defaultdict(list)
        for name, outcome in self._lost.items():
            lost[outcome.reason or "no reason is known"].append(name)
        return {names[0]: [failed(names, reason)] for reason, names in lost.items()}
