"""What a difference is worth: each function beside scipy's, and at its edges."""

import numpy as np
import pytest
from scipy import stats

from centralasia import measures

RNG = np.random.default_rng(7)


@pytest.mark.parametrize(("hits", "cases"), [(0, 1), (1, 1), (27, 54), (3, 8), (64, 64), (0, 40)])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_a_share_has_the_interval_that_scipy_gives(hits, cases, level):
    expected = stats.binomtest(hits, cases).proportion_ci(level, method="wilson")
    assert measures.share_interval(hits, cases, level) == pytest.approx(tuple(expected), abs=1e-6)


@pytest.mark.parametrize("sizes", [(3, 3), (2, 4), (5, 6), (2, 9)])
def test_a_permutation_test_is_exact_for_small_groups(sizes):
    first, second = (RNG.integers(0, 5, size).astype(float) for size in sizes)
    expected = stats.permutation_test(
        (first, second), lambda a, b, axis: abs(a.mean(axis) - b.mean(axis)),
        alternative="greater", vectorized=True, n_resamples=np.inf,
    ).pvalue  # fmt: skip
    assert measures.permutation_p(first, second) == pytest.approx(expected)
    assert measures.permutation_p(second, first) == pytest.approx(expected)


def test_a_permutation_test_draws_where_there_are_too_many_ways():
    first, second = RNG.normal(0, 1, 20), RNG.normal(1, 1, 20)
    p = measures.permutation_p(first, second)
    assert p == measures.permutation_p(first, second)
    assert p == pytest.approx(stats.ttest_ind(first, second).pvalue, abs=0.01)
    assert measures.permutation_p(first, first + 100) == pytest.approx(1 / 20_001)


def test_groups_that_are_alike_could_always_be_chance():
    assert measures.permutation_p([4, 4], [4, 4, 4]) == 1


def test_a_bootstrap_interval_is_near_scipys():
    values = RNG.normal(10, 3, 60)
    expected = stats.bootstrap((values,), np.mean, method="percentile", rng=1).confidence_interval
    assert measures.bootstrap_interval(values) == pytest.approx(tuple(expected), abs=0.1)
    low, high = measures.bootstrap_interval(values, np.median, level=0.5)
    assert low < np.median(values) < high
    assert measures.bootstrap_interval([3, 3, 3]) == (3, 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measures.difference_in_differences(1, 2, float("nan"), 3), "missing"),
        (lambda: measures.share_interval(5, 4), "5 of 4"),
        (lambda: measures.share_interval(0, 0), "0 of 0"),
        (lambda: measures.share_interval(1, 2, 0.7), "level"),
        (lambda: measures.bootstrap_interval([1]), "two values"),
        (lambda: measures.bootstrap_interval([1, 2], level=1), "level"),
        (lambda: measures.bootstrap_interval([1, float("nan")]), "missing"),
        (lambda: measures.bootstrap_interval([[1, 2], [3, 4]]), "one row"),
        (lambda: measures.permutation_p([], [1]), "group"),
    ],
)
def test_what_cannot_be_worked_out_is_said(call, words):
    with pytest.raises(ValueError, match=words):
        call()
