"""A call ends as it may: its outcome says how, the others are unharmed, and nothing is left running."""

import errno
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

import calls
from processes import Script, environment
from runner.clock import Clock
from runner.config import EngineConfig
from runner.engine import Call, Engine, Outcome, SecondsLeft, check_backend, isolation, warm
from runner.errors import UserError
from runner.evaluation import Status

SECONDS = 150.0  # for what ends by itself, on a busy machine
CALLS = {
    "double": Call(calls.double, (21,)),
    "fail": Call(calls.fail, ("no such thing\nsecond line",)),
    "fail without words": Call(calls.fail, ("",)),
    "leave": Call(calls.leave, (7,)),
    "leave in peace": Call(calls.leave, (0,)),
    "crash": Call(calls.crash, ()),
    "eat": Call(calls.eat, (8000,)),
    "ask for too much": Call(calls.ask_for_too_much, ()),
    "chatter": Call(calls.chatter, ()),
    "megabytes": Call(calls.megabytes, (20,)),
    "nothing": Call(calls.nothing, ()),
    "unpicklable": Call(calls.no_message, ()),
    "double again": Call(calls.double, (4,)),
}
ENDS = {
    "double": (Status.OK, None),
    "fail": (Status.FAILED, "ValueError: no such thing"),
    "fail without words": (Status.FAILED, "ValueError"),
    "leave": (Status.FAILED, "its process died (exit code 7)."),
    "leave in peace": (Status.FAILED, "its process died (exit code 0)."),
    "crash": (Status.FAILED, "its process died (signal SIGSEGV)."),
    "eat": (Status.OUT_OF_MEMORY, "it took more than 1 GB of memory."),
    "ask for too much": (Status.OUT_OF_MEMORY, "it could not get the memory"),
    "chatter": (Status.OK, None),
    "megabytes": (Status.OK, None),
    "nothing": (Status.OK, None),
    "unpicklable": (Status.FAILED, ""),
    "double again": (Status.OK, None),
}
HANGING = """
import sys, time, calls
from runner.config import EngineConfig
from runner.engine import Call, Engine, warm
warm(fork=bool(int(sys.argv[2])))
with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
    list(engine.run([Call(calls.hang_in_a_program, (sys.argv[1],))], time.monotonic() + 600))
"""


def running() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


@pytest.fixture(scope="module")
def crowd() -> Iterator[Engine]:
    warm()
    with Engine(EngineConfig(workers=3), memory_gb=1) as engine:
        [*engine.run([Call(calls.nothing, ())], time.monotonic() + 60)]  # waits for the server
        yield engine


@pytest.fixture(scope="module")
def batch(crowd: Engine) -> tuple[dict[str, Outcome], set[int]]:
    """Run all calls in one batch; return the outcomes, and what was left running."""
    before, names = running(), [*CALLS]
    outcomes = dict(crowd.run([*CALLS.values()], time.monotonic() + SECONDS))
    return {names[number]: outcome for number, outcome in outcomes.items()}, running() - before


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_each_call_has_an_outcome_of_its_own(batch: tuple[dict[str, Outcome], set[int]], name: str) -> None:
    outcome, (status, reason) = batch[0][name], ENDS[name]
    assert outcome.status is status, outcome
    if reason is None:
        assert outcome.reason is None
    else:
        assert outcome.reason is not None
        assert outcome.reason.startswith(reason)
        assert "\n" not in outcome.reason
        assert outcome.value is None


@pytest.mark.slow
def test_values_come_back_whole(batch: tuple[dict[str, Outcome], set[int]]) -> None:
    outcomes = batch[0]
    assert (outcomes["double"].value, outcomes["double again"].value) == (42, 8)
    assert outcomes["chatter"].value == "said"
    assert len(outcomes["megabytes"].value) == 20 * 2**20


@pytest.mark.slow
def test_what_did_not_end_well_has_its_price_too(batch: tuple[dict[str, Outcome], set[int]]) -> None:
    eaten = batch[0]["eat"].costs
    assert eaten.peak_memory_mb > 1024
    assert eaten.cpu_seconds > 0


@pytest.mark.slow
def test_nothing_is_left_running(batch: tuple[dict[str, Outcome], set[int]]) -> None:
    left = [psutil.Process(number) for number in batch[1] & running()]
    assert left == []


@pytest.mark.slow
def test_a_call_is_ended_at_the_deadline_and_what_it_started_with_it(crowd: Engine, tmp_path: Path) -> None:
    path = tmp_path / "program"
    ((_, outcome),) = crowd.run([Call(calls.hang_in_a_program, (str(path),))], time.monotonic() + 3)
    assert outcome.status is Status.TIMED_OUT
    assert (outcome.reason or "").startswith("stopped after")
    assert outcome.costs.wall_seconds > 2.5
    program = int(path.read_text())
    psutil.wait_procs([psutil.Process(program)] if psutil.pid_exists(program) else [], timeout=30)
    assert not psutil.pid_exists(program) or psutil.Process(program).status() == psutil.STATUS_ZOMBIE
    assert outcome.costs.cpu_seconds > 0.1  # of the program: the call itself did nothing but wait


