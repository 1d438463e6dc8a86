"""GO or NO-GO: more gain, a lower margin and a lower price never turn a GO into a NO-GO."""

import math
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runner.config import EconomicsConfig
from runner.decision.deciding import decide
from runner.decision.economics import Contender, unit_value, yearly_cost
from runner.decision.expectation import expectation
from runner.decision.facts import Block, Facts, SearchForecast
from runner.decision.reasons import Reason
from runner.decision.stakes import margin
from runner.decision.verdict import Verdict
from runner.gain import Gain, rows_to_settle
from runner.gain.interval import Interval
from runner.prior import past_searches

many = settings(max_examples=100, deadline=None)
CHAMPION = Contender("linear", "simple", 2.0, 0.01)
CHALLENGER = Contender("lightgbm #7", "search", 20.0, 0.1)
FORECAST = SearchForecast(0.01, 600.0, 12, CHALLENGER)
PAST = past_searches()
gains = st.floats(-0.3, 0.3)
sizes = st.floats(0.0005, 0.2)
policies = st.sampled_from(["prove", "bank"])
holding = st.tuples(st.booleans(), st.booleans())
NO_MONEY = EconomicsConfig(name="none", currency="EUR")


def gain(estimate: float, error: float, holds: tuple[bool, bool] = (True, True)) -> Gain:
    why = None if all(holds) else "12 rows are too few."
    return Gain(
        estimate, estimate - 1.65 * error, estimate + 1.65 * error, error, 99.0, "rows", error * 10, *holds, why
    )


SIGNAL = gain(0.3, 0.01)


def facts(measured: Gain | None, **changes: Any) -> Facts:
    given = {
        "champion": CHAMPION,
        "headroom": 0.5,
        "signal": SIGNAL,
        "forecast": FORECAST,
        "challenger": CHALLENGER if measured else None,
        "gain": measured,
        "search_cpu_seconds": 300.0,
    }
    return Facts(**(given | changes))


def verdict(measured: Gain | None, prices: EconomicsConfig = NO_MONEY, **changes: Any) -> Verdict:
    return decide(facts(measured, **changes), prices, PAST)


@st.composite
def economics(draw: st.DrawFn) -> EconomicsConfig:
    value = draw(st.none() | st.just(0.0) | st.floats(1e-9, 1e6))  # a smaller one times a gain rounds to nothing
    return EconomicsConfig(
        name="drawn",
        policy=draw(policies),
        worthwhile_gain=draw(st.floats(0.0, 0.2)),
        value_per_unit=value,
        price_per_cpu_hour=draw(st.floats(0.0, 10.0)),
        predictions_per_year=draw(st.floats(0.0, 1e7)),
    )


@many
@given(gains, sizes, holding, economics(), st.floats(0.0, 0.3))
def test_more_gain_never_turns_go_to_no_go(
    estimate: float, error: float, holds: tuple[bool, bool], prices: EconomicsConfig, more: float
) -> None:
    less, greater = (verdict(gain(amount, error, holds), prices) for amount in (estimate, estimate + more))
    assert greater.go or not less.go


@many
@given(gains, sizes, holding, policies, st.floats(0.0, 0.2), st.floats(0.0, 0.2))
def test_a_higher_margin_never_turns_no_go_to_go(
    estimate: float, error: float, holds: tuple[bool, bool], policy: str, worthwhile: float, more: float
) -> None:
    measured = gain(estimate, error, holds)
    low, high = (
        verdict(measured, replace(NO_MONEY, policy=policy, worthwhile_gain=amount))
        for amount in (worthwhile, worthwhile + more)
    )
    assert low.go or not high.go


@many
@given(gains, sizes, holding, policies, st.floats(0.0, 0.2), st.floats(0.0, 0.2), st.floats(0.0, 0.5))
def test_a_margin_that_these_rows_know_ill_settles_less_and_turns_once(
    estimate: float, error: float, holds: tuple[bool, bool], policy: str, worthwhile: float, more: float, vague: float
) -> None:
    measured, perfect = gain(estimate, error), gain(0.5, vague, holds)
    low, high = (
        verdict(measured, replace(NO_MONEY, policy=policy, worthwhile_gain=amount), perfect=perfect)
        for amount in (worthwhile, worthwhile + more)
    )
    assert low.go or not high.go
    exact = verdict(measured, replace(NO_MONEY, policy=policy, worthwhile_gain=worthwhile))
    assert exact.settled or not low.settled
    in_money = replace(NO_MONEY, value_per_unit=100.0)
    assert verdict(measured, in_money, perfect=perfect) == verdict(measured, in_money)


