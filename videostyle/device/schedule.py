"""What a viewer would see of a live filter: which frame is shown when.

The rule: the camera delivers capture i at time i / capture rate. The network works on one frame at
a time. It takes a capture if it is idle and the capture is due, that is, the first one it can take
in a new interval of the target rate; all other captures are dropped. A result appears at the first
tick of the screen after the network is done with it, and stays until the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from videostyle.device.latency import percentile

SCREEN_RATE = 60  # ticks per second


@dataclass(frozen=True)
class Schedule:
    """Which capture is shown at which tick.

    Attributes:
        captures: the number of the capture at each tick, or None before the first result.
        rate: target frames per second.
        capture_rate: captures per second.
        due: intervals of the target rate that a capture fell into.
        taken: captures that the network took.
        latencies_ms: from capture to screen, for each frame that was shown.
        holds_ms: how long each frame stayed, except the first and the last, which are cut off.
    """

    captures: tuple[int | None, ...]
    rate: Fraction
    capture_rate: Fraction
    due: int
    taken: int
    latencies_ms: tuple[float, ...]
    holds_ms: tuple[float, ...]

    @property
    def dropped_share(self) -> float:
        """Share of the target's frames that were dropped, 0..1."""
        return 1 - self.taken / self.due

    @property
    def shown_rate(self) -> float:
        """Shown frames per second, from how long they stayed; the screen's ticks add none."""
        if self.holds_ms:
            return min(float(self.rate), 1000 * len(self.holds_ms) / sum(self.holds_ms))
        shown = {capture for capture in self.captures if capture is not None}
        return len(shown) * SCREEN_RATE / len(self.captures)

    @property
    def median_latency_ms(self) -> float | None:
        return percentile(self.latencies_ms, 0.5) if self.latencies_ms else None


def simulate(
    samples_ms: Sequence[float],
    rate: Fraction,
    duration_s: Fraction,
    capture_rate: Fraction | None = None,
) -> Schedule:
    """Simulate a live filter.

    Args:
        samples_ms: milliseconds of the network, used in order, and from the start again when they
            run out.
        rate: target frames per second.
        duration_s: how long, above 0.
        capture_rate: captures per second, or None for the target rate.
    """
    capture_rate = capture_rate or rate
    taken, due = _take(samples_ms, rate, duration_s, capture_rate)
    ticks = ceil(duration_s * SCREEN_RATE)
    # A result that would appear at the same tick as a later one is never shown.
    first_tick = {ceil(ready_s * SCREEN_RATE): capture for capture, ready_s in taken}
    captures: list[int | None] = []
    standing: int | None = None
    for tick in range(ticks):
        standing = first_tick.get(tick, standing)
        captures.append(standing)
    changes = sorted(tick for tick in first_tick if tick < ticks)
    latencies = tuple(
        float((Fraction(tick, SCREEN_RATE) - first_tick[tick] / capture_rate) * 1000)
        for tick in changes
    )
    return Schedule(
        tuple(captures), rate, capture_rate, due, len(taken), latencies, hold_times_ms(changes)
    )


def ideal_ticks(rate: Fraction, duration_s: Fraction) -> list[int]:
    """The frame shown at each tick if every frame comes in time."""
    return [
        floor(Fraction(tick, SCREEN_RATE) * rate) for tick in range(ceil(duration_s * SCREEN_RATE))
    ]


def hold_times_ms(changes: Sequence[int]) -> tuple[float, ...]:
    """Milliseconds between the ticks at which the picture changes."""
    return tuple((after - before) * 1000 / SCREEN_RATE for before, after in pairwise(changes))


def _take(
    samples_ms: Sequence[float], rate: Fraction, duration_s: Fraction, capture_rate: Fraction
) -> tuple[list[tuple[int, Fraction]], int]:
    """The captures that the network takes, with the time each is done, and how many were due."""
    taken: list[tuple[int, Fraction]] = []
    intervals = set()
    free_s, last_interval = Fraction(0), -1
    for capture in range(ceil(duration_s * capture_rate)):
        time_s = capture / capture_rate
        interval = floor(time_s * rate)
        intervals.add(interval)
        if time_s >= free_s and interval > last_interval:
            latency_s = _in_microseconds(samples_ms[len(taken) % len(samples_ms)])
            free_s, last_interval = time_s + latency_s, interval
            taken.append((capture, free_s))
    return taken, len(intervals)


def _in_microseconds(milliseconds: float) -> Fraction:
    """Seconds in whole millionths, so that the page's script calculates exactly too."""
    return Fraction(floor(milliseconds * 1000 + 0.5), 1_000_000)
