"""The server of workers shares what the run has loaded where it may be forked, and takes nothing else from the run."""

import sys
from pathlib import Path
from textwrap import indent

import pytest

from processes import Script

STARTED = """
import fcntl, multiprocessing, sys, threading, time
from runner.config import EngineConfig
from runner.engine import Call, Engine, server, warm
server.OF_BOTH = ()
multiprocessing.set_forkserver_preload(["math"])
multiprocessing.context.BaseContext.set_forkserver_preload = lambda *_: None  # the libraries take seconds
sys.modules["loaded"] = sys
print("begun")

def answer(question):
    with Engine(EngineConfig(workers=1), memory_gb=1) as engine:
        ((_, outcome),) = engine.run([Call(eval, (question,))], time.monotonic() + 60)
    return outcome.value if outcome.reason is None else outcome.reason
"""
LOADED = "print(answer(\"'loaded' in __import__('sys').modules\"))\n"
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server is a new Python")


@pytest.mark.parametrize(
    ("lines", "shares"),
    [
        pytest.param("warm(fork=True)\n", True, marks=only_linux),
        ("warm()\n", False),
        ("threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\nwarm(fork=True)\n", False),
    ],
)
def test_it_is_forked_where_that_is_wanted_and_no_thread_may_hold_a_lock(
    lines: str, shares: bool, script: Script
) -> None:
    done = script(STARTED + lines + LOADED)
    assert (done.stdout, done.stderr) == (f"begun\n{shares}\n", "")


@only_linux
def test_it_keeps_no_file_of_the_run(script: Script) -> None:
    done = script(
        f"{STARTED}"
        "with open('lock', 'w') as file:\n"
        "    fcntl.flock(file, fcntl.LOCK_EX)\n"
        "    warm(fork=True)\n"
        "    answer('0')\n"
        "with open('lock', 'w') as file:\n"
        "    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    )
    assert (done.stdout, done.stderr) == ("begun\n", "")


@pytest.mark.slow
@only_linux
@pytest.mark.parametrize("task", [b"", b"\x80\x05\x95"])
def test_a_worker_whose_run_ends_while_it_is_being_started_says_nothing(task: bytes, script: Script) -> None:
    done = script(
        "import os\n"
        "from multiprocessing import forkserver\n"
        "from runner.engine import warm\n"
        "warm(fork=True)\n"
        "ended, told = forkserver.connect_to_new_process([])\n"
        f"os.write(told, {task!r})\n"
        "os.close(told)\n"
        "forkserver.read_signed(ended)\n"
        "print(forkserver.read_signed(ended))\n"
    )
    assert (done.stdout, done.stderr) == ("1\n", "")


@only_linux
def test_its_workers_may_have_workers(script: Script, tmp_path: Path) -> None:
    (tmp_path / "inner.py").write_text(
        f"def answer(question):\n{indent(STARTED, '    ')}\n    return answer(question)\n"
    )
    done = script(f'{STARTED}warm(fork=True)\nprint(answer(\'__import__("inner").answer("6 * 7")\'))\n')
    assert (done.stdout, done.stderr) == ("begun\n42\n", "")


@only_linux
def test_another_server_is_started_if_it_is_gone(script: Script) -> None:
    done = script(
        f"{STARTED}"
        "import psutil\n"
        "warm(fork=True)\n"
        "answer('0')\n"
        "for process in psutil.Process().children():\n"
        "    if process.cmdline() == psutil.Process().cmdline():\n"
        "        process.kill()\n"
        "        while process.status() != psutil.STATUS_ZOMBIE:\n"
        "            time.sleep(0.01)\n"
        f"{LOADED}"
    )
    assert (done.stdout, done.stderr) == ("begun\nFalse\n", "")


@only_linux
def test_one_that_breaks_says_why(script: Script, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise RuntimeError('no such device')")
    begun = STARTED.replace('["math"]', '["broken"]')
    done = script(f"{begun}import os\nwarm(fork=True)\nos.wait()\n")
    assert done.stderr.endswith("RuntimeError: no such device\n")


@only_linux
def test_what_was_forked_from_it_goes_on_when_it_ends(script: Script, tmp_path: Path) -> None:
    (tmp_path / "later.py").write_text("def told(answer, question):\n    answer.send(question.recv() * 7)\n")
    done = script(
        f"{STARTED}"
        "import later, psutil\n"
        "from runner.engine import cool\n"
        "from runner.engine.isolation import start\n"
        "warm(fork=True)\n"
        "(ours, theirs), (mine, yours) = multiprocessing.Pipe(False), multiprocessing.Pipe(False)\n"
        "process = start(later.told, theirs, mine)\n"
        "server = psutil.Process(process.pid).parent()\n"
        "cool()\n"
        "print(server.is_running())\n"
        "yours.send(6)\n"
        "print(ours.recv())\n"
        f"{LOADED}"
    )
    assert (done.stdout, done.stderr) == ("begun\nFalse\n42\nFalse\n", "")
