"""What columns earn: those that matter do, noise does not; and a run says so."""

import numpy as np
import pandas as pd
import pytest

from runner.candidates.pipeline import Candidate
from runner.dataset import Dataset
from runner.insight.earnings import earnings
from runner.metrics import make_metric
from runner.reading import build
from runner.task import Task

LINEAR = Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "scaled", {"max_iter": 1000})


def made(rows: int) -> pd.DataFrame:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.normal(size=(rows, 6)), columns=["strong", "weak", "n1", "n2", "n3", "n4"])
    frame["copy"] = frame["n1"] + 0.05 * random.normal(size=rows)
    frame["y"] = (2 * frame["strong"] + frame["weak"] + random.logistic(size=rows) > 0).astype(int)
    return frame


def test_what_matters_earns_and_noise_does_not(compose) -> None:
    dataset = build(made(900), compose("dataset.path=frame", "dataset.target=y").dataset)
    metric = make_metric(None, dataset)
    found = earnings(LINEAR, dataset, [(np.arange(600), np.arange(600, 900))], metric, 0)
    by_name = {each.name: each for each in found}
    assert by_name["strong"].earns
    assert by_name["weak"].earns
    assert by_name["strong"].gain.estimate > by_name["weak"].gain.estimate > 0
    assert not any(by_name[name].earns for name in ("n2", "n3", "n4"))
    assert by_name["n1"].alike == ("copy",)
    assert all(each.gain.low <= each.gain.estimate <= each.gain.high for each in found)


@pytest.mark.parametrize("cuts", [[], [400, 500], [301]], ids=["one fold", "three folds", "a fold of one row"])
def test_of_many_columns_those_that_the_model_uses_are_measured(compose, cuts: list[int]) -> None:
    random = np.random.default_rng(5)
    noise = pd.DataFrame(random.integers(0, 2, size=(600, 60)), columns=[f"n{i}" for i in range(60)])
    strong = random.normal(size=600)
    frame = noise.assign(strong=strong, y=(strong + 0.3 * random.normal(size=600) > 0).astype(int))
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y").dataset)
    folds = [(np.arange(300), test) for test in np.split(np.arange(300, 600), np.array(cuts, dtype=int) - 300)]
    stump = Candidate("stump", "tree", "sklearn.tree.DecisionTreeClassifier", "ordinal", {"max_depth": 1})
    found = earnings(stump, dataset, folds, make_metric(None, dataset), 0)
    assert len(found) == 40
    assert [each.name for each in found if each.earns] == ["strong"]  # the last column of the table


def test_among_many_columns_of_noise_none_is_shown_to_help(compose) -> None:
    config = compose("dataset.path=frame", "dataset.target=y").dataset
    above_zero, shown = 0, 0
    for seed in range(12):
        random = np.random.default_rng(seed)
        frame = pd.DataFrame(random.normal(size=(400, 12))).assign(y=random.integers(0, 2, 400))
        dataset = build(frame, config)
        folds = [(np.arange(250), np.arange(250, 400))]
        found = earnings(LINEAR, dataset, folds, make_metric(None, dataset), 0)
        above_zero += any(each.gain.low > 0 for each in found)
        shown += any(each.earns for each in found)
    assert above_zero >= 4  # of twelve intervals of 95 %, one tends to be above zero
    assert shown <= 2


def test_of_a_rare_class_enough_rows_measure_what_columns_earn(compose) -> None:
    random = np.random.default_rng(6)
    frame = pd.DataFrame(random.normal(size=(9_000, 2)), columns=["strong", "none"])
    frame["y"] = (frame["strong"] + 0.5 * random.normal(size=9_000) > 2.7).astype(int)  # 70 of 9,000
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y").dataset)
    order = random.permutation(9_000)
    for metric in ("roc_auc", "neg_log_loss"):
        found = earnings(LINEAR, dataset, [(order[:3_000], order[3_000:])], make_metric(metric, dataset), 0)
        assert [each.earns for each in found] == [True, False]
    assert found[0].gain.estimate < 0.15  # in log loss; some 0.45 if the class counted as often as it is in the sample


