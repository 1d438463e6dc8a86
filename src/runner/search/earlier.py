"""Starting points for a search: the best configurations of an earlier one.

They are evaluated again: configurations may be carried over, scores may not. Nor may a configuration be proved on rows
that helped to choose it: for the same table, the rows kept aside must be the same as in the earlier run.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from runner.config import Config
from runner.dataset import Dataset
from runner.errors import UserError
from runner.folders import CONFIG, TRIALS, VERDICT, from_home
from runner.ladder import Rung, Space, Start
from runner.record import key_of
from runner.splits import Splits

MOST_STARTS = 4  # a round of the search


def kept_aside(dataset: Dataset, splits: Splits) -> str:
    """Return a short key of the holdout rows, by their positions in the table that was read."""
    return key_of(dataset.fingerprint, np.sort(dataset.source_rows[splits.holdout]))


def with_starts(ladder: tuple[Rung, ...], config: Config, dataset: Dataset, splits: Splits) -> tuple[Rung, ...]:
    """Return the ladder with the best configurations of the run `config.search_from` as first trials of its search.

    Raises
    ------
    UserError
        If there is no such run, if none of its trials fits, or if it may have chosen on rows that prove now.
    """
    if config.search_from is None:
        return ladder
    from yaml import YAMLError

    folder = from_home(config.search_from)
    try:
        told = json.loads((folder / VERDICT).read_text(encoding="utf-8"))
        rows = list(csv.DictReader((folder / TRIALS).read_text(encoding="utf-8").splitlines()))
        starts = list(_starts(rows, [space for rung in ladder for space in rung.spaces]))[:MOST_STARTS]
        if _has_chosen_on(told, folder, config, dataset, splits):
            raise UserError(
                f"search_from={config.search_from!r} may have chosen on rows that are to prove here: leave it out, or "
                "judge by a holdout with that run's table, seed, budget.rows and evaluation."
            )
    except FileNotFoundError as error:
        lacks = "is not the folder of a finished run whose search was run"
        raise UserError(
            f"search_from={config.search_from!r} {lacks} (it has no {Path(error.filename).name})."
        ) from error
    except (OSError, ValueError, KeyError, TypeError, YAMLError) as error:
        raise UserError(f"search_from={config.search_from!r} cannot be read ({type(error).__name__}).") from error
    if not starts:
        raise UserError(f"search_from={config.search_from!r}: none of its trials lies in a space of this ladder.")
    return tuple(replace(rung, starts=tuple(starts)) if rung.is_search else rung for rung in ladder)


def _has_chosen_on(told: dict[str, Any], folder: Path, config: Config, dataset: Dataset, splits: Splits) -> bool:
    """Return whether the earlier run may have chosen on rows that prove now."""
    import yaml

    earlier = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))["dataset"]["path"]
    is_of_this_table = (
        told["dataset"]["fingerprint"] == dataset.fingerprint
        or Path(earlier).absolute() == Path(config.dataset.path).absolute()  # it may have grown since
    )
    has_same_proof = splits.outer is None and told["design"].get("kept_aside") == kept_aside(dataset, splits)
    return is_of_this_table and not has_same_proof


def _starts(rows: Sequence[dict[str, str]], spaces: Sequence[Space]) -> Iterator[Start]:
    """Give the trials that lie in one of the spaces, the best first."""
    of_family = {space.family: space for space in spaces}
    scored = [row for row in rows if row["status"] == "ok"]
    for row in sorted(scored, key=lambda row: float(row["score"]), reverse=True):
        drawn, space = json.loads(row["params"]), of_family.get(row["family"])
        if space and space.holds(drawn) and row["preparation"] in space.preparations:
            yield Start(row["family"], row["preparation"], drawn)
