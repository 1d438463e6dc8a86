"""Classifiers that take no weights, on rows that hold more of a rare class than its share."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

from runner.candidates.pipeline import Candidate, build, split
from runner.candidates.priors import PriorCorrectedClassifier
from runner.sampling import draw

QDA = "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis"


def rare(rows=20_000):
    random = np.random.default_rng(0)
    y = (np.arange(rows) % 100 == 0).astype(int)
    return random.standard_normal((rows, 3)) + y[:, None], y


def test_it_predicts_as_if_fitted_at_the_shares_that_the_weights_tell():
    X, y = rare()
    sample = draw(y, None, False, 1_000, 0, 200)
    known = PriorCorrectedClassifier(QuadraticDiscriminantAnalysis()).fit(
        X[sample.rows], y[sample.rows], sample.weights
    )
    told = QuadraticDiscriminantAnalysis(priors=[0.99, 0.01]).fit(X[sample.rows], y[sample.rows])
    assert known.predict_proba(X) == pytest.approx(told.predict_proba(X))
    assert known.predict(X).tolist() == told.predict(X).tolist()


def test_without_weights_it_is_the_classifier_itself():
    X, y = rare(2_000)
    known = PriorCorrectedClassifier(QuadraticDiscriminantAnalysis()).fit(X, y)
    assert known.predict_proba(X) == pytest.approx(QuadraticDiscriminantAnalysis().fit(X, y).predict_proba(X))


def test_a_class_that_weighs_nothing_is_not_expected():
    X, y = rare(2_000)
    known = PriorCorrectedClassifier(QuadraticDiscriminantAnalysis()).fit(X, y, 1.0 - y)
    assert np.isfinite(known.predict_proba(100 + X)).all()
    assert known.predict_proba(X)[:, 1].max() < 1e-3


@pytest.mark.parametrize(
    ("estimator", "corrected"),
    [
        (QDA, True),
        ("sklearn.neighbors.KNeighborsClassifier", True),
        ("sklearn.linear_model.LogisticRegression", False),
        ("sklearn.neighbors.KNeighborsRegressor", False),
    ],
)
def test_candidates_that_take_no_weights_are_corrected(estimator, corrected):
    _, last = split(build(Candidate("mine", "simple", estimator, "none"), seed=0))
    assert isinstance(last, PriorCorrectedClassifier) is corrected


def test_a_candidate_says_how_frequent_the_class_is_and_not_how_frequent_in_the_sample():
    X, y = rare()
    sample = draw(y, None, False, 1_000, 0, 200)
    mine = build(Candidate("mine", "simple", QDA, "none"), seed=0)[-1].fit(
        X[sample.rows], y[sample.rows], sample.weights
    )
    weighted = LogisticRegression().fit(X[sample.rows], y[sample.rows], sample.weights)
    means = [model.predict_proba(X)[:, 1].mean() for model in (mine, weighted)]
    assert means == pytest.approx([0.01, 0.01], rel=0.25)
