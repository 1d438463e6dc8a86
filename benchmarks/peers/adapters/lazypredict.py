"""lazypredict: all its models are fitted once; the best on a quarter of the training rows is refitted on all."""

from typing import Any

import numpy as np
import pandas as pd
from lazypredict.Supervised import LazyClassifier, LazyRegressor
from sklearn.base import clone
from sklearn.metrics import get_scorer
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from benchmarks.peers.handed import Array, Job, given, hand_back

ASIDE = 0.25


def main() -> None:
    job = given()
    train, aside = divided(job)
    kind = LazyClassifier if job.is_classification else LazyRegressor
    lazy = kind(verbose=0, random_state=job.seed, timeout=job.seconds, n_jobs=1)
    rows = job.train.iloc[aside]
    lazy.fit(job.train.iloc[train], rows, job.target[train], job.target[aside])
    scores = {name: score(model, job, rows, job.target[aside]) for name, model in lazy.models.items()}
    best = max(scores, key=lambda name: scores[name])
    model = clone(lazy.models[best]).fit(job.train, job.target)
    used = job.elapsed()

    def predict(frame: pd.DataFrame) -> Array:
        if not job.is_classification:
            return np.asarray(model.predict(frame))
        return job.in_order(model.predict_proba(frame), model.classes_)

    hand_back(job, used, predict, model, None, f"{best}, of {len(scores)} models")


def divided(job: Job) -> tuple[Array, Array]:
    """Return the rows to fit on and those to choose on, with groups, time and classes respected."""
    rows = np.arange(len(job.target))
    if job.time:
        end = round((1 - ASIDE) * len(rows))
        return rows[:end], rows[end:]
    if job.group is not None:
        split = GroupShuffleSplit(1, test_size=ASIDE, random_state=job.seed)
        train, aside = next(split.split(rows, groups=job.group))
    else:
        strata = job.target if job.is_classification else None
        train, aside = train_test_split(rows, test_size=ASIDE, random_state=job.seed, stratify=strata)
    return train, aside


def score(model: Any, job: Job, rows: pd.DataFrame, target: Array) -> float:
    """Score a fitted model; one without probabilities is not usable where they are wanted."""
    if job.is_classification and not hasattr(model, "predict_proba"):
        return -np.inf
    try:
        return float(get_scorer(job.metric)(model, rows, target))
    except ValueError:
        return -np.inf


if __name__ == "__main__":
    main()
