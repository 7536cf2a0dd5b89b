"""Steps of a picture that moves at a known speed."""

from fractions import Fraction

import numpy as np
import pytest

from tests.metrics.test_flicker import moving, texture
from videostyle.device.schedule import hold_times_ms, ideal_ticks
from videostyle.metrics.flicker import follow
from videostyle.metrics.judder import measure_judder, speed_of


def holds(rate):
    ticks = ideal_ticks(Fraction(rate), Fraction(5))
    return hold_times_ms([0] + [n for n in range(1, len(ticks)) if ticks[n] != ticks[n - 1]])


@pytest.mark.parametrize(
    ("rate", "hold_ms", "spread_ms"),
    [(10, 100, 0), (15, 1000 / 15, 0), (24, 1000 / 24, 8.3), (30, 1000 / 30, 0)],
)
def test_only_rates_that_do_not_divide_the_screens_are_uneven(rate, hold_ms, spread_ms):
    judder = measure_judder(holds(rate), speed_percent=10)
    assert judder.hold_ms == pytest.approx(hold_ms, rel=0.01)
    assert judder.hold_spread_ms == pytest.approx(spread_ms, abs=0.1)
    assert judder.step_percent == pytest.approx(10 / rate, rel=0.01)


def test_speed_is_read_off_the_picture():
    """2 pixels of 160 in a tenth of a second are 12.5 % a second."""
    first, second = moving(texture(), step=2, count=2)
    assert speed_of(*follow(first, second), 0.1) == pytest.approx(12.5, rel=0.1)
    assert speed_of(np.ones((4, 4, 2)), np.zeros((4, 4), bool), 0.1) == 0


def test_nothing_shown_has_no_judder():
    with pytest.raises(ValueError, match="no frame"):
        measure_judder([], 1)
