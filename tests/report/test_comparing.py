"""Two runs compared."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from outline import Outline
from runner.commands.report import main
from runner.errors import UserError
from runner.report.changes import headline, in_words, same_folds, settings_that_differ
from runner.report.comparing import pictures, render
from runner.report.pictures.two_gains import rows_in_one_unit, two_gains

Made = dict[str, dict[str, Any]]


def test_what_changed_is_said_first(made: Made) -> None:
    assert headline(made["not_worth_it"], made["go"]) == "The second run says GO, the first said NO-GO."
    assert headline(made["go"], made["go"]) == "The second run says GO as the first did, and keeps the same model."
    other = made["not_worth_it"] | {"cheap_champion": "linear"}
    said = "The second run says NO-GO as the first did, and keeps linear in place of lightgbm."
    assert headline(made["not_worth_it"], other) == said
    assert headline(made["regression"], made["go"]) == (
        "The second run says GO on adult, the first GO on bike-sharing: these are two different questions."
    )


def test_each_side_is_told_in_a_sentence(made: Made) -> None:
    before = made["not_worth_it"] | {"code": {"commit": "1" * 40, "dirty": False}}
    after = json.loads(json.dumps(made["go"] | {"code": {"commit": "2" * 40, "dirty": False}}))
    after["dataset"] |= {"fingerprint": "another", "rows": 21000}
    after["versions"]["lightgbm"] = "4.7.0"
    after["checks"] = made["not_trustworthy"]["checks"][-2:]
    told = dict(in_words(before, after, ["seed"]))
    assert told["Gain"] == (
        "The second run measured +0.017 (0.011 to 0.023) in ROC AUC, lightgbm #7 over lightgbm, "
        "which is worth having; the first none."
    )
    assert told["Data"] == "The second run saw 21,000 rows and 14 columns, the first 20,000 rows and 14 columns."
    assert told["Scores"] == "The folds are not the same, so a difference between two scores may be chance."
    assert told["Settings"] == "1 setting differs: seed."
    assert told["Code"] == (
        "The second run has other versions of lightgbm. Its commit is 2222222222, the first's 1111111111."
    )
    assert told["Costs"] == "The second run took 2,021 CPU s, 142 times what the first took (14 CPU s)."
    assert told["Checks"] == "The second run found what the first had not: target-leak, few-rows."


def test_intervals_are_laid_beside_one_another(made: Made) -> None:
    first, second = made["unsettled"], made["go"]
    told = dict(in_words(first, second, []))
    assert "The intervals do not overlap." in told["Gain"]
    assert "That is settled now." in told["Verdict"]
    assert "do not contradict each other" in dict(in_words(second, second, []))["Gain"]
    assert dict(in_words(second, second, []))["Costs"].endswith("about as much as the first (2,021 CPU s).")


def test_gains_are_drawn_in_a_unit_that_both_have(made: Made) -> None:
    go, unpriced = made["go"], made["go"] | {"net_benefit": None}
    assert rows_in_one_unit(go, go)[0] == "net benefit in EUR, a year"
    longer = go | {"economics": go["economics"] | {"horizon_years": 3.0}}
    assert "net benefit" not in rows_in_one_unit(go, longer)[0]
    unit, rows = rows_in_one_unit(unpriced, go)
    assert unit == "gain in ROC AUC (+ is better)"
    assert rows[1] == (go["gain"], 0.005)
    unit, rows = rows_in_one_unit(made["regression"], unpriced)
    assert unit == "gain in % of the way to a perfect model"
    assert rows[0][0]["estimate"] == pytest.approx(2.27)
    assert rows[0][1] == pytest.approx(1.0)
    priced = made["regression"] | {"worthwhile_gain": {"skill": 0.01, "metric": 0.018117}}
    assert rows_in_one_unit(priced, unpriced)[1][0][1] == pytest.approx(0.01)
    drawn = two_gains(unpriced, unpriced)
    assert drawn
    assert drawn.text.startswith("Gain in ROC AUC (+ is better): first run ")


def test_both_ladders_are_in_one_picture_where_they_have_one_metric(made: Made) -> None:
    assert set(pictures(made["not_worth_it"], made["go"])) == {"two-gains", "two-ladders"}
    assert set(pictures(made["not_worth_it"], made["no_signal"])) == {"two-ladders"}
    assert set(pictures(made["regression"], made["go"])) == {"two-gains", "first-cost", "second-cost"}
    drawn = pictures(made["unsettled"], made["go"])
    assert "The first run's best is hist-boosting #123 with ROC AUC 0.930" in drawn["two-ladders"].text
    assert "first run -3 (at most 410), worth having from 0; second run +1,210" in drawn["two-gains"].text


@pytest.mark.parametrize("other", ["crashed", "told_all"])
def test_any_two_verdicts_make_a_whole_page(verdict: dict[str, Any], made: Made, other: str) -> None:
    outline = Outline(render(verdict, made[other], {}, {}))
    assert not outline.open
    assert len(outline.ids) == len(set(outline.ids))
    assert not re.search(r"\bNone\b|\bnan\b|\binf\b|Undefined", outline.text)


def test_a_score_is_told_in_its_own_metric(made: Made) -> None:
    text = Outline(render(made["go"], made["regression"], {}, {})).text
    assert "dummy 0.500 ± 0.003 181.2 ± 1.0" in text


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
    assert "<b>new</b> <code>target-leak</code>" in html
    tree = {"ladder": {"candidates": {"tree": {"rung": "tree", "params": {"max_depth": 3}}}}}
    html = render(made["go"], made["go"], {"ladder": {"candidates": {}}}, tree)
    assert "<td>2 settings</td>" in html
    assert "max_<wbr>depth" not in html
    html = render(made["go"], made["go"], {"tracking": {"enabled": True}}, {"tracking": {"enabled": None}})
    assert "<td>true</td><td>null</td>" in html
    costs = [{"economics": {"cost_matrix": {1: {"bad": cost}, "bad": {1: 5}}}} for cost in (1, 2)]  # classes 1 and bad
    assert settings_that_differ(*costs) == [("economics.cost_matrix.1.bad", 1, 2)]


def test_from_the_command_line(made: Made, tmp_path: Path, capsys: Any) -> None:
    for name in ("go", "not_worth_it"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "verdict.json").write_text(json.dumps(made[name]))
    assert main([str(tmp_path / "go")]) == 0
    assert main([str(tmp_path / "go"), str(tmp_path / "not_worth_it")]) == 0
    page, comparison = capsys.readouterr().out.split()
    assert Path(page).read_text().startswith("<!doctype html>")
    assert 'says <span class="whole">NO-GO</span>, the first said GO.' in Path(comparison).read_text()
    assert (tmp_path / "go" / "gain.svg").read_text().startswith("<svg")
    with pytest.raises(UserError, match="given twice"):
        main([str(tmp_path / "go"), str(tmp_path / "go")])
