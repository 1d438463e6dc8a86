"""New rows: each is what it would be among the rows of training, however few come with it and in whatever form."""

import re
from datetime import time, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from runner.candidates.decision import LeastCost
from runner.candidates.pipeline import Candidate
from runner.config import DatasetConfig
from runner.errors import UserError
from runner.evaluation.evaluate import fit
from runner.model.prediction import predict, surprises
from runner.reading.table import build

CODES = ["7", "B", "12", "A3"]
LOGISTIC = Candidate("linear", "linear", "sklearn.linear_model.LogisticRegression", "onehot")


@pytest.fixture(scope="module")
def coded() -> tuple[Any, dict[str, Any]]:
    """Return a model that knows each code by its own rate, and its card."""
    generator = np.random.default_rng(0)
    code = generator.choice(CODES, 400)
    target = generator.random(400) < pd.Series(code).map(dict(zip(CODES, (0.1, 0.4, 0.9, 0.6), strict=True)))
    frame = pd.DataFrame({"code": code, "size": generator.normal(size=400), "y": target.astype(int)})
    dataset = build(frame, DatasetConfig(name="codes", path="", target="y"))
    columns = {name: str(kind) for name, kind in dataset.features.dtypes.items()}
    return fit(LOGISTIC, dataset, 0), {"columns": columns, "classes": dataset.classes, "levels": {"code": CODES}}


@pytest.mark.parametrize(
    "codes",
    [["7", "12"], [7, 12], [7.0, 12.0, None], [" 7", "12 "], pd.Categorical([7.0, 12.0]), pd.array([7, 12, None])],
)
def test_a_code_of_digits_is_the_same_without_the_others(coded: tuple[Any, dict[str, Any]], codes: Any) -> None:
    model, card = coded
    new = pd.DataFrame({"code": codes, "size": 0.0})
    among = predict(model, card, pd.DataFrame({"code": CODES, "size": 0.0}))
    np.testing.assert_array_equal(predict(model, card, new).iloc[:2], among.iloc[[0, 2]])
    assert not surprises(card, new)


def test_a_named_index_is_a_column_as_in_training(coded: tuple[Any, dict[str, Any]]) -> None:
    model, card = coded
    new = pd.DataFrame({"code": ["7", "new"], "size": 0.0, "twice": 0})
    indexed = new.set_index("code")
    found = predict(model, card, indexed)
    np.testing.assert_array_equal(found, predict(model, card, new))
    assert [*found.index] == ["7", "new"]
    assert "'new' (1 row)" in surprises(card, indexed)[0]


def test_columns_of_one_name_are_refused_where_the_model_asks_for_them(coded: tuple[Any, dict[str, Any]]) -> None:
    new = pd.DataFrame([["7", 0.0, 1, 2]], columns=["code", "size", "more", "more"])
    assert len(predict(*coded, new)) == 1
    with pytest.raises(UserError, match="several columns named 'size'"):
        predict(*coded, new.rename(columns={"more": "size"}))


def test_what_no_model_takes_is_refused_in_a_sentence(coded: tuple[Any, dict[str, Any]]) -> None:
    new = pd.DataFrame({"code": ["7", "B"], "size": [0.0, np.inf]})
    with pytest.raises(UserError, match=r"Input column 'size' is infinite or beyond .* in 1 row"):
        predict(*coded, new)
    with pytest.raises(UserError, match="no rows"):
        predict(*coded, new.head(0))


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "Float64", "object", "str"])
def test_numbers_are_the_same_in_whatever_type_they_come(coded: tuple[Any, dict[str, Any]], kind: str) -> None:
    new = pd.DataFrame({"code": ["7", "B", "12"], "size": [0.5, -2.0, 3.0]})
    pd.testing.assert_frame_equal(predict(*coded, new.astype({"size": kind})), predict(*coded, new))
    with pytest.raises(UserError, match="'size' is infinite"):
        predict(*coded, new.replace(3.0, np.inf).astype({"size": kind}))


class Threads:
    """Predicts how many threads it may take."""

    def predict(self, X: pd.DataFrame) -> Any:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"][:1] * len(X)


