"""The verdict in Markdown."""

import re
from typing import Any

import pytest

from runner.report.summary import summary

Made = dict[str, dict[str, Any]]


def test_under_sixty_lines_and_short_enough_for_mlflow(verdict: dict[str, Any]) -> None:
    text = summary(verdict)
    assert len(text.splitlines()) < 60
    assert len(text) < 8000
    assert "None" not in text


def test_the_longest_there_can_be_is_under_sixty_lines_too(made: Made) -> None:
    verdict = made["with_failures"] | {"settled": False, "lean": "no-go", "rows_to_settle": 12400}
    long = "A sentence with quite some words and figures such as 0.12345 in it. " * 20
    verdict["sentence"] = long
    verdict["gates"] = [gate | {"reason": long} for gate in verdict["gates"]]
    verdict["checks"] = [check | {"evidence": long, "advice": long} for check in verdict["checks"]]
    verdict |= {key: made["told_all"][key] for key in ("weak", "columns", "curve", "incumbent")} | {"notes": [long]}
    rules = [f"if age > {age} and age <= {age + 5} then 95% likely <=50K (6,000 rows)" for age in range(0, 40, 5)]
    verdict["readable"] = {"file": "rules.yaml", "tree": "stump", "rows": 48000, "lines": rules}
    text = summary(verdict)
    assert len(text.splitlines()) < 60
    assert len(text) < 8000
    assert all(said in text for said in ("| Weak where | age under 25:", "| Columns | 7 of 20", "| Note |"))
    assert rules[0] not in text  # the whole ladder is more than the tree
    assert rules[-1] in summary(made["not_worth_it"] | {"readable": verdict["readable"]})


def test_tables_have_as_many_cells_in_every_row(verdict: dict[str, Any]) -> None:
    rows = [line for line in summary(verdict).splitlines() if line.startswith("|")]
    cells = [len(re.findall(r"(?<!\\)\|", row)) for row in rows]
    assert set(cells) <= {3, 7}


def test_decision_action_and_sentence_come_first(made: Made) -> None:
    lines = summary(made["not_worth_it"]).splitlines()
    assert lines[0] == "# adult: NO-GO"
    assert lines[2].startswith("**Keep lightgbm.** The search was never run: Past searches")
    unsettled = summary(made["unsettled"]).splitlines()[2]
    assert unsettled.startswith("**Keep lightgbm (not settled, leaning go).** ")


def test_figures(made: Made) -> None:
    text = summary(made["go"])
    for line in (
        "| Predicted | `class` (binary, `>50K` is positive), judged by ROC AUC |",
        "| Data | 20,000 rows, 14 columns. 20,000 of 48,842 rows were drawn at random. |",
        "| Cheap champion | `lightgbm`: ROC AUC 0.927 on the rows kept aside |",
        "| Challenger | `lightgbm #7`: ROC AUC 0.945 on the rows kept aside |",
        "| Best cheap model over no model | +0.428 (0.421 to 0.435) in ROC AUC |",
        "| Gain of the challenger | +0.017 (0.011 to 0.023) in ROC AUC; worth having from +0.0050 |",
        "| As skill, that is | +3.4 % (2.2 % to 4.6 %) of the way from no model to a perfect one |",
        "| Chance that it pays | over 99 % |",
        "| Net benefit | EUR +1,210 (620 to 1,801) a year |",
        "| Search | 2 of 40 trials, stopped when the time was up; best family lightgbm |",
    ):
        assert line in text.splitlines()
    assert "2,021 CPU s, 2 min on the clock, EUR 0.03, 412 MB for the largest evaluation (budget quick, 2 min)" in text


def test_a_loss_is_shown_as_people_read_it(made: Made) -> None:
    text = summary(made["regression"])
    assert "judged by RMSE, lower is better" in text
    assert "| none | `dummy` | 181.2 ± 1.0 | 0.41 | 2.1 | ok |" in text
    assert "+4.1 (2.4 to 5.8) in RMSE (+ is better)" in text


def test_the_ladder_marks_those_who_were_compared(made: Made) -> None:
    text = summary(made["go"])
    assert "| boosting | **`lightgbm`** (cheap champion) | 0.928 ± 0.005 | 3.1 | 2.1 | ok |" in text
    assert "| search | **`lightgbm #7`** (challenger) | 0.946 ± 0.005 | 35 | 2.1 | ok |" in text
    assert "| Challenger | none: the search was never run |" in summary(made["not_worth_it"])


def test_a_costly_model_that_costs_less_to_have_may_gain_less_than_nothing(made: Made) -> None:
    cheaper = made["go"] | {"worthwhile_gain": {"skill": 0.01, "metric": -0.005}}
    assert "in ROC AUC; pays from -0.0050, as it costs less |" in summary(cheaper)


def test_where_nothing_beats_no_model_what_the_search_found_is_not_said_to_be_nothing(made: Made) -> None:
    searched = made["no_signal"] | {"search": made["go"]["search"]}
    found = "| Challenger | none: the search found `lightgbm #7`, but the verdict does not rest on it |"
    assert found in summary(searched)
    nothing = searched | {"facts": searched["facts"] | {"challenger": None}}
    assert "| Challenger | none: the search found nothing better |" in summary(nothing)


