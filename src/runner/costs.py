"""The measured costs of candidates: CPU and wall time, memory, and the size of the model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """The costs of one evaluation, or of several together.

    Attributes
    ----------
    cpu_seconds : float
        User and system time, child processes included.
    peak_memory_mb : float
        Resident memory that the evaluation added at its peak; of several, the largest.
    predict_seconds : float or None
        CPU seconds to predict 1,000 rows at once, preparation included.
    clean_seconds, encode_seconds : float or None
        The parts of `predict_seconds` that clean the columns, and that encode them for the estimator.
    size_mb : float or None
        Size of the fitted pipeline when pickled.
    prepare_seconds : float
        The part of `cpu_seconds` that prepared columns ahead, once for all candidates that need the same form.
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
        """Return the CPU seconds without preparation that can be shared with other candidates."""
        return self.cpu_seconds - self.prepare_seconds

    def __add__(self, other: "Costs") -> "Costs":
        return Costs(
            self.cpu_seconds + other.cpu_seconds,
            self.wall_seconds + other.wall_seconds,
            max(self.peak_memory_mb, other.peak_memory_mb),
            prepare_seconds=self.prepare_seconds + other.prepare_seconds,
        )
