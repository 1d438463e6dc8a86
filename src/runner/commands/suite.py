"""suite [NAME] [KEY=VALUE ...]: run many tables, and compare the results with those accepted before."""

import argparse
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from runner.errors import UserError
from runner.folders import REPORT, RUNS

if TYPE_CHECKING:
    from runner.suite.night import Night
    from runner.suite.schedule import EndedRun


def main(arguments: list[str]) -> int:
    """Run the suite, report, and return 3 when a rule that is set to fail has failed."""
    parser = argparse.ArgumentParser("runner suite", description=__doc__)
    parser.add_argument("overrides", nargs="*", help="its name, suite.tables=[glass]; others go to every run")
    parser.add_argument("--accept", action="store_true", help="accept what comes out: later nights are judged by it")
    parser.add_argument("--config-dir", help="a folder of your own with the same groups as conf/")
    parser.add_argument("--folder", type=Path, help="where the night is kept; runs/suites/<suite>/<time> if not given")
    options = parser.parse_intermixed_args(arguments)
    from runner.config.compose import composed, in_folder
    from runner.suite.plan import kinds, plan
    from runner.suite.settings import settings

    conf = Path(options.config_dir).resolve() if options.config_dir else None
    if conf and not conf.is_dir():
        raise UserError(f"--config-dir {options.config_dir!r} is no folder.")
    job = settings(options.overrides, conf)
    for run in kinds(plan(job, 1, {}, conf)):  # an invalid override is reported before any run begins
        composed([*in_folder(conf), *run.overrides])
    signal.signal(signal.SIGTERM, _interrupt)  # so that no run is left behind
    from runner.suite.night import night_folder, spend
    from runner.suite.report import publish

    folder = options.folder or night_folder(job, RUNS)
    print(f"Suite {job.suite.name}: {folder}", flush=True)
    night = spend(job, folder, conf, _Teller())
    content = publish(night, RUNS)
    if options.accept:
        _accept(night, content)
    print(content["headline"])
    print(f"Report        {folder / REPORT}")
    from runner.ci import FAILED

    return FAILED if night.judgement.failed else 0


def _accept(night: "Night", content: dict[str, Any]) -> None:
    from runner.suite.accepted import cut_short, write_accepted
    from runner.words import counted

    path = Path(night.job.suite.accepted)
    kept = cut_short(night.entries, night.before)
    entries = {key: entry for key, entry in night.entries.items() if key not in kept}
    write_accepted(path, night.job.suite.name, entries, content["versions"])
    print(f"Accepted      {path}: {counted(len(entries), 'run')}")
    if cut := [key for key, entry in entries.items() if entry["cut"]]:
        print(f"Cut by time   {', '.join(cut)}: of these, later nights compare only what was reached")
    if kept:
        print(f"Not accepted  {', '.join(kept)}: time cut it off tonight, and not when it was accepted before")


def _interrupt(_number: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


class _Teller:
    """Prints one line per run."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def __call__(self, ended: "EndedRun") -> None:
        """Print how a run ended."""
        told = ended.reason or "?"
        if ended.content:
            told = f"{ended.content['decision']:<5}  {ended.content['reason']}"
        print(f"{time.monotonic() - self._begun:6.1f} s  {ended.planned.key:<36}  {told}", flush=True)
