"""All that runs at once has to fit into the machine; where it does not, the largest goes and no other."""

from pathlib import Path

import psutil
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.room import Room, machine_bytes


@given(st.lists(st.integers(0, 100), min_size=1, max_size=8), st.integers(0, 300))
def test_only_the_largest_goes_and_only_when_together_they_take_too_much(taken: list[int], most: int) -> None:
    room = Room(most)
    for process, size in enumerate(taken):
        room.has_to_go(process, size)
    going = [process for process, size in enumerate(taken) if room.has_to_go(process, size)]
    largest = [process for process, size in enumerate(taken) if size == max(taken)]
    assert going == (largest if sum(taken) > most else [])


def test_who_has_left_takes_nothing() -> None:
    room = Room(10)
    assert not room.has_to_go(1, 6)
    assert room.has_to_go(2, 7)
    room.leave(2)
    assert not room.has_to_go(1, 6)


def test_a_container_may_have_less_than_the_machine(tmp_path: Path) -> None:
    less, none = tmp_path / "less", tmp_path / "none"
    less.write_text("1073741824\n")
    none.write_text("max\n")
    total = psutil.virtual_memory().total
    assert machine_bytes([none, tmp_path / "missing"]) == total
    assert machine_bytes([none, less]) == 2**30
