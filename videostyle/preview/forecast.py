"""How long a preview will take, and its progress."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from videostyle.backends.base import Backend
from videostyle.device.schedule import SCREEN_RATE
from videostyle.preview.grid import Cell, Grid
from videostyle.preview.layout import plan_layout
from videostyle.preview.moments import PLACES

# Typical costs on two ordinary cores, if nothing better is known; for the forecast only.
ENCODE_S_PER_PIXEL = 9e-9
DECODE_S_PER_PIXEL = 3e-9
BYTES_PER_PIXEL = 0.011
CELL_S = 0.6  # of a cell's poster, measures and place in the contact sheet
MOMENT_S = 0.2  # of the picture of one size at one moment
START_S = 1.0  # of what is made once


@dataclass(frozen=True)
class Forecast:
    """What a preview will take.

    Attributes:
        cells: clips in the matrix.
        reused: those that exist already.
        frames: frames to paint.
        seconds: wall time, roughly; None if the network isn't needed and wasn't tried.
        megabytes: of the folder, roughly.
    """

    cells: int
    reused: int
    frames: int
    seconds: float | None
    megabytes: float


@dataclass(frozen=True)
class PreviewProgress:
    """The progress of a preview.

    Attributes:
        stage: `source`, `cells` or `tiles`: what is being made.
        share: of the whole work, 0 to 1.
        frames: painted so far.
        frames_total: frames to paint.
    """

    stage: str
    share: float
    frames: int
    frames_total: int


class Stopwatch:
    """A backend that records how long the network alone took."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.name, self.description = backend.name, backend.description
        self.samples_ms: list[float] = []

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        began = time.perf_counter()
        styled = self._backend.stylize(frames)
        taken_ms = (time.perf_counter() - began) * 1000
        self.samples_ms += [taken_ms / len(frames)] * len(frames)
        return styled


def make_forecast(grid: Grid, missing: list[Cell], backend: Stopwatch | None) -> Forecast:
    """Try the network on its smallest picture, and estimate the rest by the pixels."""
    rows = list(grid.rows(missing)) if missing else []
    painted = [(row[0].work.pixels, max(cell.frames for cell in row)) for row in rows]
    encoded = sum(cell.frames for cell in missing) * grid.output.pixels
    seconds = None
    if backend is not None:
        work = rows[0][0].work
        picture = np.zeros((1, work.height, work.width, 3), np.uint8)
        for _ in range(3):
            backend.stylize(picture)
        pixel_s = min(backend.samples_ms) / 1000 / work.pixels
        seconds = (
            sum(pixels * frames for pixels, frames in painted) * pixel_s
            + encoded * ENCODE_S_PER_PIXEL * 1.5
            + len(missing) * CELL_S
            + _tiles_s(grid)
            + len(PLACES) * (1 + len(grid.shown) / len(grid.config.fps)) * MOMENT_S
            + START_S
        )
    everything = sum(cell.frames for cell in grid.shown) * grid.output.pixels
    return Forecast(
        len(grid.shown),
        len(grid.cells) - len(missing),
        sum(frames for _, frames in painted),
        seconds,
        everything * BYTES_PER_PIXEL / 1e6 + 4,
    )


def _tiles_s(grid: Grid) -> float:
    """The tiled video: decode every clip once more, encode one; devices cost nothing."""
    decoded = sum(cell.frames for cell in grid.cells) * grid.output.pixels * DECODE_S_PER_PIXEL
    ticks = float(grid.config.duration_s) * SCREEN_RATE
    return decoded + ticks * plan_layout(grid).canvas.pixels * ENCODE_S_PER_PIXEL


class Meter:
    """The progress of the whole, by the pixels that the network has to paint."""

    SOURCE_SHARE, TILES_SHARE = 0.05, 0.1

    def __init__(
        self,
        grid: Grid,
        missing: list[Cell],
        on_progress: Callable[[PreviewProgress], None] | None,
    ) -> None:
        self._tell = on_progress or (lambda progress: None)
        painted = [
            (row[0].work.pixels, max(cell.frames for cell in row)) for row in grid.rows(missing)
        ]
        self._total = sum(pixels * frames for pixels, frames in painted) or 1
        self._frames, self._frames_total = 0, sum(frames for _, frames in painted)
        self._stage = "source"
        self._source_frames = grid.source.frames or 1
        self._source = self._painted = self._tiles = 0.0

    def add_source(self) -> None:
        self._source = min(1.0, self._source + 1 / self._source_frames)
        self._show()

    def add(self, cell: Cell) -> None:
        self._stage, self._frames = "cells", self._frames + 1
        self._painted = min(1.0, self._painted + cell.work.pixels / self._total)
        self._show()

    def add_tiles(self, share: float) -> None:
        self._stage, self._source, self._painted, self._tiles = "tiles", 1.0, 1.0, share
        self._show()

    def finish(self) -> None:
        self.add_tiles(1.0)

    def _show(self) -> None:
        rest = 1 - self.SOURCE_SHARE - self.TILES_SHARE
        share = (
            self._source * self.SOURCE_SHARE + self._painted * rest + self._tiles * self.TILES_SHARE
        )
        self._tell(PreviewProgress(self._stage, share, self._frames, self._frames_total))
