"""Overrides of the config, rewritten where Hydra could not take them as they are."""

from collections.abc import Iterable
from pathlib import Path

ENTRIES = ("ladder.candidates", "ladder.search")  # dicts of typed entries, to which one may be added


def mergeable(overrides: Iterable[str]) -> list[str]:
    """Return the overrides with each new entry, ``+ladder.candidates.mine={...}``, as one to merge into its dict.

    Hydra would set the key, and OmegaConf sets no plain dict where a dataclass is declared, though it merges one, as it
    does those of a file.
    """
    beginnings = tuple(f"{plus}{parent}." for parent in ENTRIES for plus in ("+", "++"))
    return [_merged(word) if word.startswith(beginnings) else word for word in overrides]


def folders_and_overrides(words: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Return the folders and the overrides among some words; a folder may have an = in its name."""
    folders, overrides = [], []
    for word in words:
        if "=" in word and not Path(word).is_dir():
            overrides.append(word)
        else:
            folders.append(Path(word))
    return folders, overrides


def _merged(word: str) -> str:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        given = OverridesParser.create().parse_override(word)
    except HydraException:
        return word  # Hydra says what is wrong with it
    parent, _, name = given.key_or_group.rpartition(".")
    if parent not in ENTRIES or not isinstance(given.value(), dict):
        return word
    return f"+{parent}={{{name}:{given.get_value_string()}}}"
