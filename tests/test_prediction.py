"""New rows: each is what it would be among the rows of training, however few come with it and in whatever form."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from runner.candidates.decision import LeastCost
from runner.candidates.pipeline import Candidate
from runner.config import DatasetConfig
from runner.evaluate import fit
from runner.prediction import predict, surprises
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
    [["7", "12"], [7, 12], [7.0, 12.0, None], [" 7", "12 "], pd.Categorical(["7", "12"]), pd.array([7, 12, None])],
)
def test_a_code_of_digits_is_the_same_without_the_others(coded: tuple[Any, dict[str, Any]], codes: Any) -> None:
    model, card = coded
    new = pd.DataFrame({"code": codes, "size": 0.0})
    among = predict(model, card, pd.DataFrame({"code": CODES, "size": 0.0}))
    np.testing.assert_array_equal(predict(model, card, new).iloc[:2], among.iloc[[0, 2]])
    assert not surprises(card, new)


@pytest.mark.parametrize("costs", [None, [[0.0, 1.0], [5.0, 0.0]]])
def test_the_decision_is_the_model_s_own(coded: tuple[Any, dict[str, Any]], costs: list[list[float]] | None) -> None:
    model, card = coded
    if costs:
        model = type(model)([*model.steps[:-1], ("decision", LeastCost(model[-1], [0, 1], costs))])
    new = pd.DataFrame({"code": CODES * 5, "size": np.linspace(-3, 3, 20)})
    found = predict(model, card, new)
    np.testing.assert_array_equal(found["prediction"], model.predict(new.astype({"code": "str"})))
    assert found["prediction"].nunique() == 2
