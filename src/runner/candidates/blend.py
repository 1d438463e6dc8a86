"""A weighted mean of several models' predictions, as one scikit-learn estimator."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from runner.candidates.fitting import fit_weighted

POOL = 8  # the best candidates, of which a blend is made; the best of each kind are weighed besides


class Blend(BaseEstimator):  # type: ignore[misc]
    """Fits each member and averages their predictions: values, or probabilities.

    Rows are cleaned once, and members that need the same form share it. scikit-learn's Voting estimators would prepare
    the rows again for each member, and pass no sample weights through a pipeline.

    Parameters
    ----------
    members : list of (form, encoding or None, estimator)
        The encoding takes clean columns; without one, the estimator takes the raw columns.
    weights : list of float
        One per member; they need not sum to 1.
    cleaning : transformer or None
        None if no member has an encoding.
    """

    def __init__(self, members: list[tuple[str, Any, Any]], weights: list[float], cleaning: Any = None):
        self.members = members
        self.weights = weights
        self.cleaning = cleaning

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "Blend":
        """Fit the cleaning, the encodings and the members."""
        self.encodings_ = {form: encoding for form, encoding, _ in self.members}
        clean = None if self.cleaning is None else self.cleaning.fit_transform(X, y)
        forms = {form: X if one is None else one.fit_transform(clean, y) for form, one in self.encodings_.items()}
        for form, _, estimator in self.members:
            fit_weighted(estimator, forms[form], y, sample_weight)
        first = self.members[0][2]
        if hasattr(first, "classes_"):
            self.classes_ = first.classes_
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return probabilities, shape (rows, classes)."""
        return self._mean(X, "predict_proba")

    def predict(self, X: Any) -> NDArray[Any]:
        """Return values, or the most probable classes."""
        if hasattr(self, "classes_"):
            best: NDArray[Any] = self.classes_[np.argmax(self.predict_proba(X), axis=1)]
            return best
        return self._mean(X, "predict")

    def _mean(self, X: Any, method: str) -> NDArray[np.float64]:
        clean = None if self.cleaning is None else self.cleaning.transform(X)
        forms = {form: X if one is None else one.transform(clean) for form, one in self.encodings_.items()}
        predictions = [getattr(estimator, method)(forms[form]) for form, _, estimator in self.members]
        return np.asarray(np.average(predictions, axis=0, weights=self.weights), dtype=np.float64)


def greedy_weights(score: Any, predictions: list[NDArray[np.float64]], steps: int) -> list[int]:
    """Repeatedly add the prediction that improves the mean most, with replacement (Caruana et al. 2004).

    Parameters
    ----------
    score : callable
        Takes a prediction and returns its score; greater is better.
    predictions : list of ndarray
        Of the same rows, by models that had not seen them.
    steps : int
        The most choices; those after the best mean are dropped. The best model and another may be worse in equal parts
        than alone, and better in unequal ones.

    Returns
    -------
    list of int
        How often each prediction was chosen.
    """
    choices: list[int] = []
    total, best, length = np.zeros_like(predictions[0]), -np.inf, 0
    for step in range(1, steps + 1):
        scores = [score((total + prediction) / step) for prediction in predictions]
        choices.append(int(np.argmax(scores)))
        total = total + predictions[choices[-1]]
        if max(scores) > best:
            best, length = max(scores), step
    counts: list[int] = np.bincount(choices[:length], minlength=len(predictions)).tolist()
    return counts
