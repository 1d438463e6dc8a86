"""Text becomes numbers that tell what it says, in a time that does not grow with its length."""

import numpy as np
import pandas as pd
import pytest
from skrub import StringEncoder

from runner.candidates.texts import Texts

ROWS = 120
WORDS = np.asarray(["late", "order", "again", "broken", "box", "kind", "driver", "never", "came", "quick", "nice"])


def column(words: int, rows: int = ROWS, alphabet: np.ndarray = WORDS) -> "pd.Series[str]":
    random = np.random.default_rng(words)
    return pd.Series([" ".join(random.choice(alphabet, words)) for _ in range(rows)], name="text", dtype="str")


def read_by_words(text: "pd.Series[str]") -> bool:
    texts = Texts().fit(text.to_frame())
    return bool(texts.encoders_["text"].analyzer == "word")


def test_only_what_has_words_and_mostly_differs_is_text() -> None:
    table = pd.DataFrame(
        {
            "text": column(6),
            "label": pd.Series([f"town {n % 60}" for n in range(ROWS)], dtype="str"),
            "few": pd.Series([f"one of the {n % 9} kinds" for n in range(ROWS)], dtype="str"),
            "gaps": pd.Series([None] * ROWS, dtype="str"),
            "number": np.arange(ROWS),
        }
    )
    assert list(Texts().fit(table).encoders_) == ["text"]


def test_short_text_is_encoded_as_by_skrub() -> None:
    text = column(6)
    train, test = text[:80], text[80:]
    ours, theirs = Texts(random_state=3), StringEncoder(n_components=20, random_state=3)
    pd.testing.assert_frame_equal(ours.fit_transform(train.to_frame()), theirs.fit_transform(train))
    pd.testing.assert_frame_equal(ours.transform(test.to_frame()), theirs.transform(test))


@pytest.mark.parametrize(
    ("text", "by_words"),
    [
        (column(59), False),
        (column(70), True),
        (column(300, alphabet=np.asarray(list("ACGT"))), False),  # letters are no words
        (column(61, alphabet=np.asarray(["我们今天在城里买了一些新鲜的水果和蔬菜", "他昨天没有来", "雨"])), True),
    ],
)
def test_long_text_is_read_by_its_words_where_it_has_words(text: "pd.Series[str]", by_words: bool) -> None:
    assert read_by_words(text) is by_words


def test_gaps_and_unseen_words_are_encoded() -> None:
    texts = Texts().fit(column(80).to_frame())
    encoded = texts.transform(pd.DataFrame({"text": pd.Series(["never came", None, "zzz 123", ""], dtype="str")}))
    assert encoded.shape == (4, len(texts.get_feature_names_out()))
    assert np.isfinite(encoded.to_numpy()).all()


def test_names_that_meet_a_column_of_the_table_are_told_apart() -> None:
    table = pd.DataFrame({"text_00": np.ones(ROWS), "text": column(6), "text_01": np.zeros(ROWS)})
    texts = Texts().fit(table)
    names = list(texts.get_feature_names_out())
    assert len(set(names)) == len(names)
    assert list(texts.transform(table)) == names
    assert (texts.transform(table)["text_00"] == 1).all()


def test_what_a_text_says_late_is_read_as_long_as_it_is_not_beyond_all_measure() -> None:
    table = column(500).to_frame()
    table.loc[::2, "text"] += " refund refund refund"
    encoded = Texts().fit_transform(table).to_numpy()
    by_refund = np.abs(encoded[::2].mean(axis=0) - encoded[1::2].mean(axis=0)) / encoded.std(axis=0)
    assert by_refund.max() > 1.5


def test_beyond_all_measure_only_the_beginning_is_read() -> None:
    text = column(300, rows=45)
    longer = (text + " " + " ".join(WORDS[:5]) * 1_000).str[:20_000]
    endless = longer + " refund" * 5_000
    pd.testing.assert_frame_equal(*(Texts().fit_transform(each.to_frame()) for each in (longer, endless)))
