"""init TABLE --target Y: infer what the columns mean, and write a config with the reasons."""

import argparse
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner import words
from runner.config.overrides import literal
from runner.errors import UserError
from runner.files import write_text
from runner.folders import from_home, shipped
from runner.sources.dialect import OPTIONS, Dialect
from runner.words import quoted

if TYPE_CHECKING:
    from runner.proposal import Proposal

NOT_SAID = {  # keys that a proposal may lack, with their meaning
    "group": "rows of one group stay on one side of every split",
    "time": "train on the past, judge on the future",
    "weight": "sample weights, for fitting and for scoring",
    "incumbent": "what is used today: a column, or rules; models are judged against it",
    "fold": "a column with folds of your own",
}


def main(arguments: list[str]) -> int:
    """Read the table, infer what its columns mean, write the file, and say how to run it."""
    parser = argparse.ArgumentParser("runner init", description=__doc__)
    parser.add_argument("table", help="CSV, Parquet, Excel, sqlite:///FILE, env:VARIABLE, ...")
    parser.add_argument("--target", required=True, help="the column to predict")
    parser.add_argument("--task", help="as dataset.task, where the target does not tell it")
    parser.add_argument("--name", help="of the data set; the file's when not given")
    parser.add_argument("--contract", action="store_true", help="also write a contract that later tables must keep")
    for option in OPTIONS:
        parser.add_argument(f"--{option}", help="as dataset." + option)
    options = parser.parse_args(arguments)

    from runner.config.compose import stem

    name = options.name or stem(options.table)
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise UserError(f"--name {name!r} cannot be a file name: use letters, digits, - and _.")
    root = shipped("conf")
    inside = Path.cwd().is_relative_to(root.parent)
    conf = root if inside else Path("conf")
    path = conf / "dataset" / f"{name}.yaml"
    _refuse_taken(path, root / "dataset" / path.name)
    _write(options, name, path)
    print(f"Run it:  python -m runner {'' if inside else '--config-dir conf '}dataset={name} budget=quick")
    return 0


def _refuse_taken(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise UserError(f"{str(path)!r} is there already: give another --name, or delete it.")


def _write(options: argparse.Namespace, name: str, path: Path) -> None:
    from runner.hints import CODED
    from runner.proposal import propose
    from runner.reading.table import with_names
    from runner.sources.frame import read_frame

    told = {key: value for key in OPTIONS if (value := getattr(options, key))}
    frame, notes = read_frame(options.table, Dialect(**told))
    for note in notes:
        print(f"Note:    {note}")
    frame = with_names(frame)
    proposal = propose(frame, options.target, options.task)
    given = {"name": name, "path": _lasting(options.table), "target": options.target, **told}
    if options.contract:
        given["schema"] = str(_write_contract(frame, path.parent.parent / "contract" / path.name))
    text = "".join(f"{line}\n" for line in _lines(proposal, given, frame.shape, options))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    for note in proposal.notes:
        print(f"Note:    {note}")
    for choice in proposal.chosen:
        print(f"Chosen:  {choice.key}={_value(choice.value)}: {choice.why}")
    for choice in proposal.asked:
        print(f"Asked:   {choice.key}={_value(choice.value)}? {choice.why}")
    if codes := proposal.kinds.get(CODED):
        print(
            f"Note:    {quoted(codes)}: taken as numbers. If their order means nothing, put a letter in front of each."
        )
    print(f"Written: {path}{', where what is asked stands in a comment' if proposal.asked else ''}")


def _write_contract(frame: Any, path: Path) -> Path:
    from runner.reading.contract import contract_of

    _refuse_taken(path)
    text = contract_of(frame)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    return path.resolve()


def _lasting(table: str) -> str:
    """Return a path that is valid from any folder; addresses are left as they are."""
    return table if "://" in table or ":" in table[:8] else str(from_home(table).resolve())


def _lines(
    proposal: "Proposal", given: dict[str, Any], shape: tuple[int, int], options: argparse.Namespace
) -> list[str]:
    command = words.one_line(shlex.join(["runner", "init", options.table, "--target", options.target]))
    lines = [
        f"# {given['name']}: {shape[0]:,} rows, {shape[1]:,} columns. Inferred by `{command}`: correct what is wrong.",
        *(f"{key}: {_value(value)}" for key, value in given.items()),
        *(f"{choice.key}: {_value(choice.value)}  # {words.one_line(choice.why)}" for choice in proposal.chosen),
        "",
        "# Not chosen:",
        *(f"# {choice.key}: {_value(choice.value)}  # {words.one_line(choice.why)}" for choice in proposal.asked),
    ]
    said = {choice.key for choice in [*proposal.chosen, *proposal.asked]}
    lines += [f"# {key}: null  # {what}" for key, what in NOT_SAID.items() if key not in said]
    lines += ["", "# Inputs:"]
    return lines + [f"# {kind}: {words.one_line(words.few(names, 40))}" for kind, names in proposal.kinds.items()]


def _value(value: Any) -> str:
    """Write a value so that YAML, and then OmegaConf, read it back unchanged."""
    import yaml

    style = '"' if "\n" in str(value) else None  # one line, as it may stand in a comment
    plain = yaml.safe_dump(
        literal(value), default_style=style, default_flow_style=True, allow_unicode=True, width=10**9
    )
    return plain.strip().removesuffix("...").strip()
