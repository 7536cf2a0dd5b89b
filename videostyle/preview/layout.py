"""Where each cell is in a picture of all: rates across, sizes down."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from videostyle.frames import Box, Fit, Size, fit_frame
from videostyle.pictures.labels import draw_text
from videostyle.preview.grid import Cell, Grid
from videostyle.video.rate import format_rate

LEFT, TOP, GAP = 104, 36, 4
BACKGROUND = (20, 21, 24)

# A tile's longer side in pixels is that of the smallest size, so that none is shown smaller than
# it was painted; but the whole must stay a video that a phone decodes.
LEAST_SIDE, MOST_SIDE = 320, 480
LARGEST = Size(3840, 2160)


@dataclass(frozen=True)
class Layout:
    """Where the tiles are.

    Attributes:
        tile: size of each, even.
        columns: rates, the camera's own at the end if it isn't among them.
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
        """Left and top of the tile with this number, from 0."""
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
    """The layout of a grid's cells, those for the camera alone among them."""
    rows = len(grid.shown) // len(grid.config.fps)
    columns = len(grid.cells) // rows
    smallest = min(max(cell.work.width, cell.work.height) for cell in grid.cells)
    side = min(MOST_SIDE, max(LEAST_SIDE, smallest))
    while True:
        tile = fit_frame(grid.output, Box(side, side), Fit.CONTAIN).scaled.made_even()
        layout = Layout(tile, columns, rows)
        canvas = layout.canvas
        if side <= 16 or (canvas.width <= LARGEST.width and canvas.height <= LARGEST.height):
            return layout
        side -= 16


def draw_labels(grid: Grid, cells: tuple[Cell, ...], layout: Layout) -> np.ndarray:
    """The picture without its tiles, uint8 [H, W, 3]."""
    canvas = np.full((layout.canvas.height, layout.canvas.width, 3), BACKGROUND, np.uint8)
    for column, cell in enumerate(cells[: layout.columns]):
        left, _ = layout.corner(column)
        draw_text(canvas, f"{format_rate(cell.rate)} fps", (left, 8))
    for row in range(layout.rows):
        cell = cells[row * layout.columns]
        _, top = layout.corner(row * layout.columns)
        draw_text(canvas, str(cell.work), (10, top + 4))
        if len(grid.config.style) > 1:
            draw_text(canvas, cell.style[-14:], (10, top + 26), size=12)
    return canvas


def put(canvas: np.ndarray, corner: tuple[int, int], picture: np.ndarray) -> None:
    """Lay a picture into a larger one."""
    left, top = corner
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
