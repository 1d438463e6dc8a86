"""report.html, as text; tests/report/test_browser.py looks at it as a person does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from outline import Outline
from runner.errors import UserError
from runner.folders import REPORT, REPORT_FAULT
from runner.report import page
from runner.report.closer_look import columns_in_words, earning
from runner.report.page import render, try_report, write_report
from runner.report.pictures.climb import climb_picture
from runner.report.pictures.weak import weak_pictures

Made = dict[str, dict[str, Any]]


def test_every_kind_of_verdict_makes_a_whole_page(shown: tuple[dict[str, Any], str]) -> None:
    verdict, html = shown
    outline = Outline(html)
    assert not outline.open
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert verdict["decision"] in outline.text
    assert " ".join(verdict["sentence"].split()) in outline.text
    assert not re.search(r"\bNone\b|\bnan\b|\binf\b|Undefined", outline.text)


def test_of_many_classes_it_is_said_how_many_are_not_named(made: Made) -> None:
    verdict = made["go"]
    for count, told in ((12, "c10, c11)"), (30, "c10, c11 and 18 more)")):
        classes = [f"c{number}" for number in range(count)]
        page = render(verdict | {"dataset": verdict["dataset"] | {"classes": classes}})
        assert f"{count} classes (c0, c1" in Outline(page).text
        assert told in Outline(page).text


@pytest.mark.filterwarnings("error")
def test_names_in_any_letters_are_drawn_without_a_warning(made: Made) -> None:
    verdict = made["told_all"]
    shown = [column | {"name": name} for column, name in zip(verdict["columns"], ("年齢", "US$ in $"), strict=False)]
    text = Outline(render(verdict | {"columns": shown})).text
    assert "年齢" in text
    assert "US$ in $" in text


def test_nothing_is_asked_of_the_network(shown: tuple[dict[str, Any], str]) -> None:
    html = shown[1]
    assert all(link.startswith("#") for link in Outline(html).links)
    assert not re.search(r"@import|url\((?!#)", html)


def test_links_lead_somewhere(shown: tuple[dict[str, Any], str]) -> None:
    outline = Outline(shown[1])
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_every_picture_is_told_in_words_and_has_no_colour_of_its_own(made: Made) -> None:
    html = render(made["told_all"])
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) >= 9
    for svg in pictures:
        assert re.search(r'role="img" aria-labelledby="\S+-title \S+-text"', svg)
        assert re.search(r"<desc[^>]*>[^<]{20,}", svg)
        assert not re.search(r"#[0-9a-f]{6}\b", svg)
        assert "DejaVu" not in svg


def test_the_figures_are_those_of_the_verdict(made: Made) -> None:
    text = Outline(render(made["go"])).text
    for figure in (
        "EUR +1,210 (620 to 1,801)",
        "+0.017 (0.011 to 0.023) in ROC AUC",
        "from +0.0050",
        "over 99 %",
        "At EUR 70,000 a year for one unit of ROC AUC",
        "2,021 CPU s, 2 min on the clock, EUR 0.03",
    ):
        assert figure in text


def test_the_year_ahead_is_priced_by_hand(made: Made) -> None:
    text = Outline(render(made["go"])).text
    # 52 trainings of 3.6 s and a million predictions at 0.01 s a thousand: 197 s, 0.05 h; 16 h at 80 of a person
    assert "A year with lightgbm cheap champion 0.05 1,280 0.0005 0.0002" in text
    # 52 of 36 s and 20 s: 1,892 s, 0.53 h, EUR 0.03; 24 h at 80
    assert "A year with lightgbm #7 challenger 0.53 1,920 0.005 0.002" in text


def test_the_year_ahead_of_a_search_that_was_not_run_is_named_as_what_it_is(made: Made) -> None:
    facts = made["go"]["facts"]
    forecast = {"trials": 40, "challenger": facts["challenger"] | {"name": "search"}}
    text = Outline(render(made["not_worth_it"] | {"facts": facts | {"challenger": None, "forecast": forecast}})).text
    assert text.count("A year with a model that a search would find") == 2
    assert "A year with search" not in text


def test_no_year_is_told_of_a_model_that_a_search_has_not_found(made: Made) -> None:
    facts = made["go"]["facts"]
    forecast = {"trials": 40, "challenger": facts["challenger"] | {"name": "search"}}
    found_nothing = made["go"] | {"challenger": None, "gain": None, "skill": None, "net_benefit": None}
    text = Outline(render(found_nothing | {"facts": facts | {"challenger": None, "forecast": forecast}})).text
    assert "would find" not in text


def test_what_intervals_are_about_is_told_where_there_are_any(made: Made) -> None:
    told = "The intervals are about the gain of the models as fitted on the development rows."
    assert Outline(render(made["go"])).text.count(told) == 2
    text = Outline(render(made["go"] | {"gain": None, "skill": None, "signal": None})).text
    assert told not in text
    assert text.count("No gain was measured on new rows.") == 2


def test_what_others_found_out_is_shown(made: Made) -> None:
    text = Outline(render(made["told_all"])).text
    for said in (
        "nested cross-validation with 5 folds, 2 times over",
        "by-hand: ROC AUC 0.710; lightgbm #7 is better by +0.23",
        "if married == yes then >50K",
        "More rows? Twice the rows are expected to gain +0.006.",
        "age: under 25 412 0.810 0.870 0.950 under 0.001",
        "7 of 20 columns are shown to help",
        "lightgbm 2 0.946 96",
        "learning_rate 71 %, num_leaves 29 %",
        "! look many-levels · x · acknowledged",
        "female 2,000 0.110",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("earning", "low", "said"),
    [
        (20, 0.1, "All 20 columns are shown to help."),
        (1, 0.0, "1 of 20 columns is shown to help; a model without the others would be cheaper to maintain."),
        (0, 0.0, "None of 20 columns is shown to help."),
        (1, None, "1 of 20 columns is shown to help; of 19, these rows cannot tell, because too few of them"),
        (0, None, "These rows cannot tell which columns help, because too few of them decide."),
    ],
)
def test_a_column_is_called_useless_only_where_the_rows_can_tell(
    made: Made, earning: int, low: float | None, said: str
) -> None:
    columns = [
        each | {"earns": number < earning, "gain": each["gain"] | {"low": low}}
        for number, each in enumerate(made["told_all"]["columns"])
    ]
    assert said in Outline(render(made["told_all"] | {"columns": columns})).text


@pytest.mark.parametrize(
    ("earns", "low", "said", "in_a_line"),
    [
        (True, 0.1, "The only column is shown to help.", None),
        (False, 0.0, "The only column is not shown to help.", "none of 1 shown to help"),
        (
            False,
            None,
            "These rows cannot tell whether the only column helps, because too few of them decide.",
            "these rows cannot tell whether the only one helps",
        ),
    ],
)
def test_a_single_column_is_spoken_of_as_one(earns: bool, low: float | None, said: str, in_a_line: str | None) -> None:
    verdict = {"columns": [{"name": "x", "earns": earns, "gain": {"low": low}}]}
    assert (columns_in_words(verdict), earning(verdict)) == (said, in_a_line)


def test_it_is_said_what_a_model_needs_where_it_is_loaded(made: Made) -> None:
    needed = "Where it is loaded, this package ( make wheel builds it) and the versions below have to be installed."
    assert needed in Outline(render(made["go"])).text
    assert needed not in Outline(render(made["no_signal"])).text


def test_a_score_on_new_rows_stands_beside_the_one_that_it_was_chosen_by(made: Made) -> None:
    text = Outline(render(made["regression"])).text
    assert "Challenger forest #3: RMSE 37.29 on the rows kept aside; 38.90 ± " in text


def test_gates_with_one_reason_are_told_as_one(made: Made) -> None:
    gate = made["not_worth_it"]["gates"][0]
    cheap = [gate | {"open": True, "forecast_gain": None, "rung": rung, "reason": f"Cheap, {rung}."} for rung in "ab"]
    shut = [gate | {"rung": rung, "reason": "Too little is left to win."} for rung in ("portfolio", "blend")]
    text = Outline(render(made["not_worth_it"] | {"gates": [*cheap, *shut]})).text
    assert (
        "a, b ↑ open Cheap, and something was left to win. portfolio, blend ■ shut Too little is left to win." in text
    )


def test_a_million_is_written_out_on_the_axis(made: Made) -> None:
    html = render(made["go"] | {"net_benefit": {"estimate": 971_952.0, "low": 502_944.0, "high": 1_421_111.0}})
    (svg,) = re.findall(r'<figure id="picture-gain">.*?</figure>', html, re.DOTALL)
    assert ">1,600,000</text>" in svg or ">1,500,000</text>" in svg
    assert "e+06" not in svg


@pytest.mark.filterwarnings("error")
def test_what_lies_below_no_model_is_drawn(made: Made) -> None:
    verdict = made["go"]
    for each in verdict["candidates"][1:]:
        for key in ("score", "holdout_score"):
            each[key] = each[key] and each[key] - 3
    told = render(verdict)
    assert "Best of each rung: tree -559 %; search -511 %." in told
    assert ": lightgbm -515 %; lightgbm #7 -511 %." in told


@pytest.mark.filterwarnings("error")
def test_long_names_leave_room_for_what_is_drawn(made: Made) -> None:
    long = "-of-quite-a-long-name" * 5
    verdict = made["go"] | {"cheap_champion": f"lightgbm{long}", "challenger": f"lightgbm #7{long}"}
    for each in (*verdict["candidates"], *verdict["gates"]):
        each |= {key: f"{each[key]}{long}" for key in ("name", "rung") if key in each and each[key] != "none"}
    html = render(verdict)
    assert f">lightgbm{long}"[:25] in html
    assert f"lightgbm{long}" in Outline(html).text


def test_a_regression_shows_its_residuals(made: Made) -> None:
    pairs = [{"predicted": float(i), "residual": (-1.0) ** i * i} for i in range(40)]
    html = render(made["regression"] | {"weak": {"slices": [], "looked_at": 12, "residuals": pairs}})
    assert 'id="picture-residuals"' in html
    assert "12 slices were looked at; none is shown to be clearly weaker than the rest." in Outline(html).text


def test_the_errors_of_a_few_rows_are_told_from_the_least_to_the_greatest(made: Made) -> None:
    pairs = [{"predicted": 1.0, "residual": residual} for residual in (-10.0, 10.0)]
    (drawn,) = weak_pictures(made["regression"] | {"weak": {"residuals": pairs}})
    assert drawn.text == "2 rows: the median error is 0; eight in ten lie between -8 and 8; the greatest is -10."


def test_rungs_are_measured_by_no_model_on_the_folds_that_they_were_judged_on(made: Made) -> None:
    newest_are_easier = made["regression"]["facts"] | {"headroom": 60.0}
    rungs = [{**made["go"]["gates"][0], "rung": rung} for rung in ("simple", "search")]
    drawn = climb_picture(made["regression"] | {"facts": newest_are_easier, "gates": rungs})
    assert drawn is not None
    assert drawn.text == "Best of each rung: simple 77 %; search 79 %."


def test_the_mark_of_a_forecast_is_explained_where_the_gate_stayed_shut_too(made: Made) -> None:
    mark = "the vertical mark is what a search was forecast to reach"
    verdict = made["not_worth_it"]
    assert verdict["search"] is None
    for forecast in (0.02, None):
        [gate] = [gate | {"forecast_gain": forecast} for gate in verdict["gates"]]
        gates = [gate | {"rung": "boosting", "open": True, "forecast_gain": None}, gate]
        assert (mark in render(verdict | {"gates": gates})) == (forecast is not None)


def test_a_rung_without_a_candidate_says_why(made: Made) -> None:
    opened = made["go"]["gates"][0] | {"open": True}
    told = [("simple", True), ("portfolio", False), ("portfolio", True), ("blend", True)]
    rungs = [opened | {"rung": rung, "open": is_open} for rung, is_open in told]
    drawn = climb_picture(made["regression"] | {"gates": rungs})
    assert drawn is not None
    assert drawn.text.endswith("; portfolio gate shut; portfolio no score; blend no mix scored better.")


def test_what_does_not_beat_no_model_is_drawn_against_it_and_not_shown_as_a_model(made: Made) -> None:
    verdict = made["no_signal"] | {"weak": made["told_all"]["weak"]}
    html = render(verdict)
    assert 'id="picture-signal"' in html
    assert "Where it is weak" not in html
    assert "A year with" not in html.partition('id="question"')[0]


def test_what_a_user_named_cannot_break_the_page(made: Made) -> None:
    evil = "<script>alert('x')</script>"
    verdict = made["told_all"]
    verdict["dataset"] = verdict["dataset"] | {"name": evil, "target": evil}
    verdict["columns"][0]["name"] = evil
    verdict["weak"]["confusion"]["labels"][0] = evil
    html = render(verdict)
    assert "<script" not in html
    assert not Outline(html).open


def test_failures_are_told_with_their_reason(made: Made) -> None:
    text = Outline(render(made["crashed"])).text
    assert "tree failed: could not be fitted: <b>ValueError</b>: no & yes" in text
    assert "No model was kept: there was no time to fit it on all rows." in text


def test_who_lost_early_is_told_but_not_as_a_failure(made: Made) -> None:
    lost = {"status": "pruned", "score": None, "reason": "after 1 fold it was clearly worse than the best so far."}
    first, *others = made["go"]["candidates"]
    text = Outline(render(made["go"] | {"candidates": [first, *others[:-1], others[-1] | lost]})).text
    assert f"{others[-1]['name']} pruned: after 1 fold" in text
    assert "Without a score 1 candidate" not in text
    failed = lost | {"status": "failed"}
    text = Outline(render(made["go"] | {"candidates": [first, *others[:-1], others[-1] | failed]})).text
    assert "Without a score 1 candidate" in text


def test_a_folder_without_a_verdict_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no verdict"):
        write_report(tmp_path / "misspelt")
    assert not (tmp_path / "misspelt").exists()
    (tmp_path / "verdict.json").write_text("{")
    with pytest.raises(UserError, match="is not JSON"):
        write_report(tmp_path)
    (tmp_path / "verdict.json").write_text("[]")
    with pytest.raises(UserError, match="is not a verdict of the runner"):
        write_report(tmp_path)


@pytest.mark.parametrize("text", ["seed: [", "- a\n", "\x00", "seed: ${nowhere}\n"])
def test_a_config_that_was_spoilt_is_a_sentence(made: Made, tmp_path: Path, text: str) -> None:
    (tmp_path / "verdict.json").write_text(json.dumps(made["go"]))
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(
        UserError, match=r"config\.yaml' is no longer the config of a run .*: correct it, or delete it\.$"
    ):
        write_report(tmp_path)


def test_a_fault_is_a_note_and_stops_nothing(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "verdict.json").write_text(json.dumps(made["go"]))
    monkeypatch.setattr(page, "pictures", lambda *_: 1 / 0)
    try_report(tmp_path, 10.0)
    assert "ZeroDivisionError" in (tmp_path / REPORT_FAULT).read_text()
    assert not (tmp_path / REPORT).exists()


def test_it_is_left_out_where_time_is_short(made: Made, tmp_path: Path) -> None:
    (tmp_path / "verdict.json").write_text(json.dumps(made["go"]))
    try_report(tmp_path, 0.5)
    assert not (tmp_path / REPORT).exists()
    try_report(tmp_path, 30.0)
    assert (tmp_path / REPORT).stat().st_size < 1_500_000


def test_a_notebook_shows_the_verdict(verdict: dict[str, Any]) -> None:
    html = page.fragment(verdict)
    outline = Outline(html)
    assert not outline.open
    assert verdict["decision"] in outline.text
    assert html.count("<svg") <= 1


def test_what_to_do_what_money_is_at_stake_and_what_models_are_made_of_are_told(made: Made) -> None:
    priced = made["go"]["economics"] | {"cost_matrix": {"good": {"bad": 1}}}
    verdict = made["not_worth_it"] | {"economics": priced, "checks": [made["not_trustworthy"]["checks"][-1]]}
    verdict["candidates"][-1]["params"] = {"num_leaves": 31}
    text = Outline(render(verdict)).text
    assert "What to do now. Use lightgbm, and spend no more on tuning." in text
    assert "That is worth EUR +428,100" in text
    assert "Wrong decisions good taken for bad: EUR 1.00" in text
    assert "lightgbm is made of num_leaves 31" in text
    assert "No check found a reason to doubt the scores." in text


def test_what_the_splits_hold_to_is_said_with_the_data(made: Made) -> None:
    asked = {"time": "day", "gap": "7d", "group": "shop", "note": "Class 2 is bad credit.", "licence": "CC BY 4.0"}
    text = Outline(render(made["go"], config={"dataset": asked})).text
    assert "in the order of day: models learn from the past and are judged on what comes after, 7d apart." in text
    assert "All rows with the same shop are on one side of every split." in text
    assert "Class 2 is bad credit. Licence CC BY 4.0" in text
    assert ">50K is the positive one" in text