@many
@given(gains, sizes, holding, economics(), st.floats(0.0, 100.0))
def test_dearer_compute_never_turns_no_go_to_go(
    estimate: float, error: float, holds: tuple[bool, bool], prices: EconomicsConfig, more: float
) -> None:
    """The challenger takes more compute than the champion in all that is priced."""
    measured = gain(estimate, error, holds)
    dear = replace(prices, price_per_cpu_hour=prices.price_per_cpu_hour + more)
    assert verdict(measured, prices).go or not verdict(measured, dear).go


@many
@given(gains, sizes, holding, economics())
def test_settled_means_that_a_bound_that_holds_excludes_the_margin(
    estimate: float, error: float, holds: tuple[bool, bool], prices: EconomicsConfig
) -> None:
    measured = gain(estimate, error, holds)
    result, smallest = verdict(measured, prices), margin(facts(measured), prices)
    above = holds[0] and measured.low > smallest
    below = (holds[1] and measured.high < smallest) or smallest == math.inf
    assert result.settled == (above or below)
    assert (result.reason is Reason.GAIN_PAYS) == above
    assert (result.reason is Reason.GAIN_TOO_SMALL) == below
    assert (result.reason is Reason.WITHIN_NOISE) == (not result.settled)
    assert (result.lean is None) == result.settled


@many
@given(gains, sizes, economics())
def test_a_side_that_does_not_hold_settles_nothing(estimate: float, error: float, prices: EconomicsConfig) -> None:
    assume(math.isfinite(margin(facts(SIGNAL), prices)))  # else it is settled: a gain is worth nothing
    neither = verdict(gain(estimate, error, (False, False)), prices, signal=replace(SIGNAL, high_holds=False))
    assert not neither.settled
    assert "(no bounds can be given) over linear; these rows cannot tell whether" in neither.sentence
    assert "12 rows are too few." in neither.sentence
    assert neither.gain == Interval(estimate, -math.inf, math.inf)
    assert neither.signal is not None
    assert (neither.signal.low, neither.signal.high) == (SIGNAL.low, math.inf)
    assert verdict(gain(estimate, error, (False, True)), prices).reason is not Reason.GAIN_PAYS
    assert verdict(gain(estimate, error, (True, False)), prices).reason is not Reason.GAIN_TOO_SMALL


@many
@given(gains, sizes, holding, economics())
def test_who_proves_goes_only_when_settled_and_who_banks_follows_the_lean(
    estimate: float, error: float, holds: tuple[bool, bool], prices: EconomicsConfig
) -> None:
    measured = gain(estimate, error, holds)
    prove, bank = (verdict(measured, replace(prices, policy=policy)) for policy in ("prove", "bank"))
    assert prove.go == (prove.reason is Reason.GAIN_PAYS)
    assert bank.go == (bank.lean == "go" if not bank.settled else prove.go)
    assert (bank.settled, bank.lean) == (prove.settled, prove.lean)
    if not bank.settled:
        expected = expectation(measured, 0.5, PAST).mean
        assert bank.lean == ("go" if expected > margin(facts(measured), prices) else "no-go")


@many
@given(gains, sizes, holding, economics())
def test_figures_hold_together(
    estimate: float, error: float, holds: tuple[bool, bool], prices: EconomicsConfig
) -> None:
    result = verdict(gain(estimate, error, holds), prices)
    assert result.gain is not None
    assert result.skill is not None
    assert result.skill.estimate == pytest.approx(result.gain.estimate / 0.5)
    if result.margin is not None:
        assert (result.p_pays is None) == (not any(holds))  # no chance is told of a gain that has no bounds
    assert result.p_pays is None or 0 <= result.p_pays <= 1
    assert (result.net_benefit is None) == (prices.value_per_unit is None)
    assert (result.rows_to_settle is None) or (result.rows_to_settle >= 1 and not result.settled)
    assert result.kept == (CHALLENGER.name if result.go else CHAMPION.name)
    assert result.decision == ("GO" if result.go else "NO-GO")
    assert "\n" not in result.sentence
    if result.net_benefit is not None and result.reason is Reason.GAIN_PAYS:
        assert result.net_benefit.low > 0
    if result.whole_exercise_pays:
        assert result.net_benefit is not None
        assert result.net_benefit.low > 0


