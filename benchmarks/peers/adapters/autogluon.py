"""AutoGluon with one of its presets."""

import time

import numpy as np
import pandas as pd
from autogluon.tabular import TabularPredictor

from benchmarks.peers.handed import GROUP, KEPT, TARGET, WEIGHT, Array, Job, given, hand_back

METRICS = {
    "roc_auc": "roc_auc",
    "neg_log_loss": "log_loss",
    "neg_root_mean_squared_error": "root_mean_squared_error",
}


def main() -> None:
    job = given()
    begun = time.time()
    predictor = TabularPredictor(
        label=TARGET,
        problem_type=job.task,
        eval_metric=METRICS[job.metric],
        path=str(job.out / KEPT),
        sample_weight=None if job.weight is None else WEIGHT,
        learner_kwargs={"ignored_columns": [GROUP]},  # the group of a row says how to split, and is no input
        verbosity=2,
    )
    predictor.fit(
        table(job),
        presets=job.options["preset"],
        time_limit=job.seconds,
        num_cpus=1,
        num_gpus=0,
        validation_structure=structure(job),
        dynamic_stacking=False,  # if its trial of stacking runs out of time, the whole fit fails (1.6.3)
    )
    used = job.elapsed()
    predictor.persist()

    def predict(frame: pd.DataFrame) -> Array:
        if not job.is_classification:
            return np.asarray(predictor.predict(frame))
        said = predictor.predict_proba(frame)
        return job.in_order(said, list(said.columns))

    written = [path.stat().st_mtime - begun for path in (job.out / KEPT / "models").rglob("model.pkl")]
    hand_back(job, used, predict, None, min(written, default=None), str(predictor.model_best))


def table(job: Job) -> pd.DataFrame:
    """Return features, target, groups and weights in one frame."""
    more = {TARGET: job.target, GROUP: job.group, WEIGHT: job.weight}
    return job.train.assign(**{name: values for name, values in more.items() if values is not None})


def structure(job: Job) -> dict[str, str] | None:
    """Return the options that tell AutoGluon about groups and time."""
    if job.group is not None:
        return {"group_on": GROUP}
    return {"time_on": job.time} if job.time else None


if __name__ == "__main__":
    main()
