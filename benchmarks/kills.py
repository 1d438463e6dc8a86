"""Does a run that is killed and resumed again and again end as it would have ended undisturbed?

python -m benchmarks.kills [--kills 10] [--seed 0] [OVERRIDE ...]

One run is left undisturbed. Others with the same config are killed (SIGKILL) at random moments and resumed each time,
until the given number of kills is reached and the last run has ended. Each run that ends is compared with the
undisturbed one: verdict, gain, the scores of every candidate, the number of trials. No stored evaluation may be
computed again. The exit code is 1 if anything differs.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import machine

DEFAULT = ("dataset=credit-g", "budget=smoke", "tracking=none")
PATIENT = ("budget.seconds=3600", "budget.fit_seconds=600")  # what a deadline cuts off depends on the machine
SEARCHED = ("economics.value_per_unit=1000000",)  # so that there are trials to lose
FIELDS = ("decision", "reason", "settled", "lean", "cheap_champion", "challenger", "gain")
OF_A_CANDIDATE = ("name", "status", "score", "fold_scores", "holdout_score")
ORPHANS_SECONDS = 60.0  # one that is still importing its libraries sees only then that it is alone


@dataclass(frozen=True)
class Kill:
    """A kill, and what it left behind."""

    second: float
    stored: int
    orphans: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="of the random moments")
    parser.add_argument("overrides", nargs="*", help="as on the runner's command line")
    given, own = parser.parse_known_args()
    words = (*DEFAULT, *PATIENT, *SEARCHED, *own, *given.overrides)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        subprocess.run(command(words), cwd=folder, check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - begun
        peace = told(only_run(Path(folder)))
    print(f"Undisturbed: {peace['decision']}, {peace['reason']}, {peace['trials']} trials, {seconds:.0f} s.\n")
    print("| run | killed after s (evaluations stored by then) | processes left running | same result as undisturbed |")
    print("|---|---|---|---|")
    differ = sum(differences > 0 for differences in killed_runs(words, seconds, given.kills, given.seed, peace))
    print(f"\n{machine(given.seed)}")
    sys.exit(1 if differ else 0)


def killed_runs(words: Sequence[str], seconds: float, kills: int, seed: int, peace: dict[str, Any]) -> list[int]:
    """Kill and resume runs until all kills are done; print one line per run and return the differences of each."""
    draw, left = random.Random(seed), kills
    found: list[int] = []
    while left > 0:
        with tempfile.TemporaryDirectory() as folder:
            done, paid_again = one_run(words, Path(folder), draw, seconds, left)
            content = told(only_run(Path(folder)))
        left -= len(done)
        wrong = [name for name, value in peace.items() if content[name] != value]
        wrong += [f"{paid_again} evaluations made again"] * bool(paid_again)
        moments = ", ".join(f"{kill.second:.1f} ({kill.stored})" for kill in done)
        orphans = sum(kill.orphans for kill in done)
        print(
            f"| {len(found) + 1} | {moments or 'ended before'} | {orphans} | {', '.join(wrong) or 'yes'} |", flush=True
        )
        found.append(len(wrong) + orphans)
    return found


def one_run(
    words: Sequence[str], folder: Path, draw: random.Random, seconds: float, kills: int
) -> tuple[list[Kill], int]:
    """Begin a run, kill and resume it until it ends or no kill is left; return the kills and what was redone."""
    done: list[Kill] = []
    paid_again = 0
    while True:
        runs = [path.parent for path in folder.glob("runs/*/*/config.yaml")]
        arguments = ("resume", str(runs[0].relative_to(folder))) if runs else words
        before = stored(folder)
        moment = draw.uniform(0, seconds) if len(done) < kills else None
        kill = killed_after(command(arguments), folder, moment)
        after = stored(folder)
        paid_again += sum(after.get(path) != changed for path, changed in before.items())
        if kill is None:
            return done, paid_again
        done.append(kill)


def killed_after(words: Sequence[str], folder: Path, seconds: float | None) -> Kill | None:
    """Run a process and kill it after the given seconds; return None if it ended by itself."""
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(children, timeout=ORPHANS_SECONDS)
        return Kill(seconds or 0.0, len(stored(folder)), len(alive))
    if code:
        raise SystemExit(f"{' '.join(words)} ended with exit code {code}.")
    return None


def command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "runner", *arguments]


def stored(folder: Path) -> dict[str, int]:
    """Return each stored evaluation with the time of its last change."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("runs/*/*/evaluations/*.pkl")}


def only_run(folder: Path) -> dict[str, Any]:
    """Return the verdict of the only run in a folder, which has ended."""
    (path,) = folder.glob("runs/*/*/verdict.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def told(content: dict[str, Any]) -> dict[str, Any]:
    """Return what has to be the same: the verdict, the scores and the number of trials."""
    search = content["search"] or {"trials": 0, "stopped_by": None}
    candidates = {each["name"]: {field: each[field] for field in OF_A_CANDIDATE} for each in content["candidates"]}
    return {**{field: content[field] for field in FIELDS}, "trials": search["trials"], "candidates": candidates}


if __name__ == "__main__":
    main()
