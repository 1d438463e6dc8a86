"""What stands before an estimator: fitted on training rows only, and fit for whatever columns there are."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeRegressor
from skrub import DatetimeEncoder, StringEncoder, TableVectorizer, ToCategorical

from runner.candidates.pipeline import Candidate, build, split
from runner.candidates.preparation import PREPARATIONS, ManyLevels
from runner.dataset import Dataset
from runner.errors import UserError
from runner.evaluation.prepared import prepare
from runner.ladder import PREPARATION_NAMES
from runner.report.candidates import PREPARED
from runner.task import Task

ROWS = 240
KINDS = [name for name in PREPARATIONS if name != "none"]
FITTED = [
    ("onehot", "sklearn.tree.DecisionTreeClassifier", {}),
    ("scaled", "sklearn.linear_model.LogisticRegression", {}),
    ("ordinal", "sklearn.ensemble.ExtraTreesClassifier", {"n_estimators": 10}),
    ("native", "sklearn.ensemble.HistGradientBoostingClassifier", {"max_iter": 10}),
    ("native", "lightgbm.LGBMClassifier", {"verbosity": -1, "n_estimators": 10}),  # refuses names with JSON's signs
]
LEARNERS = [
    ("scaled", Ridge(0.1)),
    *((kind, DecisionTreeRegressor(max_depth=3)) for kind in ("onehot", "ordinal", "native")),
]
ORDINAL = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
WORDS = ["late", "order", "again", "broken", "box", "kind", "driver", "never", "came", "quick", "nice", "return"]


def frame(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    """Return columns of every kind that a table may have, with gaps."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=rows)
    table = pd.DataFrame(
        {
            "number": np.where(random.random(rows) < 0.1, np.nan, numbers),
            "whole": random.integers(0, 50, rows),
            "constant": np.ones(rows),
            "huge": np.where(np.arange(rows) == 7, 3e38, numbers),
            "few levels": random.choice(["a", "b", "c"], rows),
            "many levels": [f"town {number}" for number in random.integers(0, 60, rows)],
            "identifier": [f"id{number:06d}" for number in range(rows)],
            "text": [" ".join(random.choice(WORDS, 6)) for _ in range(rows)],
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 700, rows), "D"),
            'a {"json"}: [name], 1': random.normal(size=rows),
            "gap in training": np.where(np.arange(rows) < rows // 2, np.nan, numbers),
            "words in training": np.where(np.arange(rows) < rows // 2, "known", "never seen"),
        }
    )
    table["few levels"] = table["few levels"].mask(random.random(rows) < 0.1)
    table["day"] = table["day"].mask(random.random(rows) < 0.1)
    return table.astype({"few levels": "str", "many levels": "str", "identifier": "str", "text": "str"})


def dataset(features: pd.DataFrame, task: Task = Task.BINARY) -> Dataset:
    random = np.random.default_rng(1)
    classes = {Task.BINARY: 2, Task.MULTICLASS: 4, Task.REGRESSION: 0}[task]
    target = random.integers(0, classes, len(features)) if classes else random.normal(size=len(features))
    return Dataset("t", task, "y", features, target, tuple(range(classes)), "")


def preparation_of(kind: str, seed: int = 0):
    return make_pipeline(*PREPARATIONS[kind](seed))


def numbers_of(prepared: object) -> np.ndarray:
    """Return what was prepared as numbers, categories by their codes."""
    table = pd.DataFrame(prepared)
    codes = {name: column.cat.codes for name, column in table.items() if column.dtype == "category"}
    return table.assign(**codes).to_numpy(dtype=float)


