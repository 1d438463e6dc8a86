"""The search in words: how to run one whose gate stayed shut."""

from typing import Any

import pytest

from runner.report import search

Verdict = dict[str, Any]


def shut(made: dict[str, Verdict], turn: float | None) -> Verdict:
    verdict = made["not_worth_it"]
    verdict["gates"][0] |= {"forecast_cost": 0.0292}
    return verdict | {"break_even": verdict["break_even"] | {"worthwhile_gain": turn}}


@pytest.mark.parametrize(("turn", "override"), [(0.00406, "0.0040"), (0.00999, "0.0099"), (0.0000318, "0.000031")])
def test_a_search_can_be_run_although_its_gate_stayed_shut(
    made: dict[str, Verdict], turn: float, override: str
) -> None:
    """The threshold is rounded down, as the gate opens below it."""
    verdict = shut(made, turn)
    command = f"{verdict['command']} economics.worthwhile_gain={override}  # search all the same: 2,100 CPU s, EUR 0.03"
    assert search.all_the_same(verdict) == command


def test_no_command_is_offered_where_no_threshold_shut_the_gate(made: dict[str, Verdict]) -> None:
    priced, settled = shut(made, None), shut(made, 0.004) | {"reason": "gain-too-small"}
    open_today = shut(made, 0.02)
    assert [search.all_the_same(each) for each in (made["go"], priced, settled, open_today)] == [None] * 4