@settings(max_examples=50, deadline=None)
@given(gains, sizes, holding, policies, st.floats(1e-3, 1e6), st.floats(1.0, 50.0), st.floats(1e-6, 1e6))
def test_units_of_money_and_of_the_metric_do_not_matter_and_a_wider_interval_settles_no_more(
    estimate: float, error: float, holds: tuple[bool, bool], policy: str, value: float, wider: float, unit: float
) -> None:
    def scaled(one: Gain, factor: float) -> Gain:
        names = ("estimate", "low", "high", "standard_error", "row_sd")
        return replace(one, **{name: factor * getattr(one, name) for name in names})

    def judged(money: float, factor: float, width: float) -> Verdict:
        prices = replace(
            NO_MONEY,
            policy=policy,
            value_per_unit=money * value / factor,
            price_per_cpu_hour=money,
            price_per_work_hour=50 * money,
            upkeep_hours={"search": 24.0, "simple": 8.0},
        )
        measured = scaled(gain(estimate, width * error, holds), factor)
        return verdict(measured, prices, headroom=0.5 * factor, signal=scaled(SIGNAL, factor))

    plain, other, wide = judged(1.0, 1.0, 1.0), judged(unit, 1 / unit, 1.0), judged(1.0, 1.0, wider)
    assert (other.go, other.settled, other.reason, other.lean) == (plain.go, plain.settled, plain.reason, plain.lean)
    assert plain.net_benefit is not None
    assert other.net_benefit is not None
    assert other.net_benefit.estimate == pytest.approx(unit * plain.net_benefit.estimate)
    assert plain.settled or not wide.settled


@many
@given(gains, sizes)
def test_the_gain_to_expect_lies_between_what_was_measured_and_what_past_searches_brought(
    estimate: float, error: float
) -> None:
    mean = float(PAST.weights @ PAST.final_gains()) * 0.5
    expected = expectation(gain(estimate, error), 0.5, PAST).mean
    assert min(mean, estimate) - 1e-12 <= expected <= max(mean, estimate) + 1e-12
    assert abs(expectation(gain(estimate, error * 2), 0.5, PAST).mean - mean) <= abs(expected - mean) + 1e-12


def test_a_gain_of_which_nothing_is_known_is_what_past_searches_brought() -> None:
    result = verdict(UNKNOWN)
    assert (result.settled, result.go, result.rows_to_settle) == (False, False, None)
    assert expectation(UNKNOWN, 0.5, PAST).mean == pytest.approx(float(PAST.weights @ PAST.final_gains()) * 0.5)


def test_data_that_cannot_be_believed_go_before_all_else() -> None:
    block = Block(Reason.DATA_NOT_TRUSTWORTHY, "A leak.", True)
    result = verdict(gain(0.2, 0.001), block=block)
    assert (result.go, result.reason, result.settled, result.sentence) == (False, block.reason, True, "A leak.")


@pytest.mark.parametrize(
    ("signal", "settled"),
    [
        (gain(-0.1, 0.01), True),
        (gain(0.001, 0.001), True),
        (gain(0.001, 0.1), False),
        (gain(0.3, 0.01, (False, True)), False),
        (gain(-0.1, 0.01, (True, False)), False),
    ],
    ids=["worse", "nearly nothing", "unknown", "low does not hold", "high does not hold"],
)
def test_without_signal_it_is_no_go_whatever_the_challenger_gains(signal: Gain, settled: bool) -> None:
    result = verdict(gain(0.2, 0.001), signal=signal)
    assert (result.go, result.reason, result.settled) == (False, Reason.NO_SIGNAL, settled)
    assert result.lean == (None if settled else "no-go")


def test_models_without_a_score_say_nothing_of_a_signal() -> None:
    result = verdict(None, signal=None)
    assert (result.go, result.reason, result.settled, result.lean) == (False, Reason.OUT_OF_BUDGET, False, "no-go")


def test_where_no_bound_can_be_given_it_is_told_what_was_gained_and_why_that_proves_nothing() -> None:
    sentence = verdict(gain(0.2, 0.001), signal=gain(0.3, 0.01, (False, False)), metric="ROC AUC").sentence
    assert "gains +0.30 (no bounds can be given) in ROC AUC over it. 12 rows are too few." in sentence


