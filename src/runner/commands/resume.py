"""resume RUN: go on with a run that was cut short; what was finished is not paid for again."""

import argparse
from pathlib import Path

from runner.errors import UserError


def main(arguments: list[str]) -> int:
    """Run again in the same folder, under the same config, with the time that is left of its budget."""
    parser = argparse.ArgumentParser("runner resume", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the run, runs/<dataset>/<time>")
    folder = parser.parse_args(arguments).run
    stored = folder / "config.yaml"
    if not stored.is_file():
        raise UserError(f"{str(folder)!r} holds no run: give a folder with a config.yaml (runs/<dataset>/<time>).")
    if (folder / "verdict.json").is_file():
        print(f"{folder} is finished: its verdict is in {folder / 'summary.md'}.")
        return 0
    from omegaconf import DictConfig, OmegaConf

    from runner import ci, compose, engine
    from runner.config import Config
    from runner.record import seconds_spent

    compose.register()
    merged = OmegaConf.merge(OmegaConf.structured(Config), OmegaConf.load(stored))
    assert isinstance(merged, DictConfig)
    config = compose.typed(merged)
    engine.warm()
    from runner.desk import run_and_show

    content = run_and_show(config, folder, f"python -m runner resume {folder}", seconds_spent(folder))
    return ci.exit_code(content, config.ci.fail_on)
