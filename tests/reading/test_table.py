"""From a table to a valid data set; the tables that ship; and frames that nobody would think of."""

import datetime as dt
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf

from runner.candidates.cleaning import Cleaning
from runner.config import DatasetConfig
from runner.errors import UserError
from runner.reading import build, load
from runner.task import Task

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.parent.name for path in (ROOT / "datasets").glob("*/card.yaml"))


def frame(rows=40, **columns):
    """Return a table with two inputs, a target `y` and the given columns."""
    numbers = np.arange(rows)
    inputs = {"x": numbers / 2, "z": [f"word {i % 3}" for i in numbers]}
    return pd.DataFrame({**inputs, "y": ["no" if i % 4 else "yes" for i in numbers], **columns})


def config(**options):
    return DatasetConfig(name="test", **{"target": "y", **options})


def test_a_plain_table_becomes_a_data_set():
    table = frame()
    before = table.copy()
    dataset = build(table, config())
    assert (dataset.name, dataset.task, dataset.target_name) == ("test", Task.BINARY, "y")
    assert list(dataset.features.columns) == ["x", "z"]
    assert dataset.target.tolist() == [int(value == "yes") for value in table["y"]]
    assert dataset.classes == ("no", "yes")
    assert dataset.notes == ()
    assert dataset.groups is dataset.time is dataset.weights is dataset.incumbent is None
    pd.testing.assert_frame_equal(table, before)


def test_roles_are_no_inputs_but_time_is():
    table = frame(g="a", w=1, t=pd.date_range("2026-01-01", periods=40), i="no", d=7)
    table.loc[0, "g"] = "b"
    dataset = build(table, config(group="g", weight="w", time="t", incumbent="i", drop=["d"]))
    assert list(dataset.features.columns) == ["x", "z", "t"]
    assert len(np.unique(dataset.groups)) == 2
    assert dataset.weights.tolist() == [1.0] * 40
    assert dataset.incumbent.cells["i"].tolist() == ["no"] * 40


