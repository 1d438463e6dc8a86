"""What an unknown table's columns are taken for: as its card says, or asked."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from runner.errors import UserError
from runner.proposal import propose
from runner.reading.table import with_names
from runner.sources.dialect import Dialect
from runner.sources.frame import read_frame

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(path.parent.name for path in (ROOT / "datasets").glob("*/card.yaml"))


def said(proposal):
    return {choice.key: choice.value for choice in proposal.chosen}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_bare_csv_is_understood_as_its_card_says(name, tmp_path):
    card = yaml.safe_load((ROOT / "datasets" / name / "card.yaml").read_text())
    pd.read_parquet(ROOT / "datasets" / name / "data.parquet").to_csv(tmp_path / "bare.csv", index=False)
    proposal = propose(with_names(read_frame(tmp_path / "bare.csv", Dialect())[0]), card["target"])
    chosen, asked = said(proposal), {(choice.key, choice.value) for choice in proposal.asked}
    assert chosen["task"] == card["task"]
    assert chosen.get("positive") == card.get("positive")
    for role in ("group", "time", "weight", "incumbent"):
        if card.get(role):
            assert chosen.get(role) == card[role] or (role, card[role]) in asked
    for role in ("group", "time"):
        assert chosen.get(role) == card.get(role)


def visits(rows=600):
    rng = np.random.default_rng(0)
    person = rng.integers(0, 80, rows)
    return pd.DataFrame(
        {
            "row_id": rng.permutation(rows) * 7,
            "patient": person,
            "room": 150 + person % 40,
            "born": pd.Timestamp("1950-01-01") + pd.to_timedelta(person * 100, "D"),
            "at": pd.date_range("2024-01-01", periods=rows, freq="6h").astype(str),
            "dose": rng.normal(size=rows),
            "code": [f"{i:x}" for i in rng.integers(10**9, 10**12, rows)],
            "said": [f"this is what number {i} said" for i in range(rows)],
            "risk_score": rng.random(rows),
            "weight": rng.random(rows) + 1,
            "always": "x",
            "y": rng.choice(["well", "ill"], rows, p=[0.8, 0.2]),
        }
    )


def test_each_role_is_found_and_reasoned():
    proposal = propose(visits(), "y")
    assert said(proposal) == {
        "task": "binary", "positive": "ill", "drop": ["row_id", "code"], "time": "at", "group": "patient",
    }  # fmt: skip
    asked = {(choice.key, choice.value) for choice in proposal.asked}
    assert asked == {("positive", "well"), ("incumbent", "risk_score"), ("weight", "weight")}
    assert all(choice.why for choice in [*proposal.chosen, *proposal.asked])
    assert proposal.kinds["constant or empty"] == ["always"]
    assert proposal.kinds["text"] == ["said"]
    assert proposal.kinds["dates"] == ["born", "at"]


def test_rows_recorded_twice_are_to_be_left_out():
    frame = visits()
    assert "drop_copies" not in said(propose(frame, "y"))
    twice = propose(pd.concat([frame, frame.head(60)], ignore_index=True), "y")
    assert said(twice)["drop_copies"] is True
    assert any(choice.why.startswith("60 rows of 660 repeat others: ") for choice in twice.chosen)


def test_a_category_is_no_group_and_a_measurement_no_identifier():
    rng = np.random.default_rng(1)
    rows = 800
    town = rng.integers(0, 40, rows)
    table = pd.DataFrame(
        {
            "town": [f"t{i}" for i in town],
            "size": rng.permutation(rows) * 3,
            "x": rng.normal(size=rows),
            "y": rng.random(rows),
        }
    )
    proposal = propose(table, "y")
    assert said(proposal) == {"task": "regression"}
    assert proposal.asked == []


def test_two_dates_are_asked():
    table = visits().assign(seen=pd.date_range("2024-01-01", periods=600)[::-1], row_id=0)
    proposal = propose(table, "y")
    assert "time" not in said(proposal)
    assert {choice.value for choice in proposal.asked if choice.key == "time"} == {"at", "seen"}


def test_a_misspelt_target_is_answered_with_the_nearest():
    with pytest.raises(UserError, match=r"--target 'doses' is not a column of the table: did you mean 'dose'"):
        propose(visits(), "doses")


def test_a_target_may_be_called_self():
    assert "task" in said(propose(visits().rename(columns={"dose": "self"}), "self"))


def test_hours_a_week_are_no_moment_and_carats_no_weight_of_a_row():
    rng = np.random.default_rng(0)
    columns = {"hours-per-week": rng.integers(20, 60, 200), "total_day_calls": rng.integers(0, 60, 200)}
    columns |= {"Carat Weight": rng.random(200)}
    columns |= {"week": rng.integers(1, 53, 200), "sample_weight": rng.random(200), "base_weight": np.ones(200)}
    table = pd.DataFrame({**columns, "y": rng.random(200)})
    asked = {(choice.key, choice.value) for choice in propose(table, "y").asked}
    assert asked == {("time", "week"), ("weight", "sample_weight")}


def test_a_weight_beside_a_height_is_that_of_a_body():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({name: rng.random(200) for name in ("weight", "survey_weight", "y")})
    asked = {choice.value for choice in propose(table, "y").asked}
    assert asked == {"weight", "survey_weight"}
    asked = {choice.value for choice in propose(table.assign(height_cm=rng.random(200)), "y").asked}
    assert asked == {"survey_weight"}


def test_of_a_date_in_parts_the_longest_is_asked_and_what_was_counted_over_a_year_is_none():
    rng = np.random.default_rng(0)
    ends = {"year": 20, "month": 12, "day": 28, "TrainingTimesLastYear": 6, "visits_past_month": 9}
    ends |= {"time_in_hospital": 14, "time_to_event": 90}
    table = pd.DataFrame({name: rng.integers(1, end + 1, 400) for name, end in ends.items()} | {"y": rng.random(400)})
    assert roles(table, "time") == (None, ["year"])
    assert roles(table.assign(date=table["year"] + table["month"] / 12), "time") == (None, ["date"])
    without = table.drop(columns="year")
    assert roles(without, "time") == (None, ["month"])
    assert roles(without.assign(month=without["month"].map("m{}".format)), "time") == (None, [])


@pytest.mark.parametrize(
    "name", ["birth_year", "year_of_birth", "YearBuilt", "construction_year", "year_founded", "Year_Remod"]
)
def test_the_year_in_which_a_row_s_thing_came_to_be_is_not_asked_about(name):
    years = np.random.default_rng(0).integers(1950, 2000, 400)
    assert roles(pd.DataFrame({name: years, "y": np.arange(400) % 7 / 3}), "time") == (None, [])


def test_a_period_that_many_rows_lack_is_not_asked_about():
    week = pd.Series(np.arange(300) % 50 * 1.0).where(np.arange(300) % 3 > 0)
    assert roles(pd.DataFrame({"week": week, "y": np.arange(300) % 7 / 3}), "time") == (None, [])


def roles(table, key):
    proposal = propose(table, "y")
    return said(proposal).get(key), [choice.value for choice in proposal.asked if choice.key == key]


def test_years_of_school_are_no_schools_and_a_name_names_a_thing():
    rng = np.random.default_rng(0)
    years, name = rng.integers(3, 17, 600), rng.integers(0, 60, 600)
    table = pd.DataFrame({"school": years, "name": [f"n{i}" for i in name], "y": years / 5 + rng.random(600)})
    assert roles(table, "group") == (None, ["name"])
    assert roles(table.assign(y=table["y"] > 2), "group") == (None, ["name"])
    assert roles(table.assign(y=rng.random(600)), "group") == (None, ["school", "name"])


def test_the_finest_of_nested_things_is_the_group_and_crossed_ones_are_asked():
    rng = np.random.default_rng(0)
    child = rng.integers(0, 90, 900)
    nested = pd.DataFrame({"childid": child, "school": child // 3, "age": 6 + child % 5, "y": rng.random(900)})
    assert roles(nested, "group") == ("childid", ["school"])
    crossed = nested.assign(school=rng.integers(0, 30, 900))
    assert roles(crossed, "group") == (None, ["childid", "school"])


def test_two_names_of_one_thing_are_one_thing():
    rng = np.random.default_rng(0)
    patient = rng.integers(0, 90, 900)
    table = pd.DataFrame({"patient": patient, "patient_name": [f"n{i}" for i in patient], "y": rng.random(900)})
    assert roles(table, "group") == (None, ["patient_name"])
    assert roles(table.assign(ward=patient // 9 % 5), "group") == ("patient_name", [])


@pytest.mark.parametrize("form", ["%d %b %Y", "%b %d, %Y", "%d.%m.%Y", "%Y-%m"])
def test_dates_are_seen_however_they_are_written(form):
    days = pd.date_range("2001-01-01", periods=300, freq="MS").strftime(form)
    assert roles(pd.DataFrame({"when": days, "y": np.arange(300) % 7 / 3}), "time") == ("when", [])


def test_a_date_that_the_rows_are_not_in_the_order_of_is_asked_about_where_they_are_few():
    days = pd.Series(pd.date_range("2001-01-01", periods=800)).sample(frac=1, random_state=0, ignore_index=True)
    table = pd.DataFrame({"day": days, "y": np.arange(800) % 7 / 3})
    assert roles(table, "time") == ("day", [])
    assert roles(table.head(400), "time") == (None, ["day"])


def test_a_date_that_many_rows_lack_is_not_chosen():
    left = pd.Series(pd.date_range("2024-01-01", periods=300)).where(np.arange(300) % 3 == 0)
    assert roles(pd.DataFrame({"left": left, "y": np.arange(300) % 7 / 3}), "time") == (None, ["left"])


def test_ranges_are_no_dates_and_dates_in_many_ways_are_no_identifier():
    days = pd.date_range("2001-01-01", periods=300)
    forms = ["%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y"]
    ways = [day.strftime(forms[place % 3]) for place, day in enumerate(days)]
    table = pd.DataFrame({"seen": ["2-10", "11-100"] * 150, "when": ways, "y": np.arange(300) % 7 / 3})
    proposal = propose(table, "y")
    assert [choice.key for choice in proposal.chosen] == ["task"]
    assert [(choice.key, choice.value) for choice in proposal.asked] == [("time", "when")]
    assert "write its dates in one way" in proposal.asked[0].why
    assert "seen" in proposal.kinds["categories"]


def test_a_thing_is_one_also_where_some_rows_lack_it():
    person = np.random.default_rng(0).integers(0, 80, 600)
    table = pd.DataFrame({"patient": person, "height": 150 + person % 40, "y": np.arange(600) % 7 / 3})
    assert roles(table, "group") == ("patient", [])
    assert roles(table.assign(patient=table["patient"].where(table.index % 50 > 0)), "group") == ("patient", [])


def test_a_year_of_which_each_row_is_another_is_time_and_no_counter():
    table = pd.DataFrame({"year": np.arange(1880, 2016), "y": np.arange(136) % 7 / 3})
    assert said(propose(table, "y")).get("drop") is None
    assert roles(table, "time") == (None, ["year"])
    for clock in ("t", "Trend"):
        assert roles(table.rename(columns={"year": clock}), "time") == (None, [clock])
    assert said(propose(table.rename(columns={"year": "place"}).assign(x=table["y"]), "y"))["drop"] == ["place"]


def test_a_counter_counts_the_rows_even_if_some_were_left_out():
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"order": np.arange(400), "x": rng.random(400), "y": rng.random(400)})
    kept = rows.sample(300, random_state=0)
    assert said(propose(kept, "y"))["drop"] == ["order"]
    assert said(propose(kept.assign(order=kept["order"] ** 2), "y")).get("drop") is None


def test_of_two_classes_of_one_size_none_is_called_rarer():
    table = pd.DataFrame({"x": np.arange(60) % 7, "y": ["actor", "actress"] * 30})
    (positive,) = (choice.why for choice in propose(table, "y").chosen if choice.key == "positive")
    assert positive.startswith("neither is rarer: 50.0% of the rows")


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({}, "beside target 'y': give columns"),
        ({"id": range(200)}, "beside target 'y', as each of 'id' names"),
        (
            {"always": "x", "name": [f"n{i}" for i in range(200)]},
            "beside target 'y', as each of 'always', 'name' names",
        ),
    ],
)
def test_a_table_without_inputs_is_refused(others, told):
    with pytest.raises(UserError, match=f"^No input is left {told}"):
        propose(pd.DataFrame({**others, "y": ["yes", "no"] * 100}), "y")


def test_a_target_in_several_spellings_has_the_classes_that_are_meant():
    table = visits()
    table["y"] = table["y"].where(np.arange(len(table)) % 7 > 0, table["y"].str.upper())
    proposal = propose(table, "y")
    assert said(proposal)["task"] == "binary"
    assert "'well', 'WELL'" in proposal.notes[0]


def test_a_row_of_totals_hides_no_counter():
    table = visits().assign(row_id=[*map(str, np.arange(599, dtype=int) * 2), "Total"])
    table.loc[599, "y"] = None
    assert "row_id" in said(propose(table, "y"))["drop"]


def test_a_row_of_totals_that_has_a_target_is_no_row():
    table = visits().astype({"dose": object}).assign(y=np.arange(600.0), risk_score=1.0)
    table.loc[600] = {"dose": "Total", "y": table["y"].sum(), "risk_score": 600.0}
    proposal = propose(table, "y")
    assert "The last row holds totals and is set aside: 'risk_score' is the sum of the rows above." in proposal.notes
    assert "dose" in proposal.kinds["numbers"]
    assert not any("missing" in note for note in proposal.notes)
