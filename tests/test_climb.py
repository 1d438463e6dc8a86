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
from runner.ladder import Rung
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
    search = Search((), Limits(2, 0.0), 0)
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
    climb.search = Search((), Limits(1, 0.0), 0, trials=[trial])
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


def test_the_time_of_the_last_fits_has_room_for_a_blend_of_the_dearest() -> None:
    assert climbed(dummy=0.5).last_fits_seconds() == 0.0
    one, two = climbed(dummy=0.5, tree=0.7), climbed(dummy=0.5, tree=0.7, linear=0.6)
    assert one.last_fits_seconds() > 2 * 4.0 / 2  # the last look and the last fit, each on more rows than a fold has
    assert two.last_fits_seconds() == pytest.approx(2 * one.last_fits_seconds())
