"""The same part of the picture in every size, each pixel as it is shown, at moments of the clip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from videostyle.pictures.picture import write_picture
from videostyle.preview.grid import Cell, Grid
from videostyle.preview.stills import JPEG_QUALITY, Crop, find_detail, frame_at

# Where in the part that is played, as shares of it.
PLACES = (Fraction(1, 6), Fraction(1, 2), Fraction(5, 6))


@dataclass(frozen=True)
class Moment:
    """One moment of the clip in every size.

    Attributes:
        at_s: seconds after the clip's start.
        source: the source's picture, in the preview's folder.
        rows: the picture of each style and size, in the order of the matrix; None for one of which
            no cell is finished.
    """

    at_s: float
    source: str
    rows: tuple[str | None, ...]

    @property
    def names(self) -> list[str]:
        """All files."""
        return [self.source, *(name for name in self.rows if name)]


def write_moments(grid: Grid, is_done: Callable[[Cell], bool]) -> list[Moment]:
    """Make the pictures of all moments from the finished cells, beside them.

    Args:
        grid: of the cells.
        is_done: whether a cell is finished; at least one must be.
    """
    columns = len(grid.config.fps)
    rows = [grid.shown[at : at + columns] for at in range(0, len(grid.shown), columns)]
    # All rates of a size show the same picture: the first stands for them.
    cells = [next(filter(is_done, row), None) for row in rows]
    return [_write(grid, cells, place, number) for number, place in enumerate(PLACES, start=1)]


def _write(grid: Grid, cells: Sequence[Cell | None], place: Fraction, number: int) -> Moment:
    at_s = place * grid.source.frames / grid.source.rate
    smallest = min(filter(None, cells), key=lambda cell: cell.work.pixels)
    crop = find_detail(frame_at(smallest.target, at_s))
    source, *rows = (
        _write_detail(grid, cell, crop, at_s, number) if cell else None
        for cell in (grid.source, *cells)
    )
    assert source
    return Moment(float(grid.config.start_s + at_s), source, tuple(rows))


def _write_detail(grid: Grid, cell: Cell, crop: Crop, at_s: Fraction, number: int) -> str:
    path = Path(f"{cell.target.with_suffix('')}-detail{number}.jpg")
    write_picture(path, crop.of(frame_at(cell.target, at_s)), JPEG_QUALITY)
    return path.relative_to(grid.folder).as_posix()
