"""A tree told as rules: given back as what is used today, they predict what the tree predicts."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from runner.candidates.incumbent import incumbent_candidate
from runner.candidates.pipeline import Candidate
from runner.candidates.rules import tree_rules
from runner.config import DatasetConfig, EvaluationConfig
from runner.evaluation.evaluate import describe, fit, fit_and_predict
from runner.metrics import make_metric
from runner.readable import tree_as_yaml
from runner.reading import build
from runner.rules.rule_file import as_text, read_line
from runner.splits import make_splits

CLASSIFIER, REGRESSOR = "runner.candidates.smoothed.SmoothedTree", "sklearn.tree.DecisionTreeRegressor"


def tree(dataset, depth=4):
    kind = CLASSIFIER if dataset.task.is_classification else REGRESSOR
    return Candidate("tree", "tree", kind, "onehot", {"max_depth": depth, "min_samples_leaf": 3})


def both_ways(frame, config):
    """Return what a tree predicts of the holdout, and what its rules do as an incumbent."""
    dataset = build(frame, config)
    splits = make_splits(dataset, EvaluationConfig(), 0)
    candidate = tree(dataset)
    text = tree_as_yaml(candidate, dataset.take(splits.development), 0)
    assert text is not None
    again = build(frame, replace(config, incumbent=yaml.safe_load(text)))
    rules = incumbent_candidate(again, make_metric(None, again))
    first, _ = fit_and_predict(candidate, dataset, splits.development, splits.holdout, 0)
    second, _ = fit_and_predict(rules, again, splits.development, splits.holdout, 0)
    return first, second


@pytest.mark.parametrize(
    "name", ["credit-g", "abalone", "wine-quality-white", pytest.param("adult", marks=pytest.mark.slow), "bike-sharing"]
)
def test_the_rules_of_a_shipped_table_predict_what_its_tree_does(name, compose):
    config = compose(f"dataset={name}").dataset
    frame = pd.read_parquet(config.path).head(2000)
    first, second = both_ways(frame, config)
    np.testing.assert_allclose(second, first, rtol=1e-9, atol=1e-9)


def awkward(rows=900):
    """Return gaps, dates with parts that matter, many levels, and names and values that need quotes."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "a and b": rng.normal(size=rows),
            "size in m²": rng.choice(["small, cheap", "large or so", "it's >= 5", None], rows),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900 * 24, rows), "h"),
            "town": [f"town {i}" for i in rng.integers(0, 60, rows)],
            "zip code": rng.integers(98001, 98006, rows),
        }
    )
    frame.loc[rng.random(rows) < 0.2, "a and b"] = np.nan
    frame.loc[rng.random(rows) < 0.1, "day"] = pd.NaT
    frame.loc[rng.random(rows) < 0.1, "town"] = None
    signal = (
        frame["a and b"].fillna(1.5)
        + 2.0 * (frame["size in m²"] == "it's >= 5")
        - 3.0 * frame["size in m²"].isna()
        + 2.0 * (frame["day"].dt.month > 6)
        + 2.0 * (frame["zip code"] == 98003)
        + 2.0 * frame["town"].map(lambda town: hash_of(town) % 2)
    )
    return frame.assign(y=signal + rng.normal(scale=0.1, size=rows))


def hash_of(town):
    return int(town.split()[1]) if isinstance(town, str) else 5


@pytest.mark.parametrize("kind", ["amount", "two", "three"])
def test_gaps_dates_many_levels_and_odd_names_survive(kind):
    frame = awkward()
    if kind != "amount":
        edges = [0.5] if kind == "two" else [-0.5, 1.5]
        frame["y"] = np.array(["low", "mid", "high"])[np.digitize(frame["y"], edges)]
    first, second = both_ways(frame, DatasetConfig(name="t", path="", target="y"))
    np.testing.assert_allclose(second, first, rtol=1e-9, atol=1e-9)


def test_a_condition_names_the_columns_own_value(shipped):
    dataset = shipped("credit-g", 300)
    rules, whole = tree_rules(fit(tree(dataset, 1), dataset, 0), dataset.features, dataset.classes)
    assert whole
    said = " ".join(as_text(rules))
    assert "checking_status == A14" in said
    assert "checking_status_A14" not in said


def test_the_rows_of_a_leaf_are_counted_beside_the_probability_that_is_drawn_to_that_of_all():
    frame = pd.DataFrame({"size": np.repeat([0.0, 1.0], [5, 45]), "y": ["a"] * 4 + ["b"] * 46})
    dataset = build(frame, DatasetConfig(name="t", path="", target="y"))
    few, many = as_text(tree_rules(fit(tree(dataset, 1), dataset, 0), dataset.features, dataset.classes)[0])
    assert few.endswith("then 73% likely a (4 of 5 rows)")  # (4 + 0.5 x 4 / 50) / 5.5
    assert read_line(few).note == "4 of 5 rows"
    assert many.endswith("likely b (45 of 45 rows)")
    weighted = replace(dataset, weights=np.where(frame["size"] == 0, 2.0, 1.0))
    few, _ = as_text(tree_rules(fit(tree(weighted, 1), weighted, 0), weighted.features, weighted.classes)[0])
    assert few.endswith("(5 rows)")  # its share is one of weights


def test_people_are_told_of_gaps_only_where_the_tree_has_seen_any():
    frame = awkward()
    frame["zip code"] += 0.5 * frame["a and b"].isna()  # a second number, without gaps
    dataset = build(frame, DatasetConfig(name="t", path="", target="y"))
    candidate = tree(dataset, 6)
    said = describe(fit(candidate, dataset, 0), dataset)
    assert re.search(r'\("a and b" [<>]=? [-\d.]+ or missing', said)
    assert re.search(r"[^(]zip code [<>]", said)
    assert not re.search(r"zip code [<>=]+ [\d.]+ or missing", said)
    assert re.search(r"zip code [<>=]+ [\d.]+ or missing", tree_as_yaml(candidate, dataset, 0))  # which predicts alike


def test_a_tree_asks_of_no_text_nor_of_names_that_few_rows_have():
    rng = np.random.default_rng(0)
    good = rng.random(600) < 0.5
    words = [f"this one is {'good' if g else 'bad'} and has number {i}" for i, g in enumerate(good)]
    ticket = [f"{'A' if g else 'B'}{i % 50}" for i, g in enumerate(good)]
    frame = pd.DataFrame({"text": words, "ticket": ticket, "size": good + rng.normal(size=600), "y": good})
    dataset = build(frame, DatasetConfig(name="t", path="", target="y"))
    rules, whole = tree_rules(fit(tree(dataset), dataset, 0), dataset.features, dataset.classes)
    assert whole
    assert {condition.column for rule in rules for condition in rule.conditions} == {"size"}


def test_what_no_rule_can_ask_is_not_written():
    rng = np.random.default_rng(0)
    good = rng.random(300) < 0.5
    words = [f"this one is {'good' if g else 'bad'} and has number {i}" for i, g in enumerate(good)]
    dataset = build(pd.DataFrame({"text": words, "y": good}), DatasetConfig(name="t", path="", target="y"))
    rules, whole = tree_rules(fit(tree(dataset), dataset, 0), dataset.features, dataset.classes)
    assert not whole
    assert "text_" in as_text(rules)[0]
    assert tree_as_yaml(tree(dataset), dataset, 0) is None
