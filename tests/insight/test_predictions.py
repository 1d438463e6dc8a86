"""predictions.parquet: every figure can be made again from it, money to the cent (nested folds: test_nested_run.py)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from runner.model import load_model
from runner.model.prediction import predict

COSTS = {("1", "2"): 1.0, ("2", "1"): 5.0}  # (true, decided): credit-g's own, at its source
PRICED = ("economics.cost_matrix={1: {2: 1}, 2: {1: 5}}", "economics.predictions_per_year=1000000")


@pytest.fixture(scope="module")
def priced(small, run_here, tmp_path_factory):
    config = small("dataset=credit-g", "evaluation.folds=5", "dataset.sensitive=[personal_status]", *PRICED)
    return run_here(config, tmp_path_factory.mktemp("priced") / "credit-g")


def table_of(finished) -> pd.DataFrame:
    return pd.read_parquet(finished.folder / "predictions.parquet")


def source(compose) -> pd.DataFrame:
    return pd.read_parquet(compose("dataset=credit-g").dataset.path)


@pytest.mark.slow
def test_the_money_per_row_of_each_model_is_right_to_the_cent(priced, compose) -> None:
    table = table_of(priced)
    truth = source(compose)["class"].astype(str).to_numpy()
    assert (table["target"] == truth[table["row"]]).all()
    threshold = 1 / 6  # of C(false alarm) / (C(false alarm) + C(miss))
    decided = np.where(table["probability_2"] >= threshold, "2", "1")
    money = np.array([COSTS.get(pair, 0.0) for pair in zip(truth[table["row"]], decided, strict=True)])
    assert (table["prediction"] == decided).all()
    table = table.assign(money=money)
    finalists = 0
    for candidate in priced.content["candidates"]:
        rows = table[table["candidate"] == candidate["name"]]
        if candidate["holdout_score"] is None:
            assert rows.empty
            continue
        finalists += 1
        held = rows[rows["part"] == "holdout"]
        assert held["money"].mean() == pytest.approx(-candidate["holdout_score"], abs=1e-9)
        folds = rows[rows["part"] != "holdout"].groupby("part")["money"].mean()
        assert folds.mean() == pytest.approx(-candidate["score"], abs=1e-9)
    assert finalists >= 3


@pytest.mark.slow
def test_a_row_is_told_once_a_finalist_and_is_in_one_part(priced) -> None:
    table = table_of(priced)
    assert not table.duplicated(["candidate", "row"]).any()
    assert set(table.groupby("candidate")["row"].nunique()) == {1000}
    assert (table.groupby("row")["part"].nunique() == 1).all()


@pytest.mark.slow
def test_the_kept_model_decides_by_the_costs(priced, compose) -> None:
    model, card = load_model(priced.folder)
    frame = source(compose)
    said = predict(model, card, frame)
    assert card["threshold"] == pytest.approx(1 / 6)
    assert card["decides"] == "the class of least expected loss"
    expected = np.where(said["probability_2"] >= 1 / 6, "2", "1")
    assert (said["prediction"].astype(str) == expected).all()
    assert (said["prediction"].astype(str) != np.where(said["probability_2"] >= 0.5, "2", "1")).any()


@pytest.mark.slow
def test_confusion_and_fairness_are_those_of_the_rows_kept_aside(priced, compose) -> None:
    verdict, frame = priced.content, source(compose)
    kept = verdict["challenger"] if verdict["decision"] == "GO" else verdict["cheap_champion"]
    table = table_of(priced)
    table = table[(table["candidate"] == kept) & (table["part"] == "holdout")]
    counts = pd.crosstab(table["target"], table["prediction"]).reindex(index=["1", "2"], columns=["1", "2"]).fillna(0)
    confusion = verdict["weak"]["confusion"]
    assert confusion["counts"] == counts.to_numpy().astype(int).tolist()
    assert confusion["threshold"] == pytest.approx(1 / 6)
    groups = frame["personal_status"].to_numpy()[table["row"]]
    told = {each["group"]: each for each in verdict["weak"]["fairness"]}
    assert set(told) == set(groups)
    for name, each in told.items():
        inside = table[groups == name]
        assert each["rows"] == len(inside)
        assert each["selection_rate"] == pytest.approx((inside["prediction"] == "2").mean())
        positive = inside[inside["target"] == "2"]
        assert each["true_positive_rate"] == pytest.approx((positive["prediction"] == "2").mean())


def test_source_rows_survive_sorting_sampling_and_gaps(compose, tmp_path: Path) -> None:
    from runner.reading import build

    random = np.random.default_rng(0)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.permutation(300), unit="D")
    frame = pd.DataFrame({"x": np.arange(300.0), "when": days, "y": random.normal(size=300)})
    frame.loc[::7, "y"] = np.nan
    config = compose("dataset.path=frame", "dataset.target=y", "dataset.time=when").dataset
    dataset = build(frame, config, max_rows=100)
    taken = dataset.take(np.arange(10, 50))
    for each in (dataset, taken):
        assert (each.features["x"].to_numpy() == each.source_rows).all()
        assert np.array_equal(frame["y"].to_numpy()[each.source_rows], each.target)


def test_many_classes_have_a_column_each_without_a_warning() -> None:
    import warnings
    from types import SimpleNamespace

    from runner.insight.predictions import predictions_table

    rows, classes = np.arange(4), tuple(f"kind {number}" for number in range(150))
    judge = SimpleNamespace(
        dataset=SimpleNamespace(source_rows=rows, classes=classes, target=rows, weights=None),
        metric=SimpleNamespace(decide=lambda said, weights: said.argmax(axis=1)),
        splits=SimpleNamespace(outer=None),
        proof=SimpleNamespace(folds=[(None, rows)], parts=lambda said: [said]),
    )
    look = SimpleNamespace(predictions=np.eye(150)[[3, 2, 1, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = predictions_table(judge, [], {"net": look})
    assert table["prediction"].tolist() == [classes[place] for place in (3, 2, 1, 0)]
    assert table["probability_kind 2"].tolist() == [0, 1, 0, 0]
