"""A metric of one's own, named by module and variable: from the command line to the verdict, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import mean_pinball_loss

from processes import SMALL, Command, verdict_in
from runner.errors import UserError
from runner.metrics import make_metric

MODULE = """
import numpy as np
from sklearn.metrics import make_scorer, mean_pinball_loss

def is_near(target, said, sample_weight=None):
    return float(np.average(np.abs(said - target) <= 1.5, weights=sample_weight))

near = make_scorer(is_near)
neg_near = near
neg_pinball = make_scorer(mean_pinball_loss, greater_is_better=False, alpha=0.9)
pinball = neg_pinball
count = 3
eight = make_scorer(lambda target, said: 8 * is_near(target, said))
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a module of scorers that can be imported, and return its folder."""
    (tmp_path / "mine_of_test.py").write_text(MODULE)
    (tmp_path / "broken_of_test.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_it_scores_as_its_function_does(mine: Path, shipped) -> None:
    dataset = shipped("abalone", 300)
    said, weights = dataset.target + np.arange(300) % 4 - 1, np.arange(300.0)
    near, pinball = (make_metric(f"mine_of_test.{name}", dataset) for name in ("near", "neg_pinball"))
    assert near.score(dataset.target, said) == pytest.approx(0.75)
    assert pinball.score(dataset.target, said, weights) == pytest.approx(
        -mean_pinball_loss(dataset.target, said, sample_weight=weights, alpha=0.9)
    )
    assert (near.label, near.greater_is_better, near.loss(0.75)) == ("near", True, 0.25)
    assert (pinball.label, pinball.greater_is_better, pinball.for_people(-2.0)) == ("pinball", False, 2.0)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("missing_of_test.near", "in one of PYTHONPATH"),
        ("broken_of_test.near", "division by zero"),
        ("mine_of_test.neer", "did you mean 'near'"),
        ("mine_of_test.is_near", "sklearn.metrics.make_scorer"),
        ("mine_of_test.count", "sklearn.metrics.make_scorer"),
        ("mine_of_test.pinball", "call it 'neg_pinball'."),
        ("mine_of_test.neg_near", "call it 'near'."),
        (".near", "cannot be imported"),
    ],
)
def test_what_is_no_scorer_is_refused_with_the_way_out(mine: Path, shipped, name: str, part: str) -> None:
    with pytest.raises(UserError) as caught:
        make_metric(name, shipped("abalone", 300))
    assert f"evaluation.metric={name!r}" in str(caught.value)
    assert part in str(caught.value)


def test_one_whose_best_score_is_not_known_is_refused(mine: Path, shipped) -> None:
    with pytest.raises(UserError, match="gives a perfect prediction 8 and wrong ones up to"):
        make_metric("mine_of_test.eight", shipped("abalone", 300))


@pytest.mark.slow
def test_a_run_is_judged_by_it(mine: Path, command: Command) -> None:
    given = (*SMALL, "dataset=abalone", "budget.seconds=150", "budget.rows=600")
    done = command(*given, "evaluation.metric=mine_of_test.neg_pinball", "hydra.run.dir=run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "none       dummy             pinball 0." in done.stdout
    verdict = verdict_in(mine)
    assert verdict["metric"]["name"] == "mine_of_test.neg_pinball"
    dummy, *others = (one for one in verdict["candidates"] if one["score"] is not None)
    assert others
    assert dummy["score"] < 0
