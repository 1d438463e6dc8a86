"""rules.yaml: the best tree that a person can read, in the form in which rules of one's own are written."""

from dataclasses import dataclass
from pathlib import Path

from runner.candidates.pipeline import Candidate
from runner.candidates.rules import tree_rules
from runner.dataset import Dataset
from runner.evaluate import fit
from runner.folders import RULES
from runner.judge import Judge
from runner.record import whole
from runner.rulefile import as_text, as_yaml, read_rules

HEAD = """\
# What the tree {tree!r} says of {target!r}: the first rule that holds predicts.
# To edit, and to give back as what is used today: dataset.incumbent={path}
# It was learned on the {rows:,} rows that run {folder!r} developed on, and looks better on them than it is;
# with the same seed, the rows kept aside are new to it.
"""


@dataclass(frozen=True)
class Readable:
    """The rules that were written.

    Attributes
    ----------
    file : str
        In the run's folder.
    tree : str
        The candidate.
    rows : int
        That it was fitted on.
    lines : list of str
        A rule each, in words.
    """

    file: str
    tree: str
    rows: int
    lines: list[str]


def write_rules(tree: Candidate | None, judge: Judge, folder: Path, deadline: float) -> Readable | None:
    """Fit a tree on the development rows, in a worker, write its rules, and tell what was written.

    None where there is no tree, no time, or where no rule can ask what it asks.

    Parameters
    ----------
    deadline : float
        On the clock of the run.
    """
    text = judge.ask(tree_as_yaml, tree, deadline) if tree else None
    if tree is None or text is None:
        return None
    data, path = judge.development, folder / RULES
    head = HEAD.format(tree=tree.name, target=data.target_name, path=path, rows=len(data), folder=folder.name)
    try:
        with whole(path) as partial:
            partial.write_text(head + text)
    except OSError:  # an extra: the verdict does not wait for a disk with room
        return None
    return Readable(RULES, tree.name, len(data), as_text(read_rules(path)))


def tree_as_yaml(candidate: Candidate, dataset: Dataset, seed: int) -> str | None:
    """Return the rules of a tree fitted on a data set; None where no rule can ask what it asks."""
    rules, says_all = tree_rules(fit(candidate, dataset, seed), dataset.features, dataset.classes)
    try:
        return as_yaml(rules) if says_all else None
    except ValueError:  # a name with every kind of quote
        return None
