"""The time of a run, over all of its lives."""

import time

import pytest

from runner.clock import LAST_SECONDS, LEAST_PATIENCE, Clock


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)


def test_what_is_told_of_the_time_goes_together() -> None:
    clock = Clock(60.0, spent=10.0)
    assert clock.elapsed() == pytest.approx(10)
    assert clock.left() == pytest.approx(50)
    assert clock.deadline - clock.now() == pytest.approx(50)
    assert clock.closing == pytest.approx(clock.deadline - 1.5)


def test_on_a_busy_machine_the_last_fit_has_to_end_earlier() -> None:
    clock = Clock(60.0)
    clock.pace = 4.0
    assert clock.closing == pytest.approx(clock.deadline - 4 * 1.5)


def test_the_last_look_takes_half_of_what_is_left_where_the_time_to_close_has_come() -> None:
    clock = Clock(60.0)
    assert clock.end_of_last_look == clock.closing
    clock.pace = 6.0
    clock.catch_up(54.0)
    assert clock.closing < clock.now()
    assert clock.end_of_last_look == pytest.approx(clock.now() + 3)
    clock.catch_up(70.0)
    assert clock.end_of_last_look < clock.now()


def test_the_clock_goes_forward_only_and_its_deadline_stays() -> None:
    clock = Clock(60.0)
    deadline = clock.deadline
    clock.catch_up(20.0)
    clock.catch_up(5.0)
    assert clock.elapsed() == pytest.approx(20)
    assert clock.deadline == deadline
    assert clock.outside(deadline) == pytest.approx(time.monotonic() + 40)


def test_others_are_waited_for_a_little_in_any_case() -> None:
    clock = Clock(60.0)
    clock.catch_up(90.0)
    assert clock.left() < 0 < clock.patience()


def test_no_wait_takes_the_time_of_the_report() -> None:
    clock = Clock(60.0)
    clock.pace = 4.0
    assert clock.patience(LAST_SECONDS) == pytest.approx(clock.patience() - 4 * LAST_SECONDS)
    clock.catch_up(55.0)
    assert clock.patience(LAST_SECONDS) == LEAST_PATIENCE
