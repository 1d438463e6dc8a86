"""The server of workers has done what each of them would do first."""

import pytest

import calls
from runner.engine import Call, Engine
from runner.task import Task
from tables import table


@pytest.mark.parametrize("form", ["onehot", "scaled", "ordinal", "native"])
def test_a_worker_imports_nothing_to_prepare_a_table(engine: Engine, form: str) -> None:
    rows = table(Task.BINARY, town=lambda target: [f"A{value}" for value in target])
    call = Call(calls.imports_of_a_preparation, (form, rows.features, rows.target))
    ((_, outcome),) = engine.run([call], engine.clock.now() + 60)
    assert outcome.value == [], outcome.reason
