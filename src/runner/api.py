"""From Python: `from runner import decide`."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner import engine
from runner.clock import Clock
from runner.config import compose
from runner.folders import EVALUATIONS, LADDER, REPORT, RUNS, claim, of_now, remove_unused
from runner.loading import uncollected

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Report:
    """The path of a run's report, which displays itself in a notebook."""

    path: Path

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return str(self.path)

    def _repr_html_(self) -> str:
        page = escape(self.path.read_text(encoding="utf-8"))
        return f'<iframe srcdoc="{page}" title="Report" style="width: 100%; height: 45rem; border: 0"></iframe>'


@dataclass(frozen=True, eq=False)
class Decision:
    """What `decide` found; displays itself in a notebook.

    Attributes
    ----------
    verdict : dict
        The content of verdict.json.
    folder : Path
        The run's folder.
    """

    verdict: dict[str, Any] = field(repr=False)
    folder: Path

    @property
    def go(self) -> bool:
        """Whether the extra cost pays off."""
        return bool(self.verdict["decision"] == "GO")

    @property
    def ladder(self) -> "pd.DataFrame":
        """Return one row per candidate: rung, score, costs."""
        import pandas as pd

        return pd.read_csv(self.folder / LADDER)

    @property
    def champion(self) -> Any:
        """Return the model that the verdict keeps, fitted on all rows: a scikit-learn pipeline."""
        from runner.model import load_model

        return load_model(self.folder)[0]

    def report(self) -> Report:
        """Return report.html; it is made now if the run had no time for it."""
        from runner.report.page import write_report

        path = self.folder / REPORT
        return Report(path if path.is_file() else write_report(self.folder))

    def predict(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """Predict new rows: a column ``prediction``, and for classes one column ``probability_<class>`` each."""
        from runner.model import load_model
        from runner.model.prediction import predict

        return predict(*load_model(self.folder), frame)

    def reconsider(self, overrides: list[str]) -> "Decision":
        """Judge the same facts under other prices, such as ``["economics.value_per_unit=500"]``; nothing is fitted.

        The files of the run are not changed.

        Raises
        ------
        UserError
            If a name or a value does not fit.
        """
        from runner.reconsidered import reconsider

        prices = compose.again("economics", self.verdict["economics"], overrides)
        return Decision(reconsider(self.verdict, prices), self.folder)

    def __str__(self) -> str:
        from runner.report.closing import closing_lines

        return "\n".join(closing_lines(self.verdict, 100))

    def _repr_html_(self) -> str:
        from runner.report.page import fragment

        return fragment(self.verdict)

    def _repr_markdown_(self) -> str:
        from runner.report.summary import summary

        return summary(self.verdict)


def decide(
    frame: "pd.DataFrame",
    target: str,
    budget: str = "quick",
    *,
    overrides: list[str] | None = None,
    folder: str | Path | None = None,
) -> Decision:
    """Climb the ladder on a frame and decide whether a costly model is worth it.

    Parameters
    ----------
    frame : DataFrame, shape (rows, columns)
    target : str
        The column to predict.
    budget : str
        ``smoke``, ``quick``, ``standard`` or ``thorough``.
    overrides : list of str, optional
        As on the command line: ``["economics.worthwhile_gain=0.02", "dataset.group=patient"]``.
    folder : path, optional
        Where the run is kept; ``runs/frame/<time>`` when not given.

    Raises
    ------
    UserError
        If the data or the config is wrong.
    """
    given = [f"dataset.target={compose.as_value(target)}", "dataset.path=frame", f"budget={budget}"]
    config = compose.composed([*given, *(overrides or [])])
    kept = Path(folder) if folder else claim(of_now(RUNS / config.dataset.name), EVALUATIONS)
    clock = Clock(config.budget.seconds)
    engine.warm()
    with uncollected():
        from runner.run import run
        from runner.session import listening

    command = f"decide(frame, {target!r}, {budget!r}, overrides={overrides or []!r})"
    try:
        with listening(config, kept, command, clock) as (place, listeners):
            content = run(config, place, listeners, clock, frame)
    finally:
        if not folder:  # a run that could not begin leaves nothing behind
            remove_unused(kept, kept.parent, RUNS)
    return Decision(content, kept)
