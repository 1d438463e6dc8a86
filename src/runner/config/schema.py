"""What the schema of the config has under a key, and which kind of value the key takes."""

import dataclasses
import types
import typing
from typing import Any, NamedTuple

KINDS = {
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "a name or a text",
    list: "a list, as in [a,b]",
    dict: "keys with values, as in {a: 1}",
}


class Entries(NamedTuple):
    """A dict of entries of one kind, such as ladder.candidates."""

    kind: Any


def node_below(node: Any, part: str) -> Any:
    """Return what is under a key: a dataclass, the entries of a dict, or None for a plain value."""
    if isinstance(node, Entries):
        return node.kind
    if not dataclasses.is_dataclass(node):
        return None
    hint = typing.get_type_hints(node).get(part)
    if typing.get_origin(hint) is dict:
        value = typing.get_args(hint)[1]
        kinds = [kind for kind in (value, *typing.get_args(value)) if dataclasses.is_dataclass(kind)]
        return Entries(kinds[0]) if kinds else None
    return hint if dataclasses.is_dataclass(hint) else None


def keys_of(node: Any) -> list[str]:
    """Return the keys of a group."""
    return [field.name for field in dataclasses.fields(node)]


def kind_of(root: Any, full_key: str) -> str | None:
    """Return what a key takes, in words; None if the schema does not say."""
    *groups, name = full_key.split(".")
    node = root
    for part in groups:
        node = node_below(node, part)
    if not dataclasses.is_dataclass(node):
        return None
    hint = typing.get_type_hints(node).get(name)
    kinds = [kind for kind in typing.get_args(hint) if kind is not types.NoneType]
    kind: Any = kinds[0] if isinstance(hint, types.UnionType) else hint
    return KINDS.get(typing.get_origin(kind) or kind)
