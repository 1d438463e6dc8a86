"""New rows with the model of a run: a row out for each row in, or one sentence and no file."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from runner.commands import predict
from runner.config.compose import composed
from runner.errors import UserError
from runner.folders import VERDICT
from runner.model.prediction import predict as predict_frame

TABLE = "credit-g"
COLUMNS = ["prediction", "probability_1", "probability_2"]


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Return new rows as they stand in a user's file."""
    frame = pd.read_parquet(composed([f"dataset={TABLE}"]).dataset.path)
    return frame.drop(columns="class").tail(20).reset_index(drop=True)


def predicted(finished, rows: pd.DataFrame, folder: Path, ending: str = ".csv") -> pd.DataFrame:
    """Write the rows, predict them by the command, and read what came out."""
    rows.to_csv(folder / "new.csv", index=False)
    out = folder / f"out{ending}"
    assert predict.main([str(finished.folder), str(folder / "new.csv"), str(out)]) == 0
    return pd.read_csv(out) if ending == ".csv" else pd.read_parquet(out)


def refused(finished, rows: pd.DataFrame, folder: Path) -> str:
    """Return the sentence with which rows were refused; nothing may have been written."""
    with pytest.raises(UserError) as caught:
        predicted(finished, rows, folder)
    assert [path.name for path in folder.iterdir()] == ["new.csv"]
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_each_row_has_a_class_and_its_probabilities(finished, rows: pd.DataFrame, tmp_path: Path, ending: str) -> None:
    out = predicted(finished, rows, tmp_path, ending)
    assert [*out.columns] == COLUMNS
    assert len(out) == len(rows)
    assert set(out["prediction"]) <= {1, 2}
    np.testing.assert_allclose(out[COLUMNS[1:]].sum(axis=1), 1.0)
    assert (out["prediction"] == np.where(out["probability_2"] > 0.5, 2, 1)).all()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.csv", f"out{ending}"]


