"""A night in Markdown: for a job summary, a comment on a pull request, and MLflow's description."""

from collections.abc import Iterator

from runner import words
from runner.suite import Content
from runner.words import counted

MOST = 20  # of failures and of warnings; suite.json has all


def markdown(content: Content) -> str:
    """Return the summary; its first line says what failed and by how much."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield f"**{content['suite']}: {_text(content['headline'])}**"
    for outcome in ("failed", "warned"):
        told = [item for item in content["judged"] if item["outcome"] == outcome]
        if told:
            yield from ("", f"## {outcome.capitalize()}", "")
            yield from (f"- **{item['rule']}** of `{item['run']}`: {_text(item['sentence'])}" for item in told[:MOST])
            if len(told) > MOST:
                yield f"- and {len(told) - MOST} more in suite.json"
    yield from ("", "## Runs", "", "| run | verdict | keeps | score | CPU s | wall |", "|---|---|---|--:|--:|--:|")
    yield from (row(run) for run in content["runs"])
    yield from ("", *_foot(content))


def row(run: Content) -> str:
    """Return a line of the table of runs."""
    entry = run["entry"]
    if entry is None:
        return f"| `{run['key']}` | no verdict | {_text(run['reason'])} | | | {words.duration(run['wall_seconds'])} |"
    verdict = f"{entry['decision']} ({entry['reason']})"
    score = f"{entry['label']} {words.score(entry['metric'], entry['score'])}"
    spent = f"{words.quantity(entry['cpu_seconds'])} | {words.duration(run['wall_seconds'])}"
    return f"| `{run['key']}` | {verdict} | `{entry['kept']}` | {score} | {spent} |"


def _foot(content: Content) -> Iterator[str]:
    wall, runs = words.duration(content["wall_seconds"]), words.duration(content["run_seconds"])
    yield f"{counted(len(content['runs']), 'run')} in {wall} ({runs} one after the other)."
    if content["accepted_runs"]:
        rate, share = words.share(content["false_alarms"]), "shares" if content["tests"] == 1 else "share"
        tests = f"{counted(content['tests'], 'test')} {share} a false alarm rate of {rate} a night (Holm)"
        yield f"Judged against `{content['accepted']}`; {tests}."
    else:
        yield f"Nothing was accepted yet: `--accept` writes `{content['accepted']}`."


def _text(sentence: str) -> str:
    return words.one_line(sentence, 400).replace("|", "\\|")
