"""Man against machine: what the verdict says when something is used today."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.config import EconomicsConfig
from runner.decision.deciding import decide
from runner.decision.economics import Contender
from runner.decision.facts import Block, Facts
from runner.decision.incumbency import Incumbency, standing
from runner.decision.reasons import Reason
from runner.decision.verdict import Verdict
from runner.gain import Gain
from runner.prior import past_searches

TODAY, TREE = Contender("incumbent", "rule", 0.0, 0.0), Contender("tree", "tree", 1.0, 0.001)
SEARCHED = Contender("lightgbm #7", "search", 20.0, 0.1)
NO_MONEY = EconomicsConfig(name="none")  # worth having from 0.01 x 0.5 = 0.005
SHUT = Block(Reason.GAIN_TOO_SMALL, "Little is left.", True)


def gain(low: float, high: float) -> Gain:
    return Gain((low + high) / 2, low, high, (high - low) / 3.3, 99.0, "rows", high - low)


def judged(champion: Contender, gains: dict[str, Gain], block: Block | None = SHUT, signal: bool = True) -> Verdict:
    costs = {"tree": TREE, "lightgbm #7": SEARCHED}
    found = gains.get("lightgbm #7")
    facts = Facts(
        champion=champion,
        headroom=0.5,
        signal=gain(0.1, 0.3) if signal else gain(-0.1, 0.1),
        block=None if found else block,
        challenger=SEARCHED if found else None,
        gain=found,
        incumbent=Incumbency("score", TODAY, gains, {name: costs[name] for name in gains}),
    )
    return decide(facts, NO_MONEY, past_searches())


@pytest.mark.parametrize(
    ("low", "high", "beaten"), [(0.01, 0.1, True), (-0.1, 0.004, False), (0.001, 0.004, False), (-0.1, 0.1, None)]
)
def test_the_machine_beats_today_when_its_gain_is_worth_having(low: float, high: float, beaten: bool | None) -> None:
    verdict = judged(TREE, {"tree": gain(low, high)})
    assert verdict.incumbent is not None
    assert (verdict.incumbent.model, verdict.incumbent.beaten) == ("tree", beaten)
    assert "over 'score', which is used today" in verdict.incumbent.sentence
    assert verdict.sentence.startswith(verdict.incumbent.sentence) == (beaten is not None)  # what is to be done, first


def test_today_is_kept_when_no_model_is_worth_leaving_it_for() -> None:
    verdict = judged(TREE, {"tree": gain(-0.1, 0.001)})
    assert (verdict.reason, verdict.kept, verdict.settled) == (Reason.INCUMBENT_BETTER, "incumbent", True)


def test_today_may_be_the_cheap_champion() -> None:
    verdict = judged(TODAY, {"tree": gain(-0.1, 0.1)})
    assert (verdict.reason, verdict.kept) == (Reason.INCUMBENT_BETTER, "incumbent")
    assert verdict.sentence.endswith("Little is left.")


def test_a_search_that_beats_today_is_a_go() -> None:
    verdict = judged(TODAY, {"tree": gain(0, 0.02), "lightgbm #7": gain(0.02, 0.1)})
    assert (verdict.reason, verdict.kept) == (Reason.GAIN_PAYS, "lightgbm #7")
    assert verdict.incumbent is not None
    assert (verdict.incumbent.model, verdict.incumbent.beaten) == ("lightgbm #7", True)


def test_where_nothing_beats_no_model_nothing_is_said_of_today() -> None:
    verdict = judged(TREE, {"tree": gain(-0.1, 0.001)}, signal=False)
    assert (verdict.reason, verdict.incumbent) == (Reason.NO_SIGNAL, None)


def test_a_dearer_model_must_gain_more() -> None:
    today = Incumbency("score", TODAY, {"tree": gain(0.010, 0.012)}, {"tree": TREE})
    cheap = EconomicsConfig(name="x", value_per_unit=1000.0, upkeep_hours={"tree": 1}, price_per_work_hour=1.0)
    dear = replace(cheap, price_per_work_hour=100.0)
    assert standing(today, "tree", False, 0.5, cheap).beaten is True
    assert standing(today, "tree", False, 0.5, dear).beaten is False
    assert standing(today, "tree", False, 0.5, replace(cheap, value_per_unit=0.0)).beaten is False


@pytest.mark.parametrize(("vague", "beaten"), [(gain(0.4, 0.6), True), (gain(-0.6, 1.6), None)])
def test_a_share_of_a_loss_that_is_known_ill_is_no_sure_margin(vague: Gain, beaten: bool | None) -> None:
    today = Incumbency("score", TODAY, {"tree": gain(0.006, 0.02)}, {"tree": TREE})
    assert standing(today, "tree", False, 0.5, NO_MONEY, perfect=vague).beaten is beaten


@given(st.floats(-0.2, 0.2), st.floats(0.001, 0.2), st.floats(0, 0.2))
def test_more_gain_never_brings_today_back(low: float, width: float, more: float) -> None:
    before = judged(TREE, {"tree": gain(low, low + width)})
    after = judged(TREE, {"tree": gain(low + more, low + width + more)})
    assert not (after.kept == "incumbent" and before.kept != "incumbent")
