"""The garbage collector rests while libraries are imported, and is as the caller had it after that."""

import gc
from collections.abc import Iterator

import pytest

from runner.loading import uncollected


@pytest.fixture(autouse=True)
def on_again() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("was_on", [True, False])
def test_it_rests_and_is_left_as_it_was(was_on: bool) -> None:
    gc.enable() if was_on else gc.disable()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled() is was_on


def test_an_import_that_fails_does_not_leave_it_off() -> None:
    with pytest.raises(ModuleNotFoundError), uncollected():
        import no_such_module  # noqa: F401
    assert gc.isenabled()
