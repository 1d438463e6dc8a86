"""A data set and the rows taken from it."""

import numpy as np
import pandas as pd

from runner.dataset import Dataset, Incumbent
from runner.task import Task


def test_taken_rows_stay_together_in_the_order_given():
    rows = np.arange(6)
    dataset = Dataset(
        name="test",
        task=Task.BINARY,
        target_name="y",
        features=pd.DataFrame({"x": rows}),
        target=rows % 2,
        classes=("no", "yes"),
        fingerprint="",
        groups=rows // 2,
        time=rows,
        weights=rows / 2,
        incumbent=Incumbent("i", pd.DataFrame({"i": rows * 10})),
    )
    taken = dataset.take(np.array([5, 0, 3]))
    assert len(taken) == 3
    assert taken.features.index.tolist() == [0, 1, 2]
    assert taken.features["x"].tolist() == taken.time.tolist() == [5, 0, 3]
    assert taken.target.tolist() == [1, 0, 1]
    assert taken.groups.tolist() == [2, 0, 1]
    assert taken.weights.tolist() == [2.5, 0.0, 1.5]
    assert taken.incumbent.cells["i"].tolist() == [50, 0, 30]
    assert taken.as_the_incumbent_sees_it().features["i"].tolist() == [50, 0, 30]


def test_gaps_stay_gaps():
    plain = Dataset("test", Task.REGRESSION, "y", pd.DataFrame({"x": [1, 2]}), np.array([1.0, 2.0]), (), "")
    taken = plain.take(np.array([1]))
    assert taken.groups is taken.time is taken.weights is taken.incumbent is None
    assert taken.task.is_classification is False
