"""Pairs of frames to compare, equally far apart in time at every rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Comparison:
    """A comparison of two frames.

    Attributes:
        moved: how far the picture moved, in percent of its width.
        error: warping error of the paintings, or None if too little could be followed.
        source_error: the same of the frames that went into the network.
    """

    moved: float
    error: float | None = None
    source_error: float | None = None


@dataclass(frozen=True)
class Pair:
    """The frames of a rate that are as far apart as the interval.

    If the interval isn't a whole number of frames, it is between two such pairs, and the result is
    interpolated; otherwise a rate would look steady only because its frames are closer together.

    Attributes:
        first: number of the earlier frame.
        seconds: number of the later one; of two, if the interval ends between them.
        share: of the last of `seconds`, 0..1.
    """

    first: int
    seconds: tuple[int, ...]
    share: float

    @classmethod
    def at(cls, time_s: Fraction, interval_s: Fraction, rate: Fraction) -> "Pair":
        first, span = int(time_s * rate), interval_s * rate
        if span.denominator == 1:
            return cls(first, (first + int(span),), 1.0)
        return cls(first, (first + int(span), first + int(span) + 1), float(span % 1))

    def between(self, values: Sequence[float]) -> float:
        """The value at the interval's end, interpolated from its neighbours."""
        return values[0] * (1 - self.share) + values[-1] * self.share
