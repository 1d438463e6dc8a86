"""One night: plan, run side by side, judge, report."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from runner.clock import timestamp
from runner.errors import UserError
from runner.files import holding
from runner.folders import NIGHT, claim, of_now
from runner.provenance import LIBRARIES, git_tags, versions
from runner.suite.accepted import read_accepted
from runner.suite.entry import entry_of
from runner.suite.judgement import Judgement, judge
from runner.suite.plan import plan
from runner.suite.schedule import EndedRun, Schedule
from runner.suite.settings import SuiteJob

JOB = "job.json"  # the options that the night was started with
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Night:
    """The results of a night.

    Attributes
    ----------
    entries : dict
        By run with a verdict, the figures that are compared and may be accepted.
    before : dict
        The accepted entries.
    """

    job: SuiteJob
    folder: Path
    ended: tuple[EndedRun, ...]
    entries: dict[str, Any]
    before: dict[str, Any]
    judgement: Judgement
    times: dict[str, str]
    wall_seconds: float


def spend(job: SuiteJob, folder: Path, conf: Path | None, tell: Callable[[EndedRun], None]) -> Night:
    """Run what is missing in the night's folder, and judge all of it.

    Parameters
    ----------
    conf : Path or None
        The user's own folder of configs.
    tell : callable
        Called with each run as it ends.

    Raises
    ------
    UserError
        If another process is working in the folder.
    """
    begun, started = time.monotonic(), timestamp()
    suite = job.suite
    before = read_accepted(Path(suite.accepted))
    side_by_side, workers = shares(suite.side_by_side)
    runs = plan(job, workers, {key: entry["wall_seconds"] for key, entry in before.items()}, conf)
    options = ("--config-dir", str(conf)) if conf else ()
    folder.mkdir(parents=True, exist_ok=True)
    schedule = Schedule(folder, begun + suite.seconds, min(side_by_side, len(runs)), options)
    ended = []
    with holding(folder, folder):
        (folder / JOB).write_text(_written(job))
        for run in schedule.run(runs):
            ended.append(run)
            tell(run)
    ended.sort(key=lambda run: (run.planned.table, run.planned.budget, run.planned.seed))
    entries = {run.planned.key: entry_of(run.content, run.loop_seconds) for run in ended if run.content}
    return Night(
        job=job,
        folder=folder,
        ended=tuple(ended),
        entries=entries,
        before=before,
        judgement=judge(ended, entries, before, suite),
        times={"started_at": started, "finished_at": timestamp()},
        wall_seconds=time.monotonic() - begun,
    )


def night_folder(job: SuiteJob, root: Path) -> Path:
    """Return the unlocked folder of an unfinished night with the same job, else a new one."""
    home = root / "suites" / job.suite.name
    same = _written(job)
    for folder in sorted(home.glob("*"), reverse=True):
        with suppress(OSError):
            if not (folder / NIGHT).exists() and (folder / JOB).read_text() == same and not _is_at_work(folder):
                return folder
    return claim(of_now(home))


def _is_at_work(folder: Path) -> bool:
    try:
        with holding(folder, folder):
            return False
    except UserError:
        return True


def _written(job: SuiteJob) -> str:
    return json.dumps(asdict(job), indent=1) + "\n"


def shares(side_by_side: int | None) -> tuple[int, int]:
    """Return how many runs go side by side, and how many workers each has."""
    from joblib import cpu_count

    cores = cpu_count()
    runs = side_by_side or cores
    return runs, max(1, cores // runs)


def document(night: Night) -> dict[str, Any]:
    """Return the content of suite.json; keys are only ever added within a schema version."""
    judgement = night.judgement
    return {
        "schema_version": SCHEMA_VERSION,
        "suite": night.job.suite.name,
        "headline": judgement.headline,
        "failed": judgement.failed,
        "false_alarms": night.job.suite.false_alarms,
        "tests": judgement.tests,
        "judged": [
            {
                "rule": item.observed.rule,
                "run": item.observed.run,
                "outcome": str(item.outcome),
                "sentence": item.observed.sentence,
                "amount": item.observed.amount,
                "p_value": item.observed.p_value,
            }
            for item in judgement.items
        ],
        "runs": [_run(run, night) for run in night.ended],
        "accepted": night.job.suite.accepted,
        "accepted_runs": len(night.before),
        "run_seconds": sum(run.wall_seconds for run in night.ended),
        "wall_seconds": night.wall_seconds,
        "versions": versions(LIBRARIES),
        "git": git_tags(),
        "folder": str(night.folder),
        **night.times,
    }


def _run(run: EndedRun, night: Night) -> dict[str, Any]:
    planned = run.planned
    return {
        "key": planned.key,
        "table": planned.table,
        "budget": planned.budget,
        "seed": planned.seed,
        "reason": run.reason,
        "wall_seconds": run.wall_seconds,
        "folder": planned.key,
        "entry": night.entries.get(planned.key),
    }
