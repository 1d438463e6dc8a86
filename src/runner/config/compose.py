"""One typed config from conf/ and the command line; whatever is wrong with it becomes one sentence."""

import dataclasses
import re
import shlex
import threading
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.errors import HydraException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    InterpolationToMissingValueError,
    MissingMandatoryValue,
    OmegaConfBaseException,
)
from yaml import MarkedYAMLError, YAMLError

from runner.config import Config
from runner.config.overrides import applicable, in_quotes, literal
from runner.config.ranges import check_ranges
from runner.config.schema import Entries, keys_of, kind_of, node_below
from runner.errors import UserError, check_known, first_line, nearest
from runner.folders import shipped

FAULTS = (HydraException, OmegaConfBaseException, YAMLError, ValueError)  # raised when a config cannot be composed
POLICIES = ("prove", "bank")
OF_A_RESOLVER = "UserError raised while resolving interpolation: "  # before the sentence of a function of ours
MOST_NAMESAKES = 3  # keys of one name in several groups that are told; `name` is in many
BASES = ("file", "rules")  # entries of conf/ that others build on
STORED = "as-stored"  # the name of a config group of a finished run while it is composed again
Schema = typing.TypeVar("Schema")
_HYDRA = threading.RLock()  # Hydra has one state per process, and several threads may call `decide` or `reconsider`
COMPRESSED = re.compile(r"\.(gz|bz2|xz|zip)$", re.IGNORECASE)  # the ending of what it holds stands before it
_QUOTED_KEY = re.compile(r"""\{\s*["']""")


def stem(path: str) -> str:
    """Return the name of a file without its ending, and without characters that a folder's name cannot have.

    A table that is split by year, as `sales.2025.csv` and the folder `sales.2025` are, keeps the year: its runs are no
    runs of another's. So an ending begins with a letter.
    """
    name = COMPRESSED.sub("", Path(path).name)
    return re.sub(r"[^\w.-]+", "-", re.sub(r"\.([A-Za-z][^.]*)?$", "", name)).strip("-.") or "table"


def as_folder(name: str) -> str:
    """Return the name of a data set if a folder can have it too: that of its runs.

    Raises
    ------
    UserError
        If no folder can have it.
    """
    if name in ("", "..") or Path(name).name != name:
        raise UserError(f"dataset.name={name!r} names the folder of its runs as well: give a name without slashes.")
    return name


def register() -> None:
    """Register the schema with Hydra, and the functions that conf/ uses with OmegaConf."""
    ConfigStore.instance().store(name="schema", node=Config)
    OmegaConf.register_new_resolver("shipped", lambda name: str(shipped("datasets") / name), replace=True)
    OmegaConf.register_new_resolver("stem", stem, replace=True)
    OmegaConf.register_new_resolver("folder", as_folder, replace=True)


def typed(config: DictConfig) -> Config:
    """Turn a composed config into the dataclasses of the schema.

    Raises
    ------
    UserError
        If a value is missing or not allowed.
    """
    result = _objects(config, Config)
    check_known("economics.policy", result.economics.policy, POLICIES)
    as_folder(result.dataset.name)
    check_ranges(result)
    return result


def _objects(config: DictConfig, root: type[Schema]) -> Schema:
    for key in _unknown(config, root, ""):  # `+key=value` adds what the schema does not know
        raise UserError(f"There is no config key {key!r}: {_nearest_key(key, root)}")
    try:
        if "dataset" in config and OmegaConf.is_missing(config.dataset, "target"):
            raise UserError(_missing("dataset.target", config.dataset.path))
        result = OmegaConf.to_object(config)
    except OmegaConfBaseException as error:
        raise UserError(sentence(error, root)) from error
    assert isinstance(result, root)
    return result


def _unknown(node: DictConfig, kind: Any, prefix: str) -> Iterator[str]:
    """Give the keys that are not in the schema."""
    for key in map(str, node):
        below = node_below(kind, key)
        if dataclasses.is_dataclass(kind) and key not in keys_of(kind):
            yield f"{prefix}{key}"
        elif below is not None and isinstance(child := node._get_node(key), DictConfig) and not child._is_none():
            yield from _unknown(child, below, f"{prefix}{key}.")


