"""Print anew what docs/economics.md shows under its commands: python docs/cookbook.py.

The commands judge three stored runs again (docs/cookbook/), so that nothing is fitted and the figures are the same
on every machine; a test holds the page to them. Another run to stand there: copy its verdict.json, with `store`.
"""

import contextlib
import io
import json
import os
import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "economics.md"
CASE = re.compile(r"```sh\n(python -m runner reconsider .*?)\n```\n```text\n(.*?)```", re.DOTALL)


def main() -> None:
    """Write the page with what its commands print today; with arguments NAME FOLDER, store a run first."""
    if len(sys.argv) == 3:
        store(sys.argv[1], Path(sys.argv[2]))
    PAGE.write_text(CASE.sub(lambda case: _block(case[1], printed(case[1])), PAGE.read_text()))


def store(name: str, run: Path) -> None:
    """Keep a run's verdict for the page, without its model."""
    place = ROOT / "docs" / "cookbook" / name
    place.mkdir(parents=True, exist_ok=True)
    content = json.loads((run / "verdict.json").read_text())
    content |= {"folder": str(place.relative_to(ROOT)), "model": None, "tracking_uri": None, "mlflow_run_id": None}
    (place / "verdict.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def cases() -> list[tuple[str, str]]:
    """Return each command of the page with what it is said to print."""
    return [(command, shown) for command, shown in CASE.findall(PAGE.read_text())]


def printed(command: str) -> str:
    """Return what a command prints, in 80 columns."""
    from runner.commands.reconsider import main as reconsider

    words = shlex.split(command.replace("\\\n", " "))
    out = io.StringIO()
    columns = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "80"
    try:
        with contextlib.chdir(ROOT), contextlib.redirect_stdout(out):
            reconsider(words[4:])
    finally:
        if columns is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = columns
    return out.getvalue()


def _block(command: str, shown: str) -> str:
    return f"```sh\n{command}\n```\n```text\n{shown}```"


if __name__ == "__main__":
    main()
