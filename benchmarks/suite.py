"""How often a suite raises a false alarm, what it finds, how well a team's memory forecasts, and what a suite costs.

python -m benchmarks.suite nights [ACCEPTED.json | RUNS] [--nights 200] | memory [--teams 100] | overhead [OVERRIDE ...]

`nights` takes the entries of an accepted suite, or of the finished runs in a folder, as the truth. A night without
change redraws what varies from night to night: the score of each fold (by 0.15 of the spread between folds), CPU time,
memory and latency (by the noise that conf/suite/rules.yaml states, with its common part), and the probability that the
search pays. A fault is planted in one table of such a night.

`memory` simulates teams from the shipped searches: a team's projects are drawn from a random half of the tables, each
measured with an error; the other half takes the place of the shipped prior. Both priors forecast new projects of that
team.

`nights` and `memory` fit nothing. `overhead` runs a suite, see `benchmarks/suite_overhead.py`.
"""

import argparse
import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.machine import machine
from benchmarks.suite_overhead import overhead
from runner.decision.stopping import PastSearches
from runner.prior import past_searches
from runner.prior.team import Remembered, expected, joined
from runner.suite.accepted import read_accepted
from runner.suite.entry import entry_of, judged
from runner.suite.judgement import Outcome, judge
from runner.suite.settings import SuiteConfig, settings

