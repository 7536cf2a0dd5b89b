"""The contact sheet: one instant of the source and of all cells in one picture."""

import cv2
import numpy as np

from videostyle.frames import Size
from videostyle.pictures.labels import draw_text
from videostyle.pictures.picture import write_picture
from videostyle.preview.grid import Grid
from videostyle.preview.layout import BACKGROUND, GAP, LEFT, Layout, draw_labels, put
from videostyle.preview.stills import Crop, Stills, frame_at

SHEET = "contact-sheet.png"

# Rows of the part at its own size below each tile.
DETAIL_ROWS = 120


def write_sheet(grid: Grid, layout: Layout, stills: Stills) -> None:
    """Make the sheet of finished cells, each with a part at its own size below it."""
    columns = len(grid.config.fps)
    tall = Size(layout.tile.width, layout.tile.height + DETAIL_ROWS + GAP)
    cells = Layout(tall, columns, layout.rows)
    first = np.full((tall.height + GAP, cells.canvas.width, 3), BACKGROUND, np.uint8)
    draw_text(first, "source", (10, 4))
    source = frame_at(grid.source.target, stills.at_s)
    _put_still(first, (LEFT, 0), layout.tile, source, stills.crop)
    canvas = draw_labels(grid, grid.shown, cells)
    for number, cell in enumerate(grid.shown):
        frame = frame_at(cell.target, stills.at_s)
        _put_still(canvas, cells.corner(number), layout.tile, frame, stills.crop)
    write_picture(grid.folder / SHEET, np.concatenate([first, canvas]))


def _put_still(
    canvas: np.ndarray, corner: tuple[int, int], tile: Size, frame: np.ndarray, crop: Crop
) -> None:
    left, top = corner
    small = cv2.resize(frame, (tile.width, tile.height), interpolation=cv2.INTER_AREA)
    put(canvas, corner, small)
    part = crop.of(frame)[:DETAIL_ROWS, : tile.width]
    put(canvas, (left, top + tile.height + GAP), part)