def test_failures_keep_their_reason_and_do_not_break_the_table(made: Made) -> None:
    few = [each for each in made["with_failures"]["candidates"] if each["status"] != "ok" or each["rung"] == "none"]
    text = summary(made["with_failures"] | {"candidates": few})
    assert "| simple | `neighbours` | – | 0.41 | 2.1 | timed out: took longer than the 10 s left |" in text
    assert "Input X contains \\| infinity" in text


def test_of_many_candidates_the_compared_ones_are_kept(made: Made) -> None:
    text = summary(made["with_failures"])
    assert "(cheap champion)" in text
    assert "(challenger)" in text
    assert "| … | 27 more in ladder.csv |" in text  # of 37, 10 are shown


def test_of_many_candidates_the_best_of_each_rung_and_then_the_best_of_all_are_told(made: Made) -> None:
    verdict = made["go"]
    dummy, *_ = verdict["candidates"]
    scores = {"linear": 0.8, "bad-0": 0.5, "bad-1": 0.6, "bad-2": 0.7, **{f"good-{i}": 0.9 + i / 100 for i in range(9)}}
    rungs = {"linear": "simple", "bad-0": "simple"}
    added = [dummy | {"name": n, "rung": rungs.get(n, "portfolio"), "score": s} for n, s in scores.items()]
    compared = [each for each in verdict["candidates"] if each["name"] in (verdict["cheap_champion"], "lightgbm #7")]
    text = summary(verdict | {"candidates": [dummy, *added, *compared]})
    told = [name for name in ("dummy", *scores) if f"| `{name}` |" in text]
    assert told == ["dummy", "linear", *[f"good-{i}" for i in range(3, 9)]]


def test_gates_tell_what_was_expected_and_what_came(made: Made) -> None:
    forecast = "Forecast: 1.2 % for 412 CPU s; came"
    assert f"{forecast}: +3.4 % (2.2 % to 4.6 %) for 96 CPU s." in summary(made["go"])
    no_gain = made["go"] | {"skill": None}
    assert f"{forecast}: not known for 96 CPU s." in summary(no_gain)
    nothing = no_gain | {"facts": no_gain["facts"] | {"challenger": None}}
    assert f"{forecast}: nothing better for 96 CPU s." in summary(nothing)
    lost = nothing | {"challenger": None, "search": nothing["search"] | {"best_family": None, "pruned": 0}}
    assert f"{forecast}: not known for 96 CPU s." in summary(lost)
    assert "none: no trial of the search has a score" in summary(lost)
    worse = lost | {"search": lost["search"] | {"pruned": 1}}
    assert "none: the search found nothing better" in summary(worse)
    assert "- **search, shut.** Past searches" in summary(made["not_worth_it"])
    assert "Forecast:" not in summary(made["not_worth_it"])


def test_findings_stand_with_their_advice(made: Made) -> None:
    text = summary(made["not_trustworthy"])
    assert "- **stop** `target-leak`: duration alone" in text
    assert "- **warn** `check-0`: Column 0 is constant in 0 of 5 folds. Drop it." in text
    assert "- and 5 more findings in verdict.json" in text
    assert "few-rows" not in text


def test_what_is_good_to_know_stands_last(made: Made) -> None:
    note = {
        "code": "random-split-optimistic",
        "severity": "info",
        "columns": [],
        "evidence": "R² 0.9.",
        "advice": "None.",
    }
    text = summary(made["go"] | {"checks": [note, note | {"code": "few-rows", "severity": "warn"}]})
    assert text.index("`few-rows`") < text.index("- **info** `random-split-optimistic`: R² 0.9.")
    assert "## Checks" not in summary(made["go"])


def test_how_to_do_it_again_and_go_on(made: Made) -> None:
    text = summary(made["go"])
    assert "python -m runner dataset=adult budget=quick  # run it again: seed 0, data 5e884898da28\n" in text
    assert "sqlite:///runs/mlflow.db  # look at it: run 0123456789abcdef0123456789abcdef\n" in text
    assert "python -m runner predict runs/adult/2026-11-24_09-00-00 new.csv out.csv  # predict" in text
    assert "`joblib.load('runs/adult/2026-11-24_09-00-00/model.pkl')`" in text


@pytest.mark.parametrize("kind", ["no_signal", "not_trustworthy"])
def test_no_model_is_offered_that_should_not_be_used(made: Made, kind: str) -> None:
    assert "predict" not in summary(made[kind]).partition("## Again")[2]


def test_a_trial_is_no_issue_on_github(verdict: dict[str, Any]) -> None:
    assert not re.search(r"(?<!`)\b[\w-]+ #\d+\b(?!`)", summary(verdict))


def test_the_gain_is_drawn_to_scale(made: Made) -> None:
    found = re.search(r"In a picture \| `(.*?)` ● gain", summary(made["go"]))
    assert found
    assert found[1][0] == "0"
    assert found[1].index("┊") == round(0.0050 / 0.0230 * 39)
    assert (found[1].index("├"), found[1].index("●"), found[1].index("┤")) == (19, 29, 39)
    assert "In a picture" not in summary(made["multiclass"])
