"""The rungs of the ladder, cheapest first, and the candidates on each, read from the config for one task."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from runner.candidates.pipeline import LOG, Candidate
from runner.config import DimensionConfig, LadderConfig, SpaceConfig
from runner.errors import UserError, check_known, nearest
from runner.task import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.dataset import Dataset
    from runner.metrics import Metric

NONE, RULE, PORTFOLIO, BLEND, SEARCH = "none", "rule", "portfolio", "blend", "search"
RUNGS = (NONE, RULE, "tree", "simple", "boosting", PORTFOLIO, BLEND, SEARCH)  # the rungs of the ladder that ships
SEARCH_BLEND = f"{SEARCH}-blend"  # the candidate that blends trials of the search with cheap candidates
OF_AMOUNTS = ("squared_log", "poisson", "gamma", "percentage")  # in the names of metrics that judge amounts
PREPARATION_NAMES = ("none", "onehot", "scaled", "ordinal", "native")


@dataclass(frozen=True)
class Space:
    """What the search may vary in one candidate."""

    family: str
    candidate: Candidate
    dimensions: dict[str, DimensionConfig]
    others: tuple[str, ...] = ()

    @property
    def preparations(self) -> tuple[str, ...]:
        """Return the preparations to draw from: the candidate's own and the alternatives."""
        return tuple(dict.fromkeys((self.candidate.preparation, *self.others)))

    def holds(self, drawn: Mapping[str, Any]) -> bool:
        """Return whether the values lie in this space: one value for each dimension, and no others."""
        return drawn.keys() == self.dimensions.keys() and all(
            _lies_in(dimension, drawn[name]) for name, dimension in self.dimensions.items()
        )


@dataclass(frozen=True)
class Start:
    """A point of a space that is tried before any point is drawn."""

    family: str
    preparation: str
    drawn: dict[str, Any]


@dataclass(frozen=True)
class Rung:
    """Candidates of one cost class; a search rung has spaces instead, and perhaps points to start from."""

    name: str
    candidates: tuple[Candidate, ...] = ()
    spaces: tuple[Space, ...] = ()
    starts: tuple[Start, ...] = ()

    @property
    def is_blend(self) -> bool:
        """Whether the rung blends the candidates of the rungs below."""
        return self.name == BLEND

    @property
    def is_search(self) -> bool:
        """Whether Optuna makes the candidates."""
        return self.name == SEARCH


def with_incumbent(ladder: tuple[Rung, ...], incumbent: Candidate) -> tuple[Rung, ...]:
    """Return the ladder with today's rule or model added to the rule rung: above no model, below everything learned.

    Raises
    ------
    UserError
        If a candidate already has its name.
    """
    if any(c.name == incumbent.name for rung in ladder for c in rung.candidates):
        raise UserError(f"ladder.candidates has one named {incumbent.name!r}, as dataset.incumbent is: rename it.")
    if any(rung.name == RULE for rung in ladder):
        return tuple(
            replace(rung, candidates=(incumbent, *rung.candidates)) if rung.name == RULE else rung for rung in ladder
        )
    return (*ladder[:1], Rung(RULE, (incumbent,)), *ladder[1:])


def suited(ladder: tuple[Rung, ...], target: "NDArray[Any]") -> tuple[Rung, ...]:
    """Return the ladder; models of the target's logarithm stay only if this target, shape (rows,), calls for them.

    If amounts are judged by logarithms, deviances or percent, any target without negative values does. Other models are
    fitted to the target at scale 1 where they would lose its differences, unless their errors are in proportion to it.
    """
    from runner.candidates.any_scale import is_off_scale  # scikit-learn and scipy take a second to import
    from runner.candidates.logarithm import suits

    if is_off_scale(target):
        ladder = tuple(_rescaled(rung) for rung in ladder)
    if suits(target) or (target.min() >= 0 and any(c.floored for rung in ladder for c in rung.candidates)):
        return ladder
    return _climbable(
        replace(
            rung,
            candidates=tuple(candidate for candidate in rung.candidates if candidate.target != LOG),
            spaces=tuple(space for space in rung.spaces if space.candidate.target != LOG),
        )
        for rung in ladder
    )


def _rescaled(rung: Rung) -> Rung:
    def rescaled(candidate: Candidate) -> Candidate:
        keeps_its_unit = candidate.is_free or candidate.target == LOG or candidate.floored
        return candidate if keeps_its_unit else replace(candidate, rescaled=True)

    spaces = tuple(replace(space, candidate=rescaled(space.candidate)) for space in rung.spaces)
    return replace(rung, candidates=tuple(map(rescaled, rung.candidates)), spaces=spaces)


def with_best_constants(ladder: tuple[Rung, ...], rows: "Dataset", metric: "Metric") -> tuple[Rung, ...]:
    """Return the ladder, with dummies that give the best constant answer under the metric on these rows."""
    from runner.candidates.dummy import best_constant

    return tuple(
        replace(rung, candidates=tuple(best_constant(candidate, rows, metric) for candidate in rung.candidates))
        for rung in ladder
    )


