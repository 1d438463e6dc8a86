"""What every worker process would do first, done once by the server that workers are forked from."""

import gc
import math
import pickle
import signal
import sys
from contextlib import suppress
from types import TracebackType

from runner.loading import uncollected

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run to answer, also while all this is imported

with uncollected():
    import lightgbm  # noqa: F401
    import numpy as np
    import pandas as pd
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.naive_bayes
    import sklearn.tree  # noqa: F401

    import runner.candidates.logarithm
    import runner.candidates.neighbours
    import runner.candidates.preparation
    import runner.checks.registry
    import runner.engine.isolation  # noqa: F401
    from runner.candidates.encoding import FEW_LEVELS
    from runner.candidates.pipeline import Candidate
    from runner.dataset import Dataset
    from runner.evaluation.evaluate import cross_validate
    from runner.metrics import make_metric
    from runner.task import Task


def tell_unless_orphaned(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say what went wrong in a process that was forked, but not that its run ended before it had told all of its task.

    That happens when Ctrl-C comes twice while a worker is being started.
    """
    if not issubclass(kind, EOFError | pickle.UnpicklingError):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = tell_unless_orphaned


def rehearse() -> None:
    """Evaluate a candidate on a few rows: libraries import and look up much at their first call only.

    No candidate that uses OpenMP or BLAS will do, as a process that has threads is not safe to fork.
    """
    rows = np.arange(2 * FEW_LEVELS)
    features = {"number": rows / 2, "word": np.where(rows % 2, "a", "b"), "name": [f"A{row // 2}" for row in rows]}
    few = Dataset("few", Task.BINARY, "target", pd.DataFrame(features), rows % 2, (0, 1), "")
    candidate = Candidate("naive-bayes", "simple", "sklearn.naive_bayes.GaussianNB", "scaled")
    cross_validate(candidate, few, [(rows, rows)], make_metric(None, few), 0, math.inf)


with uncollected(), suppress(Exception):  # what fails here fails in the candidates too, which give the reason
    rehearse()
gc.freeze()  # no worker's collector need look at it, nor copy its pages by doing so
