"""What is wrong with a suite's config is told in one sentence."""

from pathlib import Path

import pytest

from runner.errors import UserError
from runner.suite.plan import kinds, plan
from runner.suite.settings import settings

WRONG = {
    "suite=nigtly": ["suite=nigtly", "'nightly'"],
    "foo": ["no suite=foo: known are nightly, pull-request."],
    "suite.secnds=3": ["suite.secnds", "'suite.seconds'"],
    "suite.rules.scor.action=off": ["suite.rules.scor", "'suite.rules.score'"],
    "suite.rules.score.action=of": ["suite.rules.score.action='of'", "'off'"],
    "suite.rules.check.severity=stp": ["'stp'", "'stop'"],
    "suite.tables=[]": ["suite.tables is empty"],
    "suite.side_by_side=0": ["suite.side_by_side=0", "1 or more"],
    "suite.trend=0": ["suite.trend=0", "1 or more"],
    "suite.false_alarms=5": ["suite.false_alarms=5", "between 0 and 1"],
    "dataset=glass": ["dataset=glass", "suite.tables"],
    "budget=quick": ["budget=quick", "suite.budgets"],
    "seed=1": ["seed=1", "suite.seeds"],
    "suite=rules": ["suite.name", "not set"],
}


@pytest.mark.parametrize(("override", "told"), [*WRONG.items()], ids=[*WRONG])
def test_a_wrong_suite_is_told_in_one_sentence(override: str, told: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        settings([override])
    sentence = str(caught.value)
    assert all(word in sentence for word in told), sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("name", ["nightly", "pull-request"])
def test_the_suites_that_ship_compose_and_their_runs_too(name: str) -> None:
    from runner.config.compose import composed

    job = settings([f"suite={name}", "tracking=none"])
    runs = plan(job, 1, {})
    assert {run.table for run in runs} == set(job.suite.tables)
    for run in runs:
        config = composed(list(run.overrides))
        assert (config.dataset.name, config.budget.name, config.seed) == (run.table, run.budget, run.seed)
        assert config.engine.workers == 1
        assert not config.tracking.enabled


def test_a_suite_is_chosen_by_its_name_alone_too() -> None:
    assert settings(["pull-request"]) == settings(["suite=pull-request"])


def test_what_is_accepted_is_kept_beside_the_configs_of_the_user(tmp_path: Path) -> None:
    assert settings([]).suite.accepted == "benchmarks/accepted/nightly.json"
    assert settings([], tmp_path).suite.accepted == str(tmp_path / "accepted" / "nightly.json")
    assert settings(["suite.accepted=here.json"], tmp_path).suite.accepted == "here.json"


def test_other_overrides_go_to_every_run() -> None:
    job = settings(["suite.tables=[glass]", "suite.seeds=[0,1]", "budget.rows=300", "economics=cloud"])
    runs = plan(job, 2, {"glass-smoke-1": 40.0})
    assert [run.key for run in runs] == ["glass-smoke-0", "glass-smoke-1"]
    assert all({"budget.rows=300", "economics=cloud"} <= set(run.overrides) for run in runs)


def test_the_longest_by_forecast_goes_first() -> None:
    job = settings(["suite.tables=[glass,adult,titanic]"])
    runs = plan(job, 1, {"glass-smoke-0": 10.0, "adult-smoke-0": 28.0, "titanic-smoke-0": 15.0})
    assert [run.table for run in runs] == ["adult", "titanic", "glass"]
    assert runs[0].forecast_seconds == 28.0


def test_a_run_is_forecast_to_take_what_its_own_config_allows(tmp_path: Path) -> None:
    (tmp_path / "budget").mkdir()
    (tmp_path / "budget" / "long.yaml").write_text("name: long\nseconds: 1800\nmemory_gb: 2\ntrials: 9\n")
    own = "suite.own.titanic=['budget.seconds=9']"
    job = settings(["suite.tables=[glass,titanic]", "suite.budgets=[long]", "suite.overrides=[]", own], tmp_path)
    runs = plan(job, 1, {}, tmp_path)
    assert [(run.table, run.forecast_seconds) for run in runs] == [("glass", 1800.0), ("titanic", 9.0)]


def test_runs_that_take_the_same_words_are_of_one_kind() -> None:
    job = settings(
        ["suite.tables=[glass,adult,mine,titanic]", "suite.seeds=[0,1]", "suite.own.titanic=['budget.rows=9']"]
    )
    assert [run.table for run in kinds(plan(job, 1, {}))] == ["adult", "mine", "titanic"]
