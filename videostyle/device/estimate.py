"""How long a device takes for a frame of one size, and whether that keeps up with a rate.

Measured times are kept apart from published or assumed ones; multiply-adds alone never give a
verdict. The page's script calculates the same when its slider moves: both are tested with
tests/device/cases.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from videostyle.device.latency import Latency, percentile
from videostyle.frames import Size

# The share of the time between two frames that the slow frames (95th percentile) may take.
COMFORT = 0.8
SLOW_SHARE = 0.95


class Source(Enum):
    """Where a device's time comes from, the most certain first."""

    MEASURED = "measured"  # at exactly this size
    SCALED = "scaled"  # measured at another size of the same network, scaled by the pixels
    NUMBER = "number"  # one number for all frames: no slow ones, no warm phone
    ARTICLE = "article"  # the article's figure for its own architecture, scaled by the pixels
    PUBLISHED = "published"  # somebody's figure for another network
    ASSUMED = "assumed"  # an assumption
    ROUGH = "rough"  # by multiply-adds, across architectures: no verdict
    UNKNOWN = "unknown"


class Verdict(Enum):
    """Whether a device keeps up with a rate."""

    HOLDS = "holds"  # 95th percentile at most 80 % of the time between two frames
    MARGINAL = "marginal"  # at most all of it
    DROPS = "drops"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Times:
    """How long a network takes for frames of one size.

    Attributes:
        source: how that is known.
        size: what the network saw.
        samples_ms: milliseconds per frame in order; one that stands for all.
        note: for the reader.
    """

    source: Source
    size: Size
    samples_ms: tuple[float, ...]
    note: str = ""

    @classmethod
    def of(cls, latency: Latency) -> "Times":
        """The time from a latency file or number."""
        if latency.measured:
            return cls(Source.MEASURED, latency.size, latency.samples_ms, latency.details)
        return cls(Source.NUMBER, latency.size, latency.samples_ms)

    @property
    def slow_ms(self) -> float:
        """The 95th percentile."""
        return percentile(self.samples_ms, SLOW_SHARE)

    @property
    def is_trusted(self) -> bool:
        """Whether it is certain enough for a verdict."""
        return self.source not in (Source.ROUGH, Source.UNKNOWN)


@dataclass(frozen=True)
class Estimate:
    """A device's times for one network at one size.

    Attributes:
        source: where they come from.
        samples_ms: milliseconds per frame in order; one that stands for all; none if unknown.
        note: for the reader.
    """

    source: Source
    samples_ms: tuple[float, ...] = ()
    note: str = ""

    @property
    def median_ms(self) -> float | None:
        return percentile(self.samples_ms, 0.5) if self.samples_ms else None

    @property
    def slow_ms(self) -> float | None:
        """The 95th percentile."""
        return percentile(self.samples_ms, SLOW_SHARE) if self.samples_ms else None

    @property
    def is_trusted(self) -> bool:
        return self.source not in (Source.ROUGH, Source.UNKNOWN)

    def verdict(self, rate: Fraction) -> Verdict:
        """Whether the device keeps up with frames per second."""
        slow_ms = self.slow_ms
        if not self.is_trusted or slow_ms is None:
            return Verdict.UNKNOWN
        budget_ms = float(1000 / rate)
        if slow_ms <= COMFORT * budget_ms:
            return Verdict.HOLDS
        return Verdict.MARGINAL if slow_ms <= budget_ms else Verdict.DROPS


def estimate_at(times: Sequence[Times], size: Size) -> Estimate:
    """A device's times at a size, scaled by the pixels from the nearest known size.

    Args:
        times: of one device and one network; none gives an unknown estimate.
        size: what the network sees; its orientation doesn't matter.
    """
    if not times:
        return Estimate(Source.UNKNOWN, note="not measured on this device")
    nearest = min(times, key=lambda each: abs(each.size.pixels - size.pixels))
    if {nearest.size.width, nearest.size.height} == {size.width, size.height}:
        return Estimate(nearest.source, nearest.samples_ms, nearest.note)
    factor = size.pixels / nearest.size.pixels
    samples = tuple(sample * factor for sample in nearest.samples_ms)
    scaled = f"scaled by the pixels from {nearest.size}"
    if nearest.source is Source.MEASURED:
        return Estimate(Source.SCALED, samples, scaled)
    return Estimate(nearest.source, samples, f"{nearest.note}; {scaled}")


def room_for(times: Sequence[Times], rate: Fraction, share: float = COMFORT) -> int:
    """The most pixels whose slow frames take no more than a share of the time between two frames.

    Args:
        times: of one device and one network.
        rate: frames per second.
        share: of 1 / rate.

    Returns:
        0 if nothing certain is known.
    """
    known = sorted((each for each in times if each.is_trusted), key=lambda each: each.size.pixels)
    limit_ms = share * float(1000 / rate)
    room = 0
    for number, each in enumerate(known):
        # Each counts for the sizes that are nearer to it than to its neighbours.
        low = (known[number - 1].size.pixels + each.size.pixels) / 2 if number else 0
        high = (
            (each.size.pixels + known[number + 1].size.pixels) / 2
            if number + 1 < len(known)
            else float("inf")
        )
        pixels = min(high, each.size.pixels * limit_ms / each.slow_ms)
        if pixels >= low:
            room = max(room, int(pixels))
    return room