TRAIN, TEST = np.arange(ROWS // 2), np.arange(ROWS // 2, ROWS)


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_column_becomes_what_its_estimator_takes(kind: str, task: Task) -> None:
    data = dataset(frame(), task)
    fold = prepare(preparation_of(kind), data, TRAIN, TEST)
    train, test = numbers_of(fold.train), numbers_of(fold.test)
    assert train.shape[0] == len(TRAIN)
    assert test.shape == (len(TEST), train.shape[1])
    assert not np.isinf(train).any()
    assert not np.isinf(test).any()
    if kind == "scaled":  # linear models and distances take no gaps
        assert not np.isnan(train).any()
        assert not np.isnan(test).any()
        assert np.abs(test).max() <= 5.0


@pytest.mark.parametrize(("kind", "levels"), [("ordinal", ORDINAL), ("native", ToCategorical()), ("onehot", None)])
def test_all_kinds_are_encoded_as_by_the_table_vectorizer(kind: str, levels: object) -> None:
    data = dataset(frame())
    given = {} if levels is None else {"low_cardinality": levels}  # its own are one a level
    text = StringEncoder(n_components=20, random_state=0)
    is_read = kind == "onehot"  # by people: not what text is turned into, nor many names
    oracle = TableVectorizer(
        high_cardinality="drop" if is_read else ManyLevels(),
        specific_transformers=[("drop" if is_read else text, ["text"])],
        drop_if_constant=is_read,
        datetime=DatetimeEncoder(add_weekday=True),
        **given,
    )
    fold, expected = (prepare(one, data, TRAIN, TEST) for one in (preparation_of(kind)[:2], make_pipeline(oracle)))
    pd.testing.assert_frame_equal(fold.train, expected.train)
    pd.testing.assert_frame_equal(fold.test, expected.test)


@pytest.mark.parametrize(("kind", "estimator", "params"), FITTED)
def test_a_model_predicts_a_row_alone_as_it_does_among_others(
    kind: str, estimator: str, params: dict[str, int]
) -> None:
    data = dataset(frame())
    preparation, model = split(build(Candidate("m", "r", estimator, kind, params), seed=0))
    fold = prepare(preparation, data, TRAIN, TEST)
    model.fit(fold.train, data.target[TRAIN])
    together = model.predict_proba(fold.test)
    alone = np.vstack([model.predict_proba(preparation.transform(data.features.iloc[[row]])) for row in TEST[:8]])
    assert np.isfinite(together).all()
    np.testing.assert_allclose(together[:8], alone, atol=1e-6)  # some compute in single precision


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_training_rows_become_does_not_depend_on_the_test_rows(kind: str) -> None:
    one, other = frame(), frame()
    other.loc[TEST] = frame(seed=9).loc[TEST].to_numpy()
    other = other.astype(one.dtypes.to_dict())
    data, changed = dataset(one), dataset(other)
    changed.target[TEST] = 1 - changed.target[TEST]
    first = prepare(preparation_of(kind), data, TRAIN, TEST)
    second = prepare(preparation_of(kind), changed, TRAIN, TEST)
    np.testing.assert_array_equal(numbers_of(first.train), numbers_of(second.train))
    half = prepare(preparation_of(kind), data, TRAIN, TEST[: len(TEST) // 2])
    np.testing.assert_array_equal(numbers_of(first.train), numbers_of(half.train))
    np.testing.assert_array_equal(numbers_of(first.test)[: len(TEST) // 2], numbers_of(half.test))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_prepares_the_same(kind: str) -> None:
    data = dataset(frame())
    first, second = (prepare(preparation_of(kind, seed=3), data, TRAIN, TEST) for _ in range(2))
    np.testing.assert_array_equal(numbers_of(first.test), numbers_of(second.test))


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_row_can_be_prepared(kind: str) -> None:
    data = dataset(frame())
    preparation = preparation_of(kind).fit(data.features.iloc[TRAIN], data.target[TRAIN])
    whole, one = preparation.transform(data.features.iloc[TEST]), preparation.transform(data.features.iloc[TEST[:1]])
    pd.testing.assert_frame_equal(
        pd.DataFrame(whole).iloc[:1].astype(object).reset_index(drop=True),
        pd.DataFrame(one).astype(object).reset_index(drop=True),
    )


def levels(column: list[str], target: object) -> ManyLevels:
    encoder = ManyLevels()
    encoder.fit_transform(pd.Series(column, name="c", dtype="str"), np.asarray(target))
    return encoder


@pytest.mark.parametrize(("kind", "regressor"), LEARNERS)
def test_what_depends_on_the_weekday_of_a_date_can_be_learned(kind: str, regressor: object) -> None:
    days = pd.date_range("2024-01-01", periods=ROWS)
    features = pd.DataFrame({"day": np.random.default_rng(0).permutation(days)})
    is_weekend = features["day"].dt.day_of_week >= 5
    model = make_pipeline(preparation_of(kind), regressor).fit(features[:100], is_weekend[:100])
    assert model.score(features[100:], is_weekend[100:]) > 0.9


def test_a_column_of_many_values_is_levels_or_an_identifier() -> None:
    random = np.random.default_rng(0)
    target = random.integers(0, 2, 200)
    assert not levels([f"town {n}" for n in random.integers(0, 60, 200)], target).is_identifier_
    named = levels([f"id{n}" for n in range(200)], target)
    assert named.is_identifier_
    assert named.transform(pd.Series(["id3"], name="c", dtype="str")).shape == (1, 0)


def test_a_level_of_one_row_does_not_give_its_target_away() -> None:
    """Cross-fitted: on noise the encoded levels must not tell the training target."""
    random = np.random.default_rng(0)
    target = random.integers(0, 2, 400).astype(float)
    column = pd.Series([f"level {n}" for n in random.integers(0, 300, 400)], name="c", dtype="str")
    encoded = ManyLevels().fit_transform(column, target).to_numpy()[:, 0]
    assert abs(np.corrcoef(encoded, target)[0, 1]) < 0.2


def test_levels_with_a_signal_keep_it() -> None:
    random = np.random.default_rng(0)
    town = random.integers(0, 60, 600)
    target = (town % 2 == 0).astype(float)
    column = pd.Series([f"town {n}" for n in town], name="c", dtype="str")
    encoded = ManyLevels().fit_transform(column, target).to_numpy()[:, 0]
    assert np.corrcoef(encoded, target)[0, 1] > 0.9


def test_unseen_and_missing_levels_are_encoded() -> None:
    encoder = levels([f"town {n % 50}" for n in range(200)], np.arange(200) % 2)
    assert not encoder.is_identifier_
    encoded = encoder.transform(pd.Series(["town 3", "nowhere", None], name="c", dtype="str"))
    assert np.isfinite(encoded.to_numpy()).all()


def test_ratings_are_values_and_not_classes() -> None:
    encoder = levels([f"town {n % 50}" for n in range(200)], np.arange(200) % 5 + 1.0)
    assert encoder.transform(pd.Series(["town 3"], name="c", dtype="str")).shape == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_columns_whose_encoded_names_meet_can_be_prepared(kind: str) -> None:
    """`town` of many levels becomes town_0, town_1, ... for classes; the table has a town_1 of its own."""
    random = np.random.default_rng(0)
    towns = pd.Series([f"t{n}" for n in random.integers(0, 60, ROWS)], dtype="str")
    features = pd.DataFrame({"town": towns, "town_0": random.normal(size=ROWS), "town_1": random.normal(size=ROWS)})
    data = dataset(features, Task.MULTICLASS)
    fold = prepare(preparation_of(kind), data, TRAIN, TEST)
    assert numbers_of(fold.test).shape[1] == numbers_of(fold.train).shape[1] >= (2 if kind == "onehot" else 3)


def test_where_no_column_is_left_that_is_said() -> None:
    codes = pd.DataFrame({"code": pd.Series([f"c{n}" for n in np.arange(ROWS) % 40], dtype="str")})
    with pytest.raises(UserError, match=r"no column is left to learn from: each is constant, or has too many"):
        preparation_of("onehot").fit(codes.head(80), np.arange(80) % 2)  # two rows of each, too few for a rule
    preparation_of("ordinal").fit(codes, np.arange(ROWS) % 2)


def test_each_preparation_can_be_asked_for_and_is_told_in_words() -> None:
    assert tuple(PREPARATIONS) == PREPARATION_NAMES == tuple(PREPARED)
