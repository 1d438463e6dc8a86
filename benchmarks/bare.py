"""The cheap rungs without the runner: the same pipelines on the same folds, fitted and scored one after the other.

python -m benchmarks.bare TABLE.parquet TARGET ROWS

Prints one score per pipeline. `benchmarks.overhead` compares the runner with this script.
"""

import sys
import warnings

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split

from runner.candidates.pipeline import Candidate, build
from runner.config.compose import composed
from runner.ladder import make_ladder
from runner.task import Task


def candidates() -> list[Candidate]:
    config = composed(["dataset.path=x", "dataset.target=y"])
    return [candidate for rung in make_ladder(config.ladder, Task.BINARY) for candidate in rung.candidates]


def main() -> None:
    path, target, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
    frame = pd.read_parquet(path)
    frame = frame.sample(min(rows, len(frame)), random_state=0).reset_index(drop=True)
    classes = pd.factorize(frame.pop(target), sort=True)[0]
    share = 0.3 if len(frame) <= 10_000 else 0.2
    frame, _, classes, _ = train_test_split(frame, classes, test_size=share, stratify=classes, random_state=0)
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(frame, classes))
    warnings.simplefilter("ignore")
    for candidate in candidates():
        scores = []
        for train, test in folds:
            model = build(candidate, seed=0).fit(frame.iloc[train], classes[train])
            scores.append(roc_auc_score(classes[test], model.predict_proba(frame.iloc[test])[:, 1]))
        print(f"{candidate.name}\t{np.mean(scores):.4f}")


if __name__ == "__main__":
    main()