@pytest.mark.slow
@pytest.mark.parametrize("fork", ["0", "1"])
def test_a_run_that_is_killed_leaves_no_worker_behind(fork: str, tmp_path: Path) -> None:
    path = tmp_path / "program"
    own = environment()
    own["PYTHONPATH"] += os.pathsep + str(Path(__file__).parents[1])
    run = subprocess.Popen(
        [sys.executable, "-c", HANGING, str(path), fork], env=own,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (path.exists() and path.read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    started = psutil.Process(run.pid).children(recursive=True)
    assert int(path.read_text()) in {process.pid for process in started}
    run.kill()
    run.wait()
    _, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []


def test_a_call_that_cannot_begin_in_time_is_skipped(crowd: Engine) -> None:
    ((_, outcome),) = crowd.run([Call(calls.double, (1,))], time.monotonic() - 1)
    assert outcome.status is Status.SKIPPED
    assert "no time was left to begin" in (outcome.reason or "")


@pytest.mark.parametrize(("refusals", "status"), [(1, Status.OK), (2, Status.OUT_OF_MEMORY)])
def test_a_call_whose_process_could_not_be_started_is_tried_again(
    crowd: Engine, monkeypatch: pytest.MonkeyPatch, refusals: int, status: Status
) -> None:
    begin, left = isolation.start, [EOFError("unexpected EOF")] * refusals  # as when the server is killed as it forks

    def start(*given: Any) -> Any:
        if left:
            raise left.pop()
        return begin(*given)

    monkeypatch.setattr(isolation, "start", start)
    ((_, outcome),) = crowd.run([Call(calls.double, (1,))], time.monotonic() + 60)
    assert (outcome.status, outcome.value) == (status, 2 if status is Status.OK else None)
    assert outcome.value or outcome.reason == "no process could be started for it (EOFError: unexpected EOF)."
    ((_, after),) = crowd.run([Call(calls.double, (2,))], time.monotonic() + 60)
    assert after.value == 4


def test_two_workers_work_at_the_same_time(crowd: Engine, tmp_path: Path) -> None:
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    both = [Call(calls.meet, (here, there)), Call(calls.meet, (there, here))]
    assert [outcome.value for _, outcome in crowd.run(both, time.monotonic() + SECONDS)] == [True, True]


@pytest.mark.usefixtures("crowd")
def test_one_worker_works_in_turn() -> None:
    with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
        outcomes = dict(engine.run([Call(calls.wait, (0.1,)), Call(calls.wait, (0.1,))], time.monotonic() + 60))
    (first_begun, first_ended), (second_begun, second_ended) = (outcomes[number].value for number in (0, 1))
    assert first_ended <= second_begun or second_ended <= first_begun


def test_an_outcome_is_given_as_soon_as_it_is_there(crowd: Engine, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    given = crowd.run([Call(calls.meet, (str(here), str(there))), Call(calls.nothing, ())], math.inf)
    assert next(given)[0] == 1
    there.touch()  # what the other call waits for
    assert [(number, outcome.value) for number, outcome in given] == [(0, True)]


def test_what_is_shared_is_written_once_and_read_by_each(crowd: Engine) -> None:
    shared = crowd.share(np.arange(5), "numbers.pkl")
    outcomes = dict(crowd.run([Call(np.sum, (shared,)), Call(np.max, (shared,))], time.monotonic() + 60))
    assert (outcomes[0].value, outcomes[1].value) == (10, 4)


def test_the_folder_of_an_engine_goes_with_it() -> None:
    with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
        engine.share([1], "one.pkl")
        assert engine.folder.is_dir()
    assert not engine.folder.exists()


def test_what_a_killed_run_left_is_cleared_away_and_what_a_living_one_has_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "runner-work-killed"
    left.mkdir()
    (left / "all.pkl").write_text("")
    with Engine(EngineConfig(workers=1), 1) as living:
        for path in (left, living.folder):
            os.utime(path, (1, 1))
        with Engine(EngineConfig(workers=1), 1):
            assert not left.exists()
            assert living.folder.exists()
    assert not list(tmp_path.iterdir())


def test_where_a_disk_has_no_locks_nothing_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")  # of NFS, for a folder

    monkeypatch.setattr("fcntl.flock", refused)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Engine(EngineConfig(workers=1), 1) as living:
        os.utime(living.folder, (1, 1))
        with Engine(EngineConfig(workers=1), 1):
            assert living.folder.exists()


def test_a_disk_without_room_for_what_is_shared_is_named(crowd: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("runner.engine.pickle.dump", full)
    with pytest.raises(UserError, match=r"No space left.*TMPDIR"):
        crowd.share([1], "list.pkl")


@pytest.mark.parametrize("backend", ["loky", "multiprocessing", "dask", "nonesuch"])
def test_a_backend_that_cannot_watch_over_processes_is_refused_with_those_that_can(backend: str) -> None:
    with pytest.raises(UserError, match=rf"^engine\.backend='{backend}': known are .*threading\.$"):
        check_backend(backend)


@pytest.mark.parametrize("backend", ["sequential", "threading"])
@pytest.mark.usefixtures("crowd")
def test_a_backend_that_is_accepted_runs_calls(backend: str) -> None:
    check_backend(backend)
    with Engine(EngineConfig(backend=backend, workers=2), memory_gb=1) as engine:
        outcomes = dict(engine.run([CALLS["double"], CALLS["double again"]], time.monotonic() + SECONDS))
    assert [outcomes[0].value, outcomes[1].value] == [42, 8]


def test_the_number_of_workers_is_that_of_the_cores_when_none_is_given() -> None:
    with Engine(EngineConfig(), memory_gb=1) as engine:
        assert engine.workers >= 1
        assert engine.workers <= (psutil.cpu_count() or 1)


def test_a_script_without_a_main_guard_is_run_once_and_may_have_a_pool_of_processes(script: Script) -> None:
    done = script(
        "import math, multiprocessing, time\n"
        "from runner.config import EngineConfig\n"
        "from runner.engine import Call, Engine, SecondsLeft, warm\n"
        "multiprocessing.set_forkserver_preload(['math'])\n"
        "multiprocessing.context.BaseContext.set_forkserver_preload = lambda *_: None  # the libraries take seconds\n"
        "print('begun', flush=True)\n"
        "def roots(_):\n"
        "    warm()\n"
        "    with Engine(EngineConfig(workers=2), memory_gb=1) as engine:\n"
        "        calls = [Call(math.sqrt, (4,)), Call(math.sqrt, (9,))]\n"
        "        return sorted(outcome.value for _, outcome in engine.run(calls, time.monotonic() + 60))\n"
        "print(roots(0), flush=True)\n"
        "with multiprocessing.get_context('fork').Pool(1) as pool:\n"
        "    print(pool.map(roots, [1]))\n"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "begun\n[2.0, 3.0]\n[[2.0, 3.0]]\n"


def test_the_server_of_workers_leaves_an_interrupt_to_the_run_also_while_it_imports(script: Script) -> None:
    done = script(
        "import signal, sys\n"
        "sys.modules['lightgbm'] = None\n"
        "try:\n"
        "    import runner.worker\n"
        "except ImportError:\n"
        "    print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)\n"
    )
    assert done.stdout == "True\n", done.stderr


def test_what_runs_is_ended_when_the_engine_is_left(crowd: Engine) -> None:
    def processes() -> int:
        return len(psutil.Process().children(recursive=True))

    before, end = processes(), time.monotonic() + 60
    with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
        thread = threading.Thread(target=lambda: list(engine.run([Call(calls.hang, ())], end + 300)))
        thread.start()
        while processes() == before and time.monotonic() < end:
            time.sleep(0.02)
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.parametrize("needed", [True, False])
def test_once_asked_to_stop_only_calls_that_the_verdict_needs_still_begin(
    needed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(60.0)

    def begun(*_given: object) -> Outcome:
        clock.interrupted = True  # while the first call runs
        return Outcome(Status.OK, 42)

    monkeypatch.setattr("runner.engine.isolated", begun)
    with Engine(EngineConfig(workers=1), memory_gb=1, clock=clock) as engine:
        ended = dict(engine.run([CALLS["double"]] * 3, clock.deadline, needed=needed))
    assert [ended[number].value for number in range(3)] == ([42] * 3 if needed else [42, None, None])
    assert needed or ended[2].status is Status.SKIPPED


def test_one_call_has_a_limit_of_its_own(crowd: Engine) -> None:
    calls_given = [Call(calls.hang, ()), Call(calls.double, (21,))]
    outcomes = dict(crowd.run(calls_given, math.inf, seconds=2.0))
    assert (outcomes[0].status, outcomes[1].value) == (Status.TIMED_OUT, 42)


@pytest.mark.usefixtures("crowd")
def test_a_call_takes_no_more_than_its_share_of_the_time_while_others_wait() -> None:
    with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
        given, deadline = [Call(calls.hang, ()), Call(calls.double, (21,))], time.monotonic() + 100
        outcomes = dict(engine.run(given, deadline, share=0.01))
    assert (outcomes[0].status, outcomes[1].value) == (Status.TIMED_OUT, 42)


@pytest.mark.usefixtures("crowd")
def test_a_call_is_told_the_time_that_it_has_when_it_begins() -> None:
    with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
        given = [Call(calls.wait, (0.2,)), Call(float, (SecondsLeft(),))]
        outcomes = dict(engine.run(given, time.monotonic() + SECONDS))
    assert 0 < outcomes[1].value < SECONDS - 0.2
