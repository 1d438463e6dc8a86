"""What listeners are tested with: no tracking server of whoever runs the tests, and a courier in this process."""

from collections.abc import Iterator

import pytest

from heard import InAThread


@pytest.fixture(autouse=True, scope="module")
def no_server_of_the_user() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setattr("runner.listeners.tracking.start", InAThread)
        yield
