"""runner init: a config with its reasons, from a bare table; then it runs."""

import pandas as pd
import pytest
import yaml
from omegaconf import OmegaConf

from processes import python
from runner.__main__ import _verb
from runner.commands.init import main
from runner.config import DatasetConfig
from runner.config.compose import stem
from runner.errors import UserError
from runner.reading import load

FRAME = pd.DataFrame(
    {
        "id": range(1, 201),
        "size: in m²": [i % 17 / 2 for i in range(200)],
        "kind": ["a", "b", None, "d"] * 50,
        "y": ["yes", "no"] * 100,
    }
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    FRAME.to_csv(tmp_path / "my table.csv", index=False)
    return tmp_path


def test_what_is_written_can_be_read_and_says_why(folder, capsys):
    assert main(["my table.csv", "--target", "y"]) == 0
    path = folder / "conf" / "dataset" / f"{stem('my table.csv')}.yaml"
    content = yaml.safe_load(path.read_text())
    dataset = load(DatasetConfig(**content))
    assert (len(dataset), dataset.classes, list(dataset.features)) == (200, ("no", "yes"), ["size: in m²", "kind"])
    text = path.read_text()
    assert "drop: [id]  # id counts the rows" in text
    assert "# group: null" in text
    printed = capsys.readouterr().out
    assert "Chosen:  positive='yes': the usual meaning of positive" in printed
    assert f"python -m runner --config-dir conf dataset={path.stem} budget=quick" in printed


@pytest.mark.parametrize(
    "classes", [["in favour\nof it", "against\nit"], ["01", "00"], ["1.0", "2.0"], ["3 kg", "5 kg"]]
)
def test_classes_of_any_form_are_written_such_that_they_can_be_read(folder, classes):
    FRAME.assign(y=classes * 100).to_parquet("lines.parquet", index=False)
    assert main(["lines.parquet", "--target", "y"]) == 0
    content = yaml.safe_load((folder / "conf" / "dataset" / "lines.yaml").read_text())
    assert load(DatasetConfig(**content)).classes[1] == content["positive"]


@pytest.mark.parametrize("name", ["${y}", "${y}\nand more", "\\${y}"])
def test_a_column_that_looks_like_an_interpolation_keeps_its_name(folder, name):
    FRAME.rename(columns={"y": name}).to_parquet("odd.parquet", index=False)
    assert main(["odd.parquet", "--target", name]) == 0
    assert OmegaConf.load(folder / "conf" / "dataset" / "odd.yaml").target == name


@pytest.mark.parametrize("asked", [True, False])
def test_where_to_answer_what_is_asked_is_said(folder, capsys, asked):
    years = pd.DataFrame({"year": [2000 + i % 10 for i in range(200)]} if asked else {})
    pd.concat([FRAME, years], axis=1).to_csv("years.csv", index=False)
    assert main(["years.csv", "--target", "y"]) == 0
    path = "conf/dataset/years.yaml"
    printed = capsys.readouterr().out
    assert ("Asked:   time=year?" in printed) == asked
    assert f"Written: {path}{', where what is asked stands in a comment' if asked else ''}\n" in printed


def test_of_numbers_that_are_called_codes_it_is_said_what_they_are_taken_for(folder, capsys):
    FRAME.assign(
        zip_code=[100 + i % 40 * 7 for i in range(200)],
        type=[i % 3 for i in range(200)],
        area=[i % 17 for i in range(200)],
    ).to_csv("codes.csv", index=False)
    assert main(["codes.csv", "--target", "y"]) == 0
    assert "Note:    'zip_code': taken as numbers." in capsys.readouterr().out
    assert "# numbers called codes: zip_code\n" in (folder / "conf" / "dataset" / "codes.yaml").read_text()


def test_it_never_overwrites(folder):
    main(["my table.csv", "--target", "y", "--name", "mine"])
    before = (folder / "conf" / "dataset" / "mine.yaml").read_text()
    with pytest.raises(UserError, match=r"mine.yaml' is there already: give another --name"):
        main(["my table.csv", "--target", "kind", "--name", "mine"])
    assert (folder / "conf" / "dataset" / "mine.yaml").read_text() == before
    with pytest.raises(UserError, match=r"adult.yaml' is there already"):
        main(["my table.csv", "--target", "y", "--name", "adult"])
    with pytest.raises(UserError, match=r"--name '../x' cannot be a file name"):
        main(["my table.csv", "--target", "y", "--name", "../x"])


def test_the_task_can_be_given_where_the_target_does_not_tell_it(folder):
    names = [f"article {i % 60}" for i in range(600)]
    pd.DataFrame({"x": range(600), "size": [i % 7 for i in range(600)], "y": names}).to_csv("articles.csv", index=False)
    with pytest.raises(UserError, match=r"set dataset.task=multiclass"):
        main(["articles.csv", "--target", "y"])
    assert main(["articles.csv", "--target", "y", "--task", "multiclass"]) == 0
    assert "task: multiclass  # as given" in (folder / "conf" / "dataset" / "articles.yaml").read_text()


def test_a_table_too_small_to_run_gets_no_config(folder):
    pd.DataFrame({"x": range(8), "y": ["yes", "no"] * 4}).to_csv(folder / "small.csv", index=False)
    with pytest.raises(UserError, match=r"8 rows with a known target 'y': give at least 10"):
        main(["small.csv", "--target", "y"])
    assert not (folder / "conf").exists()


def test_nothing_is_written_when_the_target_is_none(folder):
    with pytest.raises(UserError, match=r"--target 'z' is not a column"):
        main(["my table.csv", "--target", "z", "--contract"])
    assert not (folder / "conf").exists()


def test_a_contract_is_written_and_kept(folder):
    main(["my table.csv", "--target", "y", "--contract", "--name", "mine"])
    content = yaml.safe_load((folder / "conf" / "dataset" / "mine.yaml").read_text())
    assert len(load(DatasetConfig(**content))) == 200
    FRAME.drop(columns="kind").to_csv("my table.csv", index=False)
    with pytest.raises(UserError, match=r"column 'kind' has vanished"):
        load(DatasetConfig(**content))


@pytest.mark.slow
def test_the_command_that_is_printed_runs(command, tmp_path):
    FRAME.to_csv(tmp_path / "my table.csv", index=False)
    assert command("init", "my table.csv", "--target", "y").returncode == 0
    again = command("init", "my table.csv", "--target", "y")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    few = "ladder.rungs=[none,tree,simple]"
    done = command("--config-dir", "conf", "dataset=my-table", "budget=smoke", "tracking=none", few)
    assert done.returncode == 0, done.stderr


def test_how_to_read_a_table_is_told_in_the_verb_s_own_options(tmp_path):
    (tmp_path / "t.csv").write_bytes("größe;y\n1;0\n".encode("latin-1"))
    with pytest.raises(UserError, match="try --encoding cp1252"):
        _verb("init", [str(tmp_path / "t.csv"), "--target", "y"])


def test_a_group_is_no_input_and_rows_without_an_outcome_are_counted(folder, capsys):
    frame = pd.DataFrame(
        {"patient": [i // 5 for i in range(200)], "sex": ["m" if i // 5 % 3 else "f" for i in range(200)]}
    )
    frame["size"], frame["ill"] = (
        [i % 17 for i in range(200)],
        [None if i % 20 == 0 else i % 3 == 0 for i in range(200)],
    )
    frame.to_csv("ill.csv", index=False)
    assert main(["ill.csv", "--target", "ill"]) == 0
    text = (folder / "conf" / "dataset" / "ill.yaml").read_text()
    assert "group: patient" in text and "# numbers: size\n" in text
    assert "positive: true" in text and "the other is False" in text
    assert "Note:    ill is missing in 10 rows of 200: these are set aside.\n" in capsys.readouterr().out


def test_a_target_on_another_sheet_is_told_of_the_sheets(folder, capsys):
    with pd.ExcelWriter("book.xlsx") as book:
        pd.DataFrame({"about": ["me"]}).to_excel(book, sheet_name="info", index=False)
        FRAME.to_excel(book, sheet_name="rows", index=False)
    with pytest.raises(UserError, match="--target 'y' is not a column of the table"):
        main(["book.xlsx", "--target", "y"])
    assert "Read the first sheet, 'info', and not 'rows'" in capsys.readouterr().out
    with pytest.raises(
        UserError, match=r"is not a column of the table: known are about\. Read the first sheet, 'info'"
    ):
        load(DatasetConfig(path="book.xlsx", target="y"))


@pytest.mark.slow
def test_the_config_is_utf_8_whatever_the_encoding_of_the_machine(folder, monkeypatch):
    for name, value in (("LC_ALL", "C"), ("PYTHONCOERCECLOCALE", "0"), ("PYTHONUTF8", "0")):
        monkeypatch.setenv(name, value)
    done = python("-m", "runner", "init", "my table.csv", "--target", "y", "--contract", folder=folder)
    assert done.returncode == 0, done.stderr
    (written,) = folder.glob("conf/dataset/*.yaml")
    dataset = load(DatasetConfig(**yaml.safe_load(written.read_bytes())))
    assert list(dataset.features) == ["size: in m²", "kind"]
