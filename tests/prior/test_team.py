"""A team's own searches take over from those that ship as they become many, and noise widens nothing."""

import numpy as np
import pytest

from runner.prior import past_searches
from runner.prior.team import FEWEST, Remembered, accuracy, expected, joined

SHIPPED = past_searches()
TRIALS = SHIPPED.gains.shape[1]


def team(count: int, mean: float, spread: float, noise: float, seed: int = 0, trials: int = TRIALS) -> list[Remembered]:
    random = np.random.default_rng(seed)
    gains = mean + spread * random.normal(size=count) + noise * random.normal(size=count)
    losses = tuple(random.uniform(0.5, 0.7, trials).tolist())
    return [Remembered(f"project {i}", float(gain), noise, losses) for i, gain in enumerate(gains)]


def test_without_a_history_it_is_what_ships() -> None:
    assert joined(SHIPPED, []) is SHIPPED


@pytest.mark.parametrize(("count", "share"), [(1, 0.1), (5, 0.3), (80, 0.85), (1000, 0.98)])
def test_the_forecast_moves_to_the_teams_own_gain_as_the_history_grows(count: int, share: float) -> None:
    prior = joined(SHIPPED, team(count, 0.05, 0.0, 1e-6))
    moved = (expected(prior, TRIALS) - expected(SHIPPED, TRIALS)) / (0.05 - expected(SHIPPED, TRIALS))
    assert moved == pytest.approx(count / (count + 20), abs=0.01)
    assert moved <= share or count >= 80
    assert moved >= share * 0.8 or count < 80


def test_noisy_projects_count_less() -> None:
    sure, unsure = (joined(SHIPPED, team(20, 0.05, 0.0, noise, seed=1)) for noise in (1e-6, 0.1))
    of_team = [prior.weights[len(SHIPPED.tables) :].sum() for prior in (sure, unsure)]
    assert of_team[0] == pytest.approx(0.5, abs=0.01)
    assert of_team[1] < 0.1


def test_noise_does_not_widen_the_law_of_gains() -> None:
    gains = SHIPPED.final_gains()
    spread = float(np.sqrt(SHIPPED.weights @ (gains - SHIPPED.weights @ gains) ** 2))
    prior = joined(SHIPPED, team(2000, 0.01, spread, 2 * spread, seed=2))
    own = prior.gains[len(SHIPPED.tables) :, -1]
    assert np.std(own) == pytest.approx(spread, rel=0.15)


def test_several_searches_of_one_project_count_once() -> None:
    once = team(1, 0.05, 0.0, 1e-6)
    assert expected(joined(SHIPPED, once * 7), TRIALS) == pytest.approx(expected(joined(SHIPPED, once), TRIALS))


def test_a_search_that_was_stopped_early_tells_of_its_own_time() -> None:
    early = joined(SHIPPED, team(200, 0.03, 0.0, 1e-6, trials=8))
    assert expected(early, 8) == pytest.approx(0.03 * 200 / 220 + expected(SHIPPED, 8) * 20 / 220, abs=1e-4)
    assert np.isfinite(early.gains).all()
    assert np.isfinite(early.spreads).all()


def test_a_team_like_those_that_ship_is_forecast_no_worse_beyond_noise() -> None:
    random = np.random.default_rng(3)
    better = []
    for repeat in range(40):
        rows = random.integers(0, len(SHIPPED.tables), 12)
        searches = [
            Remembered(f"{repeat} {i}", float(SHIPPED.capped[row, -1]), 0.01, tuple(SHIPPED.losses[row]))
            for i, row in enumerate(rows)
        ]
        found = accuracy(SHIPPED, searches)
        better.append(found.team - found.shipped)
    assert np.mean(better) < 0.001


def test_a_team_unlike_those_that_ship_is_forecast_better() -> None:
    found = accuracy(SHIPPED, team(20, 0.06, 0.01, 0.01))
    assert found.team_is_better
    assert found.team < 0.75 * found.shipped


def test_two_projects_tell_nothing_of_a_forecast() -> None:
    assert not accuracy(SHIPPED, team(FEWEST - 1, 0.06, 0.0, 0.001)).team_is_better
