"""Where the kept model is weak, on predictions whose faults are known; and that a fault here loses nothing."""

import numpy as np
import pandas as pd
import pytest

from runner.errors import UserError
from runner.insight.weak import MOST_SLICES, row_losses, weak
from runner.metrics import Metric, make_metric
from runner.reading import build


def regression(compose):
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"x": random.normal(size=500), "place": random.choice(["inn", "out"], 500)})
    frame["y"] = frame["x"] + random.normal(size=500) * np.where(frame["place"] == "out", 3.0, 0.3)
    config = compose("dataset.path=frame", "dataset.target=y", "dataset.sensitive=[place]").dataset
    return build(frame, config)


def test_the_range_with_the_larger_errors_is_named(compose) -> None:
    dataset = regression(compose)
    metric = make_metric(None, dataset)
    found = weak(dataset, dataset.features["x"].to_numpy(), metric, 0)
    (worst, *_) = found["slices"]
    assert (worst["column"], worst["value"]) == ("place", "out")
    assert worst["score"] < worst["rest"] < 0  # the scorer's own sign
    assert found["confusion"] is None
    assert len(found["residuals"]) == 300
    groups = {each["group"]: each for each in found["fairness"]}
    assert groups["out"]["score"] > 3 * groups["inn"]["score"] > 0


def test_the_greatest_error_is_among_the_residuals_that_are_drawn(compose) -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"x": random.normal(size=3000)}).assign(y=lambda table: table["x"])
    frame.loc[1234, "y"] -= 100.0
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y").dataset)
    told = weak(dataset, dataset.features["x"].to_numpy(), make_metric(None, dataset), 0)["residuals"]
    assert len(told) == 300
    assert min(each["residual"] for each in told) == pytest.approx(-100.0)


def test_a_weakness_too_small_to_matter_is_not_told(compose) -> None:
    dataset = regression(compose)
    said, metric = dataset.features["x"].to_numpy(), make_metric(None, dataset)
    told = [weak(dataset, said, metric, 0, least)["slices"] for least in (2.0, 3.5)]  # RMSE 3.0 against 0.3
    assert [bool(slices) for slices in told] == [True, False]


def test_slices_that_are_not_told_are_not_scored(compose, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame({f"place{number}": ["inn", "out"] * 250 for number in range(15)}).assign(x=range(500))
    frame["y"] = random.normal(size=500) * np.tile([0.3, 3.0], 250)
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y").dataset)
    scored, score_or_none = [], Metric.score_or_none
    monkeypatch.setattr(Metric, "score_or_none", lambda *given: (scored.append(1), score_or_none(*given))[1])
    assert len(weak(dataset, np.zeros(500), make_metric(None, dataset), 0)["slices"]) == MOST_SLICES
    assert len(scored) == 2 * MOST_SLICES


def test_where_errors_of_the_logarithm_judge_they_are_compared(compose) -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame({"size": np.repeat([1.0, 1000.0], 250), "place": np.tile(["inn", "out"], 250)})
    frame["y"] = frame["size"] * random.lognormal(sigma=np.where(frame["size"] == 1, 1.0, 0.1))
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y").dataset)
    metric = make_metric("neg_root_mean_squared_log_error", dataset)
    found = weak(dataset, dataset.features["size"].to_numpy(), metric, 0)
    assert [(each["column"], each["value"]) for each in found["slices"]] == [("size", "1")]
    assert found["compared"] == "the squared error of the logarithm of each row"


def ranking(compose, blind: bool):
    """A table whose rows `out` have mixed outcomes, and its true probabilities, or none worth the name in `out`."""
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"x": random.normal(size=900), "place": np.repeat(["inn", "out"], [600, 300])})
    said = 1 / (1 + np.exp(-(2 * frame["x"] - 2 * (frame["place"] == "inn"))))
    frame["y"] = (random.uniform(size=900) < said).astype(int)
    if blind:
        said[600:] = random.uniform(size=300)
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1").dataset)
    return dataset, np.column_stack([1 - said, said])


