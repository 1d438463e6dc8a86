"""Scorers of a user's own, by their dotted names."""

import inspect
from importlib import import_module
from typing import Any

from runner.errors import UserError, first_line, nearest
from runner.words import is_an_error


def is_own(name: str) -> bool:
    """Whether a metric is named by module and variable, and not as one of scikit-learn's."""
    return "." in name


def own_scorer(key: str, path: str) -> Any:
    """Import a scorer that `sklearn.metrics.make_scorer` has made.

    Parameters
    ----------
    key : str
        Where the config names it.
    path : str
        Module and variable, such as ``mine.neg_cost``.

    Raises
    ------
    UserError
        If there is none, it is a bare function, or its name does not say what its sign is: reports tell the scores of
        a ``neg_`` scorer as errors, of which none is the best.
    """
    module_name, _, name = path.rpartition(".")
    try:
        module = import_module(module_name)
    except Exception as error:  # of a user's module, any
        raise UserError(
            f"{key}={path!r}: {module_name!r} cannot be imported ({first_line(error)}): its file has to be in "
            "the folder that the command is given in, or in one of PYTHONPATH, and to run without an error."
        ) from error
    scorer = getattr(module, name, None)
    if scorer is None:
        raise UserError(f"{key}={path!r}: {module_name!r} has no {name!r}: {nearest(name, dir(module))}")
    if not callable(scorer) or inspect.isroutine(scorer) or inspect.isclass(scorer):
        raise UserError(f"{key}={path!r} is not a scorer: make one of it with sklearn.metrics.make_scorer.")
    is_less_better = getattr(scorer, "_sign", 1) < 0
    if is_an_error(path) and not is_less_better:
        raise UserError(f"{key}={path!r} is called an error, and more of it is better: call it {name[4:]!r}.")
    if is_less_better and not is_an_error(path):
        raise UserError(f"{key}={path!r} is an error, as less of it is better: call it {'neg_' + name!r}.")
    return scorer
