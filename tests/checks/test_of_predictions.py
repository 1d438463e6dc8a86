"""Checks that look at what cheap candidates said: scores too good, and labels that are probably wrong."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from runner.checks import Severity, by_heart, label_noise, too_good
from runner.checks.material import Material
from runner.costs import Costs
from runner.dataset import Dataset
from runner.evaluation import Evaluation, Status
from runner.metrics import make_metric
from runner.reading.copies import hashes_of
from runner.task import Task
from tables import material, table


def evaluation(name: str, rung: str, score: float, predictions: object = None) -> Evaluation:
    return Evaluation(name, rung, Status.OK, Costs(), fold_scores=(score,), predictions=predictions)


def judged(data: Dataset, best: float) -> Material:
    return material(data).with_evaluations([evaluation("linear", "simple", best), evaluation("dummy", "none", 0.5)])


@pytest.mark.parametrize(("score", "found"), [(0.9999, True), (0.98, False), (0.5, False)])
def test_a_score_is_too_good_when_nearly_nothing_is_left(score: float, found: bool) -> None:
    assert [f.code for f in too_good.look(judged(table(Task.BINARY), score))] == ["score-too-good"] * found


@pytest.mark.parametrize(("rmse", "found"), [(0.09, True), (0.12, False)])
def test_errors_are_squared_before_they_are_compared(rmse: float, found: bool) -> None:
    said = [evaluation("linear", "simple", -rmse), evaluation("dummy", "none", -1.0)]
    findings = too_good.look(material(table(Task.REGRESSION)).with_evaluations(said))
    assert ["99.2% of the dummy's squared error: RMSE 0.09" in f.evidence for f in findings] == [True] * found


def test_without_a_dummy_nothing_is_said() -> None:
    assert too_good.look(material(table(Task.BINARY))) == []


def labelled(swapped: float, skill: float, classes: int = 3, rows: int = 4000) -> Material:
    """Return labels of which a share was swapped, and a model that knew the right ones with so much certainty."""
    random = np.random.default_rng(0)
    true = random.integers(0, classes, rows)
    leaning = np.eye(classes)[true] * skill + random.normal(size=(rows, classes))
    predictions = np.exp(2 * leaning) / np.exp(2 * leaning).sum(axis=1, keepdims=True)
    chosen = random.random(rows) < swapped
    target = np.where(chosen, (true + random.integers(1, classes, rows)) % classes, true)
    data = Dataset("t", Task.MULTICLASS, "y", table(Task.BINARY, rows).features, target, tuple(range(classes)), "")
    return material(data).with_evaluations([evaluation("m", "boosting", 0.5, predictions)])


@pytest.mark.parametrize("share", [0.02, 0.05, 0.10])
def test_swapped_labels_show_where_the_model_is_certain(share: float) -> None:
    (finding,) = label_noise.look(labelled(share, skill=6))
    assert finding.severity is Severity.WARN
    assert finding.figures["low"] < share < finding.figures["high"]
    assert "most doubtful rows" in finding.evidence


@pytest.mark.parametrize(("skill", "told"), [(2.5, "do not become much rarer"), (6, "hardly right more often")])
def test_errors_that_become_rarer_are_told_from_those_that_do_not(skill: float, told: str) -> None:
    (finding,) = label_noise.look(labelled(0.02, skill))
    assert told in finding.evidence


def test_a_class_is_as_rare_as_its_rows_weigh() -> None:
    random = np.random.default_rng(0)
    chance = np.exp(0.5 * random.normal(size=20_000) - 0.125)
    target = (random.random(20_000) < 0.05 * chance).astype(np.int64)
    data = replace(table(Task.BINARY, 20_000), target=target)
    said = [evaluation("m", "simple", 0.7, np.column_stack([1 - 0.005 * chance, 0.005 * chance]))]
    of_sample = replace(data, weights=np.where(target == 1, 0.1, 1.0))
    assert len(label_noise.look(material(data).with_evaluations(said))) == 1
    assert label_noise.look(material(of_sample).with_evaluations(said)) == []


def test_rows_are_in_doubt_whose_class_is_less_probable_than_another_usually_is() -> None:
    surely, hardly, otherwise = [0.95, 0.05], [0.55, 0.45], [0.1, 0.9]
    predictions = np.array([surely, surely, hardly, otherwise, otherwise, otherwise, surely])
    target = np.array([0, 0, 0, 1, 1, 0, 1])
    np.testing.assert_array_equal(label_noise.in_doubt(predictions, target), [6, 5])  # 2 is a doubt, not a fault


@pytest.mark.parametrize("skill", [0.5, 1, 2, 4, 6])
def test_a_weak_model_on_clean_labels_is_no_noise(skill: float) -> None:
    assert label_noise.look(labelled(0.0, skill)) == []


def test_of_values_nothing_is_said() -> None:
    data = table(Task.REGRESSION, 1000)
    assert label_noise.look(material(data).with_evaluations([evaluation("m", "boosting", -1.0, data.target)])) == []


def with_copies(task: Task, knows: float, copied: int, remembered: float = 5.0) -> Material:
    """Return a table, some rows of it twice, and a model that knows so much of all rows and remembers the copies."""
    data = table(task, 800)
    honest = data.take(np.append(np.arange(800), np.arange(copied)))
    random, twins = np.random.default_rng(1), np.append(np.arange(copied), 800 + np.arange(copied))
    told = honest.target if task is Task.REGRESSION else np.eye(len(honest.classes))[honest.target]
    share = np.full(len(honest), float(knows))
    share[twins] += remembered
    if task is Task.REGRESSION:
        share = np.minimum(share, 1)
        said = share * told + (1 - share) * told.mean()
        dummy = np.full(len(told), told.mean())
    else:
        said = np.exp(share[:, None] * told + random.normal(size=told.shape))
        said /= said.sum(axis=1, keepdims=True)
        dummy = np.tile(told.mean(axis=0), (len(told), 1))
    return material(honest).with_evaluations(
        [evaluation("m", "boosting", 0.9, said), evaluation("d", "none", 0.5, dummy)]
    )


@pytest.mark.parametrize("task", list(Task))
def test_a_model_that_knows_copies_and_nothing_else_is_not_believed(task: Task) -> None:
    (finding,) = by_heart.look(with_copies(task, knows=0, copied=200))
    assert (finding.code, finding.severity) == ("learned-by-heart", Severity.STOP)
    assert finding.evidence.count("(no model: ") == 2
    assert "400 rows whose inputs are there more than once" in finding.evidence
    assert "the 600 others, which no model is shown to predict" in finding.evidence


@pytest.mark.parametrize("task", list(Task))
def test_a_model_that_knows_copies_better_is_told_with_both_scores(task: Task) -> None:
    known = with_copies(task, knows=0.4 if task is Task.REGRESSION else 1.0, copied=200)
    (finding,) = by_heart.look(known)
    assert finding.severity is Severity.WARN
    assert finding.figures["with_twin"] > finding.figures["without"]
    assert "dataset.drop_copies=true" in finding.advice


@pytest.mark.parametrize("task", list(Task))
def test_a_model_that_knows_copies_no_better_is_believed(task: Task) -> None:
    assert by_heart.look(with_copies(task, knows=0.4, copied=200, remembered=0)) == []
    assert by_heart.look(with_copies(task, knows=0, copied=200, remembered=0)) == []


@pytest.mark.parametrize("metric", ["roc_auc_ovr", "average_precision"])
def test_copies_that_a_metric_cannot_judge_tell_nothing(metric: str) -> None:
    """They are all of one class."""
    known = with_copies(Task.MULTICLASS, knows=0.4, copied=200)
    twins = pd.Series(hashes_of(known.rows.features)).duplicated(keep=False).to_numpy()
    data = replace(known.rows, target=np.where(twins, 0, known.rows.target))
    assert by_heart.look(replace(known, rows=data, metric=make_metric(metric, data))) == []


def test_of_a_handful_of_copies_nothing_is_said() -> None:
    assert by_heart.look(with_copies(Task.REGRESSION, knows=0, copied=8)) == []


def test_cases_that_look_alike_are_not_learned_by_heart() -> None:
    """They differ in the target as often as others do."""
    known = with_copies(Task.BINARY, knows=0, copied=200)
    target = np.append(known.rows.target[:800], np.random.default_rng(2).permutation(known.rows.target[800:]))
    assert by_heart.look(replace(known, rows=replace(known.rows, target=target))) == []


def test_copies_that_a_group_keeps_together_are_not_learned_by_heart() -> None:
    known = with_copies(Task.BINARY, knows=0, copied=200)
    grouped = replace(known.rows, groups=np.arange(1000) % 800)
    assert by_heart.look(replace(known, rows=grouped)) == []
