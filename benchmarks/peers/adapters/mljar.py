"""mljar-supervised in its Compete mode: folds, random and hill-climbing search, and an ensemble."""

import time

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold, TimeSeriesSplit
from supervised import AutoML

from benchmarks.peers.handed import KEPT, Array, Job, given, hand_back

METRICS = {"roc_auc": "auc", "neg_log_loss": "logloss", "neg_root_mean_squared_error": "rmse"}
TASKS = {"binary": "binary_classification", "multiclass": "multiclass_classification", "regression": "regression"}


def main() -> None:
    job = given()
    begun, folder = time.time(), job.out / KEPT
    automl = AutoML(
        results_path=str(folder),
        mode="Compete",
        ml_task=TASKS[job.task],
        total_time_limit=int(job.seconds),
        eval_metric=METRICS[job.metric],
        explain_level=0,
        n_jobs=1,
        random_state=job.seed,
        verbose=0,
        **({"validation_strategy": {"validation_type": "custom"}} if (folds := own_folds(job)) else {}),
    )
    automl.fit(job.train, job.target, sample_weight=job.weight, cv=folds)
    used = job.elapsed()

    def predict(frame: pd.DataFrame) -> Array:
        if not job.is_classification:
            return np.asarray(automl.predict(frame))
        return job.in_order(automl.predict_proba(frame), np.unique(job.target))

    written = [path.stat().st_mtime - begun for path in folder.glob("*/framework.json")]
    hand_back(job, used, predict, None, min(written, default=None), automl._best_model.get_name())


def own_folds(job: Job) -> list[tuple[Array, Array]] | None:
    """Return folds that respect groups or time; mljar accepts them ready made."""
    if job.group is not None:
        return list(GroupKFold(5).split(job.train, job.target, job.group))
    return list(TimeSeriesSplit(5).split(job.train)) if job.time else None


if __name__ == "__main__":
    main()
