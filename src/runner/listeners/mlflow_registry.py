"""The champion as a version in MLflow's model registry, on request, with the verdict that it rests on."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

ALIAS = "champion"  # of the last version whose verdict says what is to be used


def register(client: Any, name: str, *, model_id: str, run_id: str, tags: Mapping[str, str], usable: bool) -> str:
    """Make a version of a registered model, once a run, and return its number.

    Parameters
    ----------
    name : str
        Of the registered model, which is made when it is missing.
    usable : bool
        Whether the version may become the `ALIAS`; an older one never takes it from a newer one.
    """
    from mlflow.exceptions import MlflowException

    with suppress(MlflowException):  # it exists; a fault of another kind shows in the next call
        client.create_registered_model(name)
    made = next(iter(client.search_model_versions(f"name='{name}' and run_id='{run_id}'")), None)
    if made is None:
        made = client.create_model_version(
            name,
            client.get_logged_model(model_id).artifact_location,  # "models:/<id>" a SQLite store looks for elsewhere
            run_id=run_id,
            model_id=model_id,
            tags=dict(tags),
            description=tags.get("sentence"),
            await_creation_for=None,
        )
    if usable and int(made.version) >= _holder(client, name):
        client.set_registered_model_alias(name, ALIAS, made.version)
    return str(made.version)


def _holder(client: Any, name: str) -> int:
    return int(client.get_registered_model(name).aliases.get(ALIAS, 0))
