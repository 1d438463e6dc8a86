"""From conf/ and the command line to one typed config; what is wrong with it becomes one sentence."""

import dataclasses
import re
import typing
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    InterpolationToMissingValueError,
    MissingMandatoryValue,
    OmegaConfBaseException,
)

from runner.config import Config
from runner.errors import UserError, nearest

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def conf_dir() -> Path:
    """Return conf/: beside src/ in a checkout, inside the package when installed."""
    installed = _PACKAGE / "conf"
    return installed if installed.is_dir() else _CHECKOUT / "conf"


def _shipped_dir() -> Path:
    installed = _PACKAGE / "datasets"
    return installed if installed.is_dir() else _CHECKOUT / "datasets"


def _stem(path: str) -> str:
    """Return a name for a run's folder: the file's, without endings and signs that a folder cannot have."""
    return re.sub(r"[^\w.-]+", "-", Path(path).name.split(".")[0]).strip("-") or "table"


def register() -> None:
    """Tell Hydra the schema, and OmegaConf the functions that conf/ uses."""
    ConfigStore.instance().store(name="schema", node=Config)
    OmegaConf.register_new_resolver("shipped", lambda name: str(_shipped_dir() / name), replace=True)
    OmegaConf.register_new_resolver("stem", _stem, replace=True)


def typed(config: DictConfig) -> Config:
    """Turn a composed config into the dataclasses of the schema.

    Raises
    ------
    UserError
        When a value is missing.
    """
    try:
        OmegaConf.resolve(config)
        result = OmegaConf.to_object(config)
    except (MissingMandatoryValue, InterpolationToMissingValueError, OmegaConfBaseException) as error:
        raise UserError(sentence(error)) from error
    assert isinstance(result, Config)
    for key in ("path", "target"):
        if OmegaConf.is_missing(config.dataset, key):
            raise UserError(_missing(f"dataset.{key}"))
    return result


def sentence(error: Exception) -> str:
    """Say what is wrong with a config in one sentence, with the nearest valid names."""
    cause = error.__cause__ if isinstance(error.__cause__, OmegaConfBaseException) else error
    key = str(getattr(cause, "full_key", "") or "")
    text = _first_line(error)
    if isinstance(cause, MissingMandatoryValue | InterpolationToMissingValueError):
        return _missing(key)
    if options := getattr(error, "options", None):
        group, _, name = str(getattr(error, "missing_cfg_file", "")).rpartition("/")
        return f"There is no {group}={name}: {nearest(name.removesuffix('.yaml'), list(options))}"
    if isinstance(cause, ConfigKeyError | ConfigAttributeError):
        return f"There is no config key {key!r}: {_nearest_key(key)}"
    if match := re.search(r"Could not override '([^']+)'\. No match in the defaults list", text):
        return f"There is no config group {match[1]!r}: {nearest(match[1], _keys(Config))}"
    if key:
        return f"{key}: {_first_line(cause)}"
    return text


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__


def _missing(key: str) -> str:
    if key in ("", "dataset.name", "dataset.path", "dataset.target"):
        return (
            f"{key or 'dataset.path'} is not set: name a table that ships (dataset=NAME; known are "
            f"{', '.join(dataset_names())}) or your own (dataset.path=my.csv dataset.target=COLUMN)."
        )
    return f"{key} is not set: give it as {key}=VALUE."


def dataset_names() -> list[str]:
    """Return the tables that ship."""
    return sorted(path.stem for path in (conf_dir() / "dataset").glob("*.yaml") if path.stem != "file")


def _nearest_key(full_key: str) -> str:
    """Hint at the keys of the innermost group that exists."""
    parent, _, name = full_key.rpartition(".")
    node: Any = Config
    prefix = ""
    for part in parent.split(".") if parent else ():
        node = _node(node, part)
        if node is None:
            return f"known are {', '.join(_keys(Config))}."
        prefix += f"{part}."
    return nearest(name, _keys(node)).replace("'", f"'{prefix}", 1) if prefix else nearest(name, _keys(node))


def _node(node: Any, part: str) -> Any:
    """Return the dataclass under a key of another; of a dict of entries, the entry's."""
    hint = typing.get_type_hints(node).get(part) if dataclasses.is_dataclass(node) else None
    return hint if dataclasses.is_dataclass(hint) else None


def _keys(node: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(node)]
