"""How far a training is, over all its runs."""

import time

import pytest

from videostyle.train import schedule as room
from videostyle.train.schedule import Schedule
from videostyle.train.train_config import TrainConfig


@pytest.fixture
def clock(monkeypatch):
    """A clock that is set by hand."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def schedule(**settings):
    return Schedule(TrainConfig("p.jpg", ("photos",), **settings))


def run(schedule, steps):
    """Which of the next steps are milestones."""
    return [
        number for _ in range(steps) if (number := schedule.count_step()) and schedule.is_milestone
    ]


def test_steps_are_counted_on_after_a_resume():
    first = schedule(steps=10, measure_every=4)
    assert run(first, 5) == [4]
    second = schedule(steps=10, measure_every=4)
    second.restore(first.state())
    assert (second.steps, second.done) == (5, 0.5)
    assert run(second, 5) == [8, 10]
    assert second.is_over


def test_the_clock_leaves_out_what_the_first_step_compiles(clock):
    first = schedule(minutes=1)
    clock[0] += 50
    first.count_step()
    clock[0] += 15
    first.count_step()
    assert first.done == pytest.approx(0.25)
    assert first.is_milestone
    assert first.steps_per_s == pytest.approx(1 / 15)
    clock[0] += 15
    second = schedule(minutes=1)
    second.restore(first.state())
    clock[0] += 50
    second.count_step()
    assert second.done == pytest.approx(0.5)
    assert second.seconds == pytest.approx(130)
    clock[0] += 30
    second.count_step()
    assert second.steps_per_s == pytest.approx(1 / 30)
    assert second.is_over
    assert second.is_milestone


def test_the_learning_rate_rises_and_falls():
    course = schedule(steps=1000, learning_rate=1e-3)
    rates = []
    while not course.is_over:
        rates.append(course.learning_rate)
        course.count_step()
    peak = rates.index(max(rates))
    assert peak == pytest.approx(room.WARM_UP_STEPS, abs=3)
    assert rates[0] == pytest.approx(1e-3 / room.WARM_UP_STEPS)
    assert rates[500] == pytest.approx(5e-4)
    assert rates[-1] < 1e-5
