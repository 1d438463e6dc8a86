"""The verdict in Markdown: for MLflow's description, a comment on GitHub, and a manager."""

import re
from collections.abc import Callable, Iterator
from math import inf

from runner import words
from runner.config.overrides import for_shell
from runner.folders import MODEL
from runner.report import Content, advice, data, economics, findings, gains, gates, outcome, results, scores, search
from runner.report.closer_look import closer_look
from runner.report.pictures.tree import readable_tree
from runner.report.turning import turning_points
from runner.words import counted

MOST_LINES = 60
MOST_CANDIDATES, MOST_GATES, MOST_FINDINGS = 10, 3, 2
LEAST_CANDIDATES = 3  # shown even if other parts need much room; the tree is left out first
LADDER_HEAD = 6  # lines of the ladder section without a candidate
MOST_LETTERS = 400  # characters of a sentence; MLflow accepts 8,000 in all
MOST_RULES = 8
PICTURE = 40  # characters


def summary(verdict: Content) -> str:
    """Describe a run in under 60 lines of Markdown, plain words first.

    Parameters
    ----------
    verdict : mapping
        The content of verdict.json.
    """
    before = [*_opening(verdict), "", *_figures(verdict)]
    tree, after = _apart(verdict, _tree), _apart(verdict, _gates, _findings, _ways_on)
    room = MOST_LINES - 1 - len(before) - len(after)
    if room - len(tree) < LADDER_HEAD + LEAST_CANDIDATES:
        tree = []
    return "\n".join([*before, *_ladder(verdict, room - len(tree)), *tree, *after]) + "\n"


def _apart(verdict: Content, *parts: Callable[[Content], Iterator[str]]) -> list[str]:
    """Return the lines of all parts, with an empty line before each."""
    return [line for part in parts if (lines := [*part(verdict)]) for line in ("", *lines)]


def _opening(verdict: Content) -> Iterator[str]:
    action = words.sentence_case(_text(advice.action(verdict)))
    open_question = "" if verdict["settled"] else f" ({outcome.unsettled(verdict)})"
    yield f"# {verdict['dataset']['name']}: {verdict['decision']}"
    yield ""
    yield f"**{action}{open_question}.** {_text(verdict['sentence'])}"


def _picture(bounds: Content | None, smallest: float | None) -> str | None:
    """Draw the gain with its bounds and the smallest gain worth having, as text, which shows everywhere."""
    if not bounds or smallest is None or bounds["low"] is None or bounds["high"] is None:
        return None
    places = [bounds["low"], bounds["estimate"], bounds["high"], smallest, 0.0]
    least, span = min(places), (max(places) - min(places)) or 1.0
    low, estimate, high, worth, zero = (round((place - least) / span * (PICTURE - 1)) for place in places)
    line = ["·"] * PICTURE
    line[low : high + 1] = "─" * (high + 1 - low)
    for place, mark in ((zero, "0"), (low, "├"), (high, "┤"), (worth, "┊"), (estimate, "●")):
        line[place] = mark
    return f"`{''.join(line)}` ● gain, ┊ worth having from here"


def _figures(verdict: Content) -> Iterator[str]:
    dataset, metric = verdict["dataset"], verdict["metric"]
    lower = "" if metric["greater_is_better"] else ", lower is better"
    positive = data.positive(verdict)
    of = "" if positive is None else f", `{positive}` is positive"
    yield _row("Predicted", f"`{dataset['target']}` ({dataset['task']}{of}), judged by {metric['label']}{lower}")
    yield "|---|---|"
    size = f"{counted(dataset['rows'], 'row')}, {counted(dataset['features'], 'column')}"
    yield _row("Data", _text(". ".join([size, " ".join(dataset["notes"])] if dataset["notes"] else [size])))
    for label, name in (("Cheap champion", verdict["cheap_champion"]), ("Challenger", verdict["challenger"])):
        yield _row(label, f"`{name}`: {scores.judged(verdict, name)}" if name else _text(search.no_challenger(verdict)))
    chance, skill = verdict["p_pays"], verdict["skill"]
    figures = (
        ("Not tried", gates.not_tried(verdict)),
        ("Model saved", results.stand_in(verdict)),
        ("Best cheap model over no model", gains.over_no_model(verdict)),
        ("Signal test", gains.signal_test(verdict)),
        ("Used today", gains.against_today(verdict)),
        ("Gain of the challenger", gains.of_the_challenger(verdict)),
        ("On the folds", gains.on_the_folds(verdict)),
        ("In a picture", _picture(verdict["gain"], verdict["worthwhile_gain"]["metric"])),
        ("As skill, that is", words.skill_interval(skill) if skill else None),
        ("Chance that it pays", None if chance is None else words.chance(chance)),
        ("Net benefit", economics.net_benefit(verdict)),
        ("Other looks", outcome.looks(verdict)),
        ("To settle it", outcome.to_settle(verdict)),
        ("More rows or more tuning", data.more_rows(verdict)),
        ("What each is worth", economics.rows_or_search(verdict)),
        ("It would turn", ", or ".join(turning_points(verdict))),
        *closer_look(verdict),
    )
    yield from (_row(label, _text(said)) for label, said in figures if said)
    yield from _cost(verdict)


