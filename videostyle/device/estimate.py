"""How long a device takes for a frame of one size, and whether that keeps up with a rate.

What is known is told apart from what is guessed: only measurements, and the article's one figure
within its own architecture, carry a verdict.
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
    """Where a device's time comes from, the surest first."""

    MEASURED = "measured"  # at this very size
    SCALED = "scaled"  # measured at another size of the same network, by the pixels
    NUMBER = "number"  # one number: no jitter, no heat
    ARTICLE = "article"  # the article's figure for its own architecture, by the pixels
    ROUGH = "rough"  # by multiply-adds over architectures: no verdict
    UNKNOWN = "unknown"


class Verdict(Enum):
    """Whether a device keeps up with a rate."""

    HOLDS = "holds"  # 95th percentile at most 80 % of the time between two frames
    MARGINAL = "marginal"  # at most all of it
    DROPS = "drops"
    UNKNOWN = "unknown"


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


def estimate_from(latencies: Sequence[Latency], size: Size) -> Estimate:
    """A device's times at a size, from what was measured of the same network.

    Args:
        latencies: of one device and one network; none gives an unknown estimate.
        size: what the network sees; its orientation doesn't matter.
    """
    if not latencies:
        return Estimate(Source.UNKNOWN, note="not measured on this device")
    nearest = min(latencies, key=lambda each: abs(each.size.pixels - size.pixels))
    factor = size.pixels / nearest.size.pixels
    if {nearest.size.width, nearest.size.height} == {size.width, size.height}:
        if nearest.measured:
            return Estimate(Source.MEASURED, nearest.samples_ms, nearest.details)
        return Estimate(Source.NUMBER, nearest.samples_ms, "one number: no jitter, no heat")
    samples = tuple(sample * factor for sample in nearest.samples_ms)
    note = f"scaled by the pixels from {nearest.size}"
    if nearest.measured:
        return Estimate(Source.SCALED, samples, note)
    return Estimate(Source.NUMBER, samples, f"one number: no jitter, no heat; {note}")
