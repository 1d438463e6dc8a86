"""track RUN [RUN ...] [tracking.KEY=VALUE ...]: send runs, finished or not, to MLflow; nothing is sent twice."""

import argparse
import sys
from pathlib import Path

from runner.config import TrackingConfig
from runner.config.overrides import folders_and_overrides
from runner.errors import UserError
from runner.folders import OUTBOX, home_of
from runner.words import quoted


def main(arguments: list[str]) -> int:
    """Send what the runs' outboxes hold; return exit code 1 if something could not be sent."""
    parser = argparse.ArgumentParser("runner track", description=__doc__)
    parser.add_argument("run", nargs="+", help="folders of runs, runs/<dataset>/<time>, and tracking.KEY=VALUE")
    folders, overrides = folders_and_overrides(parser.parse_args(arguments).run)
    if not folders:
        raise UserError("No run is given: name the folder of a run (runs/<dataset>/<time>).")
    return max([_track(folder, overrides) for folder in _runs_among(folders)])


def _runs_among(folders: list[Path]) -> list[Path]:
    """Return the folders of runs; others, such as those of MLflow's files under runs/, are said to be left out."""
    from runner.listeners import outbox

    runs = [folder for folder in folders if outbox.exists(folder)]
    if not runs:
        raise UserError(f"{str(folders[0])!r} holds no {OUTBOX}: give the folder of a run (runs/<dataset>/<time>).")
    if others := [folder for folder in folders if folder not in runs]:
        print(f"runner: left out, as they hold no {OUTBOX}: {quoted(others)}.", file=sys.stderr)
    return runs


def _track(folder: Path, overrides: list[str]) -> int:
    """Send a run; one that cannot be sent now keeps no other from being sent."""
    config = tracking(folder, overrides)

    from runner.listeners import mlflow_store
    from runner.listeners.sending import NotSentError, send

    store = mlflow_store.store_of(config, home_of(folder))
    try:
        told = "was sent to" if send(folder, store) else "is already complete in"
    except NotSentError as error:
        print(f"runner: {error}; what is missing is kept: run the command again.", file=sys.stderr)
        return 1
    except UserError as error:  # it is at work
        print(f"runner: {error}", file=sys.stderr)
        return 2
    print(f"{folder} {told} {store}")
    return 0


def tracking(folder: Path, overrides: list[str]) -> TrackingConfig:
    """Return the run's own tracking config, or a named one, with single values changed."""
    from runner.config import compose
    from runner.report.records import read_config

    config: TrackingConfig = compose.again("tracking", read_config(folder).get("tracking", {}), overrides)
    return config