Entry = dict[str, Any]
Random = np.random.Generator
DEFAULT = Path("benchmarks/accepted/nightly.json")
LUCK = 0.15
LOOP_SECONDS = 0.003
HOLDOUT_NOISE = 0.02  # standard error of a project's gain, as skill: assumed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("nights", "memory", "overhead"))
    parser.add_argument("words", nargs="*", help="accepted results, or overrides of the suite that is run")
    parser.add_argument("--nights", type=int, default=200)
    parser.add_argument("--teams", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    if options.part == "nights":
        path = Path(*options.words or [DEFAULT])
        nights(entries_of(path) if path.is_dir() else read_accepted(path), options.nights, random)
    elif options.part == "memory":
        memory(options.teams, random)
    else:
        overhead(options.words)
    print(f"\n{machine(options.seed)}")


def entries_of(folder: Path) -> dict[str, Entry]:
    """Return the entries of the first finished run of each table in a folder; costs are compared as ratios only."""
    entries: dict[str, Entry] = {}
    for path in sorted(folder.glob("*/*/verdict.json")):
        content = json.loads(path.read_text())
        entry = entry_of(content, LOOP_SECONDS)
        if content["budget"]["name"] == "smoke" and not entry["cut"]:
            entries.setdefault(content["dataset"]["name"], entry)
    return entries


def nights(accepted: dict[str, Entry], count: int, random: Random) -> None:
    suite = settings(["tracking=none"]).suite
    quiet = [alarms(redrawn(accepted, suite, random), accepted, suite) for _ in range(count)]
    print(f"{len(accepted)} runs per night, {count} nights of each kind\n")
    print("| simulated night | nights with the alarm | of | share |\n|---|--:|--:|--:|")
    row("no change: any (false) alarm", sum(map(bool, quiet)), count)
    for name, fault in FAULTS.items():
        found = 0
        for _ in range(count):
            night = redrawn(accepted, suite, random)
            key = str(random.choice(sorted(k for k, e in night.items() if fits(name, e))))
            fault(night[key], accepted[key])
            rule = name.split(":")[0]
            found += any(seen == (rule, key) for seen in alarms(night, accepted, suite))
        row(name, found, count)


def row(name: str, found: int, of: int) -> None:
    print(f"| {name} | {found} | {of} | {100 * found / of:.1f} % |")


def alarms(night: dict[str, Entry], accepted: dict[str, Entry], suite: SuiteConfig) -> list[tuple[str, str]]:
    failed = judge([], night, accepted, suite).of(Outcome.FAILED)
    return [(item.observed.rule, item.observed.run) for item in failed]


def redrawn(accepted: dict[str, Entry], suite: SuiteConfig, random: Random) -> dict[str, Entry]:
    """Return a night that differs from the accepted one by luck and noise only."""
    rules = suite.rules
    common = {key: random.normal(0, getattr(rules, key).night) for key in ("cost", "memory", "latency")}
    night = copy.deepcopy(accepted)
    for entry in night.values():
        for name, folds in entry["scores"].items():
            if name != "dummy":
                luck = LUCK * np.std(folds, ddof=1) * random.normal(size=len(folds))
                entry["scores"][name] = (np.array(folds) + luck).tolist()
        for key, field in (("cost", "loops"), ("memory", "memory_mb"), ("latency", "latency_loops")):
            factor = math.exp(common[key] + random.normal(0, getattr(rules, key).noise))
            entry[field] = {name: value * factor for name, value in entry[field].items()}
        if entry["p_pays"] is not None:
            chance = min(max(entry["p_pays"], 1e-6), 1 - 1e-6)
            entry["p_pays"] = float(ndtr(ndtri(chance) + LUCK * random.normal()))
            if entry["reason"] in ("gain-pays", "within-noise"):
                go = entry["p_pays"] >= 0.95
                entry["decision"], entry["reason"] = ("GO", "gain-pays") if go else ("NO-GO", "within-noise")
    return night


def lower_score(now: Entry, before: Entry) -> None:
    """Plant a drop by twice the standard error of the score over the folds."""
    compared = judged(now, before)
    assert compared is not None
    drop = 2 * np.std(compared[1], ddof=1) / math.sqrt(len(compared[1]))
    now["scores"] = {n: f if n == "dummy" else [s - drop for s in f] for n, f in now["scores"].items()}


def raise_cost(now: Entry, _before: Entry) -> None:
    now["loops"] = {name: 1.3 * value for name, value in now["loops"].items()}


def leak(now: Entry, _before: Entry) -> None:
    now["fingerprint"] = "changed"
    now["checks"] = sorted({*now["checks"], "stop:target-leak"})
    now["decision"], now["reason"], now["p_pays"] = "NO-GO", "data-not-trustworthy", None


def flip(now: Entry, before: Entry) -> None:
    """Plant the opposite verdict, as clear as verdicts usually are."""
    go = before["decision"] != "GO"
    now["decision"], now["reason"] = ("GO", "gain-pays") if go else ("NO-GO", "gain-too-small")
    now["p_pays"] = 0.99 if go else 0.02


FAULTS: dict[str, Callable[[Entry, Entry], None]] = {
    "score: down by twice its standard error": lower_score,
    "cost: up by 30 %": raise_cost,
    "check: a leak introduced": leak,
    "verdict: flipped": flip,
}


def fits(fault: str, entry: Entry) -> bool:
    """Say whether a fault can be planted there: where nothing beats no model, no score can fall."""
    if fault.startswith("check"):
        return not any(found.startswith("stop") for found in entry["checks"])
    return not fault.startswith("score") or entry["reason"] not in ("no-signal", "data-not-trustworthy")


def memory(teams: int, random: Random) -> None:
    shipped = past_searches()
    print(
        f"{teams} teams of each kind; error of the forecast for a project outside of the team's history, "
        "in percent of the dummy's loss\n"
    )
    print(
        "| team | past projects | team's prior | shipped prior | difference (standard error) |\n|---|--:|--:|--:|--:|"
    )
    for team, shift in (("like the shipped tables", 0.0), ("gains 0.03 more", 0.03)):
        for projects in (5, 20, 80):
            errors = np.array([squared_errors(shipped, projects, shift, random) for _ in range(teams)])
            own, alone = np.sqrt(errors.mean(axis=0))
            apart = np.sqrt(errors[:, 0]) - np.sqrt(errors[:, 1])
            spread = apart.std(ddof=1) / math.sqrt(teams)
            print(
                f"| {team} | {projects} | {100 * own:.2f} | {100 * alone:.2f} | "
                f"{100 * apart.mean():+.3f} ({100 * spread:.3f}) |"
            )


def squared_errors(shipped: PastSearches, projects: int, shift: float, random: Random) -> tuple[float, float]:
    """Return the mean squared errors of both priors on new projects of a team, measured by the gains without noise."""
    names = sorted(set(shipped.tables))
    held = set(random.choice(names, len(names) // 2, replace=False).tolist())
    mine = [row for row, name in enumerate(shipped.tables) if name in held]
    others = [row for row, name in enumerate(shipped.tables) if name not in held]
    prior = PastSearches(tuple(shipped.tables[row] for row in others), shipped.gains[others], shipped.losses[others])
    drawn = random.choice(mine, projects)
    gains = shipped.capped[drawn, -1] + shift
    noisy = gains + HOLDOUT_NOISE * random.normal(size=projects)
    history = [
        Remembered(f"project {i}", float(gain), HOLDOUT_NOISE, tuple(shipped.losses[row]))
        for i, (gain, row) in enumerate(zip(noisy, drawn, strict=True))
    ]
    trials = shipped.gains.shape[1]
    new = shipped.capped[random.choice(mine, 20), -1] + shift
    forecasts = [expected(one, trials) for one in (joined(prior, history), prior)]
    return tuple(float(np.mean((new - forecast) ** 2)) for forecast in forecasts)  # type: ignore[return-value]


if __name__ == "__main__":
    main()
