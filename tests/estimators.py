"""Estimators that do not behave, for tests: as a user's own ladder may name them."""

import os
import time
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

WAIT = 0.2  # seconds


class Half(ClassifierMixin, BaseEstimator):
    """Says the same of everything."""

    def fit(self, X: Any, y: Any) -> "Half":
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X: Any) -> Any:
        return np.full((len(X), len(self.classes_)), 1 / len(self.classes_))

    def predict(self, X: Any) -> Any:
        return np.full(len(X), self.classes_[0])


class Failing(Half):
    """Cannot be fitted."""

    def fit(self, X: Any, y: Any) -> "Failing":
        raise ValueError("no such luck\nand a second line")


class Dying(Half):
    """Takes its process along."""

    def fit(self, X: Any, y: Any) -> "Dying":
        os._exit(3)


class Waiting(Half):
    """Answers late, as on a busy machine."""

    def predict_proba(self, X: Any) -> Any:
        time.sleep(WAIT)
        return super().predict_proba(X)


class Hanging(Half):
    """Never ends."""

    def fit(self, X: Any, y: Any) -> "Hanging":
        while True:
            time.sleep(1)


class Eating(Half):
    """Takes all the memory that it gets."""

    def fit(self, X: Any, y: Any) -> "Eating":
        kept, a_megabyte = [], os.urandom(2**20)
        while True:
            kept.append(a_megabyte * 50)
            time.sleep(0.02)


class InCompany(Half):
    """Predicts no row that comes alone."""

    def predict_proba(self, X: Any) -> Any:
        if len(X) == 1:
            raise ValueError("a row alone")
        return super().predict_proba(X)
