"""Overrides that are advised are read back by a shell and by Hydra."""

import shlex

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from runner.config.overrides import applicable, as_override, for_shell

NAMES = [
    "id",
    "Churn Reason",
    "C6H6(GT)",
    "x,1",
    "[z]",
    "größe=cm",
    "subject#",
    "it's",
    'say "so"',
    "true",
    "7",
    "$a",
    "#",
    "back\\slash",
    "end\\",
    "\\'",
    "${a}",
    "\\${a}",
    "a ${",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_survives_shell_hydra_and_omegaconf(name: str) -> None:
    for value in (name, [name, "other"]):
        (word,) = shlex.split(as_override("dataset.drop", value))
        read = OverridesParser.create().parse_override(*applicable([word])).value()
        plain = [str(each) for each in read] if isinstance(read, list) else str(read)
        assert OmegaConf.to_container(OmegaConf.create({"drop": plain}), resolve=True) == {"drop": value}


def test_plain_names_stay_plain() -> None:
    assert as_override("dataset.drop", ["id", "day_2"]) == "dataset.drop=[id,day_2]"
    assert as_override("dataset.group", "subject #") == "'dataset.group=subject #'"


def test_a_command_repeats_what_was_typed_in_one_kind_of_quotes() -> None:
    for typed in ("dataset.target=Größe", "dataset.drop=[b c,d]", "budget.rows=5", "economics.cost_matrix={a: {b: 1}}"):
        assert shlex.split(for_shell(*applicable([typed]))) == [typed]
    assert for_shell("dataset.target='7'") == "\"dataset.target='7'\""  # not the number


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dataset.target", "Größe"),
        ("dataset.target", "income >50K"),
        ("dataset.target", "it's 5 % (net) = $1"),
        ("dataset.group", "subject#"),
        ("dataset.path", "/tmp/日本.csv"),
        ("dataset.query", "select * from t where a > 5"),
    ],
)
def test_a_text_is_read_without_quotes_that_the_shell_would_remove(key: str, value: str) -> None:
    (word,) = applicable([f"{key}={value}"])
    given = OverridesParser.create().parse_override(word)
    assert (given.key_or_group, given.value()) == (key, value)


def test_names_in_a_list_are_read_without_quotes_too() -> None:
    (word,) = applicable(["dataset.drop=[Größe,b c,d#]"])
    assert OverridesParser.create().parse_override(word).value() == ["Größe", "b c", "d#"]


@pytest.mark.parametrize(
    "word",
    [
        "seed=1,2",
        "budget.rows=5",
        "dataset.target='Größe'",
        'dataset.target="a b"',
        "dataset.drop=[a,b]",
        "economics.cost_matrix={a: {b: 1}}",
        "economics.cost_matrix={a: {b: 1}",
        "dataset.path=data/*.parquet",
        "dataset.path=",
        "dataset.path=${oc.env:HOME}/größe.csv",
        "'dataset.path'=ä",
    ],
)
def test_what_hydra_reads_and_what_is_broken_stays_as_it_is(word: str) -> None:
    assert applicable([word]) == [word]
