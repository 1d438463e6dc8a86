"""What changed from one run to another, in sentences about what the second run does and what the first did."""

from collections.abc import Mapping, Sequence
from typing import Any

from runner import words
from runner.report import Content, candidates, gains, outcome
from runner.words import counted, few

AS_MUCH = 0.1  # smaller differences of cost are not mentioned: machines are never equally busy
TWICE = 2.0  # from here on a factor is clearer than a percentage
JUDGED = {"nested": "by nested cross-validation", "holdout": "on rows kept aside"}
UNLIKE = ("dataset.path",)  # settings that do not affect the result
ABSENT = object()  # stands for a setting that a run does not have


def headline(before: Content, after: Content) -> str:
    """Say in one sentence what changed."""
    decision = after["decision"]
    if not _same_question(before, after):
        told = (f"{verdict['decision']} on {verdict['dataset']['name']}" for verdict in (after, before))
        return f"The second run says {', the first '.join(told)}: these are two different questions."
    if before["decision"] != decision:
        return f"The second run says {decision}, the first said {before['decision']}."
    first, second = (candidates.kept(verdict) for verdict in (before, after))
    if first != second:
        return f"The second run says {decision} as the first did, and keeps {second} in place of {first}."
    return f"The second run says {decision} as the first did, and keeps the same model."


def same_data(before: Content, after: Content) -> bool:
    """Whether both runs saw the same rows and columns."""
    return bool(before["dataset"]["fingerprint"] == after["dataset"]["fingerprint"])


def same_folds(before: Content, after: Content) -> bool:
    """Whether the fold scores can be paired: same data, metric and seed, and the same rows in the folds."""
    return (
        same_data(before, after)
        and before["metric"]["name"] == after["metric"]["name"]
        and before["seed"] == after["seed"]
        and _rows_and_folds(before) == _rows_and_folds(after)
    )


