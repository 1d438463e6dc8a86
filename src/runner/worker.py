"""The imports of every worker process, made once by the server that workers are forked from."""

import gc
import signal

from runner.loading import uncollected

signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run to answer, also while all this is imported

with uncollected():
    import lightgbm  # noqa: F401
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.naive_bayes
    import sklearn.tree  # noqa: F401

    import runner.candidates.logarithm
    import runner.candidates.neighbours
    import runner.candidates.preparation
    import runner.checks.registry
    import runner.engine.isolation
    import runner.evaluation.evaluate  # noqa: F401

gc.freeze()  # no worker's collector need look at it, nor copy its pages by doing so
