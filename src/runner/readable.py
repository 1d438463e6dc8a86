"""rules.yaml: the best tree that a person can read, in the format in which users write their own rules."""

from dataclasses import dataclass
from pathlib import Path

from runner.candidates.pipeline import Candidate
from runner.candidates.rules import as_learned, tree_rules
from runner.config.overrides import for_shell
from runner.dataset import Dataset
from runner.evaluation.evaluate import fit
from runner.files import write_text
from runner.folders import RULES
from runner.judge import Judge
from runner.rules.rule_file import as_text, as_yaml, read_rules

HEAD = """\
# What the tree {tree!r} says of {target!r}: the first rule that holds predicts.
# To edit, and to give back as what is used today: {option}
# It was learned on the {rows:,} rows that run {folder!r} developed on, and looks better on them than it is;
# with the same seed, the rows kept aside are new to it.
"""


@dataclass(frozen=True)
class Readable:
    """The rules that were written.

    Attributes
    ----------
    file : str
        Its name in the run's folder.
    tree : str
        The name of the candidate.
    rows : int
        How many rows it was fitted on.
    lines : list of str
        The rules in words, one per line.
    """

    file: str
    tree: str
    rows: int
    lines: list[str]


def write_rules(tree: Candidate | None, judge: Judge, folder: Path, deadline: float) -> Readable | None:
    """Fit a tree on the development rows in a worker, write its rules, and return what was written.

    None if there is no tree, no time, or if rules cannot express its conditions.

    Parameters
    ----------
    deadline : float
        The time, on the run's clock, at which fitting must end.
    """
    text = judge.ask(tree_as_yaml, tree, deadline) if tree else None
    if tree is None or text is None:
        return None
    data, path = judge.development, folder / RULES
    option = for_shell(f"dataset.incumbent={path}")
    head = HEAD.format(tree=tree.name, target=data.target_name, option=option, rows=len(data), folder=folder.name)
    try:
        write_text(path, head + text)
    except OSError:  # optional: a full disk does not hold up the verdict
        return None
    return Readable(RULES, tree.name, len(data), as_text(as_learned(read_rules(path), data.features)))


def tree_as_yaml(candidate: Candidate, dataset: Dataset, seed: int) -> str | None:
    """Return the rules of a tree fitted on a data set; None if rules cannot express its conditions."""
    rules, says_all = tree_rules(fit(candidate, dataset, seed), dataset.features, dataset.classes)
    try:
        return as_yaml(rules) if says_all else None
    except ValueError:  # a name that contains every kind of quote
        return None
