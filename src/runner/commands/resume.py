"""resume RUN: continue a run that was cut short; what it had finished is not computed again."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from runner.errors import UserError, exit_code_of
from runner.folders import CONFIG, SUMMARY, VERDICT
from runner.loading import one_thread, uncollected

if TYPE_CHECKING:
    from runner.config import Config


def main(arguments: list[str]) -> int:
    """Run again in the same folder with the same config, within the time that is left of its budget."""
    parser = argparse.ArgumentParser("runner resume", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the run, runs/<dataset>/<time>")
    folder = parser.parse_args(arguments).run
    stored = folder / CONFIG
    if not stored.is_file():
        raise UserError(f"{str(folder)!r} holds no run: give a folder with a config.yaml (runs/<dataset>/<time>).")
    if (folder / VERDICT).is_file():
        print(f"{folder} is finished: its verdict is in {folder / SUMMARY}.")
        return 0
    with one_thread():
        return exit_code_of(lambda: _go_on(folder, stored), folder)


def _go_on(folder: Path, stored: Path) -> int:
    from runner import ci, engine

    config = _config(stored)
    with uncollected():
        from runner.clock import process_age
        from runner.record import command_of
        from runner.session import run_and_show

    engine.warm(fork=True)
    content = run_and_show(config, folder, command_of(folder), process_age(), is_last=True)
    return ci.exit_code(content, config.ci.fail_on)


def _config(stored: Path) -> "Config":
    from omegaconf import DictConfig, OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    from runner.config import Config, compose

    compose.register()
    try:
        merged = OmegaConf.merge(OmegaConf.structured(Config), OmegaConf.load(stored))
        assert isinstance(merged, DictConfig)
        return compose.typed(merged)
    except (OmegaConfBaseException, YAMLError, ValueError, AssertionError) as error:
        raise UserError(
            f"{str(stored)!r} is no longer the config of a run ({type(error).__name__}): run the command again."
        ) from error
