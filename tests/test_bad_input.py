"""Odd frames: each is read, learned from and predicted, or refused in one sentence; never a traceback."""

import datetime as dt
import decimal
import uuid

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.candidates.pipeline import Candidate
from runner.config import DatasetConfig
from runner.dataset import Dataset
from runner.errors import UserError
from runner.evaluation.evaluate import fit
from runner.model.prediction import predict
from runner.reading import build

ROWS = 24
TREE = Candidate("tree", "tree", "sklearn.tree.DecisionTreeClassifier", "onehot", {"max_depth": 2})
TARGET = ["no such thing", "yes sir"] * (ROWS // 2)
CELLS = {
    "lists": st.just([1, 2]),
    "dicts": st.just({"a": 1}),
    "text": st.text(max_size=8) | st.none(),
    "blanks": st.sampled_from(["", " ", "a", "NA", None]),
    "zones": st.sampled_from([pd.Timestamp("2020-01-01", tz="UTC"), pd.Timestamp("2020-01-01", tz="Asia/Tokyo")]),
    "old dates": st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)) | st.none(),
    "truths": st.booleans() | st.none(),
    "whole": st.integers(-(2**63), 2**63 - 1),
    "huge": st.integers(-(10**30), 10**30),
    "mixed": st.integers() | st.text(max_size=4) | st.booleans() | st.floats() | st.none(),
    "decimals": st.decimals(-1000, 1000, allow_nan=False) | st.none(),
    "bytes": st.binary(max_size=4),
    "identifiers": st.builds(lambda: uuid.UUID(int=7)),
    "durations": st.timedeltas() | st.none(),
    "fractions": st.floats(allow_nan=True, allow_infinity=False, width=32),
}
NAMES = st.sampled_from(["target", "prediction", "missing", "index", "c0", "level_0", "😀 é", 'a{"b":[1]}', "n" * 3000])
TYPES = ("boolean", "Int64", "Float64", "category", "string[pyarrow]", "int64[pyarrow]", None, None, None)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    columns = {}
    for name in draw(
        st.lists(
            NAMES | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
            min_size=1,
            max_size=3,
            unique=True,
        )
    ):
        cells = draw(st.lists(CELLS[draw(st.sampled_from(sorted(CELLS)))], min_size=ROWS, max_size=ROWS))
        column, kind = pd.Series(cells, dtype=object), draw(st.sampled_from(TYPES))
        try:
            columns[name] = column.astype(kind) if kind else column
        except (TypeError, ValueError, OverflowError, ArithmeticError, NotImplementedError):
            columns[name] = column
    return pd.DataFrame({**columns, "y!": TARGET})


def learned(frame: pd.DataFrame) -> Dataset | None:
    """Return the data set; None where it was refused in a sentence."""
    try:
        return build(frame, DatasetConfig(name="odd", path="", target="y!"))
    except UserError as error:
        assert str(error).endswith((".", "?"))
        assert len(str(error)) < 1200
        return None


def assert_predicts(frame: pd.DataFrame, dataset: Dataset) -> None:
    """Learn, and predict rows that hold what training did not."""
    try:
        model = fit(TREE, dataset, 0)
    except ValueError:  # nothing is left to learn from: a candidate that fails is told in the ladder
        return
    card = {"columns": {name: str(kind) for name, kind in dataset.features.dtypes.items()}, "classes": dataset.classes}
    later = frame.drop(columns="y!")
    for new in (later, later.iloc[:1], later.astype(object).where(later.notna(), "never seen")):
        try:
            assert len(predict(model, card, new)) == len(new)
        except UserError as error:
            assert str(error).endswith((".", "?"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(frames())
def test_an_odd_frame_never_ends_in_a_traceback(frame: pd.DataFrame) -> None:
    if dataset := learned(frame):
        assert_predicts(frame, dataset)


@pytest.mark.parametrize(
    "column",
    [
        pd.period_range("2020", periods=ROWS, freq="M"),
        pd.cut(np.arange(ROWS), 5),
        pd.arrays.SparseArray([0, 1] * (ROWS // 2)),
        pd.Categorical([1, 2, 3] * (ROWS // 3), ordered=True),
        np.arange(ROWS, dtype="uint64") + 2**63,
        [decimal.Decimal("1.5"), None] * (ROWS // 2),
        [f"level {i}" for i in range(ROWS)],
    ],
)
def test_an_odd_type_is_learned_from(column) -> None:
    frame = pd.DataFrame({"x": np.arange(ROWS) % 5, "odd": column, "y!": TARGET})
    dataset = learned(frame)
    assert dataset is not None
    assert_predicts(frame, dataset)


@pytest.mark.slow
def test_many_columns_and_many_categories_are_read() -> None:
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(ROWS, 4_000))).assign(**{"y!": TARGET})
    assert build(wide, DatasetConfig(name="wide", path="", target="y!")).features.shape[1] == 4_000
    names = pd.DataFrame({"c": [f"c{i}" for i in range(30_000)], "x": [1.5, 2.5] * 15_000, "y!": ["a", "b"] * 15_000})
    dataset = build(names, DatasetConfig(name="many", path="", target="y!"))
    assert_predicts(names, dataset)
