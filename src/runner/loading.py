"""Faster imports of large libraries: without the garbage collector, without threads, and without what is not used."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType


@contextmanager
def uncollected() -> Iterator[None]:
    """Turn the garbage collector off: during imports it would scan ever more objects, and find no garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def one_thread() -> Iterator[None]:
    """Let libraries for numbers that are loaded here have one thread, unless the user has asked for more."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    added = {name: "1" for name in names if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


class _AtFirstUse(MetaPathFinder):
    """Finds one module, and has it loaded when something in it is first looked up."""

    def __init__(self, name: str):
        self.name = name

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == self.name else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def at_first_use(name: str) -> None:
    """Have a module that others import at once be loaded when it is first used, and what it imports with it."""
    sys.meta_path.insert(0, _AtFirstUse(name))
