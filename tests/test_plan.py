"""What a run sets out with is refused where it could not be judged."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from runner.config import Config
from runner.errors import UserError
from runner.plan import make_plan


def test_a_class_too_rare_to_be_in_each_fold_is_one_sentence(compose: Callable[..., Config]) -> None:
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=300), "y": ["no"] * 299 + ["yes"]})
    config = compose("dataset.path=x", "dataset.target=y")
    with pytest.raises(
        UserError, match=r"ROC AUC has no value where .* hold only 'no', and of 'yes' .* 1 row: "
    ) as said:
        make_plan(config, table)
    assert "\n" not in str(said.value)
    assert make_plan(compose("dataset.path=x", "dataset.target=y", "evaluation.metric=neg_log_loss"), table)
