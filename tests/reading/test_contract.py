"""A contract: what no longer holds is named before anything is fitted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from runner.config import DatasetConfig
from runner.errors import UserError
from runner.reading import build
from runner.reading.contract import assert_kept, breaches, contract_of

FRAME = pd.DataFrame(
    {
        "size": [1.5, None, 3.0] * 10,
        "count": [1, 2, 3] * 10,
        "day": pd.date_range("2026-01-01", periods=30),
        "kind": ["a", "b", "c"] * 10,
        "ok": [True, False, None] * 10,
        "y": ["yes", "no"] * 15,
    }
)


@pytest.fixture
def contract(tmp_path):
    path = tmp_path / "contract.yaml"
    path.write_text(contract_of(FRAME))
    return str(path)


def test_names_are_written_as_people_read_them(tmp_path):
    told = contract_of(pd.DataFrame({"Umsatz (€)": [1.5], "Größe": ["Köln"]}))
    assert "Umsatz (€)" in told
    assert "Köln" in told
    (tmp_path / "contract.yaml").write_text(told, encoding="utf-8")
    assert "'Größe' has vanished" in breaches(pd.DataFrame({"Umsatz (€)": [2.5]}), str(tmp_path / "contract.yaml"))


@pytest.mark.parametrize("later", [FRAME, FRAME.head(12), FRAME.assign(new=1), FRAME.assign(count=2.5), FRAME[::-1]])
def test_a_table_that_keeps_it_passes(contract, later):
    assert_kept(later, contract)


@pytest.mark.parametrize(
    ("later", "breach"),
    [
        (FRAME.drop(columns="kind"), "column 'kind' has vanished"),
        (FRAME.assign(kind=["a", "b", "z"] * 10), r"column 'kind' holds new categories \('z', 10 rows\)"),
        (FRAME.assign(size=["big", "small", "1"] * 10), "column 'size' now holds text, and float64 is agreed"),
        (FRAME.assign(day=["soon", "late", "never"] * 10), "column 'day' now holds text"),
        (FRAME.assign(count=[1, np.nan, 3] * 10), "column 'count' is missing in 10 rows"),
    ],
)
def test_a_breach_is_named_in_one_sentence(contract, later, breach):
    config = DatasetConfig(name="t", path="", target="y", schema=contract)
    with pytest.raises(UserError, match=breach) as caught:
        build(later, config)
    assert "\n" not in str(caught.value)


def test_all_breaches_are_named(contract):
    with pytest.raises(UserError, match=r"'size' has vanished; .*'kind' holds new"):
        assert_kept(FRAME.drop(columns="size").assign(kind="z"), contract)


def test_a_contract_of_ones_own_may_ask_more(tmp_path):
    text = contract_of(FRAME[["count"]]).replace("dtype: float64", "dtype: float64\n    less_than: 3")
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(UserError, match=r"column 'count' fails less_than\(3\) in 10 rows, such as 3"):
        assert_kept(FRAME, str(tmp_path / "own.yaml"))


@pytest.mark.parametrize(
    ("text", "sentence"), [(None, "is not a file"), ("a: [", "is not a pandera schema"), ("x", "is not a pan")]
)
def test_what_is_no_contract_is_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "contract.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError, match=sentence):
        assert_kept(FRAME, str(path))


def test_new_rows_keep_what_is_agreed_of_their_inputs(tmp_path: Path) -> None:
    learned = pd.DataFrame({"age": [20.0, 30.0], "kind": ["a", "b"], "y": [0, 1]})
    (tmp_path / "contract.yaml").write_text(contract_of(learned))
    new = pd.DataFrame({"age": [None, 30.0], "kind": ["a", "b"]})
    assert breaches(new.head(0), str(tmp_path / "contract.yaml"), ["age", "kind"]) is None
    said = breaches(new, str(tmp_path / "contract.yaml"), ["age", "kind"])
    assert said is not None
    assert "column 'age' is missing in 1 row" in said
    assert "'y'" not in said


@pytest.mark.parametrize("codes", [["7", "12"], [7, 12], [7.0, None]])
def test_codes_that_look_like_numbers_are_the_words_that_were_agreed(tmp_path: Path, codes: list[object]) -> None:
    learned = pd.DataFrame({"code": ["7", "B", "12", None] * 5})
    (tmp_path / "contract.yaml").write_text(contract_of(learned))
    assert breaches(pd.DataFrame({"code": codes}), str(tmp_path / "contract.yaml")) is None
    said = breaches(pd.DataFrame({"code": [9, *codes]}), str(tmp_path / "contract.yaml"))
    assert said is not None
    assert "column 'code' holds new categories ('9', 1 row)" in said


def test_dates_of_any_century_keep_their_own_contract(tmp_path: Path) -> None:
    learned = pd.DataFrame({"until": np.array(["1066-10-14", "9999-12-31", "NaT"], dtype="datetime64[us]")})
    (tmp_path / "contract.yaml").write_text(contract_of(learned))
    assert breaches(learned, str(tmp_path / "contract.yaml")) is None
