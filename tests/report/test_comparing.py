"""Two runs compared."""

import json
from pathlib import Path
from typing import Any

from runner.commands.report import main
from runner.report.comparing import headline, render, same_folds

Made = dict[str, dict[str, Any]]


def test_what_changed_is_said_first(made: Made) -> None:
    assert headline(made["not_worth_it"], made["go"]) == "NO-GO became GO."
    assert headline(made["go"], made["go"]) == "GO as before, and the same model is kept."
    other = made["not_worth_it"] | {"cheap_champion": "linear"}
    assert headline(made["not_worth_it"], other) == "NO-GO as before, with another model: lightgbm became linear."


def test_scores_are_paired_where_the_folds_are_the_same(made: Made) -> None:
    before, after = made["go"], json.loads(json.dumps(made["go"]))
    after["candidates"][2]["fold_scores"] = [score + 0.01 for score in after["candidates"][2]["fold_scores"]]
    html = render(before, after, {}, {})
    assert "+0.010" in html
    assert html.count("the same") >= 4
    after["dataset"]["fingerprint"] = "another"
    assert not same_folds(before, after)
    assert "no difference is given" in render(before, after, {}, {})


def test_settings_and_findings_that_differ(made: Made) -> None:
    before, after = {"budget": {"seconds": 30, "trials": 12}}, {"budget": {"seconds": 60, "trials": 12}}
    html = render(made["go"], made["not_trustworthy"], before, after)
    assert "budget.<wbr>seconds" in html
    assert "budget.<wbr>trials" not in html
    assert "<b>new</b> target-leak" in html
    tree = {"ladder": {"candidates": {"tree": {"rung": "tree", "params": {"max_depth": 3}}}}}
    html = render(made["go"], made["go"], {"ladder": {"candidates": {}}}, tree)
    assert "<td>2 settings</td>" in html
    assert "max_<wbr>depth" not in html


def test_from_the_command_line(made: Made, tmp_path: Path, capsys: Any) -> None:
    for name in ("go", "not_worth_it"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "verdict.json").write_text(json.dumps(made[name]))
    assert main([str(tmp_path / "go")]) == 0
    assert main([str(tmp_path / "go"), str(tmp_path / "not_worth_it")]) == 0
    page, comparison = capsys.readouterr().out.split()
    assert Path(page).read_text().startswith("<!doctype html>")
    assert "GO became NO-GO." in Path(comparison).read_text()
    assert (tmp_path / "go" / "gain.svg").read_text().startswith("<svg")
