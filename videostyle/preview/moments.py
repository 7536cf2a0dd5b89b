"""The same part of the picture in every size, each pixel as it is shown, at moments of the clip."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from videostyle.pictures.picture import write_picture
from videostyle.preview.grid import Cell, Grid
from videostyle.preview.stills import JPEG_QUALITY, find_detail, frame_at

# Where in the part that is played, as shares of it.
PLACES = (Fraction(1, 6), Fraction(1, 2), Fraction(5, 6))


@dataclass(frozen=True)
class Moment:
    """One moment of the clip in every size.

    Attributes:
        at_s: seconds after the clip's start.
        source: the source's picture, in the preview's folder.
        rows: the picture of each style and size, in the order of the matrix.
    """

    at_s: float
    source: str
    rows: tuple[str, ...]


def write_moments(grid: Grid) -> list[Moment]:
    """Make the pictures of all moments from the finished cells, beside them."""
    # All rates of a size show the same picture: the first stands for them.
    cells = grid.shown[:: len(grid.config.fps)]
    return [_write(grid, cells, place, number) for number, place in enumerate(PLACES, start=1)]


def _write(grid: Grid, cells: tuple[Cell, ...], place: Fraction, number: int) -> Moment:
    at_s = place * grid.source.frames / grid.source.rate
    smallest = min(cells, key=lambda cell: cell.work.pixels)
    crop = find_detail(frame_at(smallest.target, at_s))
    names = []
    for cell in (grid.source, *cells):
        path = Path(f"{cell.target.with_suffix('')}-detail{number}.jpg")
        write_picture(path, crop.of(frame_at(cell.target, at_s)), JPEG_QUALITY)
        names.append(path.relative_to(grid.folder).as_posix())
    return Moment(float(grid.config.start_s + at_s), names[0], tuple(names[1:]))