def _cost(verdict: Content) -> Iterator[str]:
    budget, found = verdict["budget"], verdict["search"]
    memory = f"{words.quantity(verdict['costs']['peak_memory_mb'])} MB for the largest evaluation"
    allowed = f"budget {budget['name']}, {words.duration(budget['seconds'])}"
    yield _row("Cost of finding out", f"{economics.costs(verdict)}, {memory} ({allowed})")
    if found:
        yield _row("Search", search.in_words(found))
        if found.get("families"):
            yield _row("Best of each family (trials)", search.families(verdict["metric"]["name"], found["families"]))
        if found.get("importance"):
            yield _row("What mattered", search.mattered(found["importance"]))


def _ladder(verdict: Content, lines: int) -> Iterator[str]:
    """List the candidates in at most `lines` lines: those that are compared, and the best of each rung first."""
    rows = verdict["candidates"]
    if not rows:
        return
    yield from ("", "## Ladder", "")
    label = verdict["metric"]["label"]
    yield _row("rung", "candidate", f"{label} on the folds", "CPU s", "ms per 1,000 rows", "status")
    yield "|---|---|--:|--:|--:|---|"
    first, others = _by_worth(verdict)
    room = max(len(first), min(MOST_CANDIDATES, lines - LADDER_HEAD))
    told = [*first, *others][:room]
    yield from (_candidate(verdict, each) for each in rows if each in told)
    if more := len(rows) - len(told):
        yield _row("…", f"{more} more in ladder.csv", "", "", "", "")


def _by_worth(verdict: Content) -> tuple[list[Content], list[Content]]:
    """Return the candidates that are compared, and the others: the best of each rung, then by score."""
    compared = (verdict["cheap_champion"], verdict["challenger"])
    ranked = sorted(
        verdict["candidates"], key=lambda each: -inf if each["score"] is None else each["score"], reverse=True
    )
    best = {each["rung"]: each["name"] for each in reversed(ranked)}.values()
    others = [each for each in ranked if each["name"] not in compared]
    first = [each for each in ranked if each["name"] in compared]
    return first, sorted(others, key=lambda each: each["name"] not in best)


def _candidate(verdict: Content, entry: Content) -> str:
    name, spent = f"`{entry['name']}`", entry["costs"]
    for role in ("cheap_champion", "challenger"):
        if entry["name"] == verdict[role]:
            name = f"**{name}** ({role.replace('_', ' ')})"
    score = words.score_and_error(verdict["metric"]["name"], entry["fold_scores"])
    seconds = spent["predict_seconds"]
    predict = words.UNKNOWN if seconds is None else words.quantity(1000 * seconds)
    reason = f": {words.one_line(entry['reason'], 80)}" if entry["reason"] else ""
    return _row(
        entry["rung"],
        name,
        score,
        words.quantity(spent["cpu_seconds"]),
        predict,
        f"{entry['status']}{reason}",
    )


def _tree(verdict: Content) -> Iterator[str]:
    """Give the rules of the readable tree if they are few."""
    tree = readable_tree(verdict)
    if tree and len(tree["rules"]) <= MOST_RULES:
        yield from (f"## What `{tree['name']}` says", "", "```text", *tree["rules"], "```")
        if verdict.get("rules"):
            edited = for_shell(f"dataset.incumbent={results.folder(verdict)}/{verdict['rules']}")
            yield from ("", f"To judge edited rules as what is used today: `{edited}`.")


def _gates(verdict: Content) -> Iterator[str]:
    told = [gate for gate in verdict["gates"] if gates.is_weighed(gate)]
    if not told:
        return
    yield from ("## Gates", "")
    for gate in told[-MOST_GATES:]:
        state = "open" if gate["open"] else "shut"
        came = gates.forecast_and_outcome(verdict, gate)
        yield f"- **{gate['rung']}, {state}.** {_text(gate['reason'])}{came and f' {came}'}"


def _findings(verdict: Content) -> Iterator[str]:
    found = [*findings.grave(verdict), *findings.notes(verdict)]  # the most severe first, because there is little room
    if not found:
        return
    yield from ("## Checks", "")
    for each in found[:MOST_FINDINGS]:
        yield f"- **{each['severity']}** `{each['code']}`: {_text(each['evidence'])} {_text(each['advice'])}"
    if len(found) > MOST_FINDINGS:
        yield f"- and {counted(len(found) - MOST_FINDINGS, 'more finding')} in verdict.json"


def _ways_on(verdict: Content) -> Iterator[str]:
    yield from ("## What to run next", "", "```sh")
    fingerprint = verdict["dataset"]["fingerprint"][:12]
    yield f"{verdict['command']}  # run it again: seed {verdict['seed']}, data {fingerprint}"
    if anyway := search.all_the_same(verdict):
        yield anyway
    if verdict["mlflow_run_id"]:
        yield f"{results.mlflow_way(verdict)}  # look at it: run {verdict['mlflow_run_id']}"
    if results.is_usable(verdict):
        yield f"{results.predict_command(verdict)}  # predict new rows"
    yield "```"
    if results.is_usable(verdict):
        pickle = f"{results.folder(verdict)}/{MODEL}"
        yield from ("", f"In Python, with this package: `joblib.load({pickle!r})` is the scikit-learn pipeline.")


def _row(*cells: str) -> str:
    """Write a row of a table; bars within cells are escaped, as they would begin a new cell."""
    return "| " + " | ".join(words.one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def _text(sentence: str) -> str:
    """Return a sentence on one line; a trial's number becomes code, since GitHub reads #7 as an issue."""
    return re.sub(r"(?<!`)\b([\w-]+ #\d+)\b", r"`\1`", words.one_line(sentence, MOST_LETTERS))
