"""reconsider RUN [economics.KEY=VALUE ...]: print the verdict under other prices, without fitting anything."""

import argparse
import sys
from pathlib import Path

from runner.errors import UserError


def main(arguments: list[str]) -> int:
    """Read the facts of a finished run, judge them under the given prices, and print the verdict."""
    parser = argparse.ArgumentParser("runner reconsider", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run, runs/<dataset>/<time>")
    parser.add_argument("overrides", nargs="*", help="economics=NAME, economics.value_per_unit=50000, ...")
    options = parser.parse_args(arguments)
    from runner.config import compose
    from runner.reconsidered import reconsider
    from runner.report.closing import print_closing
    from runner.report.records import read_verdict

    content = read_verdict(options.run)
    if not content.get("facts"):
        raise UserError(f"The verdict of {str(options.run)!r} holds no facts to judge again: run it again.")
    prices = compose.again("economics", content["economics"], options.overrides)
    print_closing(reconsider(content, prices), sys.stdout)
    return 0
