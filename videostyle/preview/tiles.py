"""All cells in one video, so that they are in step by construction.

It runs at the screen's 60 Hz; a cell's picture changes at the ticks at which a viewer would see it
change. The page shows what a device would from the same video, by drawing each tile later.
"""

import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil

import numpy as np

from videostyle.device.schedule import SCREEN_RATE, ideal_ticks
from videostyle.frames import Size
from videostyle.preview.grid import Cell, Grid
from videostyle.preview.layout import Layout, draw_labels, put
from videostyle.preview.preview_config import PRESET
from videostyle.preview.stills import read_frames
from videostyle.video.codecs import EncodeConfig
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder

TILES = "grid.mp4"
GRID_CRF = 27


def write_tiles(
    grid: Grid, layout: Layout, duration_s: Fraction, on_share: Callable[[float], None]
) -> None:
    """Make the tiled video of finished cells.

    Args:
        grid: all of whose cells are finished.
        layout: where each cell is.
        duration_s: of the clip.
        on_share: called with the share that is done, 0..1.
    """
    steps = len(grid.cells) + SCREEN_RATE  # decoding a clip weighs as much as a second of encoding
    with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
        tiles = []
        for number, cell in enumerate(grid.cells):
            tiles.append(_load(cell, layout.tile, f"{folder}/{number}"))
            on_share((number + 1) / steps)
        _encode(grid, layout, duration_s, tiles, on_share)


def _encode(
    grid: Grid,
    layout: Layout,
    duration_s: Fraction,
    tiles: list[np.ndarray],
    on_share: Callable[[float], None],
) -> None:
    canvas = draw_labels(grid, grid.cells, layout)
    config = EncodeConfig(codec="h264", crf=GRID_CRF, preset=PRESET, audio=False)
    plan = EncodePlan(
        grid.folder / TILES, layout.canvas, layout.canvas, Fraction(SCREEN_RATE), config
    )
    ticks = ceil(duration_s * SCREEN_RATE)
    with Encoder(plan) as encoder:
        for tick, frames in enumerate(_frames_at_ticks(grid, duration_s)):
            for number, frame in enumerate(frames):
                if tick == 0 or frame is not None:
                    last = len(tiles[number]) - 1
                    put(canvas, layout.corner(number), tiles[number][min(frame or 0, last)])
            encoder.write(canvas)
            on_share(tick / ticks)


def _frames_at_ticks(grid: Grid, duration_s: Fraction) -> Iterator[list[int | None]]:
    """For each tick the number of each cell's new frame, or None where the old one stays."""
    shown = [ideal_ticks(cell.rate, duration_s) for cell in grid.cells]
    standing: list[int] = [-1] * len(shown)
    for frames in zip(*shown, strict=True):
        yield [None if frame == old else frame for frame, old in zip(frames, standing, strict=True)]
        standing = list(frames)


def _load(cell: Cell, tile: Size, path: str) -> np.ndarray:
    """A clip's frames at the tile's size, uint8 [N, H, W, 3], on disk: all cells would be much."""
    count = 0
    with open(path, "wb") as file:
        for frame in read_frames(cell.target, tile):
            file.write(frame.data)
            count += 1
    return np.memmap(path, np.uint8, "r", shape=(count, tile.height, tile.width, 3))
