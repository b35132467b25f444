"""The limits of a rate: near the exact ones, around the rate, closer with more data."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rinnalla.statistics.review.interval import dispersion_of, rate_of

SLOW = HealthCheck.too_slow  # a busy machine, not a heavy draw
COUNTS = st.integers(0, 5000)
HOURS = st.floats(0.1, 5000)
DISPERSIONS = st.floats(1, 20)
CALM = settings(max_examples=200, deadline=None, suppress_health_check=[SLOW])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 10, 40, 200, 3000])
def test_it_works_near_the_exact_limits(count):
    from scipy.stats import chi2

    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0
    high = chi2.ppf(0.975, 2 * count + 2) / 2
    made = rate_of(count, 1)
    assert made.low == pytest.approx(low, abs=0.03)
    assert made.high == pytest.approx(high, abs=0.03)


@CALM
@given(COUNTS, HOURS, DISPERSIONS)
def test_the_rate_is_within_its_limits(count, hours, dispersion):
    made = rate_of(count, hours, dispersion)
    assert 0 <= made.low <= made.rate < made.high
    assert made.rate == count / hours


@CALM
@given(st.integers(1, 500), HOURS, st.integers(2, 50))
def test_more_of_the_same_says_more(count, hours, times):
    little, much = rate_of(count, hours), rate_of(count * times, hours * times)
    assert much.low > little.low
    assert much.high < little.high


@CALM
@given(st.integers(1, 500), HOURS, st.floats(1.01, 20))
def test_visits_that_differ_say_less(count, hours, dispersion):
    plain, wide = rate_of(count, hours), rate_of(count, hours, dispersion)
    assert wide.high - wide.low > plain.high - plain.low


@pytest.mark.parametrize("hours", [0, -1])
def test_nothing_to_divide_by(hours):
    assert rate_of(5, hours) is None


def test_visits_alike_differ_no_more_than_chance():
    assert dispersion_of([(2, 120)] * 10) == 1


def test_one_good_day_among_empty_ones_is_seen():
    assert dispersion_of([(0, 120)] * 9 + [(20, 120)]) == pytest.approx(20)


@pytest.mark.parametrize(
    "visits", [[], [(3, 60), (0, 60)], [(0, 60)] * 5, [(5, 0)] * 5]
)
def test_too_little_to_compare(visits):
    assert dispersion_of(visits) == 1
