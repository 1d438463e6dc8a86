"""The rules of a tree as a person reads them: they say of its rows what it does."""

import numpy as np
import pandas as pd
import pytest

from runner.candidates.pipeline import Candidate
from runner.candidates.rules import as_learned, tree_rules
from runner.config import DatasetConfig
from runner.evaluation.evaluate import fit
from runner.reading import build
from runner.rules import first_met
from runner.rules.rule_file import as_text


def table(rows: int = 800) -> pd.DataFrame:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "age": random.integers(18, 90, rows),
            "smokes": random.integers(0, 2, rows),
            "sex": random.choice([1, 2], rows),
            "children": np.where(random.random(rows) < 0.2, np.nan, random.integers(0, 4, rows)),
            "owns": np.where(random.random(rows) < 0.2, np.nan, random.integers(0, 2, rows)),
            "height": random.normal(1.7, 0.1, rows),
            "seen": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 300, rows), unit="D"),
        }
    )
    weekend = frame["seen"].dt.day_of_week >= 5
    return frame.assign(
        y=frame["age"] / 10
        + 6 * frame["smokes"]
        + 5 * frame["sex"]
        + 3 * frame["children"].fillna(4)
        + 4 * frame["owns"].fillna(1)
        + 20 * (frame["height"] - 1.7)
        + 5 * weekend
    )


@pytest.fixture(scope="module")
def learned():
    dataset = build(table(), DatasetConfig(name="t", path="frame", target="y"))
    params = {"max_depth": 7, "min_samples_leaf": 2, "random_state": 0}
    candidate = Candidate("tree", "tree", "sklearn.tree.DecisionTreeRegressor", "onehot", params)
    rules, says_all = tree_rules(fit(candidate, dataset, 0), dataset.features, ())
    assert says_all
    return rules, as_learned(rules, dataset.features), dataset.features


def test_what_is_read_says_of_each_row_what_the_tree_does(learned) -> None:
    rules, read, features = learned
    assert (first_met(read, features) == first_met(rules, features)).all()


def test_numbers_that_are_whole_are_split_at_whole_numbers(learned) -> None:
    text = "\n".join(as_text(learned[1]))
    for column in ("age", "children", "owns", "seen.weekday"):
        assert f" {column} " in text
        assert not [c for rule in learned[1] for c in rule.conditions if c.column == column and "." in c.value]
    assert " height <= 1." in text or " height > 1." in text


def test_of_two_numbers_a_row_has_the_greater_one_or_not(learned) -> None:
    conditions = {(c.column, c.sign, c.value) for rule in learned[1] for c in rule.conditions}
    assert {each for each in conditions if each[0] == "smokes"} == {("smokes", "==", "1"), ("smokes", "!=", "1")}
    assert {each for each in conditions if each[0] == "sex"} == {("sex", "==", "2"), ("sex", "!=", "2")}


def test_rules_of_columns_of_little_spread_are_in_the_unit_of_the_table() -> None:
    """A wavelength in metres, a moment in nanoseconds: trees, or single precision, cannot tell their values apart."""
    random, rows = np.random.default_rng(0), 600
    waves = np.where(np.arange(rows) < 30, np.nan, random.uniform(4e-7, 7e-7, rows))
    moments = 1_700_000_000_000_000_000 + random.integers(0, 10**13, rows)
    frame = pd.DataFrame({"wave": waves, "moment": moments, "far": 1e9 + random.normal(size=rows)})
    parts = (frame["wave"] > 5e-7, frame["moment"] > 1_700_000_004_000_000_000, frame["far"] > 1e9 + 0.3)
    dataset = build(frame.assign(y=parts[0] * 4.0 + parts[1] * 2.0 + parts[2]), DatasetConfig(path="frame", target="y"))
    candidate = Candidate("tree", "tree", "sklearn.tree.DecisionTreeRegressor", "onehot", {"max_depth": 3})
    model = fit(candidate, dataset, 0)
    rules, says_all = tree_rules(model, dataset.features, ())
    read = as_learned(rules, dataset.features)
    assert says_all
    assert model.predict(dataset.features) == pytest.approx(dataset.target)
    assert np.array([rule.then for rule in read])[first_met(read, dataset.features)] == pytest.approx(dataset.target)
    assert {c.column for rule in read for c in rule.conditions} == {"wave", "moment", "far"}