def test_rows_of_several_folds_are_weighed_as_they_were_drawn(compose, monkeypatch) -> None:
    monkeypatch.setattr("runner.gain.bootstrap.DRAWS", 20)  # the bounds are not looked at
    random = np.random.default_rng(6)
    frame = pd.DataFrame(random.normal(size=(6_000, 1)), columns=["strong"])
    seen = frame["strong"] + 0.5 * random.normal(size=6_000)
    config = compose("dataset.path=frame", "dataset.target=y").dataset
    folds = [(np.delete(np.arange(6_000), part), part) for part in np.split(random.permutation(6_000), 5)]
    dataset = build(frame.assign(y=(seen > seen.quantile(0.94)).astype(int)), config)
    (found,) = earnings(LINEAR, dataset, folds, make_metric("neg_log_loss", dataset), 0)
    assert found.gain.estimate < 0.6  # 1.2 if a class of 6 % made up a quarter of the rows
    dataset = build(frame.assign(y=np.digitize(seen, seen.quantile([0.5, 0.99]))), config)
    (found,) = earnings(LINEAR, dataset, folds, make_metric("roc_auc_ovo", dataset), 0)  # which takes no weights
    assert found.gain.estimate > 0.1


def test_columns_that_name_each_row_anew_are_not_alike(compose) -> None:
    random, frame = np.random.default_rng(0), made(300)
    days = [pd.Timestamp("2026-01-01") + pd.to_timedelta(random.permutation(300), "D") for _ in range(2)]
    words = {"name": [f"n{i}" for i in random.permutation(300)], "ticket": [f"t{i}" for i in random.permutation(300)]}
    dates = {"born": days[0], "seen": days[1], "paid": days[1] + pd.Timedelta("3D")}
    dataset = build(frame.assign(**words, **dates), compose("dataset.path=frame", "dataset.target=y").dataset)
    found = earnings(LINEAR, dataset, [(np.arange(200), np.arange(200, 300))], make_metric(None, dataset), 0)
    alike = {each.name: each.alike for each in found}
    assert {alike[name] for name in ("name", "ticket", "born")} == {()}
    assert alike["seen"] == ("paid",)


def test_a_fold_so_small_that_none_of_its_rows_is_drawn_costs_no_column_its_figure() -> None:
    random, rows = np.random.default_rng(0), np.arange(1_500)
    features = pd.DataFrame(random.normal(size=(len(rows), 2)), columns=["x", "z"])
    data = Dataset(
        "t", Task.REGRESSION, "y", features, features["x"].to_numpy() + random.normal(size=len(rows)), (), ""
    )
    folds = [(rows[1:], rows[:1]), (rows[:750], rows[750:]), (rows[750:], rows[1:750])]
    linear = Candidate("linear", "simple", "sklearn.linear_model.LinearRegression", "none")
    found = earnings(linear, data, folds, make_metric(None, data), 0)
    assert [(each.name, each.earns) for each in found] == [("x", True), ("z", False)]


def test_what_hangs_on_one_row_is_not_shown_to_earn(compose) -> None:
    frame = made(300).assign(y=lambda rows: rows["strong"])
    frame.loc[250, ["strong", "y"]] = 1000.0
    dataset = build(frame, compose("dataset.path=frame", "dataset.target=y").dataset)
    line = Candidate("linear", "simple", "sklearn.linear_model.Ridge", "ordinal")
    folds = [(np.arange(200), np.arange(200, 300))]
    found = earnings(line, dataset, folds, make_metric("mae", dataset), 0)
    strong = next(each for each in found if each.name == "strong")
    assert strong.gain.estimate > 1
    assert (strong.gain.low, strong.gain.high, strong.earns) == (-np.inf, np.inf, False)


@pytest.mark.slow
def test_a_run_names_the_inputs_that_earn_nothing(small, run_here, tmp_path) -> None:
    config = small("dataset.path=frame", "dataset.target=y", "economics.worthwhile_gain=0.2", "budget.trials=0")
    content = run_here(config, tmp_path / "run", made(600)).content
    columns = {each["name"]: each for each in content["columns"]}
    assert columns["strong"]["earns"]
    (finding,) = [each for each in content["checks"] if each["code"] == "unused-inputs"]
    assert {"n2", "n3", "n4"} <= set(finding["columns"])
    assert "strong" not in finding["columns"]
    assert f"{len(finding['columns'])} of 7 inputs add nothing" in finding["evidence"]
    assert "ROC AUC 0." in finding["evidence"]
    assert content["weak"]["looked_at"] > 0
