"""While libraries are imported, the garbage collector rests and they are told to start no threads."""

import gc
import os
from collections.abc import Iterator

import pytest

from runner.loading import one_thread, uncollected


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


def test_one_thread_is_what_libraries_are_told_unless_the_user_told_them_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    with one_thread():
        assert (os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"]) == ("1", "3")
    assert "OMP_NUM_THREADS" not in os.environ
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"
