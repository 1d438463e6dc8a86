"""What the name of a column hints at: a counter of rows, a thing, a moment, a weight."""

import re
from typing import Any

THINGS = {
    "id", "ids", "uuid", "guid", "key", "subject", "patient", "person", "user", "customer", "client", "member",
    "account", "household", "family", "student", "employee", "driver", "vehicle", "car", "machine", "device", "sensor",
    "store", "shop", "school", "session", "case", "group", "site", "batch", "lot", "well", "plot", "animal", "child",
    "district", "county", "firm", "company", "unit",
}  # fmt: skip
NUMBERED = {"number", "num", "no", "nr", "name", "code"}  # what may follow the thing: customer number, site name
OF = {"at", "in", "of", "per"}  # years at a company are years
COUNTERS = {
    "id", "ids", "uuid", "guid", "key", "index", "idx", "row", "rows", "rownum", "rowid", "rownames", "number", "nr",
    "no", "instant", "unnamed",
}  # fmt: skip
BIRTHS = {"birth", "dob", "born", "birthday", "birthdate"}
PERIODS = {"year", "month", "week", "day", "date", "time", "datetime", "timestamp", "ts", "quarter", "period", "epoch"}
RATES = {"per", "rate", "avg", "average", "mean"}  # hours per week are no moment
WEIGHTS = {"weight", "weights", "wgt", "wt", "pweight", "sampleweight"}
OF_SAMPLES = {"sample", "sampling", "survey", "case", "row", "design", "final", "base", "person", "household"}
TODAY = {"score", "prediction", "predicted", "forecast", "decision", "estimate", "recommendation", "risk"}


def _words(name: Any) -> list[str]:
    """Return the words of a column's name: subjectID, subject_id and `subject #` have the same first one."""
    return re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(name)).lower())


def is_named(name: Any, words: set[str]) -> bool:
    """Whether one of these words is in a column's name; ``id`` also where it is written to the end of another."""
    return bool({*_words(name), "".join(_words(name))} & words) or ("id" in words and str(name).endswith(("ID", "Id")))


def is_a_thing(name: Any) -> bool:
    """Whether a column is called a thing, such as a patient or their id: a lot's area is an area, and no lot."""
    if str(name).endswith(("ID", "Id")):
        return True
    words = _words(name)
    while len(words) > 1 and words[-1] in NUMBERED:
        words.pop()
    if not words or OF & {*words}:
        return False
    return bool({words[-1], words[-1].removesuffix("id")} & THINGS)


def may_be_a_period(name: Any) -> bool:
    """Whether a column is called a year, a week or the like: not so much a week, and not the calls of a day."""
    words = _words(name)
    return bool({*words[:1], *words[-1:]} & PERIODS) and not is_named(name, RATES)


def may_be_a_weight(name: Any) -> bool:
    """Whether a column is called a weight and nothing else: that of a diamond is no weight of its row."""
    words = set(_words(name))
    return bool(words & WEIGHTS) and words <= WEIGHTS | OF_SAMPLES
