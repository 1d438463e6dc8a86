"""The champion as a version in MLflow's model registry, on request, with the verdict that it rests on."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

ALIAS = "champion"  # given to the latest version whose verdict recommends a model


def register(client: Any, name: str, *, model_id: str, run_id: str, tags: Mapping[str, str], usable: bool) -> str:
    """Create a version of a registered model, once per run, and return its number.

    Parameters
    ----------
    name : str
        Name of the registered model, which is created if missing.
    usable : bool
        Whether the version may become the `ALIAS`; an older version never takes it from a newer one.
    """
    from mlflow.exceptions import MlflowException

    with suppress(MlflowException):  # it exists already; any other fault shows in the next call
        client.create_registered_model(name)
    made = next(iter(client.search_model_versions(f"name='{name}' and run_id='{run_id}'")), None)
    if made is None:
        made = client.create_model_version(
            name,
            client.get_logged_model(model_id).artifact_location,  # a SQLite store seeks "models:/<id>" elsewhere
            run_id=run_id,
            model_id=model_id,
            tags=dict(tags),
            description=tags.get("sentence"),
            await_creation_for=None,
        )
    if usable and int(made.version) >= int(client.get_registered_model(name).aliases.get(ALIAS, 0)):
        client.set_registered_model_alias(name, ALIAS, made.version)
    return str(made.version)
