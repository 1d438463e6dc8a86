r"""What a team's own searches gained, joined with those that ship: the gate's prior for that team.

A project tells of one gain, :math:`y_j` after :math:`t_j` trials with a standard error :math:`s_j`, measured on rows
that chose nothing. With m(t) the mean and :math:`\Sigma` the covariance of the gains that ship, and :math:`\tau^2` =
:math:`\Sigma(t_j, t_j)`:

1. its distance from what was to be expected is :math:`d_j = y_j - m(t_j)`; the team's own is the mean
   :math:`\delta` of them, each weighted by :math:`1 / (\tau^2 + s_j^2)`;
2. around it each project is drawn in by the root of :math:`\tau^2 / (\tau^2 + s_j^2)`, so that noise does not widen
   the law of gains (Louis 1984);
3. what the gain was before and after :math:`t_j` follows by regression, as the searches that ship tell how gains at
   two times go together: :math:`G_j(t) = m(t) + \Sigma(t, t_j) / \tau^2 \cdot` that distance;
4. a project counts as one table less its noise, :math:`\tau^2 / (\tau^2 + s_j^2)`, and all that ship count as
   `SHIPPED_COUNTS` together. So a short history says little, and a long one takes over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.decision.stopping import LARGEST_GAIN, PastSearches

Array = NDArray[np.float64]
SHIPPED_COUNTS = 20.0  # projects that the searches that ship are worth together
FEWEST = 3  # projects of which a forecast error can be told


@dataclass(frozen=True)
class Remembered:
    """One finished search of the team.

    Attributes
    ----------
    project : str
        Searches of one project count once together.
    gain : float
        Of the challenger over the cheap champion, as skill, on rows that chose neither.
    standard_error : float
        Of that gain, as skill.
    losses : tuple of float
        Of each trial on the folds, over the dummy's; NaN where it failed.
    fingerprint : str
        The first characters of the table's; empty where it is not known.
    """

    project: str
    gain: float
    standard_error: float
    losses: tuple[float, ...]
    fingerprint: str = ""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> "Remembered":
        """Make it of what JSON knows, in which a loss that is not known is null."""
        return cls(
            project=str(entry["project"]),
            gain=float(entry["gain"]),
            standard_error=float(entry["standard_error"]),
            losses=tuple(float("nan") if loss is None else float(loss) for loss in entry["losses"]),
            fingerprint=str(entry["fingerprint"]),
        )


@dataclass(frozen=True)
class Accuracy:
    """How well a team's gains are forecast, each project from the others.

    Attributes
    ----------
    team, shipped : float
        Root of the mean squared error, as skill; NaN of fewer than `FEWEST` projects.
    """

    projects: int
    team: float
    shipped: float

    @property
    def team_is_better(self) -> bool:
        """Whether the joined prior has earned its place."""
        return self.projects >= FEWEST and self.team < self.shipped


def joined(shipped: PastSearches, searches: Sequence[Remembered]) -> PastSearches:
    """Return the searches that ship together with those of a team, each with its weight."""
    known = [search for search in searches if len(search.losses) > 0]
    if not known:
        return shipped
    length = shipped.gains.shape[1]
    mean, covariance = _law(shipped)
    ends = np.array([min(len(search.losses), length) for search in known]) - 1
    variances = covariance[ends, ends]
    noise = np.square([search.standard_error for search in known])
    counts = np.array([1 / sum(other.project == search.project for other in known) for search in known])
    gains = np.clip([search.gain for search in known], -LARGEST_GAIN, LARGEST_GAIN)
    distances = gains - mean[ends]
    trust = counts / (variances + noise)
    common = float(trust @ distances / trust.sum())
    kept = variances / (variances + noise)
    drawn_in = common + np.sqrt(kept) * (distances - common)
    curves = mean + covariance[:, ends].T / variances[:, None] * drawn_in[:, None]
    return PastSearches(
        (*shipped.tables, *(f"team: {search.project}" for search in known)),
        np.vstack([shipped.gains, curves]),
        np.vstack([shipped.losses, [_padded(search.losses, length) for search in known]]),
        np.concatenate([SHIPPED_COUNTS * shipped.weights, counts * kept]),
    )


def accuracy(shipped: PastSearches, searches: Sequence[Remembered]) -> Accuracy:
    """Forecast the gain of each project from all others and what ships, and from what ships alone."""
    projects = sorted({search.project for search in searches})
    if len(projects) < FEWEST:
        return Accuracy(len(projects), float("nan"), float("nan"))
    errors = []
    for project in projects:
        own = [search for search in searches if search.project == project]
        prior = joined(shipped, [search for search in searches if search.project != project])
        errors.append(np.mean([_squared_errors((prior, shipped), search) for search in own], axis=0))
    team, alone = np.sqrt(np.mean(errors, axis=0))
    return Accuracy(len(projects), float(team), float(alone))


def expected(past: PastSearches, trials: int) -> float:
    """Return the gain to expect after so many trials, as skill."""
    return float(past.weights @ past.capped[:, min(trials, past.gains.shape[1]) - 1])


def named(past: PastSearches, projects: int) -> PastSearches:
    """Say whose searches these are: the gate tells."""
    return replace(past, whose=f"past searches (of the team in {projects} projects, and those that ship)")


def _squared_errors(priors: Sequence[PastSearches], search: Remembered) -> list[float]:
    gain = float(np.clip(search.gain, -LARGEST_GAIN, LARGEST_GAIN))
    return [(gain - expected(prior, len(search.losses))) ** 2 for prior in priors]


def _law(past: PastSearches) -> tuple[Array, Array]:
    """Return mean and covariance of the gains after each number of trials."""
    mean: Array = past.weights @ past.capped
    apart = past.capped - mean
    covariance: Array = (past.weights[:, None] * apart).T @ apart
    return mean, covariance + 1e-10 * np.eye(len(mean))


def _padded(losses: Sequence[float], length: int) -> list[float]:
    """Return the losses of so many trials; of those that were never run nothing is known."""
    return [*losses[:length], *[float("nan")] * (length - len(losses))]