def sentence(error: Exception, root: Any = Config) -> str:
    """Say what is wrong with a config in one sentence, with the nearest valid names of the schema `root`."""
    if isinstance(error, MarkedYAMLError) and (mark := error.problem_mark):
        return f"{mark.name!r} is not valid YAML: {error.problem} in line {mark.line + 1}."
    below = error.__cause__ or error.__context__  # for faults in a YAML file, Hydra sets only the second
    cause = below if isinstance(below, OmegaConfBaseException) else error
    key = str(getattr(cause, "full_key", "") or "")
    text = first_line(error).removeprefix(OF_A_RESOLVER)
    if isinstance(cause, MissingMandatoryValue | InterpolationToMissingValueError):
        return _missing("dataset.path" if key.startswith("hydra") else key)
    if isinstance(error, OverrideParseException):
        hint = "write keys without quotes" if _QUOTED_KEY.search(text) else "put quotes around a value with signs"
        return f"{error.override!r} cannot be read as KEY=VALUE ({text}): {hint}."
    if match := re.match(r"Ambiguous value for argument '(.*)'", text):
        return (
            f"{match[1]!r} gives several values: write a number without commas, put brackets around a list, as in "
            "[a,b], or begin a run with each by -m."
        )
    if options := getattr(error, "options", None):
        group, _, name = str(getattr(error, "missing_cfg_file", "")).rpartition("/")
        own = f" {_own(name)}" if group == "dataset" else ""
        known = [option for option in options if option not in BASES]
        return f"There is no {group}={name}: {nearest(name.removesuffix('.yaml'), known)}{own}"
    if isinstance(cause, ConfigKeyError | ConfigAttributeError):
        return f"There is no config key {key!r}: {_nearest_key(key, root)}"
    if match := re.search(r"Could not override '([^']+)'\. No match in the defaults list", text):
        return f"There is no config group {match[1]!r}: {nearest(match[1], keys_of(root))}"
    if key and (kind := kind_of(root, key)):
        return f"{key} takes {kind} ({first_line(cause)})."
    return f"{key}: {first_line(cause)}." if key else f"{text}."


def _missing(key: str, table: str | None = None) -> str:
    if table is not None:
        return f"{key} is not set: give the column to predict, {key}=COLUMN. {_proposed(table)}"
    if key in ("", "dataset.name", "dataset.path", "dataset.target"):
        key = "dataset.target" if key == "dataset.target" else "dataset.path"
        return (
            f"{key} is not set: name a table that ships (dataset=NAME; known are "
            f"{', '.join(dataset_names())}) or your own (dataset.path=my.csv dataset.target=COLUMN)."
        )
    return f"{key} is not set: give it as {key}=VALUE."


def _own(name: str) -> str:
    """Say how to name a table of one's own, as its name may have been given for that of a config."""
    if Path("conf", "dataset", f"{name}.yaml").is_file():
        return "One of this name is in the folder conf: add --config-dir conf."
    table = name if "." in name else f"{name}.csv"
    return f"Your own is dataset.path={table} dataset.target=COLUMN. {_proposed(table)}"


def _proposed(table: str) -> str:
    command = shlex.join(["python", "-m", "runner", "init", table, "--target", "COLUMN"])
    return f"`{command}` guesses what the columns mean, and writes a config."


def dataset_names() -> list[str]:
    """Return the names of the shipped tables."""
    return sorted(path.stem for path in (shipped("conf") / "dataset").glob("*.yaml") if path.stem not in BASES)


