"""What past searches gained: the expectation of gate and stopping rule before they have seen this table."""

import json
from importlib.resources import files

import numpy as np

from runner.stopping import PastSearches


def past_searches() -> PastSearches:
    """Return the searches that ship, measured by `benchmarks/prior.py` with this very runner."""
    tables = json.loads(files("runner").joinpath("prior.json").read_text())["tables"]
    return PastSearches(
        tuple(table["name"] for table in tables),
        np.array([table["gains"] for table in tables], dtype=np.float64),
        np.array([table["losses"] for table in tables], dtype=np.float64),
    )
