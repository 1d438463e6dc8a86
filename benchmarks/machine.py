"""The versions and the machine with which a figure was measured."""

import platform
from importlib import metadata

import joblib

from runner.words import counted

LIBRARIES = ("scikit-learn", "lightgbm", "optuna", "skrub", "pandas", "numpy", "scipy")


def machine(seed: int) -> str:
    """Return versions, seed and machine in one line, to be printed below a table."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    system = f"{platform.system()} {platform.machine()}, {counted(joblib.cpu_count(), 'core')}"
    return f"Python {platform.python_version()}, {versions}; seed {seed}; {system}."
