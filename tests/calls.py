"""What the engine's tests run in worker processes: calls that end in every way a call can end."""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any


def double(number: int) -> int:
    return 2 * number


def nothing() -> None:
    return None


def fail(message: str) -> None:
    raise ValueError(message)


def leave(code: int) -> None:
    sys.exit(code)


def crash() -> None:
    ctypes.string_at(0)


def hang() -> None:
    time.sleep(600)


def hang_in_a_program(path: str) -> None:
    """Start a program that works without end, write its number, and wait for it."""
    program = subprocess.Popen(["sh", "-c", "while :; do :; done"])
    Path(path).write_text(str(program.pid))
    program.wait()


def eat(megabytes: int) -> None:
    kept, a_megabyte = [], os.urandom(2**20)
    for _ in range(megabytes // 50):
        kept.append(a_megabyte * 50)
        time.sleep(0.02)


def ask_for_too_much() -> None:
    bytearray(2**62)


def chatter() -> str:
    print("x" * 2**20)
    print("y" * 2**20, file=sys.stderr)
    os.write(1, b"z" * 2**20)
    return "said"


def megabytes(count: int) -> bytes:
    return bytes(count * 2**20)


def no_message() -> object:
    return lambda: None


def wait(seconds: float) -> tuple[float, float]:
    """Return when it began and ended, on a clock that all processes share."""
    begun = time.monotonic()
    time.sleep(seconds)
    return begun, time.monotonic()


def meet(mine: str, other: str) -> bool:
    """Make a file, and wait until another one is there; return whether it came."""
    Path(mine).touch()
    end = time.monotonic() + 60
    while not Path(other).exists() and time.monotonic() < end:
        time.sleep(0.02)
    return Path(other).exists()


def burn(seconds: float) -> float:
    """Use the processor, and return its process's time at the end."""
    while time.process_time() < seconds:
        pass
    return time.process_time()


def imports_of_a_preparation(form: str, features: Any, target: Any) -> list[str]:
    """Prepare a table, and return the modules that were imported for it."""
    from sklearn.pipeline import make_pipeline

    from runner.candidates.preparation import PREPARATIONS

    before = set(sys.modules)
    make_pipeline(*PREPARATIONS[form](0)).fit_transform(features, target)
    return sorted(set(sys.modules) - before)
