"""What the name of a column hints at: a row counter, a thing, a kind, a point in time, a weight."""

import re
from collections.abc import Iterable
from typing import Any

THINGS = {
    "id", "ids", "uuid", "guid", "key", "subject", "patient", "person", "user", "customer", "client", "member",
    "account", "household", "family", "student", "employee", "driver", "vehicle", "car", "machine", "device", "sensor",
    "store", "shop", "school", "session", "case", "group", "site", "batch", "lot", "well", "plot", "animal", "child",
    "district", "county", "firm", "company", "unit", "participant", "respondent", "volunteer", "applicant", "borrower",
    "donor", "pupil", "business", "merchant", "hospital", "clinic", "restaurant", "farm", "village",
}  # fmt: skip
NUMBERED = {"number", "num", "no", "nr", "name", "code"}  # what may follow the thing: customer number, site name
ALONE = {"name", "names"}  # of the thing that a row describes, if nothing else is in the column's name
OF = {"at", "in", "of", "per"}  # years at a company are a duration, not a year
COUNTERS = {
    "id", "ids", "uuid", "guid", "key", "pk", "index", "idx", "row", "rows", "rownum", "rowid", "rownames", "number",
    "nr", "no", "instant", "unnamed", "idno", "idnr", "idnum", "seqn", "seqno",
}  # fmt: skip
BIRTHS = {  # of a person, a house or a firm: no time of a row
    "birth", "dob", "born", "birthday", "birthdate", "built", "construction", "constructed", "founded", "established",
    "manufactured", "remod", "remodeled", "remodelled", "renovated",
}  # fmt: skip
KINDS = {"class", "label", "type", "species", "category"}
CODES = {"code", "codes", "zip", "zipcode", "postcode", "fips", "type", "category"}
LENGTHS = {"year": 5, "yr": 5, "quarter": 4, "month": 3, "week": 2, "day": 1}  # a shorter one repeats in a longer one
PERIODS = {*LENGTHS, "date", "time", "datetime", "timestamp", "ts", "period", "epoch"}
CLOCKS = {"t", "trend"}  # periods counted from the first one, if nothing else is in the name
RATES = {"per", "rate", "avg", "average", "mean"}  # hours per week are not a point in time
SPANS = {"last", "past", "previous", "prior", "next", "in", "since", "to", "until"}  # nor are days up to an event
WEIGHTS = {"weight", "weights", "wgt", "wt", "pweight", "sampleweight"}
OF_SAMPLES = {"sample", "sampling", "survey", "case", "row", "design", "final", "base", "person", "household"}
SIZES = {"height", "heights", "ht", "hgt", "length", "width", "bmi"}
TODAY = {"score", "prediction", "predicted", "forecast", "decision", "estimate", "recommendation", "risk"}


def _words(name: Any) -> list[str]:
    """Return the words of a column's name; subjectID, subject_id and `subject #` have the same first word."""
    return re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", str(name)).lower())


def is_named(name: Any, words: set[str]) -> bool:
    """Whether one of the words is in a column's name; ``id`` also counts at the end of another word."""
    return bool({*_words(name), "".join(_words(name))} & words) or ("id" in words and str(name).endswith(("ID", "Id")))


def is_a_thing(name: Any) -> bool:
    """Whether a column is named after a thing, such as a patient or their id; a lot's area is an area, not a lot."""
    if str(name).endswith(("ID", "Id")):
        return True
    words = _words(name)
    while len(words) > 1 and words[-1] in NUMBERED:
        words.pop()
    if not words or OF & {*words}:
        return False
    return {*words} <= ALONE or bool({words[-1], words[-1].removesuffix("id")} & THINGS)


def is_a_kind(name: Any) -> bool:
    """Whether a column is named after a kind, such as a cover type; the size of a class is an amount."""
    return bool({*_words(name)[-1:]} & KINDS)


def may_be_a_period(name: Any) -> bool:
    """Whether a column is named after a year, a week or the like, but not an amount per week or the calls of a day."""
    return bool(_period(name)) and not is_named(name, RATES | SPANS)


def comes_back(name: Any, others: Iterable[Any]) -> bool:
    """Whether a column is named after a part of another's period, as a month is of a year: alone it is not a time."""
    length = min((LENGTHS.get(word, 0) for word in _period(name)), default=0)
    longest = max((LENGTHS.get(word, 0) for other in others for word in _period(other)), default=0)
    return 0 < length < longest


def _period(name: Any) -> set[str]:
    words = _words(name)
    return {*words} if str(name).lower() in CLOCKS else {*words[:1], *words[-1:]} & PERIODS


def may_be_a_weight(name: Any) -> bool:
    """Whether a column is called a weight and nothing else; the weight of a diamond is not the weight of its row."""
    words = set(_words(name))
    return bool(words & WEIGHTS) and words <= WEIGHTS | OF_SAMPLES


def weights_among(names: Iterable[Any]) -> list[Any]:
    """Return the columns that may be weights of rows; a weight beside a height or a length is that of a body."""
    all_names = list(names)
    of_bodies = any(is_named(name, SIZES) for name in all_names)
    return [name for name in all_names if may_be_a_weight(name) and (is_of_samples(name) or not of_bodies)]


def is_of_samples(name: Any) -> bool:
    """Whether a column that may be a weight is called that of a sample, which no parcel has."""
    return bool(set(_words(name)) & {*OF_SAMPLES, "pweight", "sampleweight"} - {"person", "base"})
