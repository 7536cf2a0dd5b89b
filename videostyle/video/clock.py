"""How a clip's pictures follow each other, read from the times of the first of them.

A file's header says less than it seems to. Its tick may be much finer than the clock that the times
were taken by (a recording in Matroska, to the millisecond, copied into MP4), and its average rate
counts pauses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

from videostyle.video.rate import FASTEST, format_rate

# How many pictures are looked at, and how many bytes: those of film studios are large.
SAMPLE_PICTURES = 150
SAMPLE_BYTES = 16_000_000

# Pictures come in the order of decoding; the last ones read may stand before ones not yet read.
REORDERED = 5

# Clocks that times are rounded to: GIF's, QuickTime's, Matroska's and FLV's.
COARSE_CLOCKS_S = (Fraction(1, 100), Fraction(1, 600), Fraction(1, 1000))

# A gap between pictures is a usual one up to this share of it, or their rounding.
USUAL = Fraction(1, 20)

# This share of the gaps has to be usual; else the average says more.
MOSTLY = Fraction(3, 5)

NEARLY_ALL = Fraction(9, 10)

STANDARD_RATES = (
    *(Fraction(rate * 1000, 1001) for rate in (24, 30, 60, 120)),
    *map(Fraction, (10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 72, 75, 90, 100, 120, 144, 240)),
)


@dataclass(frozen=True)
class Clock:
    """The times of a clip's pictures.

    Attributes:
        rate: frames per second at which they mostly come.
        tolerance_s: by how much times may be off, so that frames are chosen that much earlier.
        average: frames per second over the whole, where that is another rate; else None.
    """

    rate: Fraction
    tolerance_s: Fraction
    average: Fraction | None = None

    @property
    def notice(self) -> str:
        """What the user should know; empty for a clip of one rate."""
        if self.average is None:
            return ""
        return (
            f"the frame rate varies: mostly {format_rate(self.rate)} fps, "
            f"{format_rate(self.average)} on average"
        )


def read_clock(ticks: Sequence[int], stream: Any) -> Clock | None:
    """Find out a clip's clock.

    Args:
        ticks: times of its first pictures, in the order of the file.
        stream: their stream of PyAV's, with the header's rates.

    Returns:
        The clock; None if neither header nor times say a rate.
    """
    tick_s = Fraction(stream.time_base)
    believable = [
        Fraction(rate)
        for rate in (stream.average_rate, stream.base_rate)
        if rate and 0 < rate <= FASTEST
    ]
    times = sorted(set(ticks))
    times = times[:-REORDERED] if len(times) > 2 * REORDERED else times
    gaps = [after - before for before, after in pairwise(times)]
    rounding_s = _rounding(times, gaps, tick_s)
    rate = _usual_rate([gap * tick_s for gap in gaps], rounding_s, believable)
    if rate is None:
        return None
    # Where a tick is so long (AVI: one frame) that times number the frames, they are exact.
    tolerance_s = Fraction(0) if tick_s * rate * 2 >= 1 else rounding_s
    average = stream.average_rate if believable and believable[0] == stream.average_rate else None
    varies = average is not None and abs(rate - average) > rate * USUAL
    return Clock(rate, tolerance_s, Fraction(average) if average and varies else None)


def _rounding(times: Sequence[int], gaps: Sequence[int], tick_s: Fraction) -> Fraction:
    """What times were rounded to: a tick of the file, or of a coarser clock before it."""
    for clock_s in COARSE_CLOCKS_S:
        if clock_s > tick_s and _is_rounded(times, gaps, tick_s, clock_s):
            return clock_s
    return tick_s


def _is_rounded(
    times: Sequence[int], gaps: Sequence[int], tick_s: Fraction, clock_s: Fraction
) -> bool:
    """Whether times are whole ticks of a clock that made gaps of one length into two."""
    if not gaps:
        return False
    usual = median(gaps)
    alike = [gap for gap in gaps if abs(gap - usual) * tick_s <= clock_s + tick_s]
    if len(alike) < len(gaps) * MOSTLY or max(alike) - min(alike) <= 1:
        return False
    middle = times[len(times) // 2]  # the first may be moved to where the clip was cut
    offsets_s = [(time - middle) * tick_s for time in times]
    whole = [
        offset
        for offset in offsets_s
        if abs(offset - round(offset / clock_s) * clock_s) <= tick_s / 2
    ]
    return len(whole) >= len(times) * NEARLY_ALL


def _usual_rate(
    gaps_s: Sequence[Fraction], rounding_s: Fraction, header: Sequence[Fraction]
) -> Fraction | None:
    """The rate at which pictures mostly come; the header's own word for it, if it has one."""
    if not gaps_s:
        return next(iter(header), None)
    usual_s = median(gaps_s)
    slack_s = max(rounding_s, usual_s * USUAL)
    alike = [gap for gap in gaps_s if abs(gap - usual_s) <= slack_s]
    if len(alike) < len(gaps_s) * MOSTLY:
        return header[0] if header else _nearest(sum(gaps_s, Fraction(0)) / len(gaps_s))
    mean_s = sum(alike, Fraction(0)) / len(alike)
    # Rounded times that follow each other are off by one rounding at both ends together.
    return _exact(mean_s, 2 * rounding_s / len(alike), slack_s, header)


def _exact(
    gap_s: Fraction, error_s: Fraction, slack_s: Fraction, header: Sequence[Fraction]
) -> Fraction | None:
    """The rate that a gap, known up to an error, means: a usual one, the header's, or its own."""
    said = [rate for rate in header if abs(1 / rate - gap_s) <= slack_s]
    usual = sorted(STANDARD_RATES, key=lambda rate: abs(1 / rate - gap_s))
    for rate in (*(rate for rate in said if rate in STANDARD_RATES), usual[0]):
        if abs(1 / rate - gap_s) <= error_s:
            return rate
    return said[0] if said else _nearest(gap_s)


def _nearest(gap_s: Fraction) -> Fraction | None:
    """A usual rate within half a percent, else the gap's own; None if no clock tells so many."""
    rate = min(STANDARD_RATES, key=lambda rate: abs(rate * gap_s - 1))
    if abs(rate * gap_s - 1) < Fraction(1, 200):
        return rate
    return None if 1 / gap_s > FASTEST else (1 / gap_s).limit_denominator(1001)
