"""Rules on a table: which rows each holds for, and what a table cannot answer."""

import numpy as np
import pandas as pd
import pytest

from runner.cells import plain
from runner.errors import UserError
from runner.rules import check_columns, columns_of, first_met
from runner.rules.rule_file import parse_rules

TABLE = pd.DataFrame(
    {
        "age": [5, 30, None, 70],
        "Marital status": ["single", "wed, twice", None, "single"],
        "day": pd.to_datetime(["2020-01-01", "2020-06-01", None, "2021-01-01"]),
        "member": [True, False, True, False],
    }
)
CELLS = pd.DataFrame({name: plain(column)[0] for name, column in TABLE.items()})


def met(when):
    rules = parse_rules([{"when": when, "then": 1}], "rules")
    assert check_columns(rules, CELLS, "rules") == []
    return (first_met(rules, CELLS) == 0).tolist()


@pytest.mark.parametrize(
    ("when", "rows"),
    [
        ("age <= 30", [1, 1, 0, 0]),
        ("age > 30 or missing", [0, 0, 1, 1]),
        ("age != 30", [1, 0, 1, 1]),
        ("age = 30", [0, 1, 0, 0]),
        ("age in [5, 70]", [1, 0, 0, 1]),
        ("age is missing", [0, 0, 1, 0]),
        ("age is known and age >= 30", [0, 1, 0, 1]),
        ("Marital status == single", [1, 0, 0, 1]),
        ("Marital status == 'wed, twice'", [0, 1, 0, 0]),
        ("'Marital status' not in [single, \"wed, twice\"]", [0, 0, 1, 0]),
        ("day < 2020-07-01", [1, 1, 0, 0]),
        ("day >= 2020-06-01T02:00+02:00", [0, 1, 0, 1]),
        ("day.month >= 6 or missing", [0, 1, 1, 0]),
        ("day.weekday == 3", [1, 0, 0, 0]),
        ("member == true and age < 40", [1, 0, 0, 0]),
    ],
)
def test_a_condition_holds_where_it_says(when, rows):
    assert met(when) == [bool(row) for row in rows]


def test_the_first_rule_that_holds_counts():
    rules = parse_rules([{"when": "age < 40", "then": 1}, {"when": "age > 0", "then": 2}, {"otherwise": 3}], "rules")
    assert first_met(rules, CELLS).tolist() == [0, 0, 2, 1]
    assert first_met(rules[:2], CELLS).tolist() == [0, 0, -1, 1]
    assert columns_of(rules, list(CELLS)) == ["age"]


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("agee < 3", "rules: 'agee' is not a column: did you mean 'age'"),
        ("age < old", "column 'age' holds numbers, but 'old' is not one"),
        ("day < soon", "column 'day' holds dates, but 'soon' is not one"),
        ("Marital status < b", "holds text, which '<' cannot order"),
    ],
)
def test_what_a_table_cannot_answer_is_refused(when, sentence):
    with pytest.raises(UserError, match=sentence):
        check_columns(parse_rules([{"when": when, "then": 1}], "rules"), CELLS, "rules")


def test_a_value_that_never_occurs_is_told():
    rules = parse_rules([{"when": "Marital status == singel", "then": 1}], "rules")
    assert check_columns(rules, CELLS, "rules") == ["rules: column 'Marital status' never holds 'singel'."]
    assert not np.any(first_met(rules, CELLS) == 0)
