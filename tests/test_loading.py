"""While libraries are imported, the garbage collector rests, they start no threads, and what is not needed waits."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from runner.loading import at_first_use, one_thread, uncollected


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


def test_a_module_at_first_use_is_run_when_something_in_it_is_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dear.py").write_text("import sys\nsys.dear = True\nprice = 3\n")
    (tmp_path / "cheap.py").write_text("import dear\nprice = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    at_first_use("dear")
    cheap = import_module("cheap")
    assert cheap.price == 1
    assert not hasattr(sys, "dear")
    assert cheap.dear.price == 3
    assert sys.dear  # type: ignore[attr-defined]
    del sys.dear  # type: ignore[attr-defined]


def test_no_worker_loads_a_library_for_pictures() -> None:
    code = "import sys, runner.worker; print('skrub' in sys.modules, 'matplotlib' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "True False\n"
