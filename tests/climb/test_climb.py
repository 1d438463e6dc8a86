"""Who leads on the way up: the cheap champion, and the challenger that must beat it."""

from dataclasses import replace

import pytest
from sklearn.metrics import get_scorer

from runner.candidates.pipeline import Candidate
from runner.climb import Climb
from runner.config import EconomicsConfig
from runner.costs import Costs
from runner.decision.economics import Contender
from runner.evaluation import Evaluation, Status
from runner.ladder import Rung, Space
from runner.metrics import Metric
from runner.search import Limits, Search, Trial
from runner.task import Task

NAMES = {"none": ["dummy"], "tree": ["stump", "tree"], "simple": ["linear"], "boosting": ["forest", "lightgbm"]}
LADDER = tuple(
    Rung(rung, tuple(Candidate(name, rung, "sklearn.dummy.DummyClassifier", "scaled") for name in names))
    for rung, names in NAMES.items()
)
AUC = Metric("roc_auc", Task.BINARY, 2, get_scorer("roc_auc"))
RMSE = Metric("neg_root_mean_squared_error", Task.REGRESSION, 0, get_scorer("neg_root_mean_squared_error"))


def evaluation(name: str, rung: str, score: float | None) -> Evaluation:
    scores = () if score is None else (score - 0.01, score + 0.01)
    return Evaluation(name, rung, Status.OK if scores else Status.FAILED, Costs(1.0, 4.0), fold_scores=scores)


def climbed(metric: Metric = AUC, worthwhile: float = 0.01, **scores: float | None) -> Climb:
    prices = EconomicsConfig("none", worthwhile_gain=worthwhile)
    climb = Climb(LADDER, metric, prices, lambda e: Contender(e.candidate, e.rung, 1.0, 0.01))
    for rung in LADDER:
        given = [c.name for c in rung.candidates if c.name in scores]
        climb.add(rung, [evaluation(name, rung.name, scores[name]) for name in reversed(given)])
    return climb


def leader(climb: Climb) -> str | None:
    champion = climb.champion()
    return champion.candidate if champion else None


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"dummy": 0.5, "tree": 0.7, "linear": 0.8, "lightgbm": 0.9}, "lightgbm"),
        ({"dummy": 0.5, "tree": 0.7, "linear": 0.896, "lightgbm": 0.9}, "linear"),  # 0.01 of 0.5 is 0.005
        ({"dummy": 0.5, "tree": 0.7, "linear": 0.894, "lightgbm": 0.9}, "lightgbm"),
        ({"dummy": 0.5, "stump": 0.898, "tree": 0.899, "linear": 0.9}, "tree"),  # within a rung the better one
        ({"dummy": 0.5, "tree": 0.47, "linear": 0.49}, "dummy"),
        ({"dummy": 0.5, "tree": None, "linear": 0.8}, "linear"),
        ({"dummy": None, "tree": 0.7}, "tree"),
        ({"dummy": None, "tree": None}, None),
        ({}, None),
    ],
)
def test_the_cheap_champion(scores: dict[str, float | None], expected: str | None) -> None:
    assert leader(climbed(**scores)) == expected


def test_the_champion_of_a_loss_is_the_lowest() -> None:
    climb = climbed(RMSE, dummy=-10.0, tree=-6.0, linear=-5.05, lightgbm=-5.0)
    assert leader(climb) == "linear"  # 0.01 of 10 is 0.1
    assert climb.headroom() == pytest.approx(10.0)
    assert climb.loss_left() == pytest.approx(0.5)
    assert RMSE.headroom(-1e-14) == 1e-14  # in whatever unit
    assert RMSE.headroom(0.0) > 0  # a share of it can be told


def test_a_larger_worthwhile_gain_keeps_the_cheaper_one() -> None:
    scores = {"dummy": 0.5, "tree": 0.86, "linear": 0.88, "lightgbm": 0.9}
    leaders = [leader(climbed(worthwhile=worthwhile, **scores)) for worthwhile in (0.0, 0.05, 0.1)]
    assert leaders == ["lightgbm", "linear", "tree"]


def test_evaluations_stand_in_the_order_of_the_ladder() -> None:
    climb = climbed(dummy=0.5, stump=0.6, tree=0.7, forest=0.8, lightgbm=0.8)
    assert [e.candidate for e in climb.evaluations] == ["dummy", "stump", "tree", "forest", "lightgbm"]
    assert [e.candidate for e in climb.scored()][:2] == ["forest", "lightgbm"]


def test_what_is_left_to_win_is_a_share_of_the_dummys_loss() -> None:
    assert climbed().loss_left() == 1.0
    assert climbed(dummy=0.5, tree=0.9).loss_left() == pytest.approx(0.2)


