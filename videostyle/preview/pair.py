"""Two frames that are held against each other, as far apart at every rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Comparison:
    """Two frames held against each other.

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

    An interval that is no whole number of frames lies between two such pairs, and what is measured
    between what they give: else a rate would look steady only because its frames are nearer.

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
        """What the interval's end would give of what its neighbours do."""
        return values[0] * (1 - self.share) + values[-1] * self.share
