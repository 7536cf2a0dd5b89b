"""All cells in one picture: a tiled video for each mode, and a contact sheet.

One video shows every cell, so that they are in step by construction. It runs at the screen's 60 Hz;
a cell's picture changes at the ticks at which a viewer would see it change.
"""

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import cv2
import numpy as np

from videostyle.device.schedule import SCREEN_RATE, ideal_ticks
from videostyle.frames import Box, Fit, Size, fit_frame
from videostyle.pictures.labels import draw_text
from videostyle.pictures.picture import write_picture
from videostyle.preview.devices import Device
from videostyle.preview.grid import Cell, Grid
from videostyle.preview.preview_config import PRESET
from videostyle.preview.report import Report
from videostyle.preview.stills import Crop, Stills, frame_at, read_frames
from videostyle.video.codecs import EncodeConfig
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder
from videostyle.video.rate import format_rate

LEFT, TOP, GAP = 104, 36, 4
BACKGROUND = (20, 21, 24)
SHEET = "contact-sheet.png"

# Pixels of a tile's longer side; above four columns they get smaller.
TILE_SIDE, SMALL_TILE_SIDE, MOST_LARGE_COLUMNS = 320, 240, 4

GRID_CRF = 27

# How much is left of a picture that a device's verdict is unknown for.
DIMMED = 0.3

# Rows of the part at its own size in the contact sheet.
SHEET_DETAIL_ROWS = 120


@dataclass(frozen=True)
class Layout:
    """Where the tiles are.

    Attributes:
        tile: size of each, even.
        columns: rates.
        rows: styles and sizes.
    """

    tile: Size
    columns: int
    rows: int

    @property
    def canvas(self) -> Size:
        return Size(
            LEFT + self.columns * (self.tile.width + GAP),
            TOP + self.rows * (self.tile.height + GAP),
        ).made_even()

    def corner(self, number: int) -> tuple[int, int]:
        """Left and top of the tile of the cell with this number, from 0."""
        row, column = divmod(number, self.columns)
        return LEFT + column * (self.tile.width + GAP), TOP + row * (self.tile.height + GAP)

    def as_json(self) -> dict[str, Any]:
        return {
            "canvas": str(self.canvas),
            "tile": str(self.tile),
            "left": LEFT,
            "top": TOP,
            "gap": GAP,
            "columns": self.columns,
            "rows": self.rows,
        }


