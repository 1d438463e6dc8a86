"""A score is the mean over the folds, and there is none where there are no folds."""

import pytest

from runner.costs import Costs
from runner.evaluation import Evaluation, Status


@pytest.mark.parametrize(
    ("status", "scores", "score"),
    [
        (Status.OK, (0.25, 0.75), 0.5),
        (Status.OK, (), None),  # a last look is stored with predictions alone
        (Status.PRUNED, (0.25,), None),
    ],
)
def test_a_score_is_of_whole_folds(status: Status, scores: tuple[float, ...], score: float | None) -> None:
    assert Evaluation("tree", "tree", status, Costs(), fold_scores=scores).score == score