def test_what_is_ranked_as_well_is_not_weak_for_its_mixed_outcomes(compose) -> None:
    dataset, said = ranking(compose, blind=False)
    losses = row_losses(dataset.target, said, make_metric("neg_log_loss", dataset))
    assert losses[600:].mean() > 1.3 * losses[:600].mean()
    found = weak(dataset, said, make_metric("roc_auc", dataset), 0)["slices"]
    assert "place" not in {each["column"] for each in found}


def test_decisions_on_a_sample_with_more_of_a_rare_class_are_counted_as_in_the_table(compose) -> None:
    random = np.random.default_rng(7)
    said = random.beta(0.02, 0.8, size=40_000)  # one in forty, many of them sure
    frame = pd.DataFrame({"x": said, "y": (random.uniform(size=40_000) < said).astype(int)})
    config = compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1").dataset
    shares = {}
    for most in (None, 4_000):
        dataset = build(frame, config, most)
        chance = dataset.features["x"].to_numpy()
        found = weak(dataset, np.column_stack([1 - chance, chance]), make_metric("accuracy", dataset), 0)
        confusion = found["confusion"]
        (_, false), (missed, hits) = confusion["counts"]
        shares[most] = [hits / (hits + false), hits / (hits + missed)]
        assert confusion["weighted"] == (most is not None)
    assert shares[4_000] == pytest.approx(shares[None], abs=0.08)


def test_where_the_ranking_is_chance_is_named(compose) -> None:
    dataset, said = ranking(compose, blind=True)
    (worst, *_) = weak(dataset, said, make_metric("roc_auc", dataset), 0)["slices"]
    assert (worst["column"], worst["value"]) == ("place", "out")
    assert worst["score"] < 0.6 < 0.8 < worst["rest"]
    assert worst["p_value"] < 0.001
    assert worst["falls_short"]
    assert worst["promised"] > worst["score"] + 0.2  # it gives probabilities from 0 to 1 there


def test_rows_that_are_told_the_same_by_chance_are_not_weak(compose) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"rare": np.zeros(900), "place": np.repeat(["inn", "out"], [700, 200])})
    frame.loc[random.choice(700, 28, replace=False), "rare"] = 1  # 3 % of the rows, of which none is in `out`
    said = np.where(frame["rare"] == 1, 0.9, 0.15)
    frame["y"] = (random.uniform(size=900) < said).astype(int)
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1").dataset)
    assert weak(dataset, np.column_stack([1 - said, said]), make_metric("roc_auc", dataset), 0)["slices"] == []


@pytest.mark.parametrize("name", ["roc_auc", "neg_log_loss", "accuracy"])
def test_a_true_model_scores_as_it_promises_where_it_is_weaker(name: str, compose) -> None:
    random = np.random.default_rng(11)
    frame = pd.DataFrame({"x": random.normal(size=3000)})
    said = 1 / (1 + np.exp(-2.5 * frame["x"]))
    frame["y"] = (random.uniform(size=3000) < said).astype(int)
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1").dataset)
    found = weak(dataset, np.column_stack([1 - said, said]), make_metric(name, dataset), 0)["slices"]
    assert found  # the middle of x, where outcomes are mixed
    for each in found:
        assert not each["falls_short"]
        assert each["score"] == pytest.approx(each["promised"], abs=0.05)


def test_calibration_compares_what_was_said_with_what_came(compose) -> None:
    random = np.random.default_rng(6)
    said = random.uniform(size=5000)
    frame = pd.DataFrame({"x": said, "y": (random.uniform(size=5000) < said**2).astype(int)})
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1").dataset)
    bins = weak(dataset, np.column_stack([1 - said, said]), make_metric(None, dataset), 0)["calibration"]
    assert sum(each["rows"] for each in bins) == 5000
    for each in bins:
        assert each["observed"] == pytest.approx(each["predicted"] ** 2, abs=0.06)


