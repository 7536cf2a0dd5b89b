"""The record of one finished cell."""

from dataclasses import dataclass, replace
from fractions import Fraction

from videostyle.device.latency import percentile
from videostyle.pipeline.result import StylizeResult
from videostyle.preview.grid import CLIPS, Cell
from videostyle.preview.measures import Numbers


@dataclass(frozen=True)
class CellRecord:
    """What is known of one finished cell; docs/formats.md says the same of the file.

    Attributes:
        style: as the user named it; empty for the source itself.
        box: the size as the user gave it.
        rate: frames per second, exact.
        work: what the network saw, WIDTHxHEIGHT.
        clip: its file, in the folder.
        frames: how many the file has.
        bytes: of the file.
        network_ms: milliseconds of the network per frame on this machine, median.
        network_slow_ms: the 95th percentile.
        backend: what ran the network.
        flicker: warping error over the report's interval, levels in 0..1 squared.
        source_flicker: the same of the frames that went into the network.
        detail: agreement of edges with the source, -1..1.
        step_percent: how far the picture moves between two frames, percent of its width.
        hold_ms: how long a frame stays on a 60 Hz screen, mean.
        hold_spread_ms: standard deviation of that.
        key: identifies clip, settings and model.
    """

    style: str
    box: str
    rate: str
    work: str
    clip: str
    frames: int
    bytes: int
    key: str
    backend: str = ""
    network_ms: float | None = None
    network_slow_ms: float | None = None
    flicker: float | None = None
    source_flicker: float | None = None
    detail: float | None = None
    step_percent: float | None = None
    hold_ms: float | None = None
    hold_spread_ms: float | None = None

    @property
    def bit_rate(self) -> int:
        """Bits per second."""
        return round(self.bytes * 8 * Fraction(self.rate) / self.frames)


def record_cell(
    cell: Cell, result: StylizeResult, samples_ms: list[float], numbers: Numbers | None
) -> CellRecord:
    """Write down what came of a cell."""
    # The first frame builds the network's graph for this size.
    warm = samples_ms[1:] or samples_ms
    record = CellRecord(
        style=cell.style,
        box=cell.box,
        rate=str(cell.rate),
        work=str(cell.work),
        clip=f"{CLIPS}/{cell.target.name}",
        frames=result.frames,
        bytes=cell.target.stat().st_size,
        key=cell.key,
        backend=result.backend,
        network_ms=rounded(percentile(warm, 0.5), 2) if warm else None,
        network_slow_ms=rounded(percentile(warm, 0.95), 2) if warm else None,
    )
    if numbers is None:
        return record
    judder = numbers.judder
    return replace(
        record,
        flicker=rounded(numbers.flicker, 7),
        source_flicker=rounded(numbers.source_flicker, 7),
        detail=rounded(numbers.detail, 4),
        step_percent=rounded(judder.step_percent, 3),
        hold_ms=rounded(judder.hold_ms, 2),
        hold_spread_ms=rounded(judder.hold_spread_ms, 2),
    )


def rounded(value: float | None, digits: int) -> float | None:
    """A number as the report holds it."""
    return None if value is None else round(value, digits)
