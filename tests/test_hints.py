"""What the cells of a column suggest."""

import numpy as np

from runner.hints import determines, is_told_by

PATIENTS = np.array([2, 0, 1, 2, 1, -1])  # the last row has none


def test_a_thing_determines_what_is_the_same_in_all_of_its_rows():
    assert determines(PATIENTS, np.array([5, 7, 5, 5, 5, 9]))
    assert not determines(PATIENTS, np.array([5, 7, 5, 6, 5, 9]))
    assert is_told_by(np.array([0, 1, 0, 0, 0, 1]), PATIENTS)
    assert not is_told_by(PATIENTS, PATIENTS)  # it has as many values