@pytest.mark.parametrize("low_holds", [True, False])
@pytest.mark.parametrize(
    ("estimate", "p_value", "shown"), [(0.3, 0.04, True), (0.3, 0.06, False), (-0.01, 1e-9, False)]
)
def test_a_test_decides_whether_there_is_a_signal(
    low_holds: bool, estimate: float, p_value: float, shown: bool
) -> None:
    """In time, a model of nothing gains over a constant while the level has moved its way, whatever a bound says."""
    result = verdict(gain(0.2, 0.001), signal=gain(estimate, 0.01, (low_holds, True)), signal_p=p_value)
    assert (result.reason is not Reason.NO_SIGNAL) == shown


def test_a_gain_that_blocks_of_time_do_not_bear_out_is_told_so_and_no_rows_would_settle_it() -> None:
    result = verdict(gain(0.2, 0.001), signal=gain(0.3, 0.01), signal_p=0.4)
    assert result.sentence.endswith("are not shown to be related to the target inside of blocks of time.")
    assert (result.settled, result.rows_to_settle) == (False, None)


def test_a_search_that_was_not_run_is_judged_by_its_gate() -> None:
    cheap, dear = (
        replace(NO_MONEY, value_per_unit=value, retrainings_per_year=0.0, policy="bank") for value in (1e9, 1e-6)
    )
    assert "would be worth it: run it again with them." in verdict(None, cheap).sentence
    assert verdict(None, dear).reason is Reason.FORECAST_NOT_WORTH_IT
    for prices in (cheap, dear):
        result = verdict(None, prices)
        assert (result.go, result.challenger, result.settled) == (False, None, False)
        assert result.lean == ("go" if prices is cheap else "no-go")


def test_a_shut_gate_says_how_many_rows_would_open_it_or_that_no_number_does() -> None:
    never = "More rows to judge on would not change that."
    within_reach, beyond = (verdict(None, replace(NO_MONEY, worthwhile_gain=gain)) for gain in (0.005, 0.5))
    assert (within_reach.rows_to_settle or 0) > 100
    assert never not in within_reach.sentence
    assert beyond.rows_to_settle is None
    assert beyond.sentence.endswith(never)


@st.composite
def cheap_models(draw: st.DrawFn) -> list[tuple[Contender, float]]:
    """Draw what is on the ladder, and by how much each trails the best on the folds."""
    rungs = ["none", "tree", "simple", "boosting", "blend"]
    trails = draw(st.lists(st.floats(0.0, 0.5), min_size=len(rungs), max_size=len(rungs)))
    least = min(trails)
    behind = zip(rungs, trails, strict=True)
    return [(Contender(rung, rung, float(place), 0.1), trail - least) for place, (rung, trail) in enumerate(behind)]


@many
@given(cheap_models(), st.floats(1.0, 1e6), st.floats(0.0, 100.0), gains, sizes)
def test_a_challenger_must_beat_what_its_prices_would_keep(
    rivals: list[tuple[Contender, float]], value: float, an_hour: float, estimate: float, error: float
) -> None:
    """Whichever champion the run named: GO is said only where the search is worth more than each cheap model."""
    hours = {"tree": 4.0, "simple": 8.0, "boosting": 16.0, "blend": 24.0, "search": 24.0}
    prices = replace(NO_MONEY, value_per_unit=value, price_per_work_hour=an_hour, upkeep_hours=hours)
    forecast = replace(FORECAST, rivals=tuple(rivals))
    worth = {rival.name: -trails * 0.5 * value - yearly_cost(prices, rival) for rival, trails in rivals}
    assume(all(abs(a - b) > 1e-6 * value for a, b in combinations(worth.values(), 2)))
    best = max(worth, key=worth.__getitem__)
    for champion, trails in rivals:
        measured = verdict(gain(estimate, error), prices, champion=champion, forecast=forecast)
        searched = value * (estimate - 1.65 * error - trails * 0.5) - yearly_cost(prices, CHALLENGER)
        assume(abs(searched - worth[best]) > 1e-6 * value)
        pays = searched > worth[best]
        assert measured.go == pays
        assert measured.would_keep == (None if pays or champion.name == best else best)
        unsearched = verdict(None, prices, champion=champion, forecast=forecast)
        assert unsearched.would_keep == (None if champion.name == best else best)


