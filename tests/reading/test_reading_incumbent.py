"""Which incumbent the config names, and whether the table and the task can do with it."""

import pandas as pd
import pytest

from runner.config import DatasetConfig
from runner.errors import UserError
from runner.reading import build


def table(**columns):
    return pd.DataFrame({"x": range(40), "y": ["no", "yes"] * 20, "amount": [1.5 * i for i in range(40)], **columns})


def dataset(incumbent, target="y", **columns):
    return build(table(**columns), DatasetConfig(name="t", path="", target=target, incumbent=incumbent))


def test_rules_may_look_at_any_column_but_the_target():
    rules = [{"when": "x > 3 and amount < 9", "then": True}, {"otherwise": False}]
    found = dataset(rules).incumbent
    assert list(found.cells.columns) == ["x", "amount"]
    assert [rule.then for rule in found.rules] == ["yes", "no"]
    with pytest.raises(UserError, match=r"dataset.incumbent: 'y' is not a column"):
        dataset([{"when": "y == yes", "then": "yes"}])


def test_a_file_of_rules(tmp_path):
    (tmp_path / "mine.yaml").write_text("- {when: x > 3, then: 2}\n- {otherwise: 1}\n")
    found = dataset(str(tmp_path / "mine.yaml"), target="amount").incumbent
    assert (found.name, [rule.then for rule in found.rules]) == ("mine.yaml", [2.0, 1.0])


def test_a_column_is_no_input():
    found = dataset("score", score=[1, None] * 20)
    assert list(found.features.columns) == ["x", "amount"]
    assert any(note.startswith("Incumbent 'score' is missing in 20 rows: there it is taken") for note in found.notes)


@pytest.mark.parametrize(
    ("incumbent", "target", "sentence"),
    [
        ([{"when": "x > 3", "then": "maybe"}], "y", "predicts 'maybe', which is not a class: known are no, yes"),
        ([{"when": "x > 3", "then": "much"}], "amount", "predicts 'much', and the target is a number"),
        ("y", "amount", "Incumbent column 'y' holds text"),
        ("day", "y", "Incumbent column 'day' holds dates"),
        ("x", "kind", "holds 40 different numbers, and there are 4 classes"),
        ("y", "y", "dataset.incumbent and dataset.target both name 'y'"),
    ],
)
def test_what_cannot_be_judged_is_refused(incumbent, target, sentence):
    with pytest.raises(UserError, match=sentence):
        dataset(incumbent, target, day=pd.date_range("2020-01-01", periods=40), kind=list("abcd") * 10)


@pytest.mark.parametrize(
    ("classes", "then"),
    [([False, True], True), ([False, True], 1), (["False", "True"], True), (["00", "01"], "01"), (["00", "01"], 1)],
)
def test_a_class_is_known_by_its_name_in_the_table_and_as_the_number_that_was_made_of_it(classes, then):
    found = dataset([{"when": "x > 3", "then": {then: 0.9}}, {"otherwise": then}], target="z", z=classes * 20)
    [(name, share)], otherwise = found.incumbent.rules[0].then, found.incumbent.rules[1].then
    assert (found.incumbent.called[name], share, found.incumbent.called[otherwise]) == (1, 0.9, 1)
