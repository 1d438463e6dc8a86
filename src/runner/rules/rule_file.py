"""Rules as people write them, in YAML: parsed here, and written again in the same form.

An ordered list; the first rule whose conditions hold gives the prediction::

    - when: checking_status == A14 and duration <= 11.5
      then: good                  # a class, a number, or probabilities: {good: 0.9, bad: 0.1}
    - when: purpose in [car, 'radio, tv'] and (age > 30 or missing)
      then: good
    - otherwise: bad              # may be left out

The signs are ==, !=, <, <=, >, >=, in and not in; `is missing` and `is known` test for gaps, and `or missing` after
a value includes them, with or without parentheses. `day.month` is a part of a date column (or year, day, hour, minute,
second, weekday). Names and values that contain signs, commas or the word `and` must be quoted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.errors import UserError, nearest
from runner.rules import SETS, Condition, Rule, Rules
from runner.words import amount

QUOTES = "\"'`"
SIGN = re.compile(r"\s+not\s+in(?=[\s\[])|\s+in(?=[\s\[])|\s+is\s+|\s*(?:==|!=|<=|>=|<|>|=)\s*")
AND = re.compile(r"\s+and\s+")
THEN = re.compile(r"\s+then\s+")
OR_MISSING = re.compile(r"\s+or\s+missing\s*$")
GROUP = re.compile(r"\((?P<inside>[^()\"'`]*|.*\s+or\s+missing\s*)\)", re.DOTALL)
ROWS = re.compile(r"(?P<outcome>.*) \((?P<note>(?:[\d,]+ of )?[\d,]+ rows?)\)")
MOMENT = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d)(?::00)?")
PLAIN = re.compile(r"[\w.%/+-][\w.%/+ -]*[\w.%/+-]|[\w.%/+-]")  # what needs no quotes
SHOWN = 4  # values of a list that a line for people shows
KEYS = ("when", "then", "otherwise", "note")


def read_rules(path: Path) -> Rules:
    """Read rules from a YAML file.

    Raises
    ------
    UserError
        If the file does not exist or does not hold rules.
    """
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"dataset.incumbent={str(path)!r} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise UserError(
            f"dataset.incumbent={str(path)!r} is not YAML: {' '.join(str(error).split())[:200]}."
        ) from error
    return parse_rules(content, str(path))


def parse_rules(content: Any, where: str) -> Rules:
    """Make rules from parsed YAML.

    Parameters
    ----------
    content : list of dict
        Each with ``when`` and ``then``; the last may be ``otherwise`` alone.
    where : str
        What error messages call the rules.

    Raises
    ------
    UserError
        If the content is anything else.
    """
    if not isinstance(content, list) or not content:
        raise UserError(
            f"{where} must be a list of rules, each with `when` and `then`: see conf/dataset/titanic-rules.yaml."
        )
    rules = tuple(_rule(entry, f"{where}, rule {number}") for number, entry in enumerate(content, start=1))
    for number, rule in enumerate(rules[:-1], start=1):
        if not rule.conditions:
            raise UserError(f"{where}, rule {number} holds always, so that no later one is asked: put it last.")
    return rules


def _rule(entry: Any, where: str) -> Rule:
    if not isinstance(entry, Mapping):
        raise UserError(f"{where} is {entry!r}: give `when` and `then`, or `otherwise`.")
    for key in entry:
        if key not in KEYS:
            raise UserError(f"{where} has a key {key!r}: {nearest(str(key), KEYS)}")
    note = entry.get("note")
    if "otherwise" in entry:
        if "when" in entry or "then" in entry:
            raise UserError(f"{where} has `otherwise` beside `when` or `then`: make two rules of it.")
        return Rule((), _outcome(entry["otherwise"], where), note)
    if "when" not in entry or "then" not in entry:
        raise UserError(f"{where} lacks `{'when' if 'then' in entry else 'then'}`: give both, or `otherwise` alone.")
    return Rule(tuple(parse_conditions(str(entry["when"]), where)), _outcome(entry["then"], where), note)


def _outcome(value: Any, where: str) -> Any:
    if isinstance(value, Mapping):
        shares = tuple((str(name), share) for name, share in value.items())
        numbers = [s for _, s in shares if isinstance(s, int | float) and not isinstance(s, bool)]
        if len(numbers) < len(shares) or not all(0 <= s <= 1 for s in numbers) or not 0 < sum(numbers) <= 1 + 1e-6:
            raise UserError(f"{where} predicts {dict(value)}: give each class a probability, 1 at most in all.")
        return tuple((name, float(share)) for name, share in shares)
    if value is None or isinstance(value, list):
        raise UserError(f"{where} predicts {value!r}: give a class, a number, or {{class: probability}}.")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def parse_conditions(text: str, where: str) -> Iterator[Condition]:
    """Read conditions joined by `and`.

    Raises
    ------
    UserError
        If one is not a column, a sign and a value.
    """
    for part in _split(text, AND):
        yield _condition(part.strip(), where)


def _condition(text: str, where: str) -> Condition:
    grouped = GROUP.fullmatch(text)
    text = grouped["inside"].strip() if grouped else text
    found = _search(text, SIGN)
    column, value = (text[: found.start()], text[found.end() :].strip()) if found else (text, "")
    sign = " ".join(found[0].split()) if found else ""
    sign = "==" if sign == "=" else sign
    column = _bare(column.strip())
    if not (sign and column and value):
        raise UserError(f"{where}: {text!r} is not a condition: write COLUMN SIGN VALUE, such as `age <= 30`.")
    or_missing = OR_MISSING.search(value)
    value = value[: or_missing.start()].strip() if or_missing else value
    if sign == "is":
        if value not in ("missing", "known"):
            raise UserError(f"{where}: {text!r} is not a condition: write `is missing`, `is known`, or == for a value.")
        return Condition(column, sign, value)
    if sign in SETS:
        if not (value.startswith("[") and value.endswith("]") and value[1:-1].strip()):
            raise UserError(f"{where}: {text!r} is not a condition: write the values in brackets, `{sign} [a, b]`.")
        items = tuple(_bare(item.strip()) for item in _split(value[1:-1], re.compile(",")))
        return Condition(column, sign, items, bool(or_missing))
    return Condition(column, sign, _bare(value), bool(or_missing))


def _search(text: str, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Return the first match outside quotes."""
    quoted_parts = [match.span() for match in re.finditer(r"'[^']*'|\"[^\"]*\"|`[^`]*`", text)]
    for match in pattern.finditer(text):
        if not any(start <= match.start() < end for start, end in quoted_parts):
            return match
    return None


