"""What is shown when, against a second, plainer model of the rule."""

from fractions import Fraction

import pytest

from videostyle.device.schedule import ideal_ticks, simulate

# Time in the model goes in whole steps that 15, 30 and 60 Hz and whole even milliseconds share.
STEPS_PER_S = 1500
SECONDS = 4

# A phone that jitters, then heats up: 60 ms, slowly 50 % slower, every seventh frame late.
RECORDED = tuple((60 + n / 2 + (24 if n % 7 == 3 else 0)) // 2 * 2 for n in range(60))


def model(samples_ms, rate, capture_rate):
    """Walk through time step by step: the number on the screen at each tick of 60 Hz."""
    interval, period = STEPS_PER_S // rate, STEPS_PER_S // capture_rate
    busy_with, done_at, last_interval, count, on_screen, waiting = None, 0, -1, 0, None, None
    screen = []
    for now in range(SECONDS * STEPS_PER_S):
        if busy_with is not None and now >= done_at:
            waiting, busy_with = busy_with, None
        if now % period == 0 and busy_with is None and now // interval > last_interval:
            busy_with, last_interval = now // period, now // interval
            done_at = now + int(samples_ms[count % len(samples_ms)] * STEPS_PER_S) // 1000
            count += 1
        if now % (STEPS_PER_S // 60) == 0:
            on_screen = waiting if waiting is not None else on_screen
            screen.append(on_screen)
    return screen, count


@pytest.mark.parametrize("capture_rate", [15, 30])
@pytest.mark.parametrize(
    "samples",
    [(60.0,), (66.0,), (68.0,), (80.0,), (200.0,), RECORDED],
    ids=["60", "66", "68", "80", "200", "recorded"],
)
def test_the_schedule_follows_the_rule(samples, capture_rate):
    schedule = simulate(samples, Fraction(15), Fraction(SECONDS), Fraction(capture_rate))
    screen, count = model(samples, 15, capture_rate)
    assert list(schedule.captures) == screen
    assert schedule.taken == count
    assert schedule.dropped_share == pytest.approx(1 - count / (15 * SECONDS))


@pytest.mark.parametrize(
    ("latency", "capture_rate", "shown_rate"),
    [
        (60, 15, 15),
        (66, 15, 15),
        (68, 15, 7.5),
        (80, 15, 7.5),
        (200, 15, 5),
        (60, 30, 15),
        (66, 30, 15),
        (68, 30, 10),
        (80, 30, 10),
        (200, 30, 5),
    ],
)
def test_the_rates_that_are_left_are_those_one_works_out_by_hand(latency, capture_rate, shown_rate):
    """68 ms misses every second capture at 15, but only every third chance at 30."""
    schedule = simulate([latency], Fraction(15), Fraction(SECONDS), Fraction(capture_rate))
    assert schedule.shown_rate == pytest.approx(shown_rate)


def test_a_frame_is_late_by_its_latency_and_the_wait_for_the_screen():
    schedule = simulate([66.0], Fraction(15), Fraction(1))
    assert schedule.captures[:9] == (None, None, None, None, 0, 0, 0, 0, 1)
    assert schedule.median_latency_ms == pytest.approx(4000 / 60)


def test_more_than_the_target_rate_is_never_shown():
    """A network of 5 ms could paint each of 60 captures a second."""
    schedule = simulate([5.0], Fraction(15), Fraction(2), Fraction(60))
    assert schedule.shown_rate == pytest.approx(15)
    assert schedule.dropped_share == 0


def test_a_recording_that_heats_up_drops_more_and_more():
    schedule = simulate(RECORDED, Fraction(15), Fraction(4), Fraction(30))
    changes = [len(set(schedule.captures[s * 60 : s * 60 + 60])) for s in range(4)]
    assert changes[0] > changes[3]


def test_without_a_device_every_frame_comes_in_time():
    assert ideal_ticks(Fraction(24), Fraction(1))[:8] == [0, 0, 0, 1, 1, 2, 2, 2]
