"""What the schema of the config says of a key."""

import pytest

from runner.config import Config
from runner.config.schema import kind_of


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("seed", "a whole number"),
        ("budget.seconds", "a number"),
        ("budget.money", "a number"),  # or null
        ("dataset.drop", "a list"),
        ("tracking.uri", "a name"),
        ("economics.upkeep_hours", "keys with values"),
        ("ladder.candidates.forest.rung", "a name"),
    ],
)
def test_a_key_takes_what_its_type_says(key: str, kind: str) -> None:
    assert str(kind_of(Config, key)).startswith(kind)


@pytest.mark.parametrize("key", ["economics.cost_matrix", "ladder.candidates.forest.params.x", "nowhere.at.all"])
def test_what_the_schema_leaves_open_is_not_said(key: str) -> None:
    assert kind_of(Config, key) is None