def _split(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    while found := _search(text, pattern):
        yield text[: found.start()]
        text = text[found.end() :]
    yield text


def _bare(text: str) -> str:
    """Remove the quotes."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES else text


def written(condition: Condition) -> str:
    """Write a condition so that the parser reads it back unchanged."""
    column = _quoted(condition.column)
    if condition.sign == "is":
        return f"{column} is {condition.value}"
    one = isinstance(condition.value, str)
    value = _quoted(condition.value) if one else f"[{', '.join(map(_quoted, condition.value))}]"  # type: ignore[arg-type]
    said = f"{column} {condition.sign} {value}"
    return f"({said} or missing)" if condition.or_missing else said


def _quoted(name: str) -> str:
    """Quote a name or value that could be read as something else."""
    plain = PLAIN.fullmatch(name) and not re.search(r"(?:^|\s)(?:and|or|in|is|not|then)(?:\s|$)", name)
    if plain:
        return name
    mark = next((mark for mark in QUOTES if mark not in name), None)
    if mark is None:
        raise ValueError(f"{name!r} holds every kind of quote")
    return f"{mark}{name}{mark}"


def as_text(rules: Rules) -> list[str]:
    """Write each rule as a line for people: the likeliest class, the first of many values, rounded numbers."""
    values = [rule.then for rule in rules if isinstance(rule.then, float)]
    apart, lines = max(values, default=0.0) - min(values, default=0.0), []
    for rule in rules:
        said = " and ".join(written(_shortened(condition)) for condition in rule.conditions)
        note = f" ({rule.note})" if rule.note else ""
        lines.append(f"{f'if {said} then' if said else 'otherwise'} {_outcome_text(rule.then, apart)}{note}")
    return lines


def read_line(line: str) -> Rule | None:
    """Parse a line of `as_text` into its conditions, its outcome in words and its row count; None if it is not one."""
    if line.startswith("otherwise "):
        conditions, said = [], line.removeprefix("otherwise ")
    else:
        found = _search(line, THEN) if line.startswith("if ") else None
        if not found:
            return None
        try:
            conditions, said = [*parse_conditions(line[3 : found.start()], "A rule")], line[found.end() :]
        except UserError:
            return None
    told = ROWS.fullmatch(said)
    return Rule(tuple(conditions), told["outcome"] if told else said, told["note"] if told else None)


def _shortened(condition: Condition) -> Condition:
    value = condition.value
    if isinstance(value, tuple):
        more = len(value) - SHOWN
        return replace(condition, value=(*value[:SHOWN], f"+{more} more")) if more > 1 else condition
    if moment := MOMENT.fullmatch(value):
        return replace(condition, value=moment["day"] if moment["time"] == "00:00" else " ".join(moment.groups()))
    try:
        rounded = f"{float(value):.6g}"
        return replace(condition, value=f"{float(value):.15g}" if "e+" in rounded else rounded)  # 20260131, a date
    except ValueError:
        return condition


def _outcome_text(then: Any, apart: float) -> str:
    if isinstance(then, tuple):
        name, share = max(then, key=lambda stated: stated[1])
        return f"{_most(share)} likely {name}"
    return amount(then, apart) if isinstance(then, float) else str(then)


def _most(share: float) -> str:
    """Write a share in percent, and 100% only where it is all: of a rare class, the rest is what is looked for."""
    return next((text for digits in range(4) if (text := f"{share:.{digits}%}") != f"{1:.{digits}%}"), "100%")


def as_yaml(rules: Rules) -> str:
    """Write rules as YAML that `read_rules` reads."""
    import yaml

    entries = []
    for rule in rules:
        said = " and ".join(written(condition) for condition in rule.conditions)
        then = dict(rule.then) if isinstance(rule.then, tuple) else rule.then
        entry = {"when": said, "then": then} if said else {"otherwise": then}
        entries.append(entry | ({"note": rule.note} if rule.note else {}))
    return str(yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=10**6, default_flow_style=None))