def test_a_block_without_a_challenger_is_the_reason() -> None:
    result = verdict(None, block=Block(Reason.OUT_OF_BUDGET, "No time.", False))
    assert (result.reason, result.sentence, result.lean) == (Reason.OUT_OF_BUDGET, "No time.", "no-go")


@pytest.mark.parametrize(
    ("left", "reason", "settled"),
    [
        (gain(0.002, 0.001), Reason.GAIN_TOO_SMALL, True),
        (gain(0.002, 0.01), Reason.GAIN_TOO_SMALL, False),
        (gain(0.0, 0.0, (True, False)), Reason.GAIN_TOO_SMALL, False),  # no fault on these rows
        (gain(0.1, 0.01), Reason.FORECAST_NOT_WORTH_IT, False),
    ],
)
def test_what_the_folds_leave_to_win_is_for_the_rows_that_prove_to_settle(
    left: Gain, reason: Reason, settled: bool
) -> None:
    block = Block(Reason.GAIN_TOO_SMALL, "Little is left on the folds.", False)
    result = verdict(None, block=block, left=left, forecast=None, signal=gain(0.5 - left.estimate, 0.02))
    assert (result.reason, result.settled) == (reason, settled)
    assert block.sentence in result.sentence
    assert ("Yet on the rows that prove, 20 % of the way" in result.sentence) == (reason is not block.reason)


def test_a_ranking_without_a_fault_leaves_no_more_than_the_least_it_gains() -> None:
    """Of 3,000 rows of the rarer class, each ranked right, at most 0.1 % may be ranked wrong."""
    faultless, perfect = gain(0.0, 0.0, (True, False)), gain(0.5, 0.0)
    block = Block(Reason.GAIN_TOO_SMALL, "Nothing is left on the folds.", False)
    changes = {"block": block, "left": faultless, "forecast": None, "perfect": perfect}
    for least, settled in ((0.499, True), (0.45, False)):
        assert verdict(None, **changes, signal=replace(perfect, low=least)).settled == settled


def test_a_ladder_without_a_search_says_so() -> None:
    assert verdict(None, forecast=None).sentence == "The ladder has no search."


UNKNOWN = Gain(0.2, -math.inf, math.inf, math.inf, 1.0, "rows", math.inf, False, False, "Nothing is known.")


@pytest.mark.parametrize("measured", [gain(0.2, 0.001), gain(0.2, 0.001, (False, False)), UNKNOWN])
def test_a_gain_that_is_worth_nothing_is_too_small_however_little_is_known_of_it(measured: Gain) -> None:
    prices = replace(NO_MONEY, value_per_unit=0.0, upkeep_hours={"search": 1.0}, price_per_work_hour=50.0)
    result = verdict(measured, prices)
    assert (result.go, result.reason, result.settled) == (False, Reason.GAIN_TOO_SMALL, True)
    assert "\n" not in result.sentence
    assert result.net_benefit is not None
    assert result.net_benefit.low == result.net_benefit.high == pytest.approx(-50.0, abs=0.1)


@pytest.mark.parametrize(("value", "settled"), [(1e6, False), (1_000.0, True), (0.0, True), (None, True)])
def test_where_money_is_known_it_says_whether_a_signal_might_be_worth_its_upkeep(
    value: float | None, settled: bool
) -> None:
    """An upper bound of 0.0026 is below 0.01 x 0.5; at 1e6 it is 2,600 of money, at 1,000 it is 2.6."""
    prices = replace(NO_MONEY, value_per_unit=value, upkeep_hours={"simple": 8.0}, price_per_work_hour=50.0)
    dummy = Contender("dummy", "none", 0.0, 0.0)
    result = verdict(None, prices, signal=gain(0.001, 0.001), champion=dummy, best=CHAMPION)
    assert (result.reason, result.settled) == (Reason.NO_SIGNAL, settled)


def test_a_signal_that_only_the_folds_did_not_show_is_a_signal() -> None:
    """Else the reader is told to use no model, beside one that is kept and shown to beat none."""
    shut = Block(Reason.NO_SIGNAL, "On the folds, no cheap model is likely to beat the dummy.", False)
    result = verdict(None, block=shut, forecast=None)
    assert (result.go, result.reason, result.settled) == (False, Reason.FORECAST_NOT_WORTH_IT, False)
    assert result.kept == CHAMPION.name
    assert result.sentence.startswith("The search was not run. On the folds,")
    unknown = verdict(None, block=shut, forecast=None, signal=gain(-0.1, 0.2))
    assert unknown.reason is Reason.NO_SIGNAL


