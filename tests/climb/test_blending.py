"""A blend costs what it takes to have: what its members share is done once."""

from dataclasses import replace

import pytest

from runner.candidates.blend import POOL
from runner.candidates.pipeline import Candidate, build
from runner.climb import Climb
from runner.climb.blending import blend, blend_cheap, blend_search
from runner.config import EconomicsConfig
from runner.costs import Costs
from runner.dataset import Dataset
from runner.decision.economics import Contender
from runner.evaluation import Evaluation
from runner.evaluation.evaluate import cross_validate
from runner.judge.out_of_fold import OutOfFold
from runner.ladder import Rung
from runner.metrics import make_metric
from runner.search import Limits, Search, Trial
from runner.splits import make_folds

LINEAR = Candidate("linear", "simple", "sklearn.linear_model.LogisticRegression", "scaled", {"max_iter": 1000})
TREES = Candidate("trees", "boosting", "sklearn.ensemble.RandomForestClassifier", "ordinal", {"n_estimators": 10})
FOREST = Candidate("forest", "boosting", "sklearn.ensemble.ExtraTreesClassifier", "ordinal", {"n_estimators": 10})
CLEAN, ENCODE, ALL = 0.04, 0.02, 0.1  # seconds of a member's predictions


@pytest.fixture(scope="module")
def blended(shipped) -> tuple[Candidate, Evaluation]:
    """Return a blend of three members, each of which took the same alone."""
    dataset: Dataset = shipped("credit-g", 300)
    folds, metric = make_folds(dataset, 3, seed=0), make_metric(None, dataset)
    costs = Costs(1.0, 1.0, 1.0, predict_seconds=ALL, clean_seconds=CLEAN, encode_seconds=ENCODE, size_mb=1.0)
    pool = [(one, cross_validate(one, dataset, folds, metric, 0, 1000.0)) for one in (LINEAR, TREES, FOREST)]
    pool = [(one, replace(evaluation, costs=costs)) for one, evaluation in pool]
    return blend("blend", "blend", pool, OutOfFold(dataset, [test for _, test in folds], metric))


def test_what_members_share_is_served_once(blended: tuple[Candidate, Evaluation]) -> None:
    candidate, evaluation = blended
    members = [member for member, _ in candidate.members]
    forms = {member.preparation for member in members}
    assert len(members) > len(forms)  # else nothing is shared
    expected = CLEAN + len(forms) * ENCODE + len(members) * (ALL - CLEAN - ENCODE)
    assert evaluation.costs.predict_seconds == pytest.approx(expected)
    assert evaluation.costs.cpu_seconds == len(members)  # fitted on the folds each by itself, as if alone
    assert evaluation.costs.size_mb == len(members)


def test_a_blend_in_which_one_is_left_is_that_model_and_not_a_candidate(shipped) -> None:
    dataset: Dataset = shipped("credit-g", 300)
    folds, metric = make_folds(dataset, 3, seed=0), make_metric(None, dataset)
    known = cross_validate(LINEAR, dataset, folds, metric, 0, 1000.0)
    other = replace(known, candidate=TREES.name)  # says the same, so that it adds nothing
    none = EconomicsConfig("none")
    climb = Climb((Rung("simple", (LINEAR, TREES)),), metric, none, lambda e: Contender(e.candidate, e.rung, 0.0, 0.0))
    climb.evaluations = [known, other]
    assert blend_cheap(climb, OutOfFold(dataset, [test for _, test in folds], metric)) is None
    assert [evaluation.candidate for evaluation in climb.evaluations] == ["linear", "trees"]


def test_a_blend_predicts_the_mean_of_what_its_members_predict(blended, shipped) -> None:
    dataset: Dataset = shipped("credit-g", 300)
    candidate, _ = blended
    model = build(candidate, 0).fit(dataset.features, dataset.target)
    total = sum(weight for _, weight in candidate.members)
    expected = sum(
        weight / total * build(member, 0).fit(dataset.features, dataset.target).predict_proba(dataset.features)
        for member, weight in candidate.members
    )
    assert model.predict_proba(dataset.features) == pytest.approx(
        expected, abs=1e-6
    )  # some compute in single precision


@pytest.mark.parametrize("has_cheap_blend", [True, False])
def test_trials_that_are_alike_do_not_crowd_others_out(shipped, has_cheap_blend: bool) -> None:
    dataset: Dataset = shipped("credit-g", 300)
    folds, metric = make_folds(dataset, 3, seed=0), make_metric(None, dataset)
    none, tests = EconomicsConfig("none"), [test for _, test in folds]
    ladder = (Rung("simple", (LINEAR,)), Rung("boosting", (TREES, FOREST)))
    climb = Climb(ladder, metric, none, lambda e: Contender(e.candidate, e.rung, 0.0, 0.0))
    climb.evaluations = [cross_validate(one, dataset, folds, metric, 0, 1000.0) for one in (LINEAR, TREES, FOREST)]
    best, *_ = climb.scored()
    cheap = blend_cheap(climb, OutOfFold(dataset, tests, metric))
    assert cheap
    assert cheap.score > best.score
    if not has_cheap_blend:  # as where there was no time to weigh one
        climb.blends, climb.evaluations = [], climb.evaluations[:-1]
    search = Search((), Limits(POOL, lambda: 0.0), seed=0)
    for number in range(POOL):  # each says what the best cheap model says, and is told to score a little better
        candidate = replace(climb.candidate(best.candidate), name=f"trial #{number}", rung="search")
        scores = tuple(score + 0.001 for score in best.fold_scores)
        evaluation = replace(best, candidate=candidate.name, rung="search", fold_scores=scores)
        search.trials.append(Trial(number, "family", candidate, evaluation))
    climb.search = search
    found = blend_search(climb, OutOfFold(dataset, tests, metric))
    assert found
    assert found.score >= cheap.score
    assert any(member.rung != "search" for member, _ in climb.candidate(found.candidate).members)


@pytest.mark.parametrize(("seconds", "members"), [(9.0, 3), (3.0, 2), (1.0, 0)])
def test_what_there_is_no_time_to_fit_is_left_out_of_a_blend(shipped, seconds: float, members: int) -> None:
    """Three members of 4, 1.9 and 1 CPU s: of too long a blend, those go that take half of the longest, or longer."""
    dataset: Dataset = shipped("credit-g", 300)
    folds, metric = make_folds(dataset, 3, seed=0), make_metric(None, dataset)
    models, none = (FOREST, TREES, LINEAR), EconomicsConfig("none")
    climb = Climb((Rung("simple", models),), metric, none, lambda e: Contender(e.candidate, e.rung, 0.0, 0.0))
    took = {FOREST.name: 4.0, TREES.name: 1.9, LINEAR.name: 1.0}
    evaluations = [cross_validate(one, dataset, folds, metric, 0, 1000.0) for one in models]
    climb.evaluations = [replace(each, costs=Costs(took[each.candidate], 1.0)) for each in evaluations]

    def is_in_time(blend: Candidate) -> bool:
        return sum(took[member.name] for member, _ in blend.members) <= seconds

    out_of_fold = OutOfFold(dataset, [test for _, test in folds], metric)
    made = blend_cheap(climb, out_of_fold, is_in_time)
    assert (made is not None) == (members > 0)
    assert sum(len(candidate.members) for candidate in climb.blends) == members
    timeless = [replace(each, costs=Costs()) for each in evaluations]  # as a coarse clock measures
    assert blend_cheap(replace(climb, evaluations=timeless, too_slow={}), out_of_fold, lambda _: False) is None
