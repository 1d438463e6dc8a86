"""The last lines in the terminal."""

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from runner.report.advice import action, next_step
from runner.report.closing import closing_lines, print_closing

Made = dict[str, dict[str, Any]]
COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook"


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_few_lines_and_none_too_wide(verdict: dict[str, Any], width: int) -> None:
    lines = closing_lines(verdict, width)
    assert len(lines) <= 15
    assert all(len(line) <= width or " " not in line[14:] for line in lines)  # a path is left whole
    assert all(line.isprintable() for line in lines)


def test_the_first_line_is_the_decision_and_what_to_do(made: Made) -> None:
    first = {name: closing_lines(verdict, 80)[0] for name, verdict in made.items()}
    assert first["go"] == "GO: use lightgbm #7"
    assert first["not_worth_it"] == "NO-GO: keep lightgbm"
    assert first["no_signal"] == "NO-GO: use no model on this data"
    assert first["not_trustworthy"] == "NO-GO: fix the data before trusting any score"
    assert first["crashed"].endswith(": give it a larger budget: no model was scored")
    assert first["unsettled"] == "NO-GO (not settled, leaning go): keep lightgbm"


def test_where_the_dummy_alone_has_a_score_nothing_is_known(made: Made) -> None:
    dummy = [each for each in made["no_signal"]["candidates"] if each["rung"] == "none"]
    lines = closing_lines(made["not_worth_it"] | {"candidates": dummy, "reason": "out-of-budget"}, 80)
    assert lines[0] == "NO-GO: give it a larger budget: no model was scored"
    assert not any(line.startswith("Predict") for line in lines)


def test_without_a_last_look_no_model_is_shown_to_be_worth_nothing(made: Made) -> None:
    unseen = made["not_worth_it"] | {"reason": "out-of-budget", "settled": False, "lean": "no-go"}
    unseen |= {"cheap_champion": "dummy", "signal": None}
    assert closing_lines(unseen | {"incumbent": None}, 80)[0].endswith(": use no model until a model is judged")
    assert next_step(unseen | {"incumbent": None}).startswith("Use no model for now. Run it again with a larger")
    today = unseen | {"incumbent": {"name": "rules", "score": None, "gain": None, "model": None, "beaten": None}}
    assert action(today) == "keep what is used today until a model is judged"
    assert next_step(today).startswith("Keep what is used today for now.")


def test_the_sentence_follows_whole_where_there_is_room(made: Made) -> None:
    text = " ".join(closing_lines(made["not_worth_it"], 80))
    assert made["not_worth_it"]["sentence"] in text


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("findings", [0, 1, 5])
def test_what_a_verdict_is_made_of_is_told_before_what_more_rows_would_bring(width: int, findings: int) -> None:
    run = json.loads((COOKBOOK / "wine-quality-white" / "verdict.json").read_text())
    finding = {"code": "drift", "severity": "warn", "evidence": "It drifts.", "advice": "Look.", "columns": []}
    lines = closing_lines(run | {"checks": [finding] * findings, "sentence": "It goes on and on. " * 9}, width)
    labels = [line[:14].strip() for line in lines]
    assert {"Gain", "Cheap model", "Costly model", "Cost", "Report"} <= {*labels}
    assert labels.index("Gain") == 4  # after three lines of the sentence
    assert ("Warning" in labels) is bool(findings)


def test_what_is_gained_over_today_is_told_once_and_before_what_the_search_would_bring(made: Made) -> None:
    gained = "lightgbm gains +0.134 (0.091 to 0.176) in ROC AUC over 'rules', which is used today; that is enough."
    today = {"name": "rules", "score": 0.722, "gain": made["go"]["gain"], "model": "lightgbm", "beaten": True}
    verdict = made["not_worth_it"] | {"incumbent": today | {"sentence": gained}}
    lines = closing_lines(verdict | {"sentence": f"{gained} {verdict['sentence']}"}, 80)
    assert " ".join(lines[1:6]) == f"{gained} {verdict['sentence']}"  # five lines, and none of them cut
    assert "Used today    rules: ROC AUC 0.722" in lines
    assert any(line.startswith("Used today    rules: ROC AUC 0.722; light") for line in closing_lines(verdict, 80))


