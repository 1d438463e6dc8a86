"""What is used today as an estimator: decisions, scores, forecasts and rules become predictions."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from runner.candidates.incumbent import IncumbentClassifier, IncumbentRegressor
from runner.rules.rule_file import parse_rules

RNG = np.random.default_rng(0)


def scores(rows=400, direction=1):
    """Return a coarse score, what it is about, and a score that goes with it less at some values."""
    target = RNG.integers(0, 2, rows)
    score = np.clip(np.round(direction * target * 3 + RNG.normal(5, 2, rows)), 1, 10)
    return pd.DataFrame({"score": score}), target


@pytest.mark.parametrize("direction", [1, -1])
def test_a_score_is_ranked_as_it_is(direction):
    X, y = scores(direction=direction)
    new, truth = scores(direction=direction)
    positive = IncumbentClassifier(called={"no": 0, "yes": 1}).fit(X, y).predict_proba(new)[:, 1]
    auc = roc_auc_score(truth, new["score"])
    assert roc_auc_score(truth, positive) == pytest.approx(max(auc, 1 - auc), abs=1e-12)


@pytest.mark.parametrize(("direction", "told"), [(1, ""), (-1, " (read in reverse: the lower, the likelier is yes)")])
def test_a_score_that_falls_as_the_positive_class_gets_likelier_is_told(direction, told):
    model = IncumbentClassifier(called={"no": 0, "yes": 1}).fit(*scores(direction=direction))
    assert model.in_words("s") == f"column s{told}"


def test_a_score_becomes_a_calibrated_probability():
    X, y = scores(4000)
    new, truth = scores(4000)
    positive = IncumbentClassifier(called={"no": 0, "yes": 1}).fit(X, y).predict_proba(new)[:, 1]
    for score in (3, 5, 7):
        rows = new["score"] == score
        assert positive[rows].mean() == pytest.approx(truth[rows].mean(), abs=0.1)
    assert 0 < positive.min() < positive.max() < 1


def test_rows_without_a_score_are_predicted_with_and_without_others():
    X, y = scores()
    model = IncumbentClassifier({"no": 0, "yes": 1}).fit(X, y)
    alone, beside = (model.predict_proba(pd.DataFrame({"score": rows})) for rows in ([np.nan], [np.nan, 5.0]))
    assert alone[0] == pytest.approx(beside[0])
    assert beside[0] == pytest.approx([1 - y.mean(), y.mean()])


def test_decisions_become_the_rate_of_each_class_where_so_was_decided():
    X = pd.DataFrame({"said": ["yes", "yes", "yes", "yes", "no", "no", np.nan, np.nan]})
    y = np.array([1, 1, 1, 0, 0, 0, 1, 0])
    model = IncumbentClassifier(called={"no": 0, "yes": 1}).fit(X, y)
    new = pd.DataFrame({"said": ["yes", "no", np.nan, "perhaps"]})
    prior = 0.5
    assert model.predict_proba(new)[:, 1] == pytest.approx([3.5 / 5, 0.5 / 3, 1.5 / 3, prior])


def test_a_metric_that_judges_decisions_gets_them_as_they_are():
    X = pd.DataFrame({"said": ["yes"] * 5 + ["no"] * 5})
    y = np.array([0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    as_decided = IncumbentClassifier(called={"no": 0, "yes": 1}, as_decided=True).fit(X, y)
    assert as_decided.predict(X).tolist() == [1] * 5 + [0] * 5
    assert IncumbentClassifier(called={"no": 0, "yes": 1}).fit(X, y).predict(X).tolist() == [0] * 10


def test_numbers_that_are_the_classes_are_decisions_though_gaps_make_them_fractions():
    X = pd.DataFrame({"said": [1.0, 2.0, 3.0, np.nan] * 5})
    y = np.array([0, 1, 2, 0] * 5)
    model = IncumbentClassifier(called={"1": 0, "2": 1, "3": 2}, as_decided=True).fit(X, y)
    assert model.predict(X).tolist() == [0, 1, 2, 0] * 5


def test_the_classes_themselves_may_stand_in_for_their_codes():
    X = pd.DataFrame({"said": ["b", "a"] * 10})
    model = IncumbentClassifier({"a": "a", "b": "b"}, as_decided=True).fit(X, np.array(["b", "a"] * 10))
    assert model.predict(X).tolist() == ["b", "a"] * 10


@pytest.mark.parametrize("said", [[1, 0], ["True", "False"], ["1", "0"]])
def test_a_class_may_have_several_names(said):
    X, y = pd.DataFrame({"said": said * 10}), np.array([False, True, False, False] * 5)
    called = {"False": False, "True": True, "0": False, "1": True}
    model = IncumbentClassifier(called, as_decided=True).fit(X, y)
    assert model.predict(X).tolist() == [True, False] * 10


def test_stated_probabilities_are_taken_as_stated():
    rules = parse_rules([{"when": "x > 0", "then": {"b": 0.9}}, {"when": "x < 0", "then": "a"}], "rules")
    X = pd.DataFrame({"x": [1, -1, 0, 1]})
    model = IncumbentClassifier({"a": 0, "b": 1, "c": 2}, rules, as_decided=True).fit(X, np.array([0, 1, 2, 1]))
    assert model.predict_proba(X)[0] == pytest.approx([0.05, 0.9, 0.05])
    assert model.predict_proba(X)[1] == pytest.approx([1, 0, 0])
    assert model.predict_proba(X)[2] == pytest.approx(np.array([0.25, 0.5, 1.25]) / 2)


def test_weights_count():
    X = pd.DataFrame({"said": ["yes"] * 4})
    model = IncumbentClassifier(called={"no": 0, "yes": 1}).fit(X, np.array([0, 1, 1, 1]), np.array([6.0, 1, 1, 1]))
    assert model.predict_proba(X)[0, 1] == pytest.approx(1 / 3)


def test_a_forecast_is_used_as_it_is():
    X = pd.DataFrame({"forecast": [1, np.nan, 5]})
    model = IncumbentRegressor().fit(X, np.array([2.0, 4.0, 9.0]))
    assert model.predict(X).tolist() == [1.0, 5.0, 5.0]


def test_rules_forecast_too():
    X = pd.DataFrame({"smoker": ["yes", "no", None]})
    rules = parse_rules([{"when": "smoker == yes", "then": 30}, {"when": "smoker == no", "then": 8.5}], "rules")
    model = IncumbentRegressor(rules).fit(X, np.array([1.0, 2.0, 6.0]))
    assert model.predict(X).tolist() == [30.0, 8.5, 3.0]
