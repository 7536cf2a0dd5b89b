"""The numbers of painted cells, all taken at one size and over one interval of time.

The source is read once (`Reference`); cells are then compared with it while they are painted
(`Snapshots`), before any encoding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from videostyle.device.schedule import hold_times_ms, ideal_ticks
from videostyle.frames import Box, Fit, Size, fit_frame
from videostyle.metrics.detail import edge_agreement
from videostyle.metrics.flicker import LEAST_VALID_SHARE, follow, warping_error
from videostyle.metrics.judder import Judder, measure_judder, speed_of
from videostyle.pipeline.painting import Painted
from videostyle.preview.pair import Comparison, Pair

# Flicker is measured at this size: the flow of larger pictures takes longer and adds little.
FLICKER_BOX = Box(360, 640)

# Number of pairs of frames, spread over the clip, and number of pictures for the detail.
MOST_PAIRS = 12
MOST_PICTURES = 4


@dataclass(frozen=True)
class Numbers:
    """The measured quality of a cell.

    Attributes:
        flicker: warping error of the painting, levels in 0..1 squared; None if nothing could be
            followed.
        source_flicker: the same of the frames that went into the network.
        detail: agreement of edges with the source at the output size, -1..1.
        judder: how choppy motion is on a 60 Hz screen.
    """

    flicker: float | None
    source_flicker: float | None
    detail: float
    judder: Judder


@dataclass(frozen=True)
class Snapshot:
    """One frame that is measured.

    Attributes:
        ordinal: its number among the frames of its run.
        frame: as it was decoded, at the size for flicker.
        painting: the same frame painted, at the size for flicker.
        whole: the painting at its own size, or None if no detail is measured.
    """

    ordinal: int
    frame: np.ndarray
    painting: np.ndarray
    whole: np.ndarray | None


@dataclass(frozen=True)
class Wanted:
    """Which output frames of one rate are measured.

    Attributes:
        numbers: of the frames that are kept.
        whole: those of them whose detail is measured.
    """

    numbers: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()


class Snapshots:
    """Keeps the frames of a run that are to be measured, scaled down if that is enough."""

    def __init__(self, wanted: Mapping[Fraction | None, Wanted], size: Size) -> None:
        """Prepare for the first frame.

        Args:
            wanted: for each rate of the run, in their order; None is one that isn't measured.
            size: at which flicker is measured.
        """
        self._wanted = wanted
        self._size = size
        self._filled = dict.fromkeys(wanted, 0)
        self._ordinal = -1
        self._kept: dict[tuple[Fraction | None, int], Snapshot] = {}

    def take(self, painted: Painted) -> None:
        """Take one frame that went through the network."""
        self._ordinal += 1
        hits, needs_whole = set(), False
        for (rate, wanted), count in zip(self._wanted.items(), painted.counts, strict=True):
            shown = range(self._filled[rate], self._filled[rate] + count)
            self._filled[rate] += count
            hits |= {(rate, number) for number in wanted.numbers.intersection(shown)}
            needs_whole |= not wanted.whole.isdisjoint(shown)
        if hits:
            snapshot = Snapshot(
                self._ordinal,
                _at(painted.frame, self._size),
                _at(painted.painting, self._size),
                painted.painting if needs_whole else None,
            )
            self._kept |= dict.fromkeys(hits, snapshot)

    def get(self, rate: Fraction, number: int) -> Snapshot | None:
        """What was kept of an output frame; None if the clip was shorter."""
        return self._kept.get((rate, number))


class Reference:
    """The source's frames at the places that are measured, and how the picture moves there."""

    def __init__(
        self, rates: Sequence[Fraction], interval_s: Fraction, duration_s: Fraction, output: Size
    ) -> None:
        """Choose the places.

        Args:
            rates: the rates that cells have.
            interval_s: between the two frames of a pair.
            duration_s: of the clip.
            output: the size at which details are compared.
        """
        self.interval_s = interval_s
        self.duration_s = duration_s
        self.output = output
        self.snapshots = self.watch([None, *rates])
        self._flows: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = {}

    def watch(self, rates: Sequence[Fraction | None]) -> Snapshots:
        """What is to be kept of a run of these rates; None is one that isn't measured."""
        return Snapshots(
            {rate: Wanted() if rate is None else self._wanted(rate) for rate in rates},
            fit_frame(self.output, FLICKER_BOX, Fit.CONTAIN).scaled,
        )

    def measure(self, rate: Fraction, cell: Snapshots) -> Numbers:
        """The numbers of one cell.

        Args:
            rate: the cell's.
            cell: what was kept of its run.
        """
        flickers, source_flickers, speeds = [], [], []
        for pair in self._pairs(rate):
            found = [self._compare(rate, cell, pair.first, second) for second in pair.seconds]
            spans_s = [float((second - pair.first) / rate) for second in pair.seconds]
            speeds += [each.moved / span for each, span in zip(found, spans_s, strict=True) if each]
            whole = [each for each in found if each and each.error is not None]
            if len(whole) == len(found):
                flickers.append(pair.between([each.error or 0.0 for each in whole]))
                source_flickers.append(pair.between([each.source_error or 0.0 for each in whole]))
        return Numbers(
            _mean(flickers),
            _mean(source_flickers),
            self._detail(rate, cell),
            self._judder(rate, _mean(speeds) or 0.0),
        )

    def _wanted(self, rate: Fraction) -> Wanted:
        numbers = frozenset(n for pair in self._pairs(rate) for n in (pair.first, *pair.seconds))
        return Wanted(numbers, frozenset(self._pictures(rate)))

    def _both(
        self, rate: Fraction, cell: Snapshots, number: int
    ) -> tuple[Snapshot, Snapshot] | None:
        """The source's and the cell's snapshot of one output frame."""
        ours, theirs = self.snapshots.get(rate, number), cell.get(rate, number)
        return (ours, theirs) if ours and theirs else None

    def _compare(
        self, rate: Fraction, cell: Snapshots, first: int, second: int
    ) -> Comparison | None:
        """Two output frames of a cell; None if the clip was shorter than its header says."""
        ends = [self._both(rate, cell, number) for number in (first, second)]
        if not ends[0] or not ends[1]:
            return None
        (our_first, before), (our_second, after) = ends[0], ends[1]
        flow, valid = self._flow(our_first, our_second)
        moved = speed_of(flow, valid, 1.0)
        if valid.mean() < LEAST_VALID_SHARE:
            return Comparison(moved)
        return Comparison(
            moved,
            warping_error(before.painting, after.painting, flow, valid),
            warping_error(before.frame, after.frame, flow, valid),
        )

    def _pairs(self, rate: Fraction) -> list[Pair]:
        """The frames of a rate at the two ends of each interval, which all rates share."""
        intervals = max(1, int(self.duration_s / self.interval_s) - 1)
        step = -(-intervals // MOST_PAIRS)
        starts = [number * self.interval_s for number in range(0, intervals, step)]
        return [Pair.at(at, self.interval_s, rate) for at in starts]

    def _pictures(self, rate: Fraction) -> set[int]:
        numbers = sorted({pair.first for pair in self._pairs(rate)})
        return set(numbers[:: -(-len(numbers) // MOST_PICTURES)])

    def _flow(self, first: Snapshot, second: Snapshot) -> tuple[np.ndarray, np.ndarray]:
        """Cells of one rate share it, and often those of others."""
        key = first.ordinal, second.ordinal
        if key not in self._flows:
            self._flows[key] = follow(first.frame, second.frame)
        return self._flows[key]

    def _detail(self, rate: Fraction, cell: Snapshots) -> float:
        values = []
        for number in sorted(self._pictures(rate)):
            both = self._both(rate, cell, number)
            if both and both[0].whole is not None and both[1].whole is not None:
                values.append(
                    edge_agreement(_at(both[0].whole, self.output), _at(both[1].whole, self.output))
                )
        return _mean(values) or 0.0

    def _judder(self, rate: Fraction, speed_percent: float) -> Judder:
        ticks = ideal_ticks(rate, self.duration_s)
        changes = [0, *(n for n in range(1, len(ticks)) if ticks[n] != ticks[n - 1])]
        return measure_judder(
            hold_times_ms(changes) or (float(self.duration_s) * 1000,), speed_percent
        )


def _at(frame: np.ndarray, size: Size) -> np.ndarray:
    """A frame at another size: bilinear upwards, as the encoder does it, averaged downwards."""
    if frame.shape[1::-1] == (size.width, size.height):
        return frame
    method = cv2.INTER_AREA if frame.shape[1] > size.width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(frame, (size.width, size.height), interpolation=method))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
