"""reconsider RUN [economics.KEY=VALUE ...]: the verdict under other economics, without fitting anything."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.errors import UserError

if TYPE_CHECKING:
    from runner.config import EconomicsConfig


def main(arguments: list[str]) -> int:
    """Read the facts of a finished run, judge them under the economics given, and print what comes out."""
    parser = argparse.ArgumentParser("runner reconsider", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run, runs/<dataset>/<time>")
    parser.add_argument("overrides", nargs="*", help="economics=NAME, economics.value_per_unit=50000, ...")
    options = parser.parse_args(arguments)
    path = options.run / "verdict.json"
    if not path.is_file():
        raise UserError(f"{str(options.run)!r} holds no verdict: give the folder of a finished run.")
    document = json.loads(path.read_text())
    if not document.get("facts"):
        raise UserError(f"{str(path)!r} holds no facts to judge again: run it anew.")
    prices = economics(document["economics"], options.overrides)

    from runner.document import reconsider
    from runner.report.closing import print_closing

    print_closing(reconsider(document, prices), sys.stdout)
    return 0


def economics(stored: dict[str, Any], overrides: list[str]) -> "EconomicsConfig":
    """Return the run's economics, or a named profile, with single values changed.

    Raises
    ------
    UserError
        When a name or a value does not fit.
    """
    from runner import compose

    strangers = [item for item in overrides if not item.startswith(("economics=", "economics."))]
    if strangers:
        raise UserError(f"{strangers[0]!r} is not about economics: give economics=NAME or economics.KEY=VALUE.")
    named = any(item.startswith("economics=") for item in overrides)
    kept = [] if named else [f"economics.{key}={compose.as_value(value)}" for key, value in stored.items()]
    return compose.composed(["dataset.path=x", "dataset.target=x", *kept, *overrides]).economics
