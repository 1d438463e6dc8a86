"""Overrides that are advised are read back by a shell and by Hydra."""

import shlex

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from runner.overrides import as_override

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
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_survives_shell_and_hydra(name: str) -> None:
    for value in (name, [name, "other"]):
        (word,) = shlex.split(as_override("dataset.drop", value))
        read = OverridesParser.create().parse_override(word).value()
        assert ([str(each) for each in read] if isinstance(value, list) else str(read)) == value


def test_plain_names_stay_plain() -> None:
    assert as_override("dataset.drop", ["id", "day_2"]) == "dataset.drop=[id,day_2]"
    assert as_override("dataset.group", "subject #") == "\"dataset.group='subject #'\""
