"""Many tests together alarm no more often than is promised."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runner.gain.several import holm


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.001, 0.2))
def test_holm_finds_no_less_than_bonferroni_and_no_more_than_no_correction(p_values: list[float], level: float) -> None:
    found = holm(p_values) <= level
    for p_value, beyond in zip(p_values, found, strict=True):
        assert beyond or p_value * len(p_values) > level
        assert not beyond or p_value <= level


def test_holm_holds_its_rate_over_all_tests() -> None:
    random = np.random.default_rng(3)
    alarms = [(holm(random.uniform(size=40)) <= 0.05).any() for _ in range(4000)]
    assert 0.035 <= np.mean(alarms) <= 0.06
