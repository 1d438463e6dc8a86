"""Overrides that are advised are read back by a shell and by Hydra."""

import shlex

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from runner.config.overrides import as_override

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
        read = OverridesParser.create().parse_override(word).value()
        plain = [str(each) for each in read] if isinstance(read, list) else str(read)
        assert OmegaConf.to_container(OmegaConf.create({"drop": plain}), resolve=True) == {"drop": value}


def test_plain_names_stay_plain() -> None:
    assert as_override("dataset.drop", ["id", "day_2"]) == "dataset.drop=[id,day_2]"
    assert as_override("dataset.group", "subject #") == "\"dataset.group='subject #'\""