def test_rows_are_sorted_by_time_and_stay_together():
    table = frame(t=np.arange(40)[::-1], w=np.arange(40), g=np.arange(40) // 2)
    dataset = build(table, config(time="t", weight="w", group="g"))
    assert dataset.time.tolist() == dataset.features["t"].tolist() == list(range(40))
    assert (dataset.weights * 20).tolist() == pytest.approx(range(39, -1, -1))  # 1 on average, of those above zero
    assert dataset.features["x"].tolist() == [i / 2 for i in range(39, -1, -1)]
    assert dataset.target.tolist() == [int(i % 4 == 0) for i in range(39, -1, -1)]
    assert [len(set(dataset.groups[i : i + 2])) for i in range(0, 40, 2)] == [1] * 20


def test_rows_of_one_moment_keep_their_order():
    table = frame(t=["2026-02-01", "2026-01-01"] * 20)
    before = [*range(1, 40, 2), *range(0, 40, 2)]
    assert (build(table, config(time="t")).features["x"] * 2).tolist() == before


def test_rows_without_target_are_set_aside_and_counted():
    table = frame()
    table.loc[:4, "y"] = None
    table.loc[5, "y"] = "  "
    dataset = build(table, config())
    assert len(dataset) == len(dataset.features) == 34
    assert dataset.notes == ("Set aside 6 rows of 40 in which target 'y' is missing.",)


def test_rows_without_time_are_set_aside_and_counted():
    table = frame(t=[None, *pd.date_range("2026-01-01", periods=39)])
    assert build(table, config(time="t")).notes == ("Set aside 1 row of 40 in which time 't' is missing.",)
    both = build(table.assign(y=table["y"].mask(table["t"].isna())), config(time="t"))
    assert both.notes == ("Set aside 1 row of 40 in which target 'y' is missing.",)  # and not another one


def test_a_named_index_is_a_column():
    table = frame(day=pd.date_range("2026-01-01", periods=40)).set_index("day")
    assert build(table, config(time="day")).time[0] == np.datetime64("2026-01-01")


def test_names_become_text():
    table = frame().rename(columns={"x": 0, "z": "😀" * 500})
    assert list(build(table, config()).features.columns) == ["0", "😀" * 500]


@pytest.mark.parametrize("name", ["target", "self"])  # the latter is a word of Python, and no argument to pandas
def test_a_target_may_be_called_anything(name):
    table = frame().rename(columns={"y": name})
    assert build(table, config(target=name)).target_name == name


def test_a_time_and_numbers_beside_totals_may_be_called_self():
    assert build(frame(**{"self": np.arange(40)}), config(time="self")).time.tolist() == [*range(40)]
    table = frame(**{"self": [*map(str, range(39)), "in all"]})
    table.loc[39, "y"] = None
    assert build(table, config()).features["self"].dtype.kind == "f"


def test_empty_columns_are_left_out_and_told():
    dataset = build(frame(e=None, f=np.nan), config())
    assert list(dataset.features.columns) == ["x", "z"]
    assert dataset.notes == ("Left out, as empty in every row: 'e', 'f'.",)


def test_a_counter_of_rows_is_left_out_and_told_unless_it_is_time():
    table = frame(rownames=np.arange(1, 41) ** 2, dose=np.arange(40), customer_id=np.arange(40)[::-1])
    dataset = build(table, config())
    assert list(dataset.features) == ["x", "z", "dose", "customer_id"]
    assert dataset.notes == ("Left out, as it only numbers the rows: 'rownames'.",)
    assert "rownames" in build(table, config(time="rownames")).features
    assert build(table, config(weight="rownames")).notes == ()  # it has its use


def test_what_was_made_of_cells_is_told():
    table = frame(n=["1,5", "2"] * 20, m=pd.Series([1, "a"] * 20, dtype=object))
    assert set(build(table, config()).notes) == {
        "Numbers written as text, taken as numbers: 'n'.",
        "Numbers and text mixed, taken as text: 'm'.",
    }


def test_cells_of_a_dropped_column_may_be_anything():
    table = frame(bad=[[1, 2]] * 40)
    assert list(build(table, config(drop=["bad"])).features.columns) == ["x", "z"]


def test_classes_keep_their_names():
    assert build(frame(b=[True, False] * 20), config(target="b")).classes == (False, True)
    assert build(frame(b=[True, False, None] * 13 + [True]), config(target="b")).classes == (False, True)
    assert build(frame(n=[1, 2, None, 1] * 10), config(target="n")).classes == (1, 2)
    assert build(frame(c=["01", " 02", None, "01"] * 10), config(target="c")).classes == ("01", "02")


@pytest.mark.parametrize("role", ["target", "group", "time", "weight", "incumbent"])
def test_a_misspelt_column_is_answered_with_the_nearest(role):
    with pytest.raises(UserError, match=rf"dataset\.{role}='incom' is not a column .*: did you mean 'income'"):
        build(frame(income=1), config(**{role: "incom"}))


def test_a_misspelt_drop_is_answered_with_the_nearest():
    with pytest.raises(UserError, match=r"dataset\.drop='incom' is not a column .*: did you mean 'income'"):
        build(frame(income=1), config(drop=["x", "incom"]))


@pytest.mark.parametrize("role", ["group", "time", "weight", "incumbent"])
def test_a_target_has_no_second_role(role):
    with pytest.raises(UserError, match=rf"dataset\.{role} and dataset\.target both name 'y'"):
        build(frame(), config(**{role: "y"}))


def test_a_target_cannot_be_dropped():
    with pytest.raises(UserError, match=r"dataset\.drop and dataset\.target both name 'y'"):
        build(frame(), config(drop=["y"]))


@pytest.mark.parametrize("role", ["target", "time", "group", "incumbent"])
def test_an_empty_column_has_no_role(role):
    with pytest.raises(UserError, match=rf"{role.capitalize()} column 'e' is empty in every row"):
        build(frame(e=None), config(**{role: "e"}))


@pytest.mark.parametrize("rows", [1, 9])
def test_few_rows_are_refused(rows):
    with pytest.raises(UserError, match=rf"The table has {rows} rows? with a known target 'y': give at least 10"):
        build(frame(rows), config())


@pytest.mark.parametrize("known", [0, 8])
def test_few_known_targets_are_refused(known):
    table = frame()
    table.loc[known:, "y"] = None
    with pytest.raises(UserError, match=rf"The table has {known} rows with a known target 'y'"):
        build(table if known else table.iloc[:0], config())


def test_one_class_is_refused():
    with pytest.raises(UserError, match=r"Target column 'y' holds only 'no' in the 40 rows used"):
        build(frame(y="no"), config())


def test_one_class_beside_empty_cells_is_told_as_that():
    marked = ["yes" if i % 4 else None for i in range(40)]
    with pytest.raises(UserError, match=r"only 'yes' in the 30 rows used and nothing in 10 others: .* the empty cells"):
        build(frame(y=marked), config())


def test_no_inputs_are_refused():
    with pytest.raises(UserError, match=r"No input column is left beside target 'y'"):
        build(frame(), config(drop=["x", "z"]))


def test_inputs_that_never_change_or_name_each_row_are_refused():
    table = frame(x=1, key=[f"key-{number}" for number in range(40)], z=None)
    with pytest.raises(UserError, match=r"No input column is of use, .*: 'x', 'key'; give columns"):
        build(table, config())
    build(table.assign(key=[f"it is sunny in town {number}" for number in range(40)]), config())  # text


def test_infinite_inputs_are_named_and_counted():
    table = frame(i=[np.inf, -np.inf] + [0.0] * 38, j=[1e300] + [0.0] * 39)
    said = r"Input columns 'i', 'j' hold infinite numbers .* in 3 cells: .* the columns out: dataset.drop=\[i,j\]\."
    with pytest.raises(UserError, match=said):
        build(table, config())
    with pytest.raises(UserError, match=r"Input column 'i' holds infinite numbers .* in 2 cells"):
        build(table.drop(columns="j"), config())


@pytest.mark.parametrize("names", [["a", "a", "y"], [1, "1", "y"]])
def test_columns_of_the_same_name_are_refused(names):
    table = frame().set_axis(names, axis=1)
    with pytest.raises(UserError, match=rf"The table has several columns named '{names[0]}'"):
        build(table, config())


@pytest.mark.parametrize("name", ["", "  ", None, np.nan])
def test_a_column_without_a_name_is_refused(name):
    with pytest.raises(UserError, match=r"Column 2 of the table has no name"):
        build(frame().set_axis(["a", name, "y"], axis=1), config())


def test_only_pandas_frames_are_tables():
    with pytest.raises(UserError, match=r"must be a pandas DataFrame, and this is a ndarray"):
        build(np.zeros((20, 2)), config())


def test_a_sample_keeps_the_classes_in_proportion_and_is_told():
    dataset = build(frame(400), config(), max_rows=100)
    assert len(dataset) == len(dataset.features) == 100
    assert dataset.target.sum() == 25
    rarest = "They hold 25 of 100 rows of the rarest class: budget.rows=null judges on all rows."
    assert dataset.notes == (f"Judged on 100 of 400 rows (budget.rows). {rarest}",)
    assert build(frame(1_000), config(), max_rows=400).notes == ("Judged on 400 of 1,000 rows (budget.rows).",)
    assert dataset.features["x"].tolist() != build(frame(400), config(), 100, seed=1).features["x"].tolist()
    pd.testing.assert_frame_equal(dataset.features, build(frame(400), config(), max_rows=100).features)


def rare(**columns):
    """Three thousand rows, 30 of them of the rarer class."""
    return pd.DataFrame({"x": np.arange(3_000.0) % 97, "y": np.arange(3_000) % 100 == 0} | columns)


def test_a_sample_holds_more_of_a_rare_class_and_weighs_it_back():
    dataset = build(rare(), config(), max_rows=300)
    assert (len(dataset), dataset.target.sum()) == (300, 30)
    assert (dataset.has_more_of_rare, dataset.weight_name, dataset.unused_rows) == (True, None, 2_700)
    assert np.average(dataset.target, weights=dataset.weights) == pytest.approx(0.01)
    told = "with 30 of 30 rows of the rarest class; weights bring each class back to its share."
    assert dataset.notes[-1] == f"Judged on 300 of 3,000 rows (budget.rows), {told}"


def test_weights_of_the_rows_remain_beside_those_of_the_classes():
    given = np.arange(3_000) % 3 + 1.0
    dataset = build(rare(w=given), config(weight="w"), max_rows=300)
    drawn = given[dataset.positions]
    assert dataset.weights.mean() == pytest.approx(1)
    assert (dataset.has_more_of_rare, dataset.weight_name) == (True, "w")
    ratios = {code: np.unique((dataset.weights / drawn)[dataset.target == code].round(9)) for code in (0, 1)}
    assert [len(found) for found in ratios.values()] == [1, 1]
    assert ratios[0][0] / ratios[1][0] == pytest.approx((2_970 / 270) / (30 / 30))


def test_in_time_a_sample_with_more_of_a_rare_class_goes_back_as_far_as_it_must():
    moments = np.arange(3_000)
    dataset = build(rare(t=moments, y=moments % 20 == 0), config(time="t"), max_rows=60)
    assert (len(dataset), dataset.target.sum()) == (60, 15)
    assert dataset.time[0] == 2_700
    assert (np.diff(dataset.time) > 0).all()
    assert np.average(dataset.target, weights=dataset.weights) == pytest.approx(1 / 20)


def test_whole_groups_that_hold_a_rare_class_come_first_and_weights_undo_that():
    table = rare(g=np.arange(3_000) // 5)  # a row of the rarer class is one of five in its group
    dataset = build(table, config(group="g"), max_rows=300)
    assert (len(dataset), dataset.target.sum(), dataset.has_more_of_rare) == (300, 30, True)
    assert np.unique(dataset.groups, return_counts=True)[1].tolist() == [5] * 60
    beside = np.isin(dataset.groups, dataset.groups[dataset.target == 1])
    shares = [np.average(which, weights=dataset.weights) for which in (dataset.target, beside)]
    assert shares == pytest.approx([0.01, 0.05])
    assert "with 30 of 30 rows of the rarest class; weights bring" in dataset.notes[-1]


def test_large_groups_give_some_rows_each_and_more_of_a_rare_class():
    dataset = build(rare(g=np.arange(3_000) // 100), config(group="g"), max_rows=300)
    assert (len(dataset), dataset.target.sum(), len(np.unique(dataset.groups))) == (300, 30, 30)
    assert np.average(dataset.target, weights=dataset.weights) == pytest.approx(0.01)


def test_a_sample_in_time_is_the_latest_rows():
    dataset = build(frame(t=np.arange(40)[::-1], g=np.arange(40)), config(time="t", group="g"), max_rows=10)
    assert dataset.time.tolist() == list(range(30, 40))
    assert len(dataset.groups) == 10


def test_a_sample_of_groups_is_whole():
    dataset = build(frame(400, g=np.arange(400) // 4), config(group="g"), max_rows=302)
    assert np.unique(dataset.groups, return_counts=True)[1].tolist() == [4] * 75
    assert dataset.notes[0].startswith("Judged on 300 of 400 rows (budget.rows)")


def test_a_sample_as_large_as_the_table_is_the_table():
    assert build(frame(), config(), max_rows=40).notes == ()


def test_a_sample_of_a_few_rows_is_refused():
    with pytest.raises(UserError, match=r"budget\.rows=5 is too few"):
        build(frame(), config(), max_rows=5)


def test_a_sample_of_one_class_is_refused():
    with pytest.raises(UserError, match=r"holds only 'no' in the 10 rows used"):
        build(frame(400, y=["yes"] * 20 + ["no"] * 380, t=range(400)), config(time="t"), max_rows=10)


def test_the_fingerprint_is_of_the_table_alone():
    table = frame(400, d=1)
    whole = build(table, config()).fingerprint
    assert len(whole) == 64
    assert build(table, config(drop=["d"], time="x"), max_rows=50, seed=3).fingerprint == whole
    assert build(table.rename(columns={"d": "e"}), config()).fingerprint != whole
    assert build(table.assign(d=1.0), config()).fingerprint != whole
    assert build(table.iloc[::-1], config()).fingerprint != whole
    assert build(table.assign(d=[*[1] * 399, 2]), config()).fingerprint != whole


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
def test_the_fingerprint_is_the_same_in_a_file_and_in_memory(tmp_path, ending):
    table = frame(n=[1, None] * 20, b=[True, False] * 20, t=pd.date_range("2026-01-01", periods=40), c=0.1)
    table["s"] = pd.Series(["a", None] * 20, dtype="category")
    path = tmp_path / f"table.{ending}"
    table.to_parquet(path) if ending == "parquet" else table.to_csv(path, index=False)
    assert load(config(path=str(path))).fingerprint == build(table, config()).fingerprint


def test_loading_tells_what_reading_left_out(tmp_path):
    frame().to_csv(tmp_path / "table.csv", sep=";", encoding="utf-16")
    dataset = load(config(path=str(tmp_path / "table.csv"), encoding="utf-16"))
    assert dataset.notes == ("Left out the nameless first column, which only numbers the rows.",)


def test_a_composed_config_is_taken_too():
    composed = OmegaConf.structured(config(drop=["z"], positive="no"))
    assert build(frame(), composed).classes == ("yes", "no")


def shipped(name):
    """Return the config of a shipped table, as composed, and its card."""
    OmegaConf.register_new_resolver("shipped", lambda folder: str(ROOT / "datasets" / folder), replace=True)
    entry = OmegaConf.load(ROOT / "conf" / "dataset" / f"{name}.yaml")
    card = yaml.safe_load((ROOT / "datasets" / name / "card.yaml").read_text())
    return OmegaConf.merge(OmegaConf.structured(DatasetConfig), entry), card


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_table_agrees_with_its_card(name):
    entry, card = shipped(name)
    dataset = load(entry)
    roles = [column for column in (entry.group, entry.weight, entry.incumbent) if column]
    assert dataset.name == name == card["name"]
    assert dataset.task == card["task"]
    assert len(dataset) == card["rows"]
    assert dataset.features.shape[1] == card["features"] - len(entry.drop) - len(roles)
    assert {str(label) for label in dataset.classes} == set(card.get("classes", ()))
    for code, label in enumerate(dataset.classes):
        assert (dataset.target == code).sum() == card["classes"][str(label)]
    if dataset.task is Task.BINARY:
        assert dataset.classes[1] == card["positive"]
    assert (entry.source, entry.licence) == (card["source"], card["licence"])
    assert (entry.group, entry.time) == (card.get("group"), card.get("time"))
    assert dataset.notes == ()


def test_every_shipped_table_has_a_config_and_a_line():
    configs = {path.stem for path in (ROOT / "conf" / "dataset").glob("*.yaml")}
    readme = (ROOT / "datasets" / "README.md").read_text()
    assert configs == {*SHIPPED, "file", "titanic-rules"}
    assert all(f"| [{name}]({name}/card.yaml) |" in readme for name in SHIPPED)
    assert all((ROOT / f"conf/dataset/{name}.yaml").read_text().startswith("# ") for name in configs)
    assert sum(path.stat().st_size for path in (ROOT / "datasets").rglob("*")) < 2.5e6


@pytest.mark.parametrize("name", SHIPPED)
def test_the_task_of_a_shipped_table_is_found_without_being_told(name):
    entry, card = shipped(name)
    entry.task = entry.positive = None
    dataset = load(entry)
    assert dataset.task == card["task"]
    assert dataset.task is not Task.BINARY or dataset.classes[1] == card["positive"]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12) | st.integers(0, 3)
CELLS = [
    st.integers(-3, 3),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(),
    st.floats(),
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.text(max_size=5),
    st.sampled_from(["1,5", "2", "?", "NA", "2026-01-31", "31.12.2025", "007", "inf", "1e999", ""]),
    st.sampled_from(["a", "b", "c"]),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.binary(max_size=3),
    st.complex_numbers(),
    st.lists(st.integers(), max_size=2),
    st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5))])),
]
DTYPES = [
    object,
    "category",
    "str",
    "string",
    "Int64",
    "Float32",
    "boolean",
    "int64[pyarrow]",
    "float16",
    "uint64",
    "datetime64[s]",
    "datetime64[ns, Europe/Berlin]",
    "timedelta64[ms]",
    "Sparse[float64]",
]