def make_ladder(config: LadderConfig, task: Task, metric: str | None = None) -> tuple[Rung, ...]:
    """Read the rungs that have a candidate for this task; rungs that the `rungs` option omits lose their candidates.

    Parameters
    ----------
    metric : str, optional
        The scorer that judges; the task's default when not given. Candidates that are meant for others are left out.

    Raises
    ------
    UserError
        If an entry names an unknown rung, preparation, metric or candidate, or if there is no dummy to begin with.
    """
    _check_rungs(config)
    candidates = _candidates(config, task, metric)
    for family, space in config.search.items():
        if space is not None:
            check_known(f"ladder.search.{family}.candidate", space.candidate, config.candidates)
    spaces = {SEARCH: _spaces(config.search, candidates, task)}
    rungs = [
        Rung(name, tuple(c for c in candidates.values() if c.rung == name), spaces.get(name, ()))
        for name in config.rungs
    ]
    ladder = _climbable(rungs)
    if SEARCH in config.rungs and config.rungs[-1] != SEARCH:
        raise UserError(f"ladder.rungs has {config.rungs[-1]!r} after {SEARCH!r}, which is the dearest: put it last.")
    if not ladder or ladder[0].name != NONE:
        raise UserError(
            f"The ladder must begin with rung {NONE!r} and a candidate on it for a {task} task, as the one that ships "
            "does with `dummy`: all others are measured against it."
        )
    return ladder


def _candidates(config: LadderConfig, task: Task, metric: str | None) -> dict[str, Candidate]:
    """Return the candidates for this task and metric that are on a rung of the ladder, by name."""
    candidates, floored = {}, any(word in (metric or "") for word in OF_AMOUNTS)
    for name, entry in config.candidates.items():
        if entry is None or entry.rung not in config.rungs:
            continue
        check_known(f"ladder.candidates.{name}.preparation", entry.preparation, PREPARATION_NAMES)
        if entry.target not in (None, LOG):
            raise UserError(f"ladder.candidates.{name}.target={entry.target!r}: say {LOG}, or null.")
        estimator = entry.classifier if task.is_classification else entry.regressor
        is_meant = _is_meant_for(metric, task, entry.metrics, f"ladder.candidates.{name}.metrics")
        if estimator is not None and is_meant:
            own = entry.classifier_params if task.is_classification else entry.regressor_params
            params: dict[str, Any] = {**entry.params, **own}
            target = None if task.is_classification else entry.target
            entries = (name, entry.rung, estimator, entry.preparation, params)
            candidates[name] = Candidate(*entries, target=target, floored=floored)
    return candidates


def _is_meant_for(metric: str | None, task: Task, metrics: Sequence[str], key: str) -> bool:
    """Return whether the metric, or the task's default, is one of those named; any is if none is named."""
    from runner.metrics import DEFAULTS, scorer_name  # scikit-learn takes a second to import

    return not metrics or (metric or DEFAULTS[task]) in [scorer_name(key, name) for name in metrics]


def _climbable(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """Return the rungs that have candidates or spaces."""
    return tuple(rung for rung in rungs if rung.candidates or rung.spaces or rung.is_blend)


def _check_rungs(config: LadderConfig) -> None:
    """Refuse a misspelt rung; a rung of the ladder that ships may be omitted, and its candidates with it."""
    on = {entry.rung for entry in config.candidates.values() if entry is not None}
    for place, name in enumerate(config.rungs):
        if name in config.rungs[:place]:
            raise UserError(f"ladder.rungs has {name!r} twice: leave one of them out.")
        if name not in (known := {*RUNGS, *on}):
            raise UserError(f"ladder.rungs has {name!r}, which no candidate is on: {nearest(name, sorted(known))}")
    if taken := {BLEND, SEARCH_BLEND} & {name for name, entry in config.candidates.items() if entry is not None}:
        raise UserError(f"ladder.candidates has one named {min(taken)!r}, as a blend of ours is: rename it.")
    for name, entry in config.candidates.items():
        if entry is not None and entry.rung not in {*config.rungs, *RUNGS}:
            raise UserError(f"ladder.candidates.{name}.rung={entry.rung!r}: {nearest(entry.rung, config.rungs)}")


def _spaces(search: dict[str, SpaceConfig | None], candidates: dict[str, Candidate], task: Task) -> tuple[Space, ...]:
    spaces = []
    for family, entry in search.items():
        if entry is None or entry.candidate not in candidates:
            continue
        own = entry.classifier_params if task.is_classification else entry.regressor_params
        dimensions = {**entry.params, **own}
        for name, dimension in dimensions.items():
            _check_dimension(f"ladder.search.{family}.params.{name}", dimension)
        for preparation in entry.preparations:
            check_known(f"ladder.search.{family}.preparations", preparation, PREPARATION_NAMES)
        if dimensions:
            spaces.append(Space(family, candidates[entry.candidate], dimensions, tuple(entry.preparations)))
    return tuple(spaces)


def _check_dimension(key: str, dimension: DimensionConfig) -> None:
    if dimension.choices is not None:
        if not dimension.choices:
            raise UserError(f"{key}.choices is empty: give at least one value.")
    elif dimension.low is None or dimension.high is None:
        raise UserError(f"{key} needs `low` and `high`, or `choices`.")
    elif dimension.low > dimension.high or (dimension.log and dimension.low <= 0):
        raise UserError(
            f"{key}: low={dimension.low:g} to high={dimension.high:g} is not a range"
            f"{' on a log scale' * dimension.log}."
        )


def _lies_in(dimension: DimensionConfig, value: Any) -> bool:
    if dimension.choices is not None:
        return value in dimension.choices
    is_number = isinstance(value, int if dimension.integer else int | float) and not isinstance(value, bool)
    low, high = dimension.low, dimension.high
    return is_number and low is not None and high is not None and low <= value <= high
