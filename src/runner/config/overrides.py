"""Config overrides: of the command line, rewritten where Hydra could not apply them as they are, and as advised."""

import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from runner.words import quoted

ENTRIES = ("ladder.candidates", "ladder.search")  # dicts of typed entries, to which new ones may be added

PLAIN = re.compile(r"(?!(?:true|false|null|nan|inf)$)[a-z_][\w-]*", re.ASCII | re.IGNORECASE)  # read as it stands
KEY = re.compile(r"[+~]*[\w.@/-]+", re.ASCII)
UNREAD = re.compile(r"[^\w./-]", re.ASCII)  # signs that Hydra may read as something else, or not at all
NAMES = re.compile(r"\[([^][{}'\"]+)\]")
IN_QUOTES = re.compile(r"'([^'\\]*)'")
SPECIAL = set('"$`\\!')  # to a shell, within double quotes


def as_override(key: str, value: str | Sequence[str]) -> str:
    """Write an override with quotes around names that the shell, or Hydra, would read as something else."""
    names = [value] if isinstance(value, str) else list(value)
    said = [name if PLAIN.fullmatch(name) else in_quotes(name) for name in names]
    text = f"{key}={said[0]}" if isinstance(value, str) else f"{key}=[{','.join(said)}]"
    return text if said == names else for_shell(text)


def leave_out(columns: Sequence[str], why: str) -> str:
    """Advise to leave columns out if something, such as `made from the target`, is true of them."""
    are, them = ("is", "it") if len(columns) == 1 else ("are", "them")
    return f"If {quoted(columns)} {are} {why}, leave {them} out: {as_override('dataset.drop', columns)}."


def for_shell(override: str) -> str:
    """Write an override for a shell, without Hydra's own quotes where `applicable` adds them again."""
    bare = IN_QUOTES.sub(r"\1", override)
    text = bare if applicable([bare]) == [override] else override
    return f'"{text}"' if "'" in text and not SPECIAL & set(text) else shlex.quote(text)


def in_quotes(text: str) -> str:
    """Write a text so that Hydra, and then OmegaConf, read it back unchanged."""
    before_quotes = re.sub(r"(\\+)(?='|\Z)", r"\1\1", literal(text))  # other backslashes are read as they are
    return "'" + before_quotes.replace("'", r"\'") + "'"


def literal(value: Any) -> Any:
    """Return a value in which OmegaConf finds no interpolation: the column ``${x}`` is not the value of a key x."""
    if isinstance(value, str):
        return re.sub(r"(\\*)\$\{", r"\1\1\\${", value)
    if isinstance(value, dict):
        return {key: literal(item) for key, item in value.items()}
    return [literal(item) for item in value] if isinstance(value, list | tuple) else value


def applicable(overrides: Iterable[str]) -> list[str]:
    """Return the overrides, rewritten where Hydra could not apply them.

    Each new entry, ``+ladder.candidates.mine={...}``, is merged into its dict. Hydra would set the key, and OmegaConf
    refuses to set a plain dict where a dataclass is declared, although it merges one, as it does with those of a file.

    A text such as ``dataset.target=Größe``, which Hydra reads in quotes only, gets them: a shell has removed those that
    were written.
    """
    beginnings = tuple(f"{plus}{parent}." for parent in ENTRIES for plus in ("+", "++"))
    return [_merged(word) if word.startswith(beginnings) else _readable(word) for word in overrides]


def folders_and_overrides(words: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Separate folders from overrides; a folder may have an = in its name."""
    folders, overrides = [], []
    for word in words:
        if "=" in word and not Path(word).is_dir():
            overrides.append(word)
        else:
            folders.append(Path(word))
    return folders, overrides


def _merged(word: str) -> str:
    given = _parsed(word)
    parent, _, name = given.key_or_group.rpartition(".") if given else ("", "", "")
    if parent not in ENTRIES or not isinstance(given.value(), dict):
        return word
    return f"+{parent}={{{name}:{given.get_value_string()}}}"


def _readable(word: str) -> str:
    key, is_assigned, value = word.partition("=")
    if not (is_assigned and UNREAD.search(value) and KEY.fullmatch(key)) or _parsed(word):
        return word
    if names := NAMES.fullmatch(value):
        said = [in_quotes(name) if UNREAD.search(name) else name for name in names[1].split(",")]
        return f"{key}=[{','.join(said)}]"
    return word if value[0] in "[{'\"" or "${" in value else f"{key}={in_quotes(value)}"


def _parsed(word: str) -> Any:
    """Return an override as Hydra reads it; None if it cannot, and says later what is wrong."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return OverridesParser.create().parse_override(word)
    except HydraException:
        return None
