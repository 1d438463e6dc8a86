r"""What a team's own searches gained, joined with the searches that ship: the gate's prior for that team.

A project reports one gain, :math:`y_j` after :math:`t_j` trials with a standard error :math:`s_j`, measured on rows
that chose nothing. Let m(t) be the mean and :math:`\Sigma` the covariance of the gains that ship, and
:math:`\tau^2 = \Sigma(t_j, t_j)`:

1. Its distance from the expected gain is :math:`d_j = y_j - m(t_j)`. The team's own shift :math:`\delta` is the mean
   of these distances, each weighted by :math:`1 / (\tau^2 + s_j^2)`.
2. Around that shift each project is shrunk by the root of :math:`\tau^2 / (\tau^2 + s_j^2)`, so that noise does not
   widen the distribution of gains (Louis 1984).
3. The gain before and after :math:`t_j` follows by regression, using how gains at two times covary in the searches
   that ship: :math:`G_j(t) = m(t) + \Sigma(t, t_j) / \tau^2 \cdot` that distance.
4. A project counts as one table less its noise, :math:`\tau^2 / (\tau^2 + s_j^2)`, and all that ship count as
   `SHIPPED_COUNTS` together. A short history therefore has little influence, and a long one dominates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.decision.stopping import LARGEST_GAIN, PastSearches

Array = NDArray[np.float64]
SHIPPED_COUNTS = 20.0  # the weight, in projects, of all searches that ship together
FEWEST = 3  # projects needed to measure a forecast error


@dataclass(frozen=True)
class Remembered:
    """One finished search of the team.

    Attributes
    ----------
    project : str
        Several searches of one project together count once.
    gain : float
        The challenger's over the cheap champion, as skill, on rows that chose neither.
    standard_error : float
        That of the gain, as skill.
    losses : tuple of float
        The loss of each trial on the folds over the dummy's; NaN if the trial failed.
    fingerprint : str
        The first characters of the table's fingerprint; empty if unknown.
    """

    project: str
    gain: float
    standard_error: float
    losses: tuple[float, ...]
    fingerprint: str = ""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> "Remembered":
        """Create it from JSON, in which an unknown loss is null."""
        return cls(
            project=str(entry["project"]),
            gain=float(entry["gain"]),
            standard_error=float(entry["standard_error"]),
            losses=tuple(math.nan if loss is None else float(loss) for loss in entry["losses"]),
            fingerprint=str(entry["fingerprint"]),
        )


@dataclass(frozen=True)
class Accuracy:
    """How well a team's gains are forecast, each project from the others.

    Attributes
    ----------
    team, shipped : float
        Root mean squared error, as skill; NaN for fewer than `FEWEST` projects.
    """

    projects: int
    team: float
    shipped: float

    @property
    def team_is_better(self) -> bool:
        """Whether the joined prior forecasts better."""
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
    """Forecast each project's gain from all others and the searches that ship, and from those that ship alone."""
    projects = sorted({search.project for search in searches})
    if len(projects) < FEWEST:
        return Accuracy(len(projects), math.nan, math.nan)
    errors = []
    for project in projects:
        own = [search for search in searches if search.project == project]
        prior = joined(shipped, [search for search in searches if search.project != project])
        errors.append(np.mean([_squared_errors((prior, shipped), search) for search in own], axis=0))
    team, alone = np.sqrt(np.mean(errors, axis=0))
    return Accuracy(len(projects), float(team), float(alone))


def expected(past: PastSearches, trials: int) -> float:
    """Return the expected gain after `trials` trials, as skill."""
    return float(past.weights @ past.capped[:, min(trials, past.gains.shape[1]) - 1])


def _squared_errors(priors: Sequence[PastSearches], search: Remembered) -> list[float]:
    gain = float(np.clip(search.gain, -LARGEST_GAIN, LARGEST_GAIN))
    return [(gain - expected(prior, len(search.losses))) ** 2 for prior in priors]


def _law(past: PastSearches) -> tuple[Array, Array]:
    """Return the mean and the covariance of the gains after each number of trials."""
    mean: Array = past.weights @ past.capped
    apart = past.capped - mean
    covariance: Array = (past.weights[:, None] * apart).T @ apart
    return mean, covariance + 1e-10 * np.eye(len(mean))


def _padded(losses: Sequence[float], length: int) -> list[float]:
    """Return the losses padded to `length` trials; those of trials that were never run are unknown."""
    return [*losses[:length], *[math.nan] * (length - len(losses))]
