"""A process that was given a lifeline ends with the one that gave it, and with no other."""

import subprocess
import sys
import time

import psutil

from processes import environment

CHILD = "import time; from runner.lifeline import follow; follow(); print('follows', flush=True); time.sleep(60)"
PARENT = f"""
import os, subprocess, sys
from runner.lifeline import VARIABLE, lifeline
with lifeline() as reading:
    own = os.environ | {{VARIABLE: str(reading)}}
    child = subprocess.Popen([sys.executable, "-c", {CHILD!r}], env=own, pass_fds=[reading], start_new_session=True)
    print(child.pid, flush=True)
    child.wait()
"""


def test_it_ends_with_a_process_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], env=environment(), stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        told = {parent.stdout.readline() for _ in range(2)} - {b"follows\n"}
        child = psutil.Process(int(told.pop()))
        time.sleep(0.1)
        assert child.is_running()
        parent.kill()
        _, alive = psutil.wait_procs([child], timeout=10)
    assert not alive


def test_without_one_nothing_is_followed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD.replace("60", "0")], env=environment(), stdout=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"follows\n")
