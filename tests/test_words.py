"""Numbers, names and counts for people."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import get_scorer, get_scorer_names

from runner import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.004, "0.004"),
        (0.041, "0.04"),
        (0.34, "0.34"),
        (3.21, "3.2"),
        (41.2, "41"),
        (2021.4, "2,021"),
        (-3.21, "-3.2"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_quantity(value: float | None, text: str) -> None:
    assert words.quantity(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.012, "1.2 %"),
        (-0.012, "-1.2 %"),
        (0.5, "50 %"),
        (0.0, "0.0 %"),
        (0.00004, "0.004 %"),
        (3e-9, "under 0.001 %"),
        (-3e-9, "0.0 %"),
        (None, "–"),
    ],
)
def test_share(value: float | None, text: str) -> None:
    assert words.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "under 1 %"), (0.871, "87 %"), (0.9991, "over 99 %"), (1.0, "over 99 %"), (None, "–")],
)
def test_a_chance_is_never_certain(value: float | None, text: str) -> None:
    assert words.chance(value) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (1200, "EUR 1,200"),
        (-1200.4, "-EUR 1,200"),
        (0.0281, "EUR 0.03"),
        (0.0002, "under EUR 0.01"),
        (0, "EUR 0"),
        (None, "–"),
    ],
)
def test_money(amount: float | None, text: str) -> None:
    assert words.money(amount, "EUR") == text
    assert words.money(amount) == text.replace("EUR ", "")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.04 s"),
        (3.2, "3.2 s"),
        (89, "89 s"),
        (120, "2 min"),
        (150, "2.5 min"),
        (720, "12 min"),
        (9000, "2.5 h"),
        (None, "–"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.041, "0.04 CPU s"), (2021, "2,021 CPU s"), (36000, "10 CPU h")])
def test_cpu(seconds: float, text: str) -> None:
    assert words.cpu(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0:00"), (42.4, "0:42"), (300, "5:00"), (3723, "1:02:03")])
def test_clock(seconds: float, text: str) -> None:
    assert words.clock(seconds) == text


@pytest.mark.parametrize("name", get_scorer_names())
def test_a_score_has_the_sign_that_people_read(name: str) -> None:
    scorer = get_scorer(name)
    assert words.for_people(name, scorer._sign * 0.3) == 0.3


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("roc_auc", 0.80412345, "0.804"),
        ("roc_auc", 1.0, "1.000"),
        ("roc_auc", 0.99963, "0.9996"),
        ("roc_auc", 0.9999951, "0.999995"),
        ("roc_auc", 0.99999999, "1.000"),
        ("neg_log_loss", -0.99963, "1.000"),
        ("r2", -0.00112, "-0.001"),
        ("r2", -0.0001, "0.000"),
        ("neg_log_loss", -0.2732, "0.273"),
        ("neg_log_loss", -1.7211, "1.721"),
        ("neg_brier_score", -0.01234, "0.0123"),
        ("neg_log_loss", -2.22045e-16, "2.22e-16"),
        ("d2_absolute_error_score", -4.44e-16, "0.000"),
        ("neg_root_mean_squared_error", -41.412, "41.41"),
        ("neg_root_mean_squared_error", -48123.4, "48,123"),
        ("roc_auc", None, "–"),
        ("roc_auc", math.nan, "–"),
    ],
)
def test_score(metric: str, value: float | None, text: str) -> None:
    assert words.score(metric, value) == text


@pytest.mark.parametrize(
    ("metric", "folds", "text"),
    [
        ("roc_auc", [0.69, 0.70, 0.72], "0.703 ± 0.009"),
        ("roc_auc", [0.928, 0.9281, 0.9282], "0.9281 ± 0.0001"),
        ("neg_log_loss", [-0.3, -0.2], "0.250 ± 0.050"),
        ("neg_log_loss", [-2e-16, -3e-16], "2.5e-16 ± 5e-17"),
        ("roc_auc", [0.7], "0.700"),
        ("roc_auc", [], "–"),
        ("roc_auc", [0.5, 0.5], "0.500 ± 0.000"),
        ("neg_log_loss", [-0.00175, -0.00175, -0.0017500001], "0.00175 ± 0.00000"),
    ],
)
def test_score_and_error(metric: str, folds: list[float], text: str) -> None:
    assert words.score_and_error(metric, folds) == text


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ((0.012, 0.004, 0.020), "+0.012 (0.004 to 0.020)"),
        ((0.0017, -0.0009, 0.0043), "+0.0017 (-0.0009 to 0.0043)"),
        ((2.12, 0.41, 3.83), "+2.1 (0.4 to 3.8)"),
        ((-1210.4, -2000, 100), "-1,210 (-2,000 to 100)"),
        ((0.0, -0.01, 0.01), "+0.000 (-0.010 to 0.010)"),
        ((0.01, 0.004, None), "+0.010 (at least 0.004)"),
        ((0.01, -math.inf, 0.02), "+0.010 (at most 0.020)"),
        ((0.012, None, None), "+0.012 (no bounds can be given)"),
    ],
)
def test_interval(bounds: tuple[float, float | None, float | None], text: str) -> None:
    assert words.interval(dict(zip(("estimate", "low", "high"), bounds, strict=True))) == text


def test_skill_is_told_in_words_everywhere() -> None:
    bounds = {"estimate": 0.012, "low": 0.004, "high": 0.02}
    assert words.skill(0.012) == "1.2 % of the way from no model to a perfect one"
    assert words.skill_interval(bounds) == "+1.2 % (0.4 % to 2.0 %) of the way from no model to a perfect one"


def test_money_interval() -> None:
    bounds = {"estimate": 1210.4, "low": 620.2, "high": 1800.6}
    assert words.money_interval(bounds, "EUR") == "EUR +1,210 (620 to 1,801)"
    unknown = {"estimate": -0.00026, "low": None, "high": None}
    assert words.money_interval(unknown, "EUR") == "EUR +0.00 (no bounds can be given)"  # cents are the least


def test_names_and_counts() -> None:
    assert words.quoted(["a", 1]) == "'a', '1'"
    assert words.quoted(["x" * 70]) == f"'{'x' * 59}…'"
    assert words.quoted("abcdefg") == "'a', 'b', 'c', 'd', 'e' and 2 more"
    assert words.few(["a", "b", "c"], 2) == "a, b and 1 more"
    assert words.few(["a", "b"], 2) == "a, b"
    assert [words.counted(count, "row") for count in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]


def test_a_sentence_begins_with_a_capital_and_names_keep_their_letters() -> None:
    assert words.sentence_case("keep LightGBM") == "Keep LightGBM"
    assert words.sentence_case("") == ""


def test_one_line() -> None:
    assert words.one_line("a\n b\t\x1b[31mc") == "a b [31mc"
    assert words.one_line("abc def", 5) == "abc…"
    assert words.one_line("abc def", 7) == "abc def"


numbers = st.floats(-1e9, 1e9).map(lambda number: round(number, 6))


@given(numbers, numbers, numbers)
def test_what_is_shown_is_within_a_rounding_of_what_is_meant(a: float, b: float, c: float) -> None:
    low, estimate, high = sorted((a, b, c))
    text = words.interval({"estimate": estimate, "low": low, "high": high}).replace(",", "")
    shown = [float(part) for part in text.replace("(", "").replace(")", "").replace(" to ", " ").split()]
    slack = max(0.101 * (high - low), 0.501 if abs(estimate) + high - low >= 9 else 0)
    assert shown == pytest.approx([estimate, low, high], abs=slack or 1e-9, rel=1e-9 if slack else 0.05)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (0.06123, "0.06123"),
        (-1.5, "-1.5"),
        (2026, "2026"),
        (26830.4, "26,830"),
        (2.5e15, "2,500,000,000,000,000"),
        (2.22045e-16, "2.22e-16"),
        (-1.0359e25, "-1.04e+25"),
    ],
)
def test_an_amount_has_an_exponent_only_where_it_is_tiny_or_huge(value: float, text: str) -> None:
    assert words.amount(value) == text


def test_gains_and_scores_in_tiny_and_huge_units_have_an_exponent() -> None:
    assert words.interval({"estimate": 6e-16, "low": -1.1e-15, "high": None}) == "+6e-16 (at least -1.1e-15)"
    assert words.interval({"estimate": 1.79e22, "low": 1.5e21, "high": 4e22}) == "+1.8e+22 (1.5e+21 to 4e+22)"
    assert words.signed(1.7e22) == "+1.7e+22"
    assert words.score_and_error("neg_root_mean_squared_error", [-1.30e25, -1.34e25]) == "1.32e+25 ± 2e+23"
    assert words.interval({"estimate": 2e-7, "low": 0.0, "high": 3e-7}, most=2) == "+0.00 (0.00 to 0.00)"


@given(st.floats(0, 1e9))
def test_a_quantity_is_right_to_its_digits(value: float) -> None:
    assert float(words.quantity(value).replace(",", "")) == pytest.approx(value, rel=0.5 if value < 0.1 else 0.05)


@pytest.mark.parametrize(
    ("least", "width", "text"),
    [
        (0.004, 0.02, "the 0.0040 worth having"),
        (2e-10, 0.1, "zero (its extra cost is negligible)"),
        (0.0, 0.1, "zero (it costs nothing extra)"),
        (-0.03, 0.1, "the -0.030 from which it pays, as it costs less"),
        (math.inf, 0.1, "what it costs"),
        (0.004, math.inf, "the 0.0040 worth having"),
    ],
)
def test_the_smallest_gain_worth_having_is_nothing_where_nobody_could_tell(
    least: float, width: float, text: str
) -> None:
    assert words.worth_having(least, width) == text


@pytest.mark.parametrize(("count", "about"), [(1, 1), (53, 53), (147, 150), (6_906, 6_900), (12_400, 12_000)])
def test_a_count_of_which_only_the_size_is_known_has_two_digits(count: int, about: int) -> None:
    assert words.rounded(count) == about