@st.composite
def odd_columns(draw, rows):
    """Return a column of any cells, with or without gaps, of any type that they can take."""
    cells = draw(st.sampled_from(CELLS)) if draw(st.booleans()) else st.one_of(draw(st.sampled_from(CELLS)), CELLS[0])
    gaps = draw(st.sampled_from([[], [None], [np.nan, pd.NA, None]]))
    values = draw(st.lists(cells | st.sampled_from(gaps) if gaps else cells, min_size=rows, max_size=rows))
    column = pd.Series(values, dtype=object)
    try:
        return column.astype(draw(st.sampled_from(DTYPES)))
    except (ValueError, TypeError, OverflowError, ArithmeticError, NotImplementedError):
        return column


@st.composite
def odd_frames(draw):
    """Return a table of any columns, and the name of its target."""
    rows = draw(st.integers(14, 24))
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str))
    columns = [draw(odd_columns(rows)) for _ in names]
    target = pd.Series(draw(st.lists(st.sampled_from(["a", "a", "b", "b", "b", None]), min_size=rows, max_size=rows)))
    table = pd.concat([*columns, target], axis=1).set_axis([*names, "y"], axis=1)
    return table, draw(st.sampled_from(["y", "y", str(names[0])]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of floats too large for float16
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(odd_frames())
def test_any_frame_is_refused_in_a_sentence_or_can_be_learned_from(drawn):
    from skrub import TableVectorizer

    table, target = drawn
    try:
        dataset = build(table, config(target=target), max_rows=20)
    except UserError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 400
        return
    kinds = {column.dtype.kind for _, column in dataset.features.items()}
    assert kinds <= set("ifMO")
    prepared = TableVectorizer().fit_transform(dataset.features)
    assert len(prepared) == len(dataset)
    assert not np.isinf(prepared.to_numpy(float)).any()


def test_a_row_of_totals_makes_no_text_of_numbers():
    table = pd.concat([frame().astype({"x": str}), pd.DataFrame({"x": ["Total"]})], ignore_index=True)
    data = build(table, config())
    assert data.features["x"].dtype == np.float64
    assert "Numbers or dates in all rows but those set aside: 'x'." in data.notes


@pytest.mark.parametrize("sign", [1, -1])
def test_a_row_of_totals_that_has_a_target_is_set_aside_and_told(sign):
    paid = sign * np.arange(1.0, 41) / 7
    table = frame(paid=paid.round(2), name="x").astype({"x": str}).assign(y=np.arange(40.0) % 7)
    table.loc[40] = {"x": "Total", "z": None, "y": table["y"].sum(), "paid": paid.sum().round(2), "name": "Total"}
    data = build(table, config())
    assert len(data) == 40
    assert data.features["x"].dtype == np.float64
    assert any(note.startswith("Set aside the last row, which holds totals: ") for note in data.notes)


def test_a_last_row_that_chance_may_have_made_so_great_is_a_row():
    flag = np.isin(np.arange(40), [7, 39])
    assert len(build(frame(flag=flag, n=[*[-1, 1] * 19, 3, 3]), config())) == 40
    assert len(build(frame(tiny=np.linspace(1e-12, 1e-11, 40), doubled=2.0 ** np.arange(40)), config())) == 40
    genes = np.random.default_rng(0).poisson(5, (40, 100))
    genes[-1, 0] = genes[:-1, 0].sum()
    assert len(build(frame(**{f"gene {i}": genes[:, i] for i in range(100)}), config())) == 40
    endless = frame(end=[*np.arange(38.0), np.inf, np.inf], all=np.inf, few=[*[np.inf] * 3, *np.arange(37.0)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(build(endless, config(drop=["end", "all", "few"]))) == 40


def test_a_row_of_totals_hides_no_counter():
    rising = [*map(str, np.arange(40, dtype=int) + 7), "Total"]
    rows = pd.concat([frame().assign(at=np.arange(40)[::-1]), pd.DataFrame({"x": [np.nan]})], ignore_index=True)
    for order in ({}, {"time": "at"}):
        data = build(rows.assign(row_no=rising, at=rows["at"].fillna(0)), config(**order))
        assert "row_no" not in data.features
        assert "Left out, as it only numbers the rows: 'row_no'." in data.notes
    half = build(rows.assign(row_no=[*np.arange(40) + 0.5, np.nan]), config())
    assert "row_no" in half.features


def test_codes_are_names_for_the_whole_run_and_whatever_part_of_the_rows_is_fitted():
    towns = np.arange(400) % 19 + 98001  # 21 rows each, and 5 in a quarter of the rows
    dataset = build(frame(400, zipcode=towns, gaps_type=np.where(towns > 98005, towns, np.nan), area=towns), config())
    assert "Codes, taken as names and not as amounts: 'zipcode', 'gaps_type'." in dataset.notes
    assert [str(dataset.features[name].dtype) for name in ("zipcode", "gaps_type", "area")] == [
        *["category"] * 2,
        "int64",
    ]
    part = Cleaning().fit_transform(dataset.take(np.arange(0, 400, 4)).features)
    assert part["zipcode"].tolist()[:2] == ["98001", "98005"]
    assert part["gaps_type"].isna().any()


def test_copies_are_left_out_where_that_is_asked_for(compose) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(size=40), "b": np.tile([1.0, np.nan], 20), "y": np.tile([0, 1], 20)})
    frame["time"], frame["note"] = np.arange(40), "first"
    again = frame.iloc[::4].assign(note="again")  # what is dropped tells no rows apart
    twice = pd.concat([frame, again], ignore_index=True).assign(row=range(50))  # nor does what numbers the rows
    overrides = ("dataset.path=frame", "dataset.target=y", "dataset.drop=[note]")
    plain = build(frame, compose(*overrides).dataset)
    left = build(twice, compose(*overrides, "dataset.drop_copies=true").dataset)
    pd.testing.assert_frame_equal(plain.features, left.features)
    assert "Left out 10 of 50 rows, as copies of others (dataset.drop_copies)." in left.notes
    assert len(build(twice, compose(*overrides, "dataset.drop_copies=false").dataset)) == 50
    others = build(
        twice.assign(time=range(50)), compose(*overrides, "dataset.drop_copies=true", "dataset.time=time").dataset
    )
    assert len(others) == 50  # the same at another time


def test_a_few_rows_written_many_times_are_too_few(compose) -> None:
    frame = pd.DataFrame({"a": np.arange(7.0), "y": [0, 1, 0, 1, 0, 1, 0]})
    config = compose("dataset.path=frame", "dataset.target=y", "dataset.drop_copies=true").dataset
    with pytest.raises(UserError, match="has 7 different rows with a known target 'y': give at least 10"):
        build(pd.concat([frame] * 30), config)


def test_a_target_in_several_spellings_has_the_classes_that_are_meant():
    table = frame(y=["Yes", "NO", "no", "yes ", "YES", "no", "No", "Yes"] * 5)
    dataset = build(table, config(positive="Yes"))
    assert (dataset.task, dataset.classes) == (Task.BINARY, ("no", "Yes"))
    assert dataset.target.tolist() == [1, 0, 0, 1, 1, 0, 0, 1] * 5