def test_a_prediction_takes_one_thread_and_leaves_the_limit_as_it_was() -> None:
    with threadpool_limits(2, "openmp"):
        found = predict(Threads(), {"columns": {}, "classes": ()}, pd.DataFrame({"x": [0.0, 1.0]}))
        assert Threads().predict(found) == [2, 2]
    assert found["prediction"].tolist() == [1, 1]


class Echo:
    """Predicts the first column."""

    def predict(self, X: pd.DataFrame) -> Any:
        return X.iloc[:, 0]


def read_again(cells: Any, new: list[Any], time: str | None = None) -> Any:
    """Return what cells are read as that come after others were learned from."""
    frame = pd.concat([pd.DataFrame({"cell": cells})] * 5, ignore_index=True).assign(x=range(len(cells) * 5), y=0.5)
    frame["y"] += frame["x"]
    dataset = build(frame, DatasetConfig(name="t", path="", target="y", time=time))
    columns = {name: str(kind) for name, kind in dataset.features.dtypes.items()}
    card = {"columns": columns, "classes": (), "spelling": dataset.spelling}
    return predict(Echo(), card, pd.DataFrame({"cell": new, "x": 0}))["prediction"].tolist()


@pytest.mark.parametrize(
    ("cells", "new", "meant"),
    [
        (["1,5", "2,125"], ["2,125", "1.250,5"], [2.125, 1250.5]),
        (["1,250", "900"], ["2,125", "12"], [2125, 12]),
        (["80,5 kg", "72 kg"], ["1,250 kg", "3"], [1.25, 3]),
        (["$7", "$8"], ["$1,250"], [1250]),
        (["8:15", "9:30"], ["10:45"], [10.75]),
        (["1,5", "2"], [2.5, 3.0], [2.5, 3.0]),
        (["12 500,5 kr", "9 kr"], ["2 125 kr"], [2125.0]),
        (["(1,250)", "9"], ["(2,125)", "−3"], [-2125.0, -3.0]),
    ],
)
def test_numbers_are_spelt_as_in_training(cells: list[str], new: list[Any], meant: list[float]) -> None:
    assert read_again(cells, new) == meant


CLOCK = [time(8, 15), time(10, 45)]
DURATIONS = [timedelta(hours=8, minutes=15), timedelta(hours=10, minutes=45)]


@pytest.mark.parametrize("new", [["8:15", "10:45"], ["8:15:00", "10:45:00"], CLOCK, DURATIONS], ids=str)
def test_a_time_is_the_same_as_text_on_a_clock_and_as_a_duration(new: list[Any]) -> None:
    for cells in (["9:30", "-", "7:20"], ["9:30:00", None, "130:20:00"], CLOCK):
        assert read_again(cells, [*new, None])[:2] == [8.25, 10.75]
    assert read_again(DURATIONS, [*new, None])[:2] == [8.25 * 3600, 10.75 * 3600]
    for odd in ("soon", pd.Timestamp("2026-01-31")):
        with pytest.raises(UserError, match="held numbers in training, and here "):
            read_again(DURATIONS, [odd])


@pytest.mark.parametrize("gap", ["unknown", "-"])
def test_a_word_for_a_gap_is_one_in_a_row_that_comes_alone(gap: str) -> None:
    assert np.isnan(read_again(["1,5", gap, "2"], [gap])).all()


@pytest.mark.parametrize("cells", [["1,5", 2, "3,25"], pd.Categorical(["1,5", "2", "3,25"])], ids=["mixed", "category"])
def test_text_among_numbers_and_in_categories_is_spelt_as_in_training(cells: Any) -> None:
    assert read_again(cells, ["2,125", 4]) == [2.125, 4]


@pytest.mark.parametrize(
    ("cells", "new"),
    [
        (["80 kg", "72 kg"], "160 lb"),
        (["1,250", "9"], "1,5"),
        (["1,5"], "7 %"),
        (["1", "2"], "2026-01-31"),
        ([1, 2], pd.Timestamp("2026-01-31")),
    ],
)
def test_numbers_that_are_spelt_otherwise_are_refused(cells: list[str], new: Any) -> None:
    with pytest.raises(UserError, match=re.escape(f"Column 'cell' held numbers in training, and here {new!r}")):
        read_again([*cells, "0"] if cells == ["1,5"] else cells, [new])


