"""A candidate, and the scikit-learn pipeline that is made from its config entry alone."""

import importlib
import inspect
from dataclasses import dataclass, field, replace
from typing import Any

from runner.errors import UserError, nearest

INCUMBENT = "runner.candidates.incumbent."
DUMMIES = ("sklearn.dummy.", "runner.candidates.guesses.", "runner.candidates.constant.")
READABLE = ("sklearn.tree.", "runner.candidates.smoothed.SmoothedTree")  # not imported to tell
LOG = "log"


@dataclass(frozen=True)
class Candidate:
    """One pipeline that can be evaluated.

    Attributes
    ----------
    estimator : str
        Dotted name of the estimator's class.
    preparation : str
        Key of `candidates.preparation.PREPARATIONS`.
    params : dict
        Parameters of the estimator.
    drawn : dict
        Those of the parameters that a trial drew.
    members : tuple of (Candidate, float)
        Members of a blend, with their weights.
    target : str or None
        ``log`` if the estimator is fitted to the target's logarithm.
    floored : bool
        Whether a regressor predicts nothing below the amounts that it has learned from.
    rescaled : bool
        Whether a regressor is fitted to the target at mean 0 and scale 1.
    """

    name: str
    rung: str
    estimator: str
    preparation: str
    params: dict[str, Any] = field(default_factory=dict)
    drawn: dict[str, Any] = field(default_factory=dict)
    members: "tuple[tuple[Candidate, float], ...]" = ()
    target: str | None = None
    floored: bool = False
    rescaled: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it costs next to nothing, as a dummy or an incumbent, so that no worker process is needed."""
        return self.preparation == "none" and (self.estimator.startswith(DUMMIES) or self.is_incumbent)

    @property
    def is_incumbent(self) -> bool:
        """Whether it is what is used today, which reads columns of its own instead of the features."""
        return self.estimator.startswith(INCUMBENT)

    @property
    def is_readable(self) -> bool:
        """Whether the fitted model is a tree that can be written as rules."""
        return self.estimator.startswith(READABLE)

    @property
    def singles(self) -> "tuple[Candidate, ...]":
        """Return the single candidates that it consists of: the members of a blend, or itself."""
        return tuple(member for member, _ in self.members) or (self,)

    def with_params(self, name: str, rung: str, drawn: dict[str, Any], preparation: str | None = None) -> "Candidate":
        """Return the candidate of a trial: this one with the parameters that were drawn."""
        own = preparation or self.preparation
        return replace(self, name=name, rung=rung, preparation=own, params={**self.params, **drawn}, drawn=drawn)


def build(candidate: Candidate, seed: int) -> Any:
    """Return an unfitted scikit-learn pipeline, single-threaded and seeded."""
    from sklearn.base import is_classifier
    from sklearn.pipeline import make_pipeline
    from sklearn.utils.validation import has_fit_parameter

    if candidate.members:
        return make_pipeline(_build_blend(candidate, seed))
    kind = estimator_class(candidate.estimator, candidate.name)
    accepted = inspect.signature(kind).parameters
    given = {"random_state": seed}
    if not kind.__module__.startswith("sklearn."):  # which takes one core unless told otherwise; others take all
        given["n_jobs"] = 1
    estimator = kind(**{name: value for name, value in given.items() if name in accepted} | candidate.params)
    if candidate.rescaled:
        from runner.candidates.any_scale import RescaledRegressor

        estimator = RescaledRegressor(estimator)
    if candidate.target == LOG:
        from runner.candidates.logarithm import LogTargetRegressor

        estimator = LogTargetRegressor(estimator)
    if candidate.floored and not candidate.is_free and not candidate.is_readable:  # a tree predicts means of targets
        from runner.candidates.floored import FlooredRegressor

        estimator = FlooredRegressor(estimator)
    if is_classifier(estimator) and not has_fit_parameter(estimator, "sample_weight"):
        from runner.candidates.priors import PriorCorrectedClassifier

        estimator = PriorCorrectedClassifier(estimator)
    return make_pipeline(*_steps(preparation_of(candidate, seed)), estimator)


def _steps(preparation: Any) -> list[Any]:
    return [] if preparation is None else [step for _, step in preparation.steps]


def preparation_of(candidate: Candidate, seed: int) -> Any:
    """Return the unfitted preparation of a candidate; None if it has none."""
    if candidate.preparation == "none":
        return None
    from sklearn.pipeline import make_pipeline

    from runner.candidates.preparation import PREPARATIONS  # skrub takes a second to import; the dummy needs none

    return make_pipeline(*PREPARATIONS[candidate.preparation](seed))


def _build_blend(candidate: Candidate, seed: int) -> Any:
    from runner.candidates.blend import Blend

    parts = [(member.preparation, *split(build(member, seed))) for member, _ in candidate.members]
    cleanings = [preparation[0] for _, preparation, _ in parts if preparation is not None]
    members = [(form, None if one is None else one[1:], estimator) for form, one, estimator in parts]
    return Blend(members, [weight for _, weight in candidate.members], cleanings[0] if cleanings else None)


def split(pipeline: Any) -> tuple[Any, Any]:
    """Return the preparation (None if there is none) and the estimator of a pipeline."""
    return (pipeline[:-1] if len(pipeline) > 1 else None), pipeline[-1]


def join(preparation: Any, estimator: Any) -> Any:
    """Make one pipeline of a fitted preparation and a fitted estimator."""
    from sklearn.pipeline import make_pipeline

    return make_pipeline(*_steps(preparation), estimator)


def estimator_class(path: str, candidate: str) -> type:
    """Import an estimator's class by its dotted name.

    Raises
    ------
    UserError
        If there is no such class, or it is not a scikit-learn estimator: a config may name models, not arbitrary
        code.
    """
    from sklearn.base import BaseEstimator

    module_name, _, class_name = path.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except (ImportError, ValueError) as error:
        raise UserError(f"candidate {candidate!r}: {path!r} cannot be imported ({error}).") from error
    kind = getattr(module, class_name, None)
    if kind is None:
        hint = nearest(class_name, [name for name in dir(module) if name[0].isupper()])
        raise UserError(f"candidate {candidate!r}: {module_name!r} has no {class_name!r}: {hint}")
    if not (inspect.isclass(kind) and issubclass(kind, BaseEstimator)):
        raise UserError(f"candidate {candidate!r}: {path!r} is not a scikit-learn estimator.")
    return kind
