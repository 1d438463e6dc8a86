"""Classes are called as in the table, and a class is one whatever its capitals."""

import pandas as pd
import pytest

from runner.reading.class_names import in_one_spelling


def test_words_that_differ_in_capitals_only_are_one_class_and_called_as_most_are():
    notes = []
    found = in_one_spelling(pd.Series(["Gold", "gold", "Gold", None, "tin"], name="y", dtype=object), notes)
    assert found.dropna().tolist() == ["Gold", "Gold", "Gold", "tin"]
    assert notes == [
        "Target 'y' has classes that differ in capitals only, each taken for one: 'Gold', 'gold'. "
        "Spell them differently if they are not."
    ]


@pytest.mark.parametrize(("letters", "classes"), [("YnyN", 2), ("aAbB", 4)])
def test_letters_are_told_apart_by_their_case_unless_they_mean_yes_and_no(letters, classes):
    notes = []
    target = pd.Series([*letters] * 10, name="y", dtype=object)
    assert in_one_spelling(target, notes).nunique() == classes
    assert len(notes) == (classes == 2)