def test_calibration_is_of_rows_as_they_are_weighted(compose) -> None:
    random = np.random.default_rng(6)
    said = random.uniform(size=5000)
    frame = pd.DataFrame({"x": said, "y": (random.uniform(size=5000) < said).astype(int)})
    weighted = frame.assign(weight=np.where(frame["y"] == 1, 1.0, 20.0))[(frame["y"] == 1) | (frame.index % 20 == 0)]
    config = compose("dataset.path=frame", "dataset.target=y", "dataset.positive=1", "dataset.weight=weight").dataset
    dataset = build(weighted, config)
    said = dataset.features["x"].to_numpy()
    for each in weak(dataset, np.column_stack([1 - said, said]), make_metric(None, dataset), 0)["calibration"]:
        assert each["observed"] == pytest.approx(each["predicted"], abs=0.15)


def test_slices_and_groups_are_told_of_rows_as_they_are_weighted(compose) -> None:
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"x": random.normal(size=800), "place": np.repeat(["inn", "out"], 400)})
    off = (frame["place"] == "out") & (frame.index % 2 == 0)  # rows that hardly count
    frame["y"] = frame["x"] + random.normal(size=800) + 5 * off
    overrides = ("dataset.path=frame", "dataset.target=y", "dataset.sensitive=[place]", "evaluation.metric=mae")
    frame["weight"] = np.where(off, 1e-4, 1.0)
    told = []
    for role in ("dataset.drop=[weight]", "dataset.weight=weight"):
        dataset = build(frame, compose(*overrides, role).dataset)
        told.append(weak(dataset, dataset.features["x"].to_numpy(), make_metric("mae", dataset), 0))
    plain, weighted = told
    assert [each["value"] for each in plain["slices"]] == ["out"]
    assert weighted["slices"] == []
    for each in weighted["fairness"]:
        assert each["mean_absolute_error"] == pytest.approx(each["score"])
        assert each["mean_error"] == pytest.approx(0, abs=0.2)


def test_a_sensitive_number_is_told_by_ranges_of_values_that_are_there(compose) -> None:
    income = np.append(np.arange(400) % 40 * 1000.0, [np.nan] * 40)
    frame = pd.DataFrame({"income": income, "x": range(440), "y": np.random.default_rng(0).normal(size=440)})
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y", "dataset.sensitive=[income]").dataset)
    told = weak(dataset, np.zeros(440), make_metric(None, dataset), 0)["fairness"]
    groups = {each["group"]: each["rows"] for each in told}
    assert groups == {"0 to 9000": 100, "10,000 to 19,000": 100, "20,000 to 29,000": 100, "30,000 to 39,000": 100} | {
        "missing": 40
    }


def test_a_sensitive_code_is_written_as_in_the_table_beside_gaps(compose) -> None:
    frame = pd.DataFrame({"sex": [1, 2, None, 1] * 30, "x": range(120), "y": np.random.default_rng(0).normal(size=120)})
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y", "dataset.sensitive=[sex]").dataset)
    told = weak(dataset, np.zeros(120), make_metric(None, dataset), 0)["fairness"]
    assert {each["group"]: each["rows"] for each in told} == {"1": 60, "2": 30, "missing": 30}


def test_a_misspelt_sensitive_column_is_one_sentence(compose) -> None:
    frame = pd.DataFrame({"sex": list("ab") * 20, "x": range(40), "y": [0, 1] * 20})
    config = compose("dataset.path=frame", "dataset.target=y", "dataset.sensitive=[sx]").dataset
    with pytest.raises(UserError, match=r"dataset.sensitive='sx' is not a column of the table: .*'sex'"):
        build(frame, config)


@pytest.mark.slow
def test_what_fails_here_never_loses_the_verdict(small, run_here, tmp_path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("no such luck")

    monkeypatch.setattr("runner.insight.weak", broken)
    monkeypatch.setattr("runner.insight.write_predictions", broken)
    monkeypatch.setattr("runner.insight.earnings", broken)
    config = small("dataset=blood-transfusion", "budget.rows=200", "budget.trials=0")
    content = run_here(config, tmp_path / "run").content
    assert content["decision"] == "NO-GO"
    assert content["weak"] is None
    assert sum("no such luck" in note for note in content["notes"]) >= 2
