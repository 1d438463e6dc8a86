"""FLAML, with its own estimators and its own choice between a holdout and folds."""

import json
from pathlib import Path

from flaml import AutoML

from benchmarks.peers.handed import Job, given, hand_back

METRICS = {"roc_auc": "roc_auc", "neg_log_loss": "log_loss", "neg_root_mean_squared_error": "rmse"}


def main() -> None:
    job = given()
    log = job.out / "flaml.log"
    automl = AutoML()
    automl.fit(
        X_train=job.train,
        y_train=job.target,
        task="classification" if job.is_classification else "regression",
        metric=METRICS[job.metric],
        time_budget=job.seconds,
        n_jobs=1,
        seed=job.seed,
        verbose=0,
        log_file_name=str(log),
        log_type="all",
        **structure(job),
    )
    used = job.elapsed()

    def predict(frame):  # type: ignore[no-untyped-def]
        if not job.is_classification:
            return automl.predict(frame)
        return job.in_order(automl.predict_proba(frame), automl.classes_)

    hand_back(job, used, predict, automl, first_model(log), str(automl.best_estimator))


def structure(job: Job) -> dict[str, object]:
    """Return the options that tell FLAML about groups, time and weights."""
    told: dict[str, object] = {} if job.weight is None else {"sample_weight": job.weight}
    if job.group is not None:
        told |= {"split_type": "group", "groups": job.group}
    return told | ({"split_type": "time"} if job.time else {})


def first_model(log: Path) -> float | None:
    """Return the seconds to the first line of FLAML's log."""
    lines = (json.loads(line) for line in log.read_text().splitlines())
    return next((line["wall_clock_time"] for line in lines if "wall_clock_time" in line), None)


if __name__ == "__main__":
    main()