@pytest.mark.parametrize(
    ("cells", "new"),
    [
        (["31/01/2026", "01/02/2026"], ["03/02/2026"]),
        (["01/31/2026", "02/01/2026"], ["02/03/2026"]),
        (["31.1.2026", "1.2.2026"], ["3.2.2026"]),
        (["31/01/26", "01/02/26"], ["03/02/26"]),
        (["01/31/2026 12:00:00 AM", "02/01/2026 12:00:00 AM"], ["02/03/2026 12:00:00 AM"]),
        (["31/01/2026", "01/02/2026"], ["2026-02-03"]),
        (["2026-01-31", "2026-02-01"], ["2026-02-03T00:00:00"]),
        (["2026-01-31", "2026-02-01"], ["2026-02-03T02:00:00+02:00"]),
        (["2026-01-31", "2026-02-01"], [pd.Timestamp("2026-02-03 01:00", tz="Europe/Berlin").tz_convert("+01:00")]),
    ],
)
def test_dates_are_written_as_in_training_or_plainly(cells: list[str], new: list[Any]) -> None:
    third = pd.Timestamp("2026-02-03")
    assert read_again(cells, new, "cell") == read_again(cells, new) == [third]
    assert read_again(cells, [*new, "2026-07-03T02:00:00+02:00"], "cell") == [third, pd.Timestamp("2026-07-03")]


def test_dates_that_may_be_read_in_two_ways_are_refused_where_training_had_no_text() -> None:
    days = list(pd.date_range("2026-01-01", periods=4))
    assert read_again(days, ["25/12/2026"], "cell") == [pd.Timestamp("2026-12-25")]
    with pytest.raises(UserError, match="held dates in training, and here '03/02/2026'"):
        read_again(days, ["03/02/2026"], "cell")


@pytest.mark.parametrize("costs", [None, [[0.0, 1.0], [5.0, 0.0]]])
def test_the_decision_is_the_model_s_own(coded: tuple[Any, dict[str, Any]], costs: list[list[float]] | None) -> None:
    model, card = coded
    if costs:
        model = type(model)([*model.steps[:-1], ("decision", LeastCost(model[-1], [0, 1], costs))])
    new = pd.DataFrame({"code": CODES * 5, "size": np.linspace(-3, 3, 20)})
    found = predict(model, card, new)
    np.testing.assert_array_equal(found["prediction"], model.predict(new.astype({"code": "str"})))
    assert found["prediction"].nunique() == 2


@pytest.mark.parametrize(
    "codes", [[98001, 98005], [98001.0, 98005.0, None], ["98001.0", " 98005"], pd.array([98001, 98005, None])]
)
def test_whole_numbers_that_are_names_are_the_same_however_new_rows_write_them(codes: Any) -> None:
    towns = np.arange(400) % 9 + 98001
    frame = pd.DataFrame({"zipcode": towns, "size": 0.0 + np.arange(400), "y": (towns == 98005) * 1})
    dataset = build(frame, DatasetConfig(name="towns", path="", target="y"))
    columns = {name: str(kind) for name, kind in dataset.features.dtypes.items()}
    levels = {"zipcode": sorted(set(map(str, towns)))}
    model, card = fit(LOGISTIC, dataset, 0), {"columns": columns, "classes": dataset.classes, "levels": levels}
    new = pd.DataFrame({"zipcode": codes, "size": 0.0})
    assert (predict(model, card, new)["probability_1"] > 0.5).tolist()[:2] == [False, True]
    assert not surprises(card, new)


@pytest.mark.parametrize(("new", "is_told"), [([0.12, 0.5, None], True), ([12.5, 0.5], False), ([0, 1], False)])
def test_shares_where_training_had_percents_are_told(new: list[Any], is_told: bool) -> None:
    card = {"spelling": {"rate": {"unit": "%", "thousands": None}, "age": {"unit": "", "thousands": None}}}
    said = surprises(card, pd.DataFrame({"rate": new, "age": 0.5}))
    assert len(said) == is_told
    assert all("'rate' held percents" in sentence for sentence in said)