@given(st.floats(-0.05, 0.05))
def test_a_signal_is_settled_by_the_rows_of_the_nearer_proof(estimate: float) -> None:
    """Either that there is some (0 to the estimate), or that it is not worth having (the estimate to 0.005)."""
    signal = gain(estimate, 0.05)
    rows = verdict(None, signal=signal).rows_to_settle
    needed = rows_to_settle(signal.row_sd, max(estimate, 0.005 - estimate))
    assert rows == (needed if needed > 100 else None)


@pytest.mark.parametrize(("moved", "more"), [({"low": -0.185}, 1), ({"high": 0.145}, 4)])
def test_that_a_signal_is_too_small_is_for_its_upper_bound_to_prove(moved: dict[str, float], more: int) -> None:
    signal = replace(gain(-0.02, 0.05), **moved)
    plain, wider = (verdict(None, signal=each).rows_to_settle for each in (gain(-0.02, 0.05), signal))
    assert plain is not None
    assert wider == pytest.approx(more * plain, rel=0.02)


@pytest.mark.parametrize(("holds", "settled"), [(True, True), (False, False)])
def test_what_the_folds_leave_to_win_settles_nothing(holds: bool, settled: bool) -> None:
    """They leave a gain of 0.1; 1,500 h of upkeep at 100 call for 0.15, which the rows that prove must refute."""
    prices = EconomicsConfig("x", value_per_unit=1e6, upkeep_hours={"search": 1500.0}, price_per_work_hour=100.0)
    measured = gain(0.05, 0.01, (True, holds))
    result = verdict(measured, prices, forecast=replace(FORECAST, loss_left=0.2))
    assert (result.decision, result.settled) == ("NO-GO", settled)
    assert (result.reason is Reason.GAIN_TOO_SMALL) == settled


def test_a_margin_that_is_next_to_nothing_is_said_to_be_nothing() -> None:
    free = EconomicsConfig(name="free", value_per_unit=1e6)
    assert "whether that is more than zero (its extra cost is negligible)" in verdict(gain(0.002, 0.003), free).sentence
    unknown = replace(gain(0.002, 0.003), low=-math.inf, high=math.inf)
    assert "worth having" in verdict(unknown).sentence


@pytest.mark.parametrize(
    ("priced", "a_year"), [({"cost_matrix": {"a": {"b": 5}}}, 10.0), ({"value_per_row": 2.0}, 20.0)]
)
def test_what_a_row_is_worth_is_money_a_year_once_rows_are_counted(priced: dict[str, Any], a_year: float) -> None:
    prices = replace(NO_MONEY, **priced)
    assert unit_value(prices) is None
    assert verdict(gain(0.1, 0.01), prices).go
    assert unit_value(replace(prices, predictions_per_year=10.0)) == a_year
    assert unit_value(replace(prices, value_per_unit=0.0, cost_matrix=None)) == 0


@pytest.mark.parametrize(("holds", "is_told"), [((True, False), True), ((False, True), True), ((False, False), False)])
def test_where_no_bound_holds_no_count_of_rows_is_told(holds: tuple[bool, bool], is_told: bool) -> None:
    found = verdict(gain(0.004, 0.01, holds))
    assert not found.settled
    assert (found.rows_to_settle is not None) == is_told


@pytest.mark.parametrize(
    ("measured", "worthwhile", "lean", "ends"),
    [
        (gain(-0.001, 0.5), 0.0, "go", "Past searches lean go."),
        (gain(0.2, 0.5), 0.1, "no-go", "Past searches lean no-go."),
        (gain(0.2, 0.13), 0.0, "go", "(it costs nothing extra)."),
    ],
)
def test_a_lean_that_is_not_towards_what_was_measured_says_where_it_comes_from(
    measured: Gain, worthwhile: float, lean: str, ends: str
) -> None:
    result = verdict(measured, replace(NO_MONEY, worthwhile_gain=worthwhile))
    assert (result.settled, result.lean) == (False, lean)
    assert result.sentence.endswith(ends), result.sentence
