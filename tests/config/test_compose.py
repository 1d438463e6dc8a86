"""Whatever is wrong with a config is told in one sentence that names it, with the nearest name there is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from runner.commands import resume
from runner.config import CandidateConfig, Config, compose
from runner.errors import UserError
from runner.folders import CONFIG, shipped
from runner.report.records import read_config

NEAREST = {
    "datset=glass": ["datset", "'dataset'"],
    "dataset=glas": ["dataset=glas", "'glass'", "dataset.path=glas.csv", "runner init glas.csv"],
    "budget=smok": ["budget=smok", "'smoke'"],
    "dataset.targt=y": ["dataset.targt", "'dataset.target'"],
    "budget.secnds=3": ["budget.secnds", "'budget.seconds'"],
    "+budget.secnds=3": ["budget.secnds", "'budget.seconds'"],
    "++dataset.tarjet.name=y": ["dataset.tarjet", "'dataset.target'"],
    "sed=3": ["sed", "'seed'"],
    "target=y": ["'target': did you mean 'dataset.target'?"],
    "seconds=3": ["'seconds': did you mean 'budget.seconds'?"],
    "dataset.metric=f1": ["'dataset.metric': did you mean 'evaluation.metric'?"],
    "licence=x": ["'licence': did you mean 'dataset.licence'?"],
    "foo=x": ["'foo': known are budget, ci, dataset"],
    "ladder.candidates.forest.rnug=tree": ["ladder.candidates.forest.rnug", "'ladder.candidates.forest.rung'"],
    "ladder.search.lightgbm.params.learning_rate.lwo=1": ["learning_rate.lwo", "learning_rate.low'"],
}
NO_SUCH_ENTRY = {
    "ladder.candidates.tree.params.min_samples_split=4": ["+ladder.candidates.tree.params.min_samples_split=VALUE"],
    "economics.upkeep_hours.foo=4": ["+economics.upkeep_hours.foo=VALUE"],
    "ladder.candidates.forst.preparation=onehot": ["ladder.candidates.forst", "'ladder.candidates.forest'"],
    "ladder.search.lightgm.candidate=forest": ["ladder.search.lightgm", "'ladder.search.lightgbm'"],
}
WRONG_TYPE = {
    "budget.seconds=soon": ["budget.seconds", "soon"],
    "budget.trials=2.5": ["budget.trials", "2.5"],
    "dataset.drop=id": ["dataset.drop takes a list, as in [a,b]"],
    "dataset.target=[a,b]": ["dataset.target takes a name", "a"],
    "economics.upkeep_hours=3": ["economics.upkeep_hours takes keys with values"],
    "ladder.rungs=none": ["ladder.rungs"],
    "tracking.enabled=maybe": ["tracking.enabled", "maybe"],
    "economics.policy=bnak": ["economics.policy", "bnak", "bank"],
    "seed=x": ["seed takes a whole number", "x"],
    "seed=null": ["seed"],
    "ladder.candidates.forest=5": ["ladder.candidates.forest", "5"],
    "ladder.search.lightgbm.params.learning_rate.low=x": ["learning_rate.low", "x"],
    "budget=null": ["string or a list"],
}
MISSING = {
    "dataset.path=???": ["dataset.path is not set", "dataset=NAME", "credit-g"],
    "dataset.target=???": ["dataset.target is not set", "runner init"],
    "budget.seconds=???": ["budget.seconds is not set", "budget.seconds=VALUE"],
    "~budget": ["budget", "is not set"],
    "dataset.path=${nowhere}": ["nowhere"],
    "dataset.path=${oc.env:NO_SUCH_VARIABLE}": ["NO_SUCH_VARIABLE"],
}
UNREADABLE = {
    "dataset.drop=[a": ["dataset.drop=[a", "quotes"],
    """economics.cost_matrix={"a": {"b": 1}}""": ["keys without quotes"],
    "dataset.path=a,b": ["'dataset.path=a,b' gives several values", "by -m"],
    "economics.value_per_unit=20,000": ["'economics.value_per_unit=20,000' gives several", "a number without commas"],
    "dataset.target='y": ["dataset.target='y"],
}
ALL = NEAREST | NO_SUCH_ENTRY | WRONG_TYPE | MISSING | UNREADABLE


@pytest.mark.parametrize(("override", "parts"), ALL.items(), ids=ALL)
def test_what_is_wrong_is_told_in_one_sentence(override: str, parts: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        compose.composed(["dataset=glass", override])
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message
    assert len(message) < 400
    assert not message.endswith(":")


def test_a_config_that_init_wrote_elsewhere_is_said_to_need_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conf" / "dataset").mkdir(parents=True)
    (tmp_path / "conf" / "dataset" / "churn.yaml").write_text("name: churn\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"no dataset=churn: .* add --config-dir conf\.$"):
        compose.composed(["dataset=churn"])


def test_a_table_must_be_named() -> None:
    with pytest.raises(UserError, match=r"dataset.path is not set: .*credit-g.*dataset.path=my.csv") as caught:
        compose.composed([])
    assert "\n" not in str(caught.value)


def test_every_table_that_ships_and_every_option_of_every_group_can_be_composed() -> None:
    groups = ("budget", "economics", "evaluation", "engine", "ladder", "tracking")
    options = [[f"{group}={path.stem}" for path in (shipped("conf") / group).glob("*.yaml")] for group in groups]
    names = compose.dataset_names()
    assert len(names) >= max(13, *map(len, options))
    assert "file" not in names
    for name, *others in zip_longest(names, *options):
        config = compose.composed([f"dataset={name}", *filter(None, others)])
        assert isinstance(config, Config)
        assert config.dataset.name == name
        assert Path(config.dataset.path).is_file()


@pytest.mark.parametrize("name", ["a/b", "..", ""])
def test_a_name_that_no_folder_can_have_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=rf"dataset\.name='{name}' names the folder .* without slashes"):
        compose.composed(["dataset=glass", f"dataset.name='{name}'"])


@pytest.mark.parametrize("name", ["${dataset.path}", "back\\slash", "\\${", "it's"])
def test_a_column_keeps_its_name_whatever_hydra_and_omegaconf_would_see_in_it(name: str, tmp_path: Path) -> None:
    given = [
        "dataset=glass",
        f"dataset.target={compose.as_value(name)}",
        f"economics.currency={compose.as_value(name)}",
    ]
    config = compose.composed(given)
    assert config.dataset.target == name
    (tmp_path / CONFIG).write_text(compose.as_yaml(config), encoding="utf-8")
    assert resume._config(tmp_path / CONFIG) == config
    assert read_config(tmp_path)["dataset"]["target"] == name
    assert compose.again("economics", asdict(config.economics), []) == config.economics


def test_a_file_gives_its_name_to_the_run() -> None:
    given = ["dataset.path='/data/My sales (2024).csv.gz'", "dataset.target=y"]
    assert compose.composed(given).dataset.name == "My-sales-2024"
    assert compose.composed(["dataset.path=.csv", "dataset.target=y"]).dataset.name == "table"


def test_candidates_are_added_changed_and_taken_out() -> None:
    changes = ["+ladder.candidates.linear.classifier_params.C=0.1", "ladder.candidates.forest=null"]
    ladder = compose.composed(["dataset=glass", *changes]).ladder
    assert ladder.candidates["linear"].classifier_params == {"max_iter": 1000, "C": 0.1}
    assert ladder.candidates["forest"] is None


MINE = "{rung: simple, classifier: sklearn.naive_bayes.BernoulliNB, params: {alpha: 0.5}}"


@pytest.mark.parametrize("plus", ["+", "++"])
def test_a_candidate_of_ones_own_is_added_and_searched_by_overrides_alone(plus: str) -> None:
    space = f"{plus}ladder.search.mine={{candidate: bare-bayes, params: {{alpha: {{low: 0.1, high: 1}}}}}}"
    ladder = compose.composed(["dataset=glass", f"{plus}ladder.candidates.bare-bayes={MINE}", space]).ladder
    shipped = compose.composed(["dataset=glass"]).ladder
    assert ladder.candidates.keys() - shipped.candidates.keys() == {"bare-bayes"}
    mine = ladder.candidates["bare-bayes"]
    assert mine == CandidateConfig("simple", "sklearn.naive_bayes.BernoulliNB", params={"alpha": 0.5})
    (dimension,) = ladder.search["mine"].params.values()
    assert (dimension.low, dimension.high) == (0.1, 1.0)


@pytest.mark.parametrize(
    ("override", "parts"),
    [
        ("+ladder.candidates.mine={rung: simple, clasifier: x}", ["clasifier", "'ladder.candidates.mine.classifier'"]),
        (f"ladder.candidates.mine={MINE}", ["ladder.candidates.mine", "+ladder.candidates.NAME={...}"]),
        ("+ladder.candidates.mine={rung: simple", ["+ladder.candidates.mine"]),
    ],
)
def test_what_is_wrong_with_a_candidate_of_ones_own_is_told(override: str, parts: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        compose.composed(["dataset=glass", override])
    assert all(part in str(caught.value) for part in parts), str(caught.value)


@pytest.mark.parametrize(
    ("group", "text", "parts"),
    [
        ("budget", "name: own\nsecnds: 3\n", ["budget.secnds", "'budget.seconds'"]),
        ("budget", "name: own\nseconds: soon\nmemory_gb: 1\ntrials: 1\n", ["budget.seconds", "soon"]),
        ("budget", "name: own\nseconds: 3\n", ["budget.memory_gb is not set"]),
        (
            "ladder",
            "rungs: [none]\ncandidates:\n  dummy:\n    rung: none\n    clasifier: x\n",
            ["clasifier", "'ladder.candidates.dummy.classifier'"],
        ),
        ("budget", "name: own\nseconds: [3\n", ["own.yaml' is not valid YAML", "line 3"]),
        ("budget", "seconds: 3\nseconds: 4\n", ["own.yaml' is not valid YAML", "duplicate key seconds in line 2"]),
    ],
)
def test_a_file_of_ones_own_is_checked_like_the_command_line(
    tmp_path: Path, group: str, text: str, parts: list[str]
) -> None:
    own = tmp_path / group / "own.yaml"
    own.parent.mkdir()
    own.write_text(text)
    with pytest.raises(UserError) as error:
        compose.composed([f"hydra.searchpath=['file://{tmp_path}']", "dataset=glass", f"{group}=own"])
    message = str(error.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message


def test_a_config_that_was_stored_is_read_back_the_same() -> None:
    config = compose.composed(["dataset=glass", "budget=smoke", "+ladder.candidates.linear.params.tol=0.01"])
    stored = OmegaConf.create(OmegaConf.to_yaml(OmegaConf.structured(config)))
    assert compose.typed(OmegaConf.merge(OmegaConf.structured(Config), stored)) == config


def test_a_stored_group_is_taken_as_it_stands_whatever_the_classes_are_called() -> None:
    matrix = {"<=50K": {">50K": 1.0}, ">50K": {"<=50K": 5.0}, "it's {a}, b: c": {"": 0.5}}
    stored = vars(compose.composed(["dataset=adult", "economics=cloud"]).economics) | {"cost_matrix": matrix}
    again = compose.again("economics", stored, ["economics.horizon_years=3"])
    assert vars(again) == stored | {"horizon_years": 3.0}
    assert compose.again("economics", stored, ["economics=laptop"]).cost_matrix is None


def test_stored_groups_are_composed_side_by_side() -> None:
    prices = [{"name": "own", "value_per_unit": float(value)} for value in range(6)]
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda stored: compose.again("economics", stored, []).value_per_unit, prices))
    assert again == [stored["value_per_unit"] for stored in prices]


def test_an_entry_is_added_to_a_stored_group_as_the_sentence_says() -> None:
    stored = {**vars(compose.composed(["dataset=glass"]).economics)}
    with pytest.raises(UserError, match=r"\+economics\.upkeep_hours\.mine=VALUE"):
        compose.again("economics", stored, ["economics.upkeep_hours.mine=4"])
    assert compose.again("economics", stored, ["+economics.upkeep_hours.mine=4"]).upkeep_hours["mine"] == 4
    with pytest.raises(UserError, match="'\\+seed=3' is not about economics"):
        compose.again("economics", stored, ["+seed=3"])


def test_several_threads_compose_at_once() -> None:
    words = [["dataset.path=x", f"dataset.target=y{number}"] for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        configs = list(pool.map(compose.composed, words))
    assert [config.dataset.target for config in configs] == [f"y{number}" for number in range(4)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/my table.csv", "my-table"),
        ("sales.2025.csv", "sales.2025"),
        ("sales.2025.csv.gz", "sales.2025"),
        ("data/sales.2025", "sales.2025"),
        ("sqlite:///shop.db", "shop"),
        ("env:DATABASE_URL", "env-DATABASE_URL"),
        ("parts/*.parquet", "table"),
        (".hidden.csv", "hidden"),
    ],
)
def test_a_data_set_is_named_after_its_file(path: str, name: str) -> None:
    assert compose.stem(path) == name
