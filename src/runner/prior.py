"""What past searches gained: the gate's expectation before it has seen this table's own."""

import json
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


def past_gains() -> NDArray[np.float64]:
    """Return gains of past searches over the best cheap candidate on rows that chose nothing, as skill.

    One a table (the mean over its sizes and seeds), winsorised at 0.1: one table that gains a third must not open
    every other table's gate. The file is written by `benchmarks/prior.py`.
    """
    content = json.loads(files("runner").joinpath("prior.json").read_text())
    gains = np.array([table["gain"] for table in content["tables"]], dtype=np.float64)
    return np.clip(gains, -0.1, 0.1)
