"""How much the data lets us say of a rate: so many people guided in a field hour.

A count of events varies by chance as a Poisson count does. Byar's approximation gives
limits of 95 % that differ from the exact ones (Garwood, Biometrika 28, 1936) by at most
0.03 of one event: N. E. Breslow & N. E. Day, Statistical Methods in Cancer Research,
vol. II, IARC 1987, p. 69. Where visits differ more than chance alone makes them differ,
the limits are widened by the dispersion seen (quasi-likelihood: R. W. M. Wedderburn,
Biometrika 61, 1974).
"""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

Z = NormalDist().inv_cdf(0.975)
# Of so few visits one cannot tell how much visits differ.
FEWEST_TO_COMPARE = 3


class Interval(NamedTuple):
    """A rate and the limits between which the data cannot tell apart."""

    rate: float
    low: float
    high: float


def rate_of(count, exposure, dispersion=1.0):
    """The rate of `count` events over `exposure` with its limits of 95 %.

    None without exposure. `dispersion` is 1 when chance alone makes visits differ.
    """
    if exposure <= 0:
        return None
    low, high = _limits(count / dispersion)
    scale = dispersion / exposure
    return Interval(count / exposure, low * scale, high * scale)


def dispersion_of(visits):
    """How many times more visits differ than chance explains, at least 1.

    `visits` are pairs of events and exposure. Pearson's chi-square over its degrees.
    """
    known = [(events, exposure) for events, exposure in visits if exposure > 0]
    events = sum(events for events, _exposure in known)
    if len(known) < FEWEST_TO_COMPARE or events <= 0:
        return 1.0
    rate = events / sum(exposure for _events, exposure in known)
    chi_square = sum((n - rate * t) ** 2 / (rate * t) for n, t in known)
    return max(1.0, chi_square / (len(known) - 1))


def _limits(count):
    """The lower and upper limit of the mean behind a count, which may be a fraction."""
    return _cube(count, -1), _cube(count + 1, 1)


def _cube(count, side):
    if count <= 0:
        return 0.0
    root = 1 - 1 / (9 * count) + side * Z / (3 * sqrt(count))
    return count * max(0.0, root) ** 3
