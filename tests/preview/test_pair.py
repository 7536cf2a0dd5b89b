"""Frames that are as far apart at every rate."""

from fractions import Fraction

import pytest

from videostyle.preview.pair import Pair

INTERVAL = Fraction(1, 10)


@pytest.mark.parametrize(
    ("rate", "seconds"), [(10, (1,)), (30, (3,)), (15, (1, 2)), (24, (2, 3)), (25, (2, 3))]
)
def test_an_interval_lies_between_its_neighbours(rate, seconds):
    """What grows with the time between two frames comes out alike at every rate."""
    pair = Pair.at(Fraction(0), INTERVAL, Fraction(rate))
    assert pair.seconds == seconds
    assert pair.between([second / rate for second in seconds]) == pytest.approx(0.1)


def test_all_rates_begin_at_the_same_instants():
    assert Pair.at(Fraction(1, 2), INTERVAL, Fraction(24)).first == 12
    assert Pair.at(Fraction(1, 2), INTERVAL, Fraction(15)).first == 7
