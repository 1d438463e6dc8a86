"""Tables to measure on: a folder with one folder per table (data.parquet, card.yaml)."""

from pathlib import Path
from typing import Any

import yaml

from runner.config import DatasetConfig
from runner.folders import shipped

ROLES = ("task", "positive", "group", "time", "weight", "incumbent", "drop", "drop_copies")
MADE_UP = ("simulated", "fictional", "permuted")


def observed_tables(folder: Path) -> list[DatasetConfig]:
    """Return the tables that are real observations: no controls, no simulations."""
    cards = {path.parent: yaml.safe_load(path.read_text()) for path in sorted(folder.glob("*/card.yaml"))}
    return [
        dataset_config(card, place)
        for place, card in cards.items()
        if "synthetic" not in card and not any(word in str(card.get("origin", "")) for word in MADE_UP)
    ]


def dataset_config(card: dict[str, Any], place: Path) -> DatasetConfig:
    """Return a table's config: that of conf/dataset/ if it ships, else what its card says."""
    own = shipped("conf") / "dataset" / f"{card['name']}.yaml"
    said = yaml.safe_load(own.read_text()) if own.exists() else card
    roles: dict[str, Any] = {key: said[key] for key in ROLES if said.get(key) is not None}
    return DatasetConfig(name=str(card["name"]), path=str(place / "data.parquet"), target=str(card["target"]), **roles)
