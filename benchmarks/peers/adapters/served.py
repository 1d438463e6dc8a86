"""How both forms of the runner predict: with the model that was written, as `runner predict` does."""

from pathlib import Path

import pandas as pd

from benchmarks.peers.handed import Array, Job, Predict
from runner.ladder import NONE
from runner.model import load_model
from runner.model.prediction import predict
from runner.record import Record


def served(job: Job, folder: Path) -> tuple[Predict, str]:
    """Return the function that predicts, and the name of the candidate."""
    model, card = load_model(folder)

    def answer(frame: pd.DataFrame) -> Array:
        told = predict(model, card, frame)
        if not job.is_classification:
            return told["prediction"].to_numpy()
        names = [name.removeprefix("probability_") for name in told.columns[1:]]
        return job.in_order(told.iloc[:, 1:], names)

    return answer, str(card["candidate"])


def first_model(folder: Path, begun: float | None = None) -> float | None:
    """Return the seconds to the first evaluation of a real model, if there is one.

    Parameters
    ----------
    folder : Path
        Of the run, with its evaluations.
    begun : float, optional
        When the table was read, on the clock of `time.time`; if not given, when the first evaluation began, which is
        the dummy's.
    """
    record = Record(folder)
    known = [(path.stat().st_mtime, record.find(path.stem)) for path in (folder / "evaluations").glob("*.pkl")]
    scored = [(when, one) for when, one in known if one and one.ok]
    if begun is None:
        begun = min((when - one.costs.wall_seconds for when, one in scored), default=0.0)
    return min((when - begun for when, one in scored if one.rung != NONE), default=None)
