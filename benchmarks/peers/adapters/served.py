"""How both forms of the runner predict: with the model that was written, as `runner predict` does."""

from pathlib import Path

import pandas as pd

from benchmarks.peers.handed import Array, Job, Predict
from runner.champion import load_model
from runner.ladder import NONE
from runner.prediction import predict
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


def first_model(folder: Path, begun: float) -> float | None:
    """Return the seconds from `begun` (on the clock of `time.time`) to the first evaluation of a real model."""
    record, files = Record(folder), (folder / "evaluations").glob("*.pkl")
    known = [(path.stat().st_mtime - begun, record.find(path.stem)) for path in files]
    return min((when for when, one in known if one and one.ok and one.rung != NONE), default=None)