def test_what_is_used_today_is_said_to_be_worse_than_no_model(made: Made) -> None:
    verdict = made["not_worth_it"]
    today = {"name": "score", "score": 0.41, "gain": None, "model": None, "beaten": None, "sentence": ""}
    seen = [each | {"holdout_score": 0.5} if each["rung"] == "none" else each for each in verdict["candidates"]]
    said = " ".join(closing_lines(verdict | {"incumbent": today, "candidates": seen}, 80))
    assert "Used today    score: ROC AUC 0.410, worse than no model (0.500) " in said
    amounts = verdict["dataset"] | {"task": "regression", "target": "sales"}
    said = " ".join(closing_lines(verdict | {"incumbent": today, "candidates": seen, "dataset": amounts}, 80))
    assert "worse than no model (0.500): is it in the unit of 'sales'?" in re.sub(r"\s+", " ", said)
    better = today | {"score": 0.7}
    assert "worse than" not in " ".join(closing_lines(verdict | {"incumbent": better, "candidates": seen}, 80))


def test_what_to_do_is_not_cut(made: Made) -> None:
    gain = {"estimate": 0.01, "low": -0.01, "high": 0.03}
    today = {"name": "score", "score": 0.7, "gain": gain, "model": "lightgbm", "beaten": None, "sentence": ""}
    open_end = made["not_worth_it"] | {"incumbent": today, "settled": False, "lean": "no-go"}
    lines = closing_lines(open_end, 80)
    assert " ".join(lines[:2]).endswith(": keep what is used today until lightgbm is shown to be better")
    assert len(lines) <= 15


@pytest.mark.parametrize("width", [60, 80])
def test_figures_that_do_not_fit_leave_room_for_the_sentence_and_a_warning(made: Made, width: int) -> None:
    told, unbounded = made["told_all"], {"estimate": 0.2, "low": None, "high": None}
    rows = told["dataset"] | {"has_time": True, "has_groups": True}
    facts = told["facts"] | {"signal_p": 0.01, "signal": {"why": "There are too few rows in time: 71 of 200."}}
    today = told["incumbent"] | {"beaten": None, "score": 0.3, "sentence": "It is not known."}
    full = {"dataset": rows, "facts": facts, "signal": unbounded, "incumbent": today, "rows_to_settle": 9000}
    verdict = told | full | {"checks": made["not_trustworthy"]["checks"], "settled": False, "lean": "go"}
    lines = closing_lines(verdict, width)
    assert len(lines) <= 15
    assert any(line.startswith(made["go"]["sentence"][:30]) for line in lines)
    assert {line.split("  ")[0] for line in lines} >= {"Gain", "Cheap model", "STOP", "Report"}


@pytest.mark.parametrize("figures", range(1, 12))
def test_where_the_report_is_gives_way_to_nothing(made: Made, figures: int) -> None:
    why = "The gain rests on 6 rows, too few for an interval: " + "most targets are 0, " * figures + "so count them."
    unsure = {"signal": {"estimate": 0.3, "low": None, "high": None}, "facts": {"signal": {"why": why}}}
    lines = closing_lines(made["not_worth_it"] | unsure | {"sentence": "It was not run. " * 25}, 80)
    assert any(line.startswith("Report  ") for line in lines)
    assert len(lines) <= 15


def test_a_score_that_is_read_in_reverse_is_told_with_what_it_reaches(made: Made) -> None:
    text = "column risk (read in reverse: the lower, the likelier is yes)"
    today = {"name": "risk", "kind": "column", "text": text, "score": 0.722, "sentence": ""}
    today |= {"gain": None, "model": None, "beaten": None}
    lines = closing_lines(made["not_worth_it"] | {"incumbent": today}, 100)
    assert f"Used today    {text}: ROC AUC 0.722" in " ".join(lines)


def test_the_figures_are_those_of_the_verdict(made: Made) -> None:
    lines = closing_lines(made["go"], 80)
    assert "Gain          +0.017 (0.011 to 0.023) in ROC AUC; worth having from +0.0050" in lines
    assert "Net benefit   EUR +1,210 (620 to 1,801) a year" in lines
    longer = made["go"] | {"economics": made["go"]["economics"] | {"horizon_years": 3.0}}
    assert "Net benefit   EUR +1,210 (620 to 1,801) over 3 years" in closing_lines(longer, 80)
    assert "Cheap model   lightgbm: ROC AUC 0.927 on the rows kept aside" in lines
    assert "Costly model  lightgbm #7: ROC AUC 0.945 on the rows kept aside" in lines
    assert "Cost          2,021 CPU s, 2 min on the clock, EUR 0.03" in lines


def test_what_would_settle_it_and_which_model_was_saved_are_told(made: Made) -> None:
    assert "To settle     about 12,000 more rows to judge on" in closing_lines(made["unsettled"], 80)
    stand_in = closing_lines(made["not_worth_it"] | {"model_of": "tree"}, 80)
    assert any(line.startswith("Model saved   tree, ") for line in stand_in)


