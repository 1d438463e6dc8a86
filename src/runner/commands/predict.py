"""predict RUN TABLE OUT: predict the rows of a new table with the model that a run kept."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.errors import UserError
from runner.files import check_place, whole
from runner.folders import VERDICT
from runner.sources.dialect import OPTIONS, Dialect

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".parquet")
AS_TRAINED = ("separator", "encoding")  # a sheet or a query would name the rows that the run has seen


def main(arguments: list[str]) -> int:
    """Read the table, check its columns against those of training, and write one prediction per row."""
    parser = argparse.ArgumentParser("runner predict", description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run, runs/<dataset>/<time>")
    parser.add_argument("table", help="new rows: CSV or Parquet, with the columns of training")
    parser.add_argument("out", type=Path, help="where to write: .csv or .parquet")
    for option in OPTIONS:
        usual = "; the run's own for a table with the same ending" * (option in AS_TRAINED)
        parser.add_argument(f"--{option}", help=f"as dataset.{option}{usual}")
    options = parser.parse_args(arguments)
    if options.out.suffix not in ENDINGS:
        raise UserError(f"OUT={str(options.out)!r} must end with {' or '.join(ENDINGS)}.")
    check_place("OUT=", options.out)
    from runner.model import load_model
    from runner.model.prediction import predict, surprises, words_of
    from runner.report.records import read_config
    from runner.sources.frame import read_frame
    from runner.words import counted

    model, card = load_model(options.run)
    told = {key: value for key in OPTIONS if (value := getattr(options, key))}
    trained = read_config(options.run).get("dataset") or {}
    dialect = Dialect(**_as_trained(options.table, trained) | told, words=words_of(card))
    frame, notes = read_frame(options.table, dialect)
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)
    predictions = predict(model, card, frame)
    _write(predictions, options.out)
    for said in (*_unfit(options.run), *surprises(card, frame), *_breaches(trained.get("schema"), card, frame)):
        print(f"Warning: {said}", file=sys.stderr)
    print(f"{counted(len(predictions), 'row')} predicted by {card['candidate']}: {options.out}")
    return 0


def _as_trained(table: str, trained: dict[str, Any]) -> dict[str, Any]:
    """Return how the run was told to read its own table, if the new one has the same ending.

    What can be read as UTF-8 is that: in another encoding, letters with accents would hardly ever happen to be.
    """
    from runner.sources.frame import ending
    from runner.sources.opening import is_utf8

    if ending(table) != ending(trained.get("path", "")):
        return {}
    told = {key: trained[key] for key in AS_TRAINED if trained.get(key)}
    if "encoding" in told and is_utf8(Path(table)):
        del told["encoding"]
    return told


def _unfit(run: Path) -> list[str]:
    """Say, if so, that the run's verdict is against using its model; a run that was cut short has none."""
    from runner.report import results
    from runner.report.records import read_verdict

    if not (run / VERDICT).is_file() or results.is_usable(verdict := read_verdict(run)):
        return []
    return [results.no_model(verdict)]


def _breaches(schema: str | None, card: dict[str, Any], frame: "pd.DataFrame") -> list[str]:
    """Check the inputs against the contract of the run's own table, if it had one."""
    from runner.reading.contract import breaches

    if not schema:
        return []
    try:
        said = breaches(frame, schema, card["columns"])
    except UserError as error:  # a contract that is gone is no reason not to predict
        said = str(error)
    return [said] if said else []


def _write(predictions: "pd.DataFrame", out: Path) -> None:
    with whole(out) as partial:
        if out.suffix == ".csv":
            predictions.to_csv(partial, index=False)
        else:
            predictions.to_parquet(partial, index=False)
