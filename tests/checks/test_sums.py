"""A target that inputs add up to is named with its parts; one that they only tell well is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from runner.checks import Severity
from runner.checks.sums import look
from runner.dataset import Dataset
from runner.task import Task
from tables import material

RANDOM = np.random.default_rng(0)
A, B, C = RANDOM.poisson(50, 500).astype(float), RANDOM.gamma(2, 20, 500).round(2), RANDOM.normal(0, 1, 500)
INPUTS = pd.DataFrame({"a": A, "b": B, "c": C, "word": ["x", "y"] * 250, "gaps": np.where(C > 0, np.nan, A)})


def dataset(target: "np.ndarray[tuple[int], np.dtype[np.float64]]", task: Task = Task.REGRESSION) -> Dataset:
    return Dataset("t", task, "y", INPUTS, target, (0, 1) if task.is_classification else (), "")


@pytest.mark.parametrize(
    ("target", "made"),
    [(A + B, "'a' + 'b'"), (A - B, "'a' - 'b'"), (np.round(A + B + C, 2), "'a' + 'b' + 'c'")],
    ids=["sum", "difference", "rounded"],
)
def test_parts_that_make_the_target_are_a_stop(
    target: "np.ndarray[tuple[int], np.dtype[np.float64]]", made: str
) -> None:
    (finding,) = look(material(dataset(target)))
    assert (finding.severity, finding.columns) == (Severity.STOP, tuple(made.split("'")[1::2]))
    assert finding.evidence == f"'y' is {made} in each of 500 rows looked at."


def test_a_few_mistyped_cells_hide_no_sum() -> None:
    target = A + B
    target[[3, 77]] += 9
    (finding,) = look(material(dataset(target)))
    assert finding.severity is Severity.STOP
    assert finding.evidence == "'y' is 'a' + 'b' in 498 of 500 rows looked at."
    target[:40] += 9
    assert look(material(dataset(target))) == []


def test_a_few_great_targets_do_not_make_a_sum_of_the_others() -> None:
    random = np.random.default_rng(1)
    parts = random.normal(size=(500, 2))
    target = parts.sum(axis=1) + random.normal(size=500) / 5
    parts[:3], target[:3] = 1e5 * np.arange(1, 4)[:, None], 2e5 * np.arange(1, 4)
    data = replace(dataset(target), features=pd.DataFrame(parts, columns=["a", "b"]))
    assert look(material(data)) == []


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_parts_that_were_rounded_make_the_target(decimals: int) -> None:
    """Each was rounded by itself, so that some sums differ by a unit and some rates by more."""
    parts = 400 * RANDOM.gamma(2, 0.1**decimals, (500, 2)) + 1
    rounded = pd.DataFrame(np.round(parts, decimals), columns=["a", "b"]).assign(c=C)
    for target, made in (parts.sum(axis=1), "'a' + 'b'"), (1000 * parts[:, 0] / parts[:, 1], "1000 x 'a' / 'b'"):
        data = replace(dataset(np.round(target, decimals)), features=rounded)
        (finding,) = look(material(data))
        assert (finding.severity, finding.evidence[:30]) == (Severity.STOP, f"'y' is {made} in each of 500"[:30])
        noisy = replace(data, target=np.round(target * RANDOM.normal(1, 0.1, 500), decimals))
        assert look(material(noisy)) == []


def test_numbers_of_a_few_units_are_no_sum_within_rounding() -> None:
    few = pd.DataFrame(RANDOM.integers(0, 4, (500, 2)), columns=["a", "b"]).astype(float)
    data = replace(dataset(few.sum(axis=1).to_numpy() + RANDOM.integers(-1, 2, 500)), features=few)
    assert look(material(data)) == []


@pytest.mark.parametrize(
    "target",
    [A, 2 * A + B, A + B + RANDOM.normal(size=500), A * B * RANDOM.uniform(0.9, 1.1, 500), A * A * B, A / 2, C],
    ids=["copy", "twice", "noise", "noisy product", "square", "half", "one"],
)
def test_what_is_no_sum_of_inputs_is_passed_over(target: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
    assert look(material(dataset(target))) == []


@pytest.mark.parametrize(
    ("target", "made"),
    [(A * B, "'a' x 'b'"), (1000 * A / B, "1000 x 'a' / 'b'"), (1 / (A * B), "1 / 'a' / 'b'")],
    ids=["product", "rate", "inverse"],
)
def test_factors_that_make_the_target_are_a_stop(
    target: "np.ndarray[tuple[int], np.dtype[np.float64]]", made: str
) -> None:
    (finding,) = look(material(dataset(target)))
    assert (finding.code, finding.severity) == ("target-is-a-product", Severity.STOP)
    assert finding.columns == tuple(made.split("'")[1::2])
    assert finding.evidence == f"'y' is {made} in each of 500 rows looked at."


@pytest.mark.parametrize("of_nothing", [True, False])
def test_a_product_that_is_due_in_some_rows_only_is_a_warning(of_nothing: bool) -> None:
    """A deal is worth price times units if it is won; of no units it always is worth nothing."""
    some = np.arange(500) % 5 == 0
    units = np.where(some & of_nothing, 0.0, A)
    data = replace(dataset(np.where(some, 0.0, A * B)), features=pd.DataFrame({"price": B, "units": units, "c": C}))
    (finding,) = look(material(data))
    where = "500 rows looked at" if of_nothing else "the 400 rows with more than 0"
    assert finding.evidence == f"'y' is 'price' x 'units' in each of {where}."
    assert finding.severity is (Severity.STOP if of_nothing else Severity.WARN)


def test_of_inputs_that_tell_the_same_one_is_a_part() -> None:
    twice = INPUTS.assign(b=2.5 * A)[["a", "b", "c"]].assign(d=B)
    (finding,) = look(material(Dataset("t", Task.REGRESSION, "y", twice, A * B, (), "")))
    assert set(finding.columns) in ({"a", "d"}, {"b", "d"})


@pytest.mark.parametrize("square_first", [True, False])
def test_a_factor_is_found_beside_its_square(square_first: bool) -> None:
    names = ["squared", "b", "hours"] if square_first else ["hours", "b", "squared"]
    inputs = pd.DataFrame({"hours": B + 1, "squared": (B + 1) ** 2, "b": A})[names].assign(c=C)
    (finding,) = look(material(replace(dataset(A / (B + 1)), features=inputs)))
    assert set(finding.columns) == {"b", "hours"}


def test_moments_that_follow_others_by_some_seconds_are_no_sum() -> None:
    """Seconds since 1970 are so great that single precision would not tell them apart."""
    begins = 1.7e9 + 100 * RANDOM.normal(size=500)
    data = replace(dataset(begins + B + RANDOM.normal(size=500)), features=INPUTS.assign(a=begins))
    assert look(material(data)) == []


def test_a_rare_amount_that_others_tell_well_is_no_sum() -> None:
    """Nearly all rows are 0 on both sides, which says nothing."""
    row = np.arange(2000)
    first, second = 900.0 * (row < 8), 900.0 * ((row >= 8) & (row < 16))
    target = first + second + 300 * (row % 8 == 0) * (row < 24)
    data = Dataset("t", Task.REGRESSION, "y", pd.DataFrame({"a": first, "b": second}), target, (), "")
    assert look(material(data)) == []


def test_classes_are_no_sum() -> None:
    assert look(material(dataset((A > 50).astype(np.int64), Task.BINARY))) == []


def test_rates_that_were_stored_in_single_precision_are_rounded_ones() -> None:
    all_of_them = RANDOM.integers(100, 10_000, 500).astype(float)
    took_part = np.ceil(all_of_them * RANDOM.uniform(0.1, 1, 500))
    rate = np.round(100 * took_part / all_of_them, 1).astype(np.float32).astype(np.float64)
    data = replace(dataset(rate), features=pd.DataFrame({"took_part": took_part, "all": all_of_them, "c": C}))
    (finding,) = look(material(data))
    assert finding.evidence == "'y' is 100 x 'took_part' / 'all' in each of 500 rows looked at."


def regions() -> tuple[Dataset, pd.DataFrame]:
    """One of four regions as the target, and columns of 0 and 1 that say which of them it is."""
    region = RANDOM.integers(0, 4, 500)
    flags = pd.DataFrame({name: (region == place).astype(float) for place, name in enumerate("nesw")})
    target = (region == 0).astype(np.int64)
    return Dataset("t", Task.BINARY, "north", flags.drop(columns="n").assign(c=C), target, ("no", "yes"), ""), flags


def test_one_region_is_told_by_all_others() -> None:
    data, flags = regions()
    (finding,) = look(material(data))
    assert (finding.code, finding.severity, finding.columns) == ("target-is-a-sum", Severity.STOP, ("e", "s", "w"))
    assert finding.evidence.startswith("'north' is 'yes' where 1 - 'e' - 's' - 'w' is 1, and nowhere else, in 500 rows")
    either = replace(data, target=(flags["e"] + flags["s"]).astype(int).to_numpy())
    assert look(material(either))[0].evidence.startswith("'north' is 'yes' where 'e' + 's' is 1,")


@pytest.mark.parametrize(("cases", "rows_of_each"), [(50, 1), (10, 50)], ids=["rows", "groups"])
def test_a_class_of_so_few_cases_that_flags_hit_it_by_chance_is_no_sum(cases: int, rows_of_each: int) -> None:
    """Each flag may be that of another case of the rare class."""
    case = np.repeat(np.arange(cases), rows_of_each)
    flags = pd.DataFrame({f"f{place}": (case == place).astype(float) for place in range(8)})
    groups = case if rows_of_each > 1 else None
    data = Dataset("t", Task.BINARY, "y", flags, (case < 2).astype(np.int64), ("no", "yes"), "", groups=groups)
    assert look(material(data)) == []


def test_one_region_is_not_told_by_some_of_the_others() -> None:
    data, _ = regions()
    assert look(material(replace(data, features=data.features.drop(columns="w")))) == []
    assert look(material(replace(data, features=data.features.assign(w=data.features["w"].to_numpy()[::-1])))) == []


def of_stays(days: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Return stays with their dates, of which one in ten has not ended."""
    begun = pd.Timestamp("2015-01-01") + pd.to_timedelta(RANDOM.integers(0, 2000, len(days)), unit="D")
    ended = pd.Series(begun + pd.to_timedelta(days, unit="D").dt.floor("s"))
    born = begun - pd.to_timedelta(RANDOM.integers(7_000, 30_000, len(days)), unit="D")
    table = pd.DataFrame({"born": born, "begun": begun, "ended": ended.mask(days.index % 10 == 0), "c": C})
    return table, ended - begun


@pytest.mark.parametrize(
    ("unit", "decimals"), [("days", 0), ("hours", 1), ("minutes", 0), ("seconds", 0), ("weeks", 6)]
)
def test_a_time_between_two_dates_is_a_stop(unit: str, decimals: int) -> None:
    days = pd.Series(RANDOM.gamma(2, 20, 500))
    table, stay = of_stays(days.round() if unit == "days" else days)
    target = (stay / pd.Timedelta(1, unit[0].upper() if unit in ("days", "weeks") else unit[0])).round(decimals)
    (finding,) = look(material(replace(dataset(target.to_numpy()), features=table)))
    assert (finding.code, finding.severity, finding.columns) == ("target-is-a-sum", Severity.STOP, ("begun", "ended"))
    assert finding.evidence == f"'y' is 'ended' - 'begun', in {unit}, in each of 450 rows looked at."


def test_what_only_grows_with_the_time_between_dates_is_no_stop() -> None:
    table, stay = of_stays(pd.Series(RANDOM.gamma(2, 20, 500)))
    days = (stay / pd.Timedelta(1, "D")).to_numpy()
    for target in (days + 2 * C, np.sqrt(days), 1.1 * days):
        assert look(material(replace(dataset(target), features=table))) == []