def test_why_a_score_has_no_bounds_is_told(made: Made) -> None:
    few = "Rows of the rarest class are too few for an interval: 7, and 20 are needed."
    verdict, bounds = made["not_worth_it"], {"estimate": 0.33, "low": None, "high": None}
    unsure = verdict | {"signal": bounds, "facts": verdict["facts"] | {"signal": {"why": few}}}
    text = " ".join(" ".join(closing_lines(unsure, 80)).split())
    assert f"Over no model +0.33 (no bounds can be given) in ROC AUC. {few}" in text
    assert "Over no model" not in " ".join(closing_lines(verdict, 80))


@pytest.mark.parametrize(("turn", "is_told"), [(90_000.0, True), (70_000.0, False)])
def test_a_search_that_was_not_run_is_not_told_to_turn_where_it_would_be_worth_its_price_today(
    made: Made, turn: float, is_told: bool
) -> None:
    """Of a search worth running at 80,000, no price below it turns the decision."""
    turns = {"value_per_unit": turn, "price_per_cpu_hour": None, "worthwhile_gain": None}
    priced = {"economics": made["go"]["economics"] | {"value_per_unit": 80_000.0}, "break_even": turns}
    lines = closing_lines(made["not_worth_it"] | priced, 80)
    assert any(line.startswith("Would turn") for line in lines) is is_told


def test_a_loss_is_shown_as_people_read_it(made: Made) -> None:
    lines = closing_lines(made["regression"], 80)
    assert "Gain          +4.1 (2.4 to 5.8) in RMSE (+ is better); worth having from +1.8" in lines
    assert "Costly model  forest #3: RMSE 37.29 on the rows kept aside" in lines
    assert "Cheap model   forest: log loss 0.268 on the rows kept aside" in closing_lines(made["multiclass"], 80)


def test_a_score_alone_is_compared_with_that_of_no_model(made: Made) -> None:
    verdict, (dummy, *others) = made["multiclass"], made["multiclass"]["candidates"]
    both = verdict | {"candidates": [dummy | {"holdout_score": -1.07}, *others]}
    assert "Cheap model   forest: log loss 0.268 on the rows kept aside (no model: 1.070)" in closing_lines(both, 80)
    none = both | {"cheap_champion": dummy["name"]}
    assert "Cheap model   dummy: log loss 1.070 on the rows kept aside" in closing_lines(none, 80)


def test_unpriced_compute_shows_no_money(made: Made) -> None:
    assert "Cost          14 CPU s, 9.4 s on the clock" in closing_lines(made["multiclass"], 80)


@pytest.mark.parametrize(("price", "is_told"), [(70_000.0, True), (2.5, True), (0.04, False)])
def test_a_price_at_which_it_turns_is_told_where_a_perfect_model_would_be_worth_asking_for(
    made: Made, price: float, is_told: bool
) -> None:
    turns = {"value_per_unit": price, "price_per_cpu_hour": None, "worthwhile_gain": None}
    lines = closing_lines(made["go"] | {"break_even": turns}, 80)
    assert any(line.startswith("Would turn") for line in lines) is is_told


def test_what_is_unknown_is_left_out(made: Made) -> None:
    text = "\n".join(closing_lines(made["no_signal"], 80))
    for label in ("Gain", "Net benefit", "To settle", "Costly model", "MLflow", "Predict", "None"):
        assert label not in text


def test_where_no_model_is_kept_none_is_weak(made: Made) -> None:
    lines = closing_lines(made["no_signal"] | {"weak": made["told_all"]["weak"]}, 80)
    assert not any(line.startswith("Weak where") for line in lines)
    kept = closing_lines(made["multiclass"] | {"weak": made["told_all"]["weak"]}, 80)
    assert any(line.startswith("Weak where") for line in kept)


def test_a_score_of_the_folds_says_so(made: Made) -> None:
    assert "Cheap model   dummy: ROC AUC 0.500 ± 0.003 on the folds" in closing_lines(made["no_signal"], 80)


def test_the_gravest_findings_come_first_and_the_rest_are_counted(made: Made) -> None:
    lines = closing_lines(made["not_trustworthy"], 80)
    found = [line for line in lines if line.startswith(("STOP", "Warning"))]
    assert found[0].startswith("STOP          target-leak: duration alone")
    assert len(found) == 2
    assert f"{'':<14}and 4 more findings in the report" in lines
    assert "few-rows" not in "\n".join(lines)


def test_a_finding_that_the_sentence_tells_says_what_to_do(made: Made) -> None:
    verdict = made["not_trustworthy"]
    (stop,) = [check for check in verdict["checks"] if check["severity"] == "stop"]
    lines = closing_lines(verdict | {"sentence": stop["evidence"]}, 100)
    assert f"STOP          target-leak: {stop['advice'][:40]}" in "\n".join(lines)


