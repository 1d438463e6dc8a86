"""Whole runs on tables in which there is nothing to find: permuted targets, and pure noise with a rare class."""

import tempfile
from collections import Counter, defaultdict
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.tables import ROLES, observed_tables
from runner import decide
from runner.config import DatasetConfig

ROWS = 600
RARE_ROWS, RARE, NOISE_COLUMNS = 400, 6, 8
QUIET = ["tracking=none", f"budget.rows={ROWS}"]


def permuted(folder: Path, runs: int, seed: int) -> list[str]:
    """Run the program on permuted targets of the observed tables in turn; return one line per table."""
    said: dict[str, list[str]] = defaultdict(list)
    tables = [table for table in observed_tables(folder) if table.group is None]  # so few rows are too few groups
    for number, table in enumerate(islice(cycle(tables), runs)):
        frame = pd.read_parquet(table.path)
        target = frame[table.target].to_numpy()
        frame[table.target] = np.random.default_rng([seed, number]).permutation(target)
        content = _run(frame, table.target, [*QUIET, *_roles(table), f"seed={seed + number}"])
        said[table.name].append(_words(content))
    counts = {name: Counter(words) for name, words in said.items()}
    everything = Counter(word for words in said.values() for word in words)
    lines = ["| table with its target permuted | runs | verdicts |", "|---|--:|---|"]
    lines += [f"| {name} | {count.total()} | {_counted(count)} |" for name, count in counts.items()]
    return [*lines, f"| **all** | {everything.total()} | {_counted(everything)} |"]


def rare(runs: int, seed: int) -> list[str]:
    """Run the program on pure noise with few rows of the positive class; return one line per run."""
    lines = [
        f"| run on noise, {RARE} of {RARE_ROWS} rows positive ({RARE / RARE_ROWS:.1%}) | verdict "
        "| best average precision on the folds | by candidate | its score on the holdout |",
        "|---|---|--:|---|--:|",
    ]
    for number in range(runs):
        random = np.random.default_rng([seed, number, RARE])
        frame = pd.DataFrame(random.standard_normal((RARE_ROWS, NOISE_COLUMNS))).add_prefix("x")
        frame["y"] = random.permutation(np.arange(RARE_ROWS) < RARE).astype(int)
        options = [*QUIET, "evaluation.metric=average_precision", f"seed={seed + number}"]
        content = _run(frame, "y", options)
        scored = [candidate for candidate in content["candidates"] if candidate["score"] is not None]
        best = max(scored, key=lambda candidate: candidate["score"])
        held = best["holdout_score"]
        lines.append(
            f"| {number} | {_words(content)} | {best['score']:.3f} | {best['name']} "
            f"| {'–' if held is None else f'{held:.3f}'} |"
        )
    return lines


def _run(frame: pd.DataFrame, target: str, options: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return decide(frame, target, "smoke", overrides=options, folder=folder).verdict


def _words(content: dict[str, Any]) -> str:
    return f"{content['decision']} ({content['reason']}, {'settled' if content['settled'] else 'not settled'})"


def _counted(words: Counter[str]) -> str:
    return ", ".join(f"{count} × {word}" for word, count in words.most_common())


def _roles(table: DatasetConfig) -> list[str]:
    given = {role: getattr(table, role) for role in ROLES}
    return [f"dataset.{role}={_quoted(value)}" for role, value in given.items() if value]


def _quoted(value: Any) -> str:
    """Write a value in Hydra's grammar."""
    if isinstance(value, list):
        return f"[{','.join(map(_quoted, value))}]"
    return f"'{value}'" if isinstance(value, str) else str(value)