def plan_layout(grid: Grid) -> Layout:
    columns = len(grid.config.fps)
    side = TILE_SIDE if columns <= MOST_LARGE_COLUMNS else SMALL_TILE_SIDE
    tile = fit_frame(grid.output, Box(side, side), Fit.CONTAIN).scaled.made_even()
    return Layout(tile, columns, len(grid.shown) // columns)


def write_tiles(
    grid: Grid, report: Report, stills: Stills, on_share: Callable[[float], None]
) -> dict[str, Any]:
    """Make the tiled videos and the contact sheet of finished cells.

    Args:
        grid: all of whose cells are finished.
        report: for the devices and their schedules.
        stills: for the instant and the part that the sheet shows.
        on_share: called with the share that is done, 0..1.

    Returns:
        The report's entries about them. A device of which nothing certain is known gets no video.
    """
    layout = plan_layout(grid)
    with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
        tiles = {
            cell.key: _load(cell, layout.tile, f"{folder}/{number}")
            for number, cell in enumerate(grid.cells)
        }
        modes: list[Device | None] = [None, *report.devices]
        videos = []
        for number, device in enumerate(modes):
            on_share(number / (len(modes) + 1))
            if device and not any(report.schedule(device, cell) for cell in grid.shown):
                videos.append({"device": device.name, "video": None})
                continue
            name = "grid.mp4" if device is None else f"grid-{_slug(device.name, number)}.mp4"
            shows = [_showing(cell, device, grid, report) for cell in grid.shown]
            _write_video(grid, layout, name, shows, tiles, report.duration_s)
            videos.append({"device": device.name if device else None, "video": name})
    _write_sheet(grid, layout, stills)
    return {"layout": layout.as_json(), "modes": videos, "sheet": SHEET}


@dataclass(frozen=True)
class Showing:
    """What one cell shows in one mode.

    Attributes:
        key: of the cell whose frames are shown.
        frames: the number of the frame at each tick.
        dimmed: nothing certain is known.
    """

    key: str
    frames: Sequence[int]
    dimmed: bool = False


def _showing(cell: Cell, device: Device | None, grid: Grid, report: Report) -> Showing:
    schedule = report.schedule(device, cell) if device else None
    if schedule is None:
        return Showing(cell.key, ideal_ticks(cell.rate, report.duration_s), device is not None)
    camera = next(
        other
        for other in grid.cells
        if (other.style, other.box, other.rate) == (cell.style, cell.box, schedule.capture_rate)
    )
    # Before the first result there is nothing to see; in a loop that would be a black flash.
    return Showing(camera.key, [capture or 0 for capture in schedule.captures])


def _load(cell: Cell, tile: Size, path: str) -> np.ndarray:
    """A clip's frames at the tile's size, uint8 [N, H, W, 3], on disk: all cells would be much."""
    count = 0
    with open(path, "wb") as file:
        for frame in read_frames(cell.target, tile):
            file.write(frame.data)
            count += 1
    return np.memmap(path, np.uint8, "r", shape=(count, tile.height, tile.width, 3))


def _write_video(
    grid: Grid,
    layout: Layout,
    name: str,
    shows: Sequence[Showing],
    tiles: dict[str, np.ndarray],
    duration_s: Fraction,
) -> None:
    canvas = _labelled(grid, layout)
    plan = EncodePlan(
        grid.folder / name,
        layout.canvas,
        layout.canvas,
        Fraction(SCREEN_RATE),
        EncodeConfig(codec="h264", crf=GRID_CRF, preset=PRESET, audio=False),
    )
    standing = [-1] * len(shows)
    with Encoder(plan) as encoder:
        for tick in range(ceil(duration_s * SCREEN_RATE)):
            for number, show in enumerate(shows):
                frames = tiles[show.key]
                frame = min(show.frames[tick], len(frames) - 1)
                if frame != standing[number]:
                    standing[number] = frame
                    picture = frames[frame]
                    _put(
                        canvas,
                        layout.corner(number),
                        (picture * DIMMED).astype(np.uint8) if show.dimmed else picture,
                    )
            encoder.write(canvas)


def _labelled(grid: Grid, layout: Layout) -> np.ndarray:
    """The picture without its tiles: rates across, sizes down."""
    canvas = np.full((layout.canvas.height, layout.canvas.width, 3), BACKGROUND, np.uint8)
    for column, cell in enumerate(grid.shown[: layout.columns]):
        left, _ = layout.corner(column)
        draw_text(canvas, f"{format_rate(cell.rate)} fps", (left, 8))
    for row in range(layout.rows):
        cell = grid.shown[row * layout.columns]
        _, top = layout.corner(row * layout.columns)
        draw_text(canvas, str(cell.work), (10, top + 4))
        if len(grid.config.style) > 1:
            draw_text(canvas, cell.style[-14:], (10, top + 26), size=12)
    return canvas


def _write_sheet(grid: Grid, layout: Layout, stills: Stills) -> None:
    """The same instant of the source and all cells, each with a part at its own size below it."""
    tall = Size(layout.tile.width, layout.tile.height + SHEET_DETAIL_ROWS + GAP)
    cells = Layout(tall, layout.columns, layout.rows)
    first = np.full((tall.height + GAP, cells.canvas.width, 3), BACKGROUND, np.uint8)
    draw_text(first, "source", (10, 4))
    _put_still(
        first, (LEFT, 0), layout.tile, frame_at(grid.source.target, stills.at_s), stills.crop
    )
    canvas = _labelled(grid, cells)
    for number, cell in enumerate(grid.shown):
        _put_still(
            canvas,
            cells.corner(number),
            layout.tile,
            frame_at(cell.target, stills.at_s),
            stills.crop,
        )
    write_picture(grid.folder / SHEET, np.concatenate([first, canvas]))


def _put_still(
    canvas: np.ndarray, corner: tuple[int, int], tile: Size, frame: np.ndarray, crop: Crop
) -> None:
    left, top = corner
    small = cv2.resize(frame, (tile.width, tile.height), interpolation=cv2.INTER_AREA)
    _put(canvas, corner, small)
    part = crop.of(frame)[:SHEET_DETAIL_ROWS, : tile.width]
    _put(canvas, (left, top + tile.height + GAP), part)


def _put(canvas: np.ndarray, corner: tuple[int, int], picture: np.ndarray) -> None:
    left, top = corner
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture


def _slug(name: str, number: int) -> str:
    """A name that any file system and any address takes; the number keeps two apart."""
    return f"{number}-{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-').lower() or 'device'}"
