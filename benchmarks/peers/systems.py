"""The systems that are compared, and their environments."""

import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENVIRONMENTS = HERE.parent / ".peers"
OURS = ("search", "runner")  # the search stage to the end of its budget; the product as it ships


@dataclass(frozen=True)
class System:
    """One system.

    Attributes
    ----------
    adapter : str
        Module in `adapters`.
    environment : str or None
        Name of the environment with its requirements; None for the runner's own.
    options : dict
        Passed to the adapter.
    """

    adapter: str
    environment: str | None = None
    options: dict[str, str] = field(default_factory=dict)

    def command(self, environments: Path) -> list[str]:
        """Return the command that starts the adapter."""
        python = str(python_of(environments / self.environment)) if self.environment else sys.executable
        return [python, "-m", f"benchmarks.peers.adapters.{self.adapter}"]


SYSTEMS = {
    "search": System("search"),
    "runner": System("runner"),
    "flaml": System("flaml", "flaml"),
    "autogluon-medium": System("autogluon", "autogluon", {"preset": "medium_quality"}),
    "autogluon-good": System("autogluon", "autogluon", {"preset": "good_quality"}),
    "mljar": System("mljar", "mljar"),
    "lazypredict": System("lazypredict", "lazypredict"),
    "optuna-lightgbm": System("optuna_lightgbm"),
}
PEERS = [name for name in SYSTEMS if name not in OURS]


def set_up(peers: list[str], folder: Path) -> None:
    """Make the environments that do not exist yet, from pinned requirements."""
    for name in dict.fromkeys(SYSTEMS[peer].environment for peer in peers):
        if name and not python_of(folder / name).exists():
            print(f"Installing {name} into {folder / name} ...", file=sys.stderr, flush=True)
            install(HERE / "requirements" / f"{name}.txt", folder / name)


def install(requirements: Path, place: Path) -> None:
    """Make one environment; an unfinished one is not used."""
    partial = place.with_name(f"{place.name}.partial")
    venv.create(partial, clear=True, with_pip=True)
    # Without dependencies: the pins are complete but for NVIDIA's libraries, hundreds of megabytes that no CPU needs.
    command = [str(python_of(partial)), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(requirements)]
    subprocess.run(command, check=True)
    partial.rename(place)


def python_of(environment: Path) -> Path:
    """Return the interpreter of an environment."""
    return environment / "bin" / "python"