def test_what_there_is_room_for_is_not_cut(made: Made) -> None:
    said = "The columns of lightgbm were not looked at: " + "no time was left to find out, " * 4 + "that is all."
    verdict = made["not_worth_it"] | {"notes": [said]}
    lines = closing_lines(verdict, 80)
    text = " ".join(line[14:] for line in lines[[line[:4] for line in lines].index("Note") :])
    assert text.startswith(said)
    assert len(lines) <= 15


def test_the_price_at_which_it_turns_stands_beside_the_one_of_today(made: Made) -> None:
    turns = {"value_per_unit": 70_000.0, "price_per_cpu_hour": None, "worthwhile_gain": None}
    verdict = made["go"] | {"break_even": turns, "economics": made["go"]["economics"] | {"value_per_unit": 80_000.0}}
    assert "Would turn    at EUR 70,000 a year for one unit of ROC AUC (now EUR 80,000)" in closing_lines(verdict, 80)


def test_ways_on(made: Made) -> None:
    lines = closing_lines(made["go"], 100)
    assert "Report        runs/adult/2026-11-24_09-00-00/summary.md" in lines
    assert "MLflow        mlflow ui --backend-store-uri sqlite:///runs/mlflow.db" in lines
    command = "python -m runner predict runs/adult/2026-11-24_09-00-00 new.csv out.csv"
    assert f"Predict       {command}" in lines


def test_a_wrapped_command_can_be_copied(made: Made) -> None:
    verdict = made["go"] | {"folder": "runs/a-table-with-quite-a-long-name/2026-11-24_09-00-00"}
    text = "\n".join(closing_lines(verdict, 72))
    command = re.search(r"^Predict +((.* \\\n)+.*)$", text, re.MULTILINE)
    assert command
    assert shlex.split(command[1].replace("\\\n", " ")) == [
        *("python", "-m", "runner", "predict", verdict["folder"], "new.csv", "out.csv")
    ]


def test_commands_give_way_before_the_sentence_does(made: Made) -> None:
    verdict = made["unsettled"] | {"folder": "/a" * 40}
    lines = closing_lines(verdict, 60)
    assert len(lines) <= 15
    assert lines[1].startswith("hist-boosting #123 gains")
    assert sum(line.startswith(("STOP", "Gain", "To settle")) for line in lines) == 3
    assert sum(line.startswith(("Predict", "MLflow")) for line in lines) < 2


class Screen(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_decision_in_colour_and_nothing_else(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    screen = Screen()
    print_closing(made["go"], screen)
    assert re.findall(r"\x1b\[[\d;]+m(.*?)\x1b\[0m", screen.getvalue()) == ["GO"]


def test_a_pipe_gets_plain_lines(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    pipe = io.StringIO()
    print_closing(made["unsettled"], pipe)
    assert pipe.getvalue().splitlines() == closing_lines(made["unsettled"], 80)


def test_where_it_is_weak_and_what_earns_stand_where_there_is_room(made: Made) -> None:
    verdict = made["regression"] | {key: made["told_all"][key] for key in ("weak", "columns")}
    verdict["weak"]["slices"][0] |= {"score": -70.1, "rest": -38.2}
    lines = closing_lines(verdict | {"notes": ["One thing.", "Another."]}, 80)
    assert "Weak where    age under 25: RMSE 70.10, elsewhere 38.20 (412 rows)" in lines
    assert any(line.startswith("Columns       7 of 20 shown to help: column-1, col") for line in lines)
    assert "Note          One thing. (+1 more)" in lines
    few = [each | {"earns": each["name"] != "column-3"} for each in verdict["columns"]]
    lines = closing_lines(verdict | {"columns": few}, 80)
    assert "Columns       1 of 20 not shown to help: column-3" in lines
    unbounded = [each | {"gain": each["gain"] | {"low": None}} if not each["earns"] else each for each in few]
    lines = closing_lines(verdict | {"columns": unbounded}, 80)
    said = " ".join(line.strip() for line in lines)
    assert "19 of 20 shown to help: column-1, column-2, column-4, column-5 and 15 more; of 1, these rows" in said
    none = [each | {"earns": False, "gain": each["gain"] | {"low": None}} for each in few]
    assert "Columns       these rows cannot tell which of 20 help" in closing_lines(verdict | {"columns": none}, 80)
    full = closing_lines(made["unsettled"] | {key: verdict[key] for key in ("weak", "columns")}, 80)
    assert len(full) <= 15
