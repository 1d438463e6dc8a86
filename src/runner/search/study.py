"""What the search asks of Optuna: draw from the spaces, learn from the results, and say which parameters mattered."""

import inspect
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from runner.candidates.pipeline import Candidate, estimator_class
from runner.config import DimensionConfig
from runner.evaluation import Evaluation, Status
from runner.ladder import SEARCH, Space, Start

if TYPE_CHECKING:
    import optuna

ENOUGH_TO_LEARN = 10  # trials of a family before its parameters are given importance shares
STARTUP_TRIALS = 8  # drawn at random while nothing is known


def make_study(seed: int, adaptive: bool = True) -> "optuna.Study":
    """Return a study whose sampler models a family's parameters jointly, or draws at random."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():  # `group` lets a multivariate sampler work with separate families
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler: optuna.samplers.BaseSampler = optuna.samplers.RandomSampler(seed)
        if adaptive:
            sampler = optuna.samplers.TPESampler(
                seed=seed, n_startup_trials=STARTUP_TRIALS, multivariate=True, group=True, constant_liar=True
            )
    return optuna.create_study(direction="maximize", sampler=sampler)


def draw(trial: "optuna.Trial", spaces: Sequence[Space], number: int) -> tuple[str, Candidate]:
    """Draw a family, and a candidate from its space."""
    families = {space.family: space for space in spaces}
    space = families[trial.suggest_categorical("family", list(families))]
    drawn = {name: _suggest(trial, _key(space, name), d) for name, d in space.dimensions.items()}
    preparation = space.candidate.preparation
    if len(space.preparations) > 1:
        preparation = trial.suggest_categorical(_key(space, "preparation"), list(space.preparations))
    return space.family, space.candidate.with_params(f"{space.family} #{number}", SEARCH, drawn, preparation)


def tell(study: "optuna.Study", trial: "optuna.Trial", evaluation: Evaluation) -> None:
    """Report the result of a trial; one that was stopped early counts with the folds that it has."""
    from optuna.trial import TrialState

    trial.set_user_attr("cpu_seconds", evaluation.costs.cpu_seconds)
    if evaluation.score is not None:
        study.tell(trial, evaluation.score)
    elif evaluation.status is Status.PRUNED:
        for done in range(1, len(evaluation.fold_scores) + 1):
            trial.report(sum(evaluation.fold_scores[:done]) / done, done)
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, state=TrialState.FAIL)


def tell_known(study: "optuna.Study", spaces: Sequence[Space], known: Sequence[tuple[Candidate, Evaluation]]) -> None:
    """Report candidates that other rungs already paid for, as far as they lie in a space."""
    import optuna

    families = optuna.distributions.CategoricalDistribution([space.family for space in spaces])
    for candidate, evaluation in known:
        for space in spaces:
            values = _position(space, candidate)
            if values is None or evaluation.score is None:
                continue
            distributions = {_key(space, name): _distribution(d) for name, d in space.dimensions.items()}
            if len(space.preparations) > 1:
                prepared = optuna.distributions.CategoricalDistribution(list(space.preparations))
                distributions[_key(space, "preparation")] = prepared
                values["preparation"] = candidate.preparation
            study.add_trial(
                optuna.trial.create_trial(
                    params={"family": space.family, **{_key(space, name): value for name, value in values.items()}},
                    distributions={"family": families, **distributions},
                    value=evaluation.score,
                )
            )
            break


def begin_with(study: "optuna.Study", spaces: Sequence[Space], starts: Sequence[Start]) -> None:
    """Have the given points of the spaces drawn before anything else, in their order."""
    several = {space.family for space in spaces if len(space.preparations) > 1}
    for start in starts:
        values = {"family": start.family, **{f"{start.family}.{name}": value for name, value in start.drawn.items()}}
        if start.family in several:
            values[f"{start.family}.preparation"] = start.preparation
        study.enqueue_trial(values)


def importance(study: "optuna.Study", family: str) -> dict[str, float] | None:
    """Return each parameter's importance for the scores of a family's trials (PED-ANOVA); None if unknown."""
    import optuna

    done = [t for t in study.get_trials(deepcopy=False) if t.state.name == "COMPLETE" and t.params["family"] == family]
    values = {name: {trial.params[name] for trial in done} for name in (done[-1].params if done else {})}
    varied = [name for name, seen in values.items() if len(seen) > 1]
    if len(done) < ENOUGH_TO_LEARN or not varied:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shares = optuna.importance.get_param_importances(
            study, evaluator=optuna.importance.PedAnovaImportanceEvaluator(), params=varied
        )
    return {name: round(float(share), 4) for name, share in shares.items()}


def _key(space: Space, name: str) -> str:
    return f"{space.family}.{name}"


def _suggest(trial: "optuna.Trial", name: str, dimension: DimensionConfig) -> Any:
    if dimension.choices is not None:
        return trial.suggest_categorical(name, list(dimension.choices))
    assert dimension.low is not None and dimension.high is not None
    if dimension.integer:
        return trial.suggest_int(name, int(dimension.low), int(dimension.high), log=dimension.log)
    return trial.suggest_float(name, dimension.low, dimension.high, log=dimension.log)


def _distribution(dimension: DimensionConfig) -> Any:
    from optuna import distributions

    if dimension.choices is not None:
        return distributions.CategoricalDistribution(list(dimension.choices))
    assert dimension.low is not None and dimension.high is not None
    if dimension.integer:
        return distributions.IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return distributions.FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def _position(space: Space, candidate: Candidate) -> dict[str, Any] | None:
    """Return where in a space a candidate lies, or the nearest point; None if it is of another kind."""
    base = space.candidate
    fixed = (candidate.params.keys() | base.params.keys()) - space.dimensions.keys()
    if (candidate.estimator, candidate.target) != (base.estimator, base.target):
        return None
    if candidate.preparation not in space.preparations:
        return None
    if any(base.params.get(name) != candidate.params.get(name) for name in fixed):
        return None
    defaults = inspect.signature(estimator_class(candidate.estimator, candidate.name)).parameters
    values = {}
    for name, dimension in space.dimensions.items():
        given = candidate.params.get(name, defaults[name].default if name in defaults else None)
        value = _nearest(dimension, given)
        if value is None:
            return None
        values[name] = value
    return values


def _nearest(dimension: DimensionConfig, value: Any) -> Any:
    if dimension.choices is not None:
        only = dimension.choices[0] if len(dimension.choices) == 1 else None
        return value if value in dimension.choices else only
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    assert dimension.low is not None and dimension.high is not None
    inside = min(max(value, dimension.low), dimension.high)
    return int(inside) if dimension.integer else float(inside)