def test_order_and_other_columns_do_not_matter(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    other = rows[[*rows.columns[::-1]]].assign(more="x", class_=1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    pd.testing.assert_frame_equal(predicted(finished, rows, tmp_path / "a"), predicted(finished, other, tmp_path / "b"))


def test_it_predicts_what_the_model_predicts(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    from runner.model import load_model

    model, card = load_model(finished.folder)
    frame = predict_frame(model, card, rows)
    np.testing.assert_allclose(frame[COLUMNS[1:]], model.predict_proba(rows), atol=1e-6)
    np.testing.assert_allclose(predicted(finished, rows, tmp_path)[COLUMNS[1:]], frame[COLUMNS[1:]], atol=1e-6)


def test_a_row_alone_is_predicted_as_among_others(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    from runner.model import load_model

    together = predict_frame(*load_model(finished.folder), rows)
    alone = predict_frame(*load_model(finished.folder), rows.iloc[[7]])
    np.testing.assert_allclose(alone[COLUMNS[1:]], together.loc[[7], COLUMNS[1:]], atol=1e-6)


def test_it_warns_where_the_verdict_is_against_the_model(finished, rows: pd.DataFrame, tmp_path: Path, capsys) -> None:
    copy = shutil.copytree(finished.folder, tmp_path / "run")
    verdict = json.loads((copy / VERDICT).read_text())
    rows.to_csv(tmp_path / "new.csv", index=False)
    for reason, warned in ((verdict["reason"], False), ("data-not-trustworthy", True)):
        (copy / VERDICT).write_text(json.dumps(verdict | {"reason": reason}))
        assert predict.main([str(copy), str(tmp_path / "new.csv"), str(tmp_path / "out.csv")]) == 0
        told = capsys.readouterr().err
        assert ("Warning: model.pkl is there for inspection and should not be used. The" in told) == warned


def test_an_unseen_category_is_predicted_and_told(finished, rows: pd.DataFrame, tmp_path: Path, capsys) -> None:
    assert len(predicted(finished, rows, tmp_path)) == len(rows)
    assert "Warning" not in capsys.readouterr().err
    assert len(predicted(finished, rows.assign(purpose="a journey to the moon"), tmp_path)) == len(rows)
    assert "Warning: Column 'purpose' holds categories that training had not" in capsys.readouterr().err


def test_gaps_are_predicted(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    gaps = rows.astype(object)
    gaps.iloc[3] = None
    gaps["duration"] = None
    gaps["purpose"] = None
    assert predicted(finished, gaps, tmp_path)["probability_2"].notna().all()


def test_numbers_with_a_point_are_predicted_as_whole_ones(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    floats = rows.assign(duration=rows["duration"].astype(float), age=rows["age"].astype(str))
    pd.testing.assert_frame_equal(
        predicted(finished, rows, tmp_path / "a"), predicted(finished, floats, tmp_path / "b")
    )


def test_numbers_where_words_were_are_taken_as_words(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    assert len(predicted(finished, rows.assign(purpose=7), tmp_path)) == len(rows)


def test_codes_of_digits_stay_as_they_are_written(finished, rows: pd.DataFrame, tmp_path: Path, capsys) -> None:
    predicted(finished, rows.assign(purpose="007", housing="true"), tmp_path)
    said = capsys.readouterr().err
    assert "'purpose' holds categories that training had not: '007' (20 rows)" in said
    assert "'housing' holds categories that training had not: 'true' (20 rows)" in said


def test_it_is_told_which_sheet_was_read(finished, rows: pd.DataFrame, tmp_path: Path, capsys) -> None:
    with pd.ExcelWriter(tmp_path / "new.xlsx") as book:
        rows.to_excel(book, sheet_name="this year", index=False)
        rows.head(1).to_excel(book, sheet_name="last year", index=False)
    assert predict.main([str(finished.folder), str(tmp_path / "new.xlsx"), str(tmp_path / "out.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "out.csv")) == len(rows)
    assert "Note: Read the first sheet, 'this year', and not 'last year'" in capsys.readouterr().err


def test_text_is_read_as_the_run_read_its_own_unless_told_or_shown_otherwise(
    finished,
    rows: pd.DataFrame,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    for name in ("model.pkl", "model.json"):
        shutil.copy(finished.folder / name, run)
    trained = {"path": "/data/old.csv.gz", "separator": ":", "encoding": "cp1252"}
    (run / "config.yaml").write_text(yaml.safe_dump({"dataset": trained}))
    rows = rows.assign(purpose="Möbel")

    def said(name: str, separator: str, encoding: str, *told: str) -> str:
        rows.to_csv(tmp_path / name, index=False, sep=separator, encoding=encoding)
        predict.main([str(run), str(tmp_path / name), str(tmp_path / "out.csv"), *told])
        assert len(pd.read_csv(tmp_path / "out.csv")) == len(rows)
        return capsys.readouterr().err

    known = "Column 'purpose' holds categories that training had not: 'Möbel' (20 rows)"
    assert known in said("new.csv", ":", "cp1252")
    assert known in said("marked.csv", ":", "utf-8-sig")
    assert known in said("new.tsv", "\t", "utf-8")
    assert known in said("utf8.csv", ":", "utf-8")  # in the run's encoding, it would be MÃ¶bel
    assert known in said("told.csv", ",", "cp437", "--separator", ",", "--encoding", "cp437")
    with pytest.raises(UserError, match=r"give it as dataset\.separator=','"):
        said("other.csv", ",", "cp1252")


def test_a_missing_column_is_named_with_the_nearest(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    message = refused(finished, rows.rename(columns={"duration": "duratoin"}), tmp_path)
    assert "'duration'" in message
    assert "'duratoin'" in message


def test_words_where_numbers_were_are_named(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    words = rows.astype({"duration": object})
    words.loc[4, "duration"] = "a year"
    message = refused(finished, words, tmp_path)
    assert "'duration'" in message
    assert "'a year'" in message


def test_a_table_of_one_row_and_one_without_rows(finished, rows: pd.DataFrame, tmp_path: Path) -> None:
    assert "no rows" in refused(finished, rows.head(0), tmp_path)
    assert len(predicted(finished, rows.head(1), tmp_path)) == 1


@pytest.mark.parametrize(
    ("run", "table", "out", "part"),
    [
        ("nowhere", "new.csv", "out.csv", "holds no model"),
        (".", "new.csv", "out.csv", "holds no model"),
        ("RUN", "nothing.csv", "out.csv", "nothing.csv"),
        ("RUN", "new.csv", "out.xlsx", ".csv or .parquet"),
        ("RUN", "new.csv", "nowhere/out.csv", "no folder"),
        ("RUN", "new.csv", "parts.csv", "is a folder"),
    ],
)
def test_what_is_wrong_with_the_command_is_told_in_a_sentence(
    finished,
    rows: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: str,
    table: str,
    out: str,
    part: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    rows.to_csv("new.csv", index=False)
    (tmp_path / "parts.csv").mkdir()
    with pytest.raises(UserError) as caught:
        predict.main([str(finished.folder) if run == "RUN" else run, table, out])
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["new.csv", "parts.csv"]


@pytest.mark.slow
def test_the_command_line_predicts_and_refuses(finished, rows: pd.DataFrame, command, tmp_path: Path) -> None:
    rows.to_csv(tmp_path / "new.csv", index=False)
    done = command("predict", str(finished.folder), "new.csv", "out.csv")
    assert done.returncode == 0, done.stderr
    assert "20 rows predicted" in done.stdout
    assert len(pd.read_csv(tmp_path / "out.csv")) == 20
    rows.drop(columns="age").to_csv(tmp_path / "less.csv", index=False)
    done = command("predict", str(finished.folder), "less.csv", "less-out.csv")
    assert done.returncode == 2
    assert done.stderr.startswith("runner: ")
    assert done.stderr.count("\n") == 1
    assert "'age'" in done.stderr
    assert not (tmp_path / "less-out.csv").exists()