def test_the_challenger_is_the_best_trial_and_can_be_named() -> None:
    climb = climbed(dummy=0.5, lightgbm=0.9)
    assert climb.challenger() is None
    assert climb.found() is None
    base = climb.candidate("lightgbm")
    search = Search((), Limits(2, lambda: 0.0), 0)
    for number, score in enumerate([0.8, 0.95, None]):
        candidate = base.with_params(f"lightgbm #{number}", "search", {"C": number})
        search.trials.append(Trial(number, "lightgbm", candidate, evaluation(candidate.name, "search", score)))
    climb.search = search
    challenger = climb.challenger()
    assert challenger is not None
    assert challenger.candidate == "lightgbm #1"
    assert climb.candidate("lightgbm #1").drawn == {"C": 1}
    assert len(climb.everything()) == 5
    assert leader(climb) == "lightgbm"


def test_a_search_that_does_not_lead_on_the_folds_has_no_challenger() -> None:
    climb = climbed(dummy=0.5, lightgbm=0.9)
    candidate = climb.candidate("lightgbm").with_params("lightgbm #0", "search", {"C": 0})
    trial = Trial(0, "lightgbm", candidate, evaluation(candidate.name, "search", 0.9))
    climb.search = Search((), Limits(1, lambda: 0.0), 0, trials=[trial])
    assert climb.found() is trial.evaluation
    assert climb.challenger() is None


def test_with_prices_a_model_must_earn_its_upkeep() -> None:
    climb = climbed(dummy=0.5, tree=0.7, linear=0.8, lightgbm=0.9)
    upkeep = {"none": 0.0, "tree": 1.0, "simple": 2.0, "boosting": 10.0}
    for value, expected in ((1.0, "dummy"), (9.0, "tree"), (50.0, "linear"), (100.0, "lightgbm")):
        climb.prices = EconomicsConfig(
            "x", value_per_unit=value, price_per_work_hour=1.0, upkeep_hours=upkeep, price_per_cpu_hour=0.0
        )
        assert leader(climb) == expected
    climb.prices = replace(climb.prices, horizon_years=3.0)  # worth and upkeep grow alike
    assert leader(climb) == "lightgbm"


def test_the_pace_is_that_of_the_latest_evaluations() -> None:
    assert climbed().pace() == 1.0
    climb = climbed(dummy=0.5, stump=0.6, tree=0.7, linear=0.8, forest=0.8, lightgbm=0.8)
    climb.evaluations = [
        replace(e, costs=Costs(100.0, 9000.0 if e.candidate == "dummy" else 200.0)) for e in climb.evaluations
    ]
    # whoever was at work when the first model was fitted may be gone
    assert climb.pace() == pytest.approx(2.0, rel=0.01)


def test_milliseconds_say_little_of_how_busy_a_machine_is() -> None:
    climb = climbed(dummy=0.5)
    climb.evaluations = [replace(e, costs=Costs(0.07, 0.5)) for e in climb.evaluations]
    assert 1.0 < climb.pace() < 1.5
    climb.evaluations = [replace(e, costs=Costs(0.5, 0.1)) for e in climb.evaluations]
    assert climb.pace() == 1.0


def searching(*trials: Evaluation) -> Climb:
    """Return a climb whose search starts from two models, of 2 and 6 CPU seconds, and has done some trials."""
    climb = climbed(dummy=0.5, linear=0.8, forest=0.9, lightgbm=0.9)
    own = {"linear": Costs(5.0, 5.0, prepare_seconds=3.0), "forest": Costs(50.0, 50.0), "lightgbm": Costs(6.0, 6.0)}
    climb.evaluations = [replace(e, costs=own.get(e.candidate, e.costs)) for e in climb.evaluations]
    spaces = tuple(Space(name, climb.candidate(name), {}) for name in ("linear", "lightgbm"))
    climb.ladder = (*climb.ladder, Rung("search", spaces=spaces))
    base = climb.candidate("lightgbm")
    done = [Trial(i, "lightgbm", base.with_params(e.candidate, "search", {}), e) for i, e in enumerate(trials)]
    climb.search = Search(spaces, Limits(9, lambda: 0.0), 0, trials=done)
    return climb


def trial(status: Status, cpu_seconds: float) -> Evaluation:
    scores = (0.8, 0.8) if status is Status.OK else ()
    return Evaluation("lightgbm #0", "search", status, Costs(cpu_seconds, cpu_seconds), fold_scores=scores)


def test_a_trial_is_forecast_from_the_models_that_a_search_starts_from_and_then_from_the_trials() -> None:
    assert searching().trial_seconds() == pytest.approx(searching().pace() * (2 + 6) / 2)
    done = searching(trial(Status.OK, 3.0), trial(Status.PRUNED, 1.0), trial(Status.OK, 40.0))
    assert done.trial_seconds() == pytest.approx(3.0)  # of as many as not it is less


def test_a_trial_that_was_ended_for_its_time_does_not_tell_what_one_takes() -> None:
    assert searching(trial(Status.TIMED_OUT, 0.1)).trial_seconds() == searching().trial_seconds() > 0.1


def test_a_climb_without_models_to_start_from_has_no_forecast_of_a_trial() -> None:
    assert climbed(dummy=0.5, forest=0.9).trial_seconds() == 0.0
