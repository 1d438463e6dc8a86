"""Samples that keep classes in proportion and groups whole."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runner.errors import UserError
from runner.sampling import FURTHEST_BACK, back_to_shares, draw, in_proportion, latest, too_rare, whole_groups


@given(st.lists(st.integers(0, 4), min_size=2, max_size=200), st.data())
def test_classes_keep_their_proportion(labels, data):
    strata = np.unique(labels, return_inverse=True)[1]
    most = data.draw(st.integers(1, len(strata)))
    chosen = in_proportion(strata, most, seed=0)
    counts, before = np.bincount(strata[chosen], minlength=strata.max() + 1), np.bincount(strata)
    assert len(chosen) == most == len(set(chosen))
    assert (np.diff(chosen) > 0).all()
    assert (np.abs(counts - before * most / len(strata)) <= len(before)).all()
    if most >= len(before):
        assert counts.min() >= 1


@given(st.lists(st.integers(0, 4), min_size=2, max_size=200), st.data())
def test_rare_classes_have_enough_rows_and_weights_bring_them_back_to_their_share(labels, data):
    strata = np.unique(labels, return_inverse=True)[1]
    most = data.draw(st.integers(1, len(strata)))
    before = np.bincount(strata)
    least = most // (2 * len(before))
    rare = 2 * before * most < np.minimum(before, least) * len(strata)
    chosen = in_proportion(strata, most, 0, least)
    counts = np.bincount(strata[chosen], minlength=len(before))
    assert len(chosen) == most == len(set(chosen))
    assert (counts >= np.minimum(before, least))[rare].all()
    assert too_rare(strata, most, least).tolist() == rare.tolist()
    if counts.all():
        weights = back_to_shares(strata, strata[chosen])
        assert weights.mean() == pytest.approx(1)
        assert np.bincount(strata[chosen], weights) / most == pytest.approx(before / len(strata))
    if not rare.any():
        assert (np.abs(counts - before * most / len(strata)) <= len(before)).all()


@given(st.lists(st.integers(0, 3), min_size=2, max_size=300), st.data())
def test_the_latest_rows_reach_back_for_rare_classes_and_no_further(labels, data):
    strata = np.unique(labels, return_inverse=True)[1]
    most = data.draw(st.integers(1, len(strata)))
    least = most // (2 * (strata.max() + 1))
    chosen = latest(strata, most, 0, least)
    within = strata[-FURTHEST_BACK * most :]
    recent, counts = (np.bincount(rows, minlength=strata.max() + 1) for rows in (strata[-most:], strata[chosen]))
    lacking = 2 * recent < np.minimum(np.bincount(within, minlength=len(counts)), least)
    assert len(chosen) == most == len(set(chosen))
    assert (np.diff(chosen) > 0).all()
    assert (counts >= recent)[lacking].all()
    if not lacking.any():
        assert chosen.tolist() == list(range(len(strata) - most, len(strata)))
    assert chosen[0] >= len(strata) - len(within)


def test_a_sample_follows_its_seed():
    strata = np.zeros(1_000, dtype=np.int64)
    first, again, other = (in_proportion(strata, 100, seed).tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_a_sample_is_not_the_top_of_the_table():
    assert np.mean(in_proportion(np.zeros(10_000, dtype=np.int64), 1_000, 0)) == pytest.approx(5_000, rel=0.1)


@given(st.lists(st.integers(0, 30), max_size=200), st.integers(0, 9))
def test_groups_stay_whole(labels, seed):
    groups = np.array([0, 1, *labels])
    most = 2 * int(np.bincount(groups).max())
    chosen = whole_groups(np.zeros(len(groups), dtype=int), groups, most, seed)
    assert 0 < len(chosen) <= most
    assert not set(groups[chosen]) & set(np.delete(groups, chosen))


@given(st.lists(st.integers(1, 40), min_size=2, max_size=20), st.integers(0, 9))
def test_one_large_group_keeps_no_others_out(sizes, seed):
    groups = np.repeat(np.arange(len(sizes) + 1), [400, *sizes])
    chosen = whole_groups(np.zeros(len(groups), dtype=int), groups, max(sum(sorted(sizes)[:2]), 100), seed)
    assert len(np.unique(groups[chosen])) >= 2
    left = [size for name, size in enumerate(sizes, start=1) if name not in groups[chosen]]
    assert len(chosen) + min(left, default=400) > 100


@pytest.mark.parametrize("most", [39, 79])
def test_less_than_two_whole_groups_are_no_sample(most):
    """Parts of such a table are no smaller table: who asks for one has to know that there is none."""
    groups = np.repeat(np.arange(5), 40)
    with pytest.raises(UserError, match="no room for two whole groups, the largest of which has 40 rows"):
        whole_groups(np.zeros(200, dtype=int), groups, most, 0)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), min_size=40, max_size=300), st.data())
def test_groups_that_hold_a_rare_class_come_first(rows, data):
    labels, groups = np.array(rows).T
    strata, groups = (np.unique(each, return_inverse=True)[1] for each in (labels, groups))
    largest = int(np.bincount(groups).max())
    assume(2 * largest < len(groups))
    most = data.draw(st.integers(2 * largest, len(groups) - 1))
    least = most // (2 * (strata.max() + 1))
    chosen = whole_groups(strata, groups, most, 0, least)
    assert 0 < len(chosen) <= most
    assert not set(groups[chosen]) & set(np.delete(groups, chosen))
    rarest = int(np.bincount(strata).argmin())
    if too_rare(strata, most, least)[rarest] and too_rare(strata, most, least).sum() == 1:
        count, room = int((strata[chosen] == rarest).sum()), most // 2
        inside = np.isin(groups, groups[strata == rarest])
        assert count >= min(least, (strata == rarest).sum()) or inside[chosen].sum() >= room - largest


def test_scores_of_a_sample_of_groups_estimate_those_of_all_rows():
    """Rows of a group that holds the rare class are unlike others, so that the shares of classes alone do not do."""
    random, found = np.random.default_rng(0), []
    groups = np.repeat(np.arange(2_000), 5)
    is_hit = (random.random(2_000) < 0.05)[groups]
    strata = (is_hit & (random.random(10_000) < 0.3)).astype(int)
    values = random.normal(size=10_000) + 2 * is_hit
    for seed in range(60):
        drawn = draw(strata, groups, False, 1_000, seed, 150)
        assert drawn.weights is not None
        by_class = back_to_shares(strata, strata[drawn.rows])
        found.append([np.average(values[drawn.rows], weights=weights) for weights in (drawn.weights, by_class)])
    (own, wrong), error = np.mean(found, axis=0), np.std(found, axis=0)[0] / np.sqrt(60)
    assert abs(own - values.mean()) < 3 * error < abs(wrong - values.mean()) / 3


def test_of_a_dozen_large_groups_each_gives_rows():
    """Whole, two of them would fit: nothing could be learned from one and judged on another."""
    groups = np.repeat(np.arange(12), np.arange(400, 1_600, 100))
    strata = np.random.default_rng(0).integers(0, 2, len(groups))
    drawn = draw(strata, groups, False, 1_000, 0, 100)
    shares = np.bincount(groups[drawn.rows]) / np.bincount(groups)
    assert len(drawn.rows) == 1_000
    assert drawn.weights is None
    assert shares.min() > 0.5 * shares.max()


def test_small_groups_stay_whole_in_what_is_drawn():
    groups = np.repeat(np.arange(400), 5)
    drawn = draw(np.zeros(2_000, dtype=int), groups, False, 500, 0, 0)
    assert (np.bincount(groups[drawn.rows])[np.unique(groups[drawn.rows])] == 5).all()


def test_where_each_group_holds_the_rare_class_no_group_comes_first():
    strata, groups = (np.arange(3_000) % 100 == 0).astype(int), np.arange(3_000) // 100
    assert whole_groups(strata, groups, 300, 0, 1_000).tolist() == whole_groups(strata, groups, 300, 0).tolist()