def settings_that_differ(before: Any, after: Any, key: str = "") -> list[tuple[str, Any, Any]]:
    """Return each setting that differs, with both values; a group that only one run has is returned as a whole."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        inner = [(name, f"{key}.{name}" if key else str(name)) for name in sorted({*before, *after}, key=str)]
        told = [settings_that_differ(before.get(name, ABSENT), after.get(name, ABSENT), full) for name, full in inner]
        return [each for found in told for each in found]
    return [(key, before, after)] if before != after and key not in UNLIKE else []


def findings_that_came_and_went(before: Content, after: Content) -> tuple[list[Content], list[Content]]:
    """Return findings of a kind that only the second run has, and findings of a kind that only the first has."""
    first, second = ({each["code"] for each in verdict["checks"]} for verdict in (before, after))
    came = [each for each in after["checks"] if each["code"] not in first]
    return came, [each for each in before["checks"] if each["code"] not in second]


def in_words(before: Content, after: Content, settings: Sequence[str]) -> list[tuple[str, str]]:
    """Return a sentence for each aspect that changed, with its topic, the plainest first."""
    return [
        ("Verdict", _verdict(before, after)),
        ("Gain", _gain(before, after)),
        ("Data", _data(before, after)),
        ("Scores", _scores(before, after)),
        ("Settings", _settings(settings)),
        ("Code", _code(before, after)),
        ("Costs", _costs(before, after)),
        ("Checks", _checks(before, after)),
    ]


def _verdict(before: Content, after: Content) -> str:
    first, second = outcome.why(before), outcome.why(after)
    if before["settled"] != after["settled"]:
        second += " That is settled now." if after["settled"] else " That is no longer settled."
    return second if first in second else f"{second} The first run said: {first}"


def _gain(before: Content, after: Content) -> str:
    first, second = before["gain"], after["gain"]
    if not first and not second:
        return "Neither run measured what a search gains over the cheap champion."
    if not second:
        return f"The second run measured none, the first {_told(before)}."
    if not first:
        return f"The second run measured {_told(after)}; the first none."
    return f"The second run measured {_told(after)}; the first {_told(before)}.{_apart(before, after)}"


def _told(verdict: Content) -> str:
    bounds, smallest = verdict["gain"], verdict["worthwhile_gain"]["metric"]
    said = f"{gains.gain(bounds, verdict['metric'])}, {verdict['challenger']} over {verdict['cheap_champion']}"
    if smallest is None:
        return said
    if bounds["low"] is not None and bounds["low"] > smallest:
        return f"{said}, which is worth having"
    if bounds["high"] is not None and bounds["high"] < smallest:
        return f"{said}, which is not worth having"
    return f"{said}, which may or may not be worth having"


def _apart(before: Content, after: Content) -> str:
    """Say whether the two intervals overlap, if they can be compared."""
    first, second = before["skill"], after["skill"]
    ends = [bounds and bounds[side] for bounds in (first, second) for side in ("low", "high")]
    if any(end is None for end in ends):
        return ""
    overlap = first["low"] <= second["high"] and second["low"] <= first["high"]
    return (
        " The intervals overlap, so the runs do not contradict each other."
        if overlap
        else " The intervals do not overlap."
    )


def _data(before: Content, after: Content) -> str:
    first, second = before["dataset"], after["dataset"]
    if same_data(before, after):
        return "Both runs saw the same rows and columns."
    shapes = [f"{counted(each['rows'], 'row')} and {counted(each['features'], 'column')}" for each in (first, second)]
    if not _same_question(before, after):
        told = [
            f"{each['name']} ({each['target']}; {shape})" for each, shape in zip((first, second), shapes, strict=True)
        ]
        return f"The second run judged another question: {told[1]}; the first {told[0]}."
    if shapes[0] == shapes[1]:
        return f"The second run saw other values in as many rows and columns ({shapes[1]})."
    return f"The second run saw {shapes[1]}, the first {shapes[0]}."


def _same_question(before: Content, after: Content) -> bool:
    first, second = (verdict["dataset"] for verdict in (before, after))
    return bool((first["name"], first["target"]) == (second["name"], second["target"]))


def _scores(before: Content, after: Content) -> str:
    if before["metric"]["name"] != after["metric"]["name"]:
        return f"The second run is judged by {after['metric']['label']}, the first by {before['metric']['label']}."
    designs = [(verdict.get("design") or {}).get("kind") for verdict in (before, after)]
    if designs[0] != designs[1]:
        ways = [JUDGED.get(str(kind), "on rows that are not recorded") for kind in designs]
        return f"The second run is judged {ways[1]}, the first {ways[0]}: a difference in scores may be chance."
    if not same_folds(before, after):
        return "The folds are not the same, so a difference between two scores may be chance."
    known = {each["name"]: each["fold_scores"] for each in before["candidates"] if each["fold_scores"]}
    both = [each for each in after["candidates"] if each["name"] in known and each["fold_scores"]]
    same = sum(each["fold_scores"] == known[each["name"]] for each in both)
    if same == len(both):
        return f"On the same folds, {counted(same, 'candidate')} in both runs score the same to the last digit."
    return f"On the same folds, {same} of {counted(len(both), 'candidate')} in both runs score the same; see below."


def _settings(names: Sequence[str]) -> str:
    if not names:
        return "No setting differs."
    return f"{counted(len(names), 'setting')} differ{'s' if len(names) == 1 else ''}: {few(names)}."


def _code(before: Content, after: Content) -> str:
    moved = libraries_that_differ(before, after)
    said = f"The second run has other versions of {few(moved)}." if moved else "All libraries have the same version."
    first, second = (str((verdict.get("code") or {}).get("commit") or "")[:10] for verdict in (before, after))
    if not first or not second:
        return said
    return (
        f"{said} Both were made at commit {second}."
        if first == second
        else f"{said} Its commit is {second}, the first's {first}."
    )


def libraries_that_differ(before: Content, after: Content) -> list[str]:
    """Return the names of the libraries whose versions differ."""
    first, second = before["versions"], after["versions"]
    return [name for name in sorted({*first, *second}) if first.get(name) != second.get(name)]


def _costs(before: Content, after: Content) -> str:
    first, second = (verdict["costs"]["cpu_seconds"] for verdict in (before, after))
    told = f"The second run took {words.cpu(second)}"
    if not first or abs(second / first - 1) <= AS_MUCH:
        return f"{told}, about as much as the first ({words.cpu(first)})."
    if second >= TWICE * first:
        return f"{told}, {words.quantity(second / first)} times what the first took ({words.cpu(first)})."
    change = f"{words.share(abs(second / first - 1))} {'more' if second > first else 'less'}"
    return f"{told}, {change} than the first ({words.cpu(first)})."


def _checks(before: Content, after: Content) -> str:
    came, went = ([each["code"] for each in found] for found in findings_that_came_and_went(before, after))
    if not came and not went:
        return "Both runs have the same kinds of findings."
    new = f"The second run found what the first had not: {few(came)}." if came else "The second run found nothing new."
    return f"{new} Gone: {few(went)}." if went else new


def _rows_and_folds(verdict: Content) -> tuple[Any, ...]:
    design = verdict.get("design") or {}
    folds = max((len(each["fold_scores"]) for each in verdict["candidates"]), default=0)
    return (folds, *(design.get(key) for key in ("kind", "train_rows", "kept_aside")))