def _nearest_key(full_key: str, root: Any = Config) -> str:
    """Return a hint with the keys of this name in other groups, else with those of the innermost group that exists."""
    parent, _, name = full_key.rpartition(".")
    node: Any = root
    prefix = ""
    for part in parent.split(".") if parent else ():
        above, node = node, node_below(node, part)
        if not (dataclasses.is_dataclass(node) or isinstance(node, Entries)):
            if dataclasses.is_dataclass(above) and typing.get_origin(typing.get_type_hints(above).get(part)) is dict:
                return f"one that {parent} does not have yet is added with a plus: +{full_key}=VALUE."
            break
        prefix += f"{part}."
    if isinstance(node, Entries):
        hint = nearest(name, [f"{parent}.{entry}" for entry in _shipped_entries(parent)], tail=True)
        return f"{hint} A new one is added with a plus: +{parent}.NAME={{...}}."
    if not dataclasses.is_dataclass(node):
        return f"known are {', '.join(keys_of(root))}."
    namesakes = [path for path in _paths(root) if path.endswith(f".{name}")]
    if 0 < len(namesakes) <= MOST_NAMESAKES:
        return f"did you mean {' or '.join(map(repr, namesakes))}?"
    return nearest(name, [f"{prefix}{key}" for key in keys_of(node)], tail=True)


def _paths(node: Any, prefix: str = "") -> Iterator[str]:
    """Give the full keys of a schema, as budget.seconds."""
    for key in keys_of(node):
        yield f"{prefix}{key}"
        if dataclasses.is_dataclass(below := node_below(node, key)):
            yield from _paths(below, f"{prefix}{key}.")


def _shipped_entries(parent: str) -> set[str]:
    """Return the entries under a key such as ladder.candidates in all files of its group in conf/."""
    group, _, key = parent.partition(".")
    entries = (OmegaConf.select(OmegaConf.load(path), key) for path in (shipped("conf") / group).glob("*.yaml"))
    return {str(name) for found in entries if isinstance(found, DictConfig) for name in found}


def in_folder(conf: Path | None) -> list[str]:
    """Return the override by which Hydra also finds the configs of a folder, as with ``--config-dir``."""
    return [f"hydra.searchpath=[{as_value(f'file://{conf}')}]"] if conf else []


def composed(overrides: list[str]) -> Config:
    """Compose conf/ with overrides, outside of a Hydra job.

    Raises
    ------
    UserError
        If an override does not fit.
    """
    return typed(_composed("config", overrides, Config))


def _composed(name: str, overrides: list[str], root: type[Any]) -> DictConfig:
    from hydra import compose, initialize_config_dir

    register()
    try:
        with _HYDRA, initialize_config_dir(str(shipped("conf")), version_base="1.3"):
            return compose(name, overrides=applicable(overrides))
    except FAULTS as error:
        raise UserError(sentence(error, root)) from error


def again(group: str, stored: Mapping[str, Any], overrides: list[str]) -> Any:
    """Return a config group of a finished run, or a named one instead, with single values changed.

    Raises
    ------
    UserError
        If a name or a value does not fit, or an override is about something else.
    """
    strangers = [item for item in overrides if not item.lstrip("+~").startswith((f"{group}=", f"{group}."))]
    if strangers:
        raise UserError(f"{strangers[0]!r} is not about {group}: give {group}=NAME or {group}.KEY=VALUE.")
    with _HYDRA:
        if not any(item.startswith(f"{group}=") for item in overrides):
            ConfigStore.instance().store(group=group, name=STORED, node=literal(stored))  # a class may be `<=50K`
            overrides = [f"{group}={STORED}", *overrides]
        return getattr(composed(["dataset.path=x", "dataset.target=x", *overrides]), group)


def composed_as(root: type[Schema], name: str, overrides: list[str]) -> Schema:
    """Compose another file of conf/ with a schema of its own.

    Raises
    ------
    UserError
        If an override does not fit, or a value is missing.
    """
    ConfigStore.instance().store(name=f"{name}_schema", node=root)
    return _objects(_composed(name, overrides, root), root)


def as_yaml(config: Config) -> str:
    """Write a config as a file that Hydra and OmegaConf read back unchanged."""
    return OmegaConf.to_yaml(OmegaConf.create(literal(dataclasses.asdict(config))))


def as_value(value: Any) -> str:
    """Write a plain value so that Hydra reads it back unchanged."""
    if value is None:
        return "null"
    return in_quotes(value) if isinstance(value, str) else str(value)
