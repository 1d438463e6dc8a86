"""The kind of task: what is predicted."""

from enum import StrEnum


class Task(StrEnum):
    """The kind of target."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"

    @property
    def is_classification(self) -> bool:
        """Whether the target is a class."""
        return self is not Task.REGRESSION
