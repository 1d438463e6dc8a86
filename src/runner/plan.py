"""What is to be run: the table, what it is judged by, the ladder to climb, and which rows prove."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.candidates.incumbent import incumbent_candidate
from runner.config import Config
from runner.dataset import Dataset
from runner.design import Design, divide
from runner.earlier import with_starts
from runner.ladder import Rung, make_ladder, with_incumbent
from runner.metrics import Metric, make_metric
from runner.money import money_metric
from runner.reading import build, load
from runner.splits import Splits

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Plan:
    """What a run sets out with; nothing has been fitted yet.

    Attributes
    ----------
    ladder : tuple of Rung
        What is used today is on it, where the data set says so.
    design : Design
        Why the rows are split as they are, and what a verdict on them promises.
    """

    dataset: Dataset
    metric: Metric
    ladder: tuple[Rung, ...]
    splits: Splits
    design: Design


def make_plan(config: Config, frame: "pd.DataFrame | None" = None) -> Plan:
    """Read the table and say how it will be judged.

    Parameters
    ----------
    frame : DataFrame, optional
        The table, when it is not to be read from `config.dataset.path`.

    Raises
    ------
    UserError
        When the data or the config is wrong.
    """
    source = (config.dataset, config.budget.rows, config.seed)
    dataset = load(*source) if frame is None else build(frame, *source)
    matrix = config.economics.cost_matrix
    metric = money_metric(dataset, matrix) if matrix else make_metric(config.evaluation.metric, dataset)
    ladder = make_ladder(config.ladder, dataset.task)
    if dataset.incumbent:
        ladder = with_incumbent(ladder, incumbent_candidate(dataset, metric))
    splits, design = divide(dataset, config, ladder)
    return Plan(dataset, metric, with_starts(ladder, config, dataset, splits), splits, design)
