"""Past searches replayed: what the gate and the stopping rule would have earned, each table judged by the others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtr

from benchmarks.decision_population import Array
from runner.config import EconomicsConfig
from runner.decision.gate import CONFIDENCE, Gate, Stakes, acted_on, search_gate
from runner.decision.stopping import PastSearches, value_of_going_on
from runner.search import ROUND

PRICES = (0.001, 0.003, 0.01, 0.03, 0.1)  # price of a whole search, as skill
PATIENCE = 8
ROW_SPREAD = 0.47  # median standard deviation of a row's difference over the dummy's loss, on 20 tables
HOLDOUT = 0.3
HOLDOUT_ROWS = (60, 150, 300, 600, 1500, 4000, 20_000)
POLICIES = ("deploy", "bank", "prove")


@dataclass(frozen=True, eq=False)
class Replay:
    """One past search, and what was known before it began.

    Attributes
    ----------
    table : str
    gains, losses : ndarray, shape (trials,)
    trial_cpu : ndarray, shape (trials,)
        CPU seconds of each trial.
    ladder_cpu : float
        CPU seconds of the cheap rungs.
    champion_skill : float
        Of the cheap champion, on rows that were not used to choose.
    others : PastSearches
        Those on the other tables.
    standard_error : float
        What the gain would have on a holdout, as skill.
    """

    table: str
    gains: Array
    losses: Array
    trial_cpu: Array
    ladder_cpu: float
    champion_skill: float
    others: PastSearches
    standard_error: float

    @property
    def trials(self) -> int:
        """Return the length of the search."""
        return len(self.gains)

    def earned(self, done: int, price: float, policy: str) -> float:
        """Return the net value of stopping after so many trials: the part of the gain that is acted on, less the price.

        ``deploy`` takes the winner whatever the verdict. The others act on the lean or on proof, with the probability
        that a gain of this size leads to either at the default margin.
        """
        return self.kept(done, policy) - price * done / self.trials

    def kept(self, done: int, policy: str) -> float:
        """Return the part of the gain of so many trials that is acted on."""
        gain = float(self.gains[done - 1]) if done else 0.0
        return gain * self.acted_on(gain, policy)

    def acted_on(self, gain: float, policy: str) -> float:
        """Return the probability that a true gain leads to the challenger."""
        if policy == "deploy":
            return 1.0
        distance = (gain - EconomicsConfig().worthwhile_gain) / self.standard_error
        return float(ndtr(distance - (CONFIDENCE if policy == "prove" else 0.0)))


def replays(past: PastSearches, entries: list[dict[str, Any]]) -> list[Replay]:
    """Return each past search together with the searches on other tables.

    Parameters
    ----------
    entries : list of dict
        What `benchmarks.prior` stored about each of the searches, in the same order.
    """
    names = np.array(past.tables)
    return [
        Replay(
            table,
            past.gains[place],
            past.losses[place],
            np.array(entry["trial_cpu"]),
            entry["ladder_cpu"],
            entry["champion_skill"],
            PastSearches(tuple(names[names != table]), past.gains[names != table], past.losses[names != table]),
            ROW_SPREAD / float(np.sqrt(entry["rows"] * HOLDOUT / (1 - HOLDOUT))),
        )
        for place, (table, entry) in enumerate(zip(past.tables, entries, strict=True))
    ]


# Rules: after how many trials a search ends


def always(replay: Replay, price: float, policy: str) -> int:
    return replay.trials


def never(replay: Replay, price: float, policy: str) -> int:
    return 0


def patience(replay: Replay, price: float, policy: str) -> int:
    """Stop when the best loss on the folds has not improved for the given number of trials."""
    for done in range(PATIENCE, replay.trials):
        if done - 1 - int(np.nanargmin(replay.losses[:done])) >= PATIENCE:
            return done
    return replay.trials


def rule(replay: Replay, price: float, policy: str) -> int:
    """Stop as a run does, where the rule is asked between rounds."""
    others = counted(replay, policy)
    for done in range(ROUND, replay.trials, ROUND):
        left = replay.trials - done
        if value_of_going_on(others, replay.losses[:done].tolist(), price / replay.trials, left) <= 0:
            return done
    return replay.trials


@cache
def counted(replay: Replay, policy: str) -> PastSearches:
    """Return the other searches as the rule counts them."""
    return acted_on(replay.others, stakes(replay.others, replay.standard_error, 0.0, policy))


def gate_and_rule(replay: Replay, price: float, policy: str) -> int:
    """Ask the gate first, then the stopping rule."""
    asked = gate(replay.others, replay.standard_error, price, policy)
    return rule(replay, price, policy) if asked.open else 0


@cache
def gate(past: PastSearches, standard_error: float, price: float, policy: str) -> Gate:
    """Ask the gate."""
    return search_gate("search", stakes(past, standard_error, price, policy), past)


def stakes(past: PastSearches, standard_error: float, price: float, policy: str) -> Stakes:
    """Return what is at stake; somebody who deploys whatever is found acts on any gain."""
    return Stakes(
        standard_error=standard_error,
        margin=-np.inf if policy == "deploy" else EconomicsConfig().worthwhile_gain,
        price=price,
        trials=past.gains.shape[1],
        cpu_seconds=0,
        cost=0,
        currency="",
        bank=policy == "bank",
    )


def oracle(replay: Replay, price: float, policy: str) -> int:
    """Stop where most is earned, as if that were known beforehand."""
    return int(np.argmax([replay.earned(done, price, policy) for done in range(replay.trials + 1)]))


Rule = Callable[[Replay, float, str], int]
RULES: dict[str, Rule] = {
    "always": always,
    "never": never,
    f"patience {PATIENCE}": patience,
    "stopping rule": rule,
    "gate + rule": gate_and_rule,
    "oracle": oracle,
}


# Tables


def earnings(kept: list[Replay]) -> list[str]:
    """Return one line per policy and price: net value in 0.001 skill, and in brackets the share of the trials run."""
    lines = [f"| policy | price | {' | '.join(RULES)} |", f"|---|--:|{'--:|' * len(RULES)}"]
    for policy in POLICIES:
        for price in PRICES:
            found = {name: _outcomes(kept, rule, price, policy) for name, rule in RULES.items()}
            shown = (f"{1000 * _mean(kept, net):.1f} ({_mean(kept, share):.2f})" for net, share in found.values())
            lines.append(f"| {policy} | {price:g} | {' | '.join(shown)} |")
    return lines


def price_curve(kept: list[Replay]) -> list[str]:
    """Return one line per policy and price: CPU seconds of gate and rule over those of always searching, and the skill.

    Losses are shares of the headroom between no model and the best one, of all tables together.
    """
    lines = [
        "| policy | price | CPU of the search / always | CPU of the whole run / always | skill, never searching "
        "| skill, gate + rule | skill, always searching | lost compared with always, of the headroom | worst table |",
        f"|---|{'--:|' * 7}---|",
    ]
    headroom = np.array([replay.champion_skill + max(replay.kept(replay.trials, "deploy"), 0.0) for replay in kept])
    cheap = np.array([replay.ladder_cpu for replay in kept])
    skill = _mean(kept, np.array([replay.champion_skill for replay in kept]))
    for policy in POLICIES:
        whole = np.array([replay.kept(replay.trials, policy) for replay in kept])
        every = np.array([replay.trial_cpu.sum() for replay in kept])
        for price in PRICES:
            done = [gate_and_rule(replay, price, policy) for replay in kept]
            gained = np.array([replay.kept(trials, policy) for replay, trials in zip(kept, done, strict=True)])
            spent = np.array([replay.trial_cpu[:trials].sum() for replay, trials in zip(kept, done, strict=True)])
            lost = _by_table(kept, whole - gained)
            worst = max(lost, key=lambda table: lost[table])
            lines.append(
                f"| {policy} | {price:g} | {_mean(kept, spent) / _mean(kept, every):.2f} "
                f"| {_mean(kept, cheap + spent) / _mean(kept, cheap + every):.2f} | {skill:.4f} "
                f"| {skill + _mean(kept, gained):.4f} | {skill + _mean(kept, whole):.4f} "
                f"| {100 * _mean(kept, whole - gained) / _mean(kept, headroom):+.2f} % "
                f"| {100 * lost[worst] / _by_table(kept, headroom)[worst]:+.2f} % {worst} |"
            )
    return lines


def differences(kept: list[Replay]) -> list[str]:
    """Return how often, and by how much, gate and rule did better or worse than always or never searching."""
    lines = [
        "| policy | price | compared | mean difference ± standard error | tables won / even / lost | largest win "
        "| largest loss |",
        "|---|--:|---|--:|--:|---|---|",
    ]
    pairs = ((rule, always), (gate_and_rule, always), (gate_and_rule, never), (gate_and_rule, rule))
    names = {rule: name for name, rule in RULES.items()}
    for policy in POLICIES:
        for price in PRICES:
            for ours, theirs in pairs:
                gaps = _by_table(
                    kept, _outcomes(kept, ours, price, policy)[0] - _outcomes(kept, theirs, price, policy)[0]
                )
                lines.append(
                    f"| {policy} | {price:g} | {names[ours]} − {names[theirs]} | {_difference(list(gaps.values()))} "
                    f"| {_extremes(gaps)} |"
                )
    return lines


def _outcomes(kept: list[Replay], rule: Rule, price: float, policy: str) -> tuple[Array, Array]:
    done = [rule(replay, price, policy) for replay in kept]
    net = [replay.earned(trials, price, policy) for replay, trials in zip(kept, done, strict=True)]
    share = [trials / replay.trials for replay, trials in zip(kept, done, strict=True)]
    return np.array(net), np.array(share)


def _by_table(kept: list[Replay], values: Array) -> dict[str, float]:
    tables = np.array([replay.table for replay in kept])
    return {str(table): float(values[tables == table].mean()) for table in dict.fromkeys(tables)}


def _mean(kept: list[Replay], values: Array) -> float:
    return float(np.mean(list(_by_table(kept, values).values())))


def _difference(gaps: list[float]) -> str:
    error = np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    return f"{1000 * np.mean(gaps):+.1f} ± {1000 * error:.1f}"


def _extremes(gaps: dict[str, float]) -> str:
    won, lost = (sum(sign * gap > 1e-9 for gap in gaps.values()) for sign in (1, -1))
    most, least = max(gaps, key=lambda table: gaps[table]), min(gaps, key=lambda table: gaps[table])
    best = f"{1000 * gaps[most]:+.1f} {most}" if won else "–"
    worst = f"{1000 * gaps[least]:+.1f} {least}" if lost else "–"
    return f"{won} / {len(gaps) - won - lost} / {lost} | {best} | {worst}"


def gates(past: PastSearches) -> list[str]:
    """Return whether the gate opens for a table of the usual spread, by the number of rows in its holdout."""
    lines = [
        f"| policy | price | {' | '.join(f'{rows:,} rows' for rows in HOLDOUT_ROWS)} |",
        f"|---|--:|{'---|' * len(HOLDOUT_ROWS)}",
    ]
    for policy in POLICIES[1:]:
        for price in PRICES:
            asked = [gate(past, ROW_SPREAD / float(np.sqrt(rows)), price, policy) for rows in HOLDOUT_ROWS]
            cells = " | ".join(
                f"{'open' if one.open else 'shut'} ({1000 * (one.forecast_gain or 0):.1f})" for one in asked
            )
            lines.append(f"| {policy} | {price:g} | {cells} |")
    return lines


def calibration(kept: list[Replay], claimed: list[float]) -> list[str]:
    """Return how well the mean and the quantiles of the other tables forecast the gain of a search."""
    realised = np.array([replay.gains[-1] for replay in kept])
    weights = np.array([replay.others.final_gains() @ replay.others.weights for replay in kept])
    ranges = np.array([_quantiles(replay.others, (0.1, 0.9)) for replay in kept])
    inside = (realised >= ranges[:, 0]) & (realised <= ranges[:, 1])
    shares = 1 / np.array([sum(replay.table == other.table for other in kept) for replay in kept])
    shares /= shares.sum()
    total = shares @ (realised - shares @ realised) ** 2
    rows = {
        "searches (tables)": f"{len(kept)} ({len({replay.table for replay in kept})})",
        "mean gain, forecast / realised": f"{100 * shares @ weights:.2f} % / {100 * shares @ realised:.2f} %",
        "gain that cross-validation claimed": f"{100 * shares @ np.array(claimed):.2f} %",
        "realised gain: median; share at zero or below; share above 1 %": (
            f"{100 * np.median(realised):.2f} %; {100 * shares @ (realised <= 0):.0f} %; "
            f"{100 * shares @ (realised > 0.01):.0f} %"
        ),
        "root mean squared error of the forecast": f"{100 * np.sqrt(shares @ (realised - weights) ** 2):.2f} %",
        "R² of the forecast, each table left out": f"{1 - shares @ (realised - weights) ** 2 / total:.2f}",
        "sign forecast correctly": f"{100 * shares @ ((weights > 0) == (realised > 0)):.0f} %",
        "realised gain inside the 80 % interval of the other tables": f"{100 * shares @ inside:.0f} %",
        "mean width of that interval": f"{100 * shares @ (ranges[:, 1] - ranges[:, 0]):.1f} %",
    }
    return ["| forecast | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows.items())]


def _quantiles(past: PastSearches, levels: tuple[float, ...]) -> Array:
    """Return weighted quantiles of the final gains."""
    gains = past.final_gains()
    order = np.argsort(gains)
    mass = np.cumsum(past.weights[order]) - past.weights[order] / 2
    return np.asarray(np.interp(levels, mass, gains[order]))
