"""What the cells of a column suggest."""

import time

import numpy as np

from runner.hints import determines, is_told_by

PATIENTS = np.array([2, 0, 1, 2, 1, -1])  # the last row has none


def test_a_thing_determines_what_is_the_same_in_all_of_its_rows():
    assert determines(PATIENTS, np.array([5, 7, 5, 5, 5, 9]))
    assert not determines(PATIENTS, np.array([5, 7, 5, 6, 5, 9]))
    assert is_told_by(np.array([0, 1, 0, 0, 0, 1]), PATIENTS)
    assert not is_told_by(PATIENTS, PATIENTS)  # it has as many values


def test_many_columns_of_a_long_table_are_compared_in_time():
    rng = np.random.default_rng(0)
    things, values = rng.integers(0, 1000, (2, 80_000))
    begun = time.process_time()
    assert not any(determines(things, values) for _ in range(200))
    assert time.process_time() - begun < 1.5  # to sort the pairs took some 4 s
