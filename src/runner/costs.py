"""What a candidate took, measured and added up: CPU and wall time, memory, and the size of the model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """What one evaluation (or a sum of them) took.

    Attributes
    ----------
    cpu_seconds : float
        User and system time, children included.
    wall_seconds : float
    peak_memory_mb : float
        Resident memory that the evaluation added at its peak; of a sum, the largest.
    predict_seconds : float or None
        Wall seconds to predict 1,000 rows, preparation included.
    clean_seconds, encode_seconds : float or None
        Of them, those that cleaned the columns, and those that brought them to the form that the estimator takes.
    size_mb : float or None
        The fitted pipeline, pickled.
    prepare_seconds : float
        Of the CPU seconds, those that prepared columns ahead: once for all candidates that want the same form.
    """

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_memory_mb: float = 0.0
    predict_seconds: float | None = None
    clean_seconds: float | None = None
    encode_seconds: float | None = None
    size_mb: float | None = None
    prepare_seconds: float = 0.0

    @property
    def own_cpu_seconds(self) -> float:
        """Return the CPU seconds that no other candidate would have saved it."""
        return self.cpu_seconds - self.prepare_seconds

    def __add__(self, other: "Costs") -> "Costs":
        return Costs(
            self.cpu_seconds + other.cpu_seconds,
            self.wall_seconds + other.wall_seconds,
            max(self.peak_memory_mb, other.peak_memory_mb),
            prepare_seconds=self.prepare_seconds + other.prepare_seconds,
        )
