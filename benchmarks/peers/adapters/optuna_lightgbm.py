"""Plain Optuna over LightGBM: TPE, five folds, early stopping; what many users would write by hand."""

from typing import Any

import lightgbm
import optuna
import pandas as pd
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit

from benchmarks.peers.handed import Job, given, hand_back

FOLDS, MOST_TREES, PATIENCE = 5, 2000, 50
SHARE = 0.95  # of the budget for the trials: the last fit comes after them
METRICS = {"roc_auc": "auc", "neg_log_loss": "multi_logloss", "neg_root_mean_squared_error": "rmse"}
DEFAULTS = {"learning_rate": 0.1, "num_leaves": 31, "min_child_samples": 20, "subsample": 1.0, "colsample_bytree": 1.0}


def main() -> None:
    job = given()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    train = with_dates(job.train)
    kinds = {name: "category" for name in train if not pd.api.types.is_numeric_dtype(train[name])}
    train = train.astype(kinds)
    table = lightgbm.Dataset(train, job.target, weight=job.weight, free_raw_data=False)
    folds = list(splitter(job).split(train, job.target, job.group))
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=job.seed))
    study.enqueue_trial(DEFAULTS)
    study.optimize(lambda trial: score(trial, job, table, folds), timeout=SHARE * job.seconds)
    best = study.best_trial
    model = lightgbm.train(fixed(job) | best.params, table, num_boost_round=best.user_attrs["trees"])
    used = job.elapsed()

    def predict(frame: pd.DataFrame) -> Any:
        known = with_dates(frame).astype({name: train[name].dtype for name in kinds})
        said = model.predict(known, num_threads=1)
        return said if job.classes != 2 else pd.DataFrame({0: 1 - said, 1: said}).to_numpy()

    first = study.trials[0].duration
    hand_back(
        job, used, predict, model, first.total_seconds() if first else None, f"lightgbm of {len(study.trials)} trials"
    )


def score(trial: optuna.Trial, job: Job, table: lightgbm.Dataset, folds: list[Any]) -> float:
    """Return the mean score over the folds at the best number of trees."""
    drawn = {
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.3, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 4, 256, log=True),
        "min_child_samples": trial.suggest_int("min_child_samples", 2, 100, log=True),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.3, 1.0),
        "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 100.0, log=True),
    }
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    curve = lightgbm.cv(fixed(job) | drawn, table, MOST_TREES, folds=folds, callbacks=[stop])
    means = next(values for name, values in curve.items() if name.endswith("-mean"))
    trial.set_user_attr("trees", len(means))
    return float(means[-1] if job.metric == "roc_auc" else -means[-1])


def fixed(job: Job) -> dict[str, Any]:
    """Return the parameters that are not searched."""
    several = {"num_class": job.classes} if job.task == "multiclass" else {}
    base = {"objective": job.task, "metric": METRICS[job.metric], "subsample_freq": 1, "verbosity": -1}
    return base | several | {"num_threads": 1, "seed": job.seed, "feature_pre_filter": False}


def splitter(job: Job) -> Any:
    """Return folds that respect groups, time and classes."""
    if job.group is not None:
        return GroupKFold(FOLDS)
    if job.time:
        return TimeSeriesSplit(FOLDS)
    return (StratifiedKFold if job.is_classification else KFold)(FOLDS, shuffle=True, random_state=job.seed)


def is_date(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_datetime64_any_dtype(column)


def with_dates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with dates as days."""
    return frame.assign(**{str(n): days(frame[n]) for n in frame if is_date(frame[n])})


def days(column: "pd.Series[Any]") -> "pd.Series[Any]":
    return (column - pd.Timestamp(0)).dt.total_seconds() / 86_400


if __name__ == "__main__":
    main()
