"""report RUN [RUN2]: make a run's report.html again, or compare two runs."""

import argparse
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Make the page from the run's folder alone; for two runs, a page that says what changed."""
    parser = argparse.ArgumentParser("runner report", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run, runs/<dataset>/<time>")
    parser.add_argument("other", type=Path, nargs="?", help="folder of a later run, to compare with")
    options = parser.parse_args(arguments)
    if options.other is None:
        from runner.report.page import write_report

        print(write_report(options.run))
        return 0
    from runner.report.comparing import write_comparison

    print(write_comparison(options.run, options.other))
    return 0
