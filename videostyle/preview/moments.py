"""The same part of the picture in every size, each pixel as it is shown, at moments of the clip.

The part that is played is one scene of many: two more moments, far from it, show what the style
makes of the others.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.pictures.picture import write_picture
from videostyle.pipeline.plan import plan_clip, plan_frames
from videostyle.pipeline.stylize import run_plans
from videostyle.preview.grid import Cell, Grid
from videostyle.preview.stills import JPEG_QUALITY, Crop, Stills, find_detail, frame_at

# Where else to look, as shares of the clip.
PLACES = (Fraction(1, 6), Fraction(1, 2), Fraction(5, 6))
MOMENTS = 3


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


def choose_moments(grid: Grid, stills: Stills) -> list[Fraction]:
    """The middle of the part that is played, and the places of the clip farthest from it."""
    middle = grid.config.start_s + stills.at_s
    end_s = grid.info.end_s or Fraction(0)
    others = [place * end_s for place in PLACES if _is_outside(place * end_s, grid)]
    farthest = sorted(others, key=lambda at_s: abs(at_s - middle), reverse=True)[: MOMENTS - 1]
    return sorted([middle, *farthest])


def write_moments(grid: Grid, stills: Stills) -> list[Moment]:
    """Make the pictures of all moments beside the finished cells."""
    # All rates of a size show the same picture: the first stands for them.
    cells = list(grid.shown[:: len(grid.config.fps)])
    moments = choose_moments(grid, stills)
    frames = {cell.key: list(_frames(grid, stills, cell, moments)) for cell in cells}
    frames[grid.source.key] = list(_frames(grid, stills, grid.source, moments))
    made = []
    for number, at_s in enumerate(moments):
        smallest = min(cells, key=lambda cell: cell.work.pixels)
        crop = find_detail(frames[smallest.key][number])
        names = [
            _write(cell, number, crop, frames[cell.key][number], grid.folder)
            for cell in (grid.source, *cells)
        ]
        made.append(Moment(float(at_s), names[0], tuple(names[1:])))
    return made


def _is_outside(at_s: Fraction, grid: Grid) -> bool:
    start_s = grid.config.start_s
    return not start_s <= at_s <= start_s + grid.config.duration_s


def _write(cell: Cell, number: int, crop: Crop, frame: np.ndarray, folder: Path) -> str:
    path = cell.target.with_name(f"{cell.target.stem}-detail{number + 1}.jpg")
    write_picture(path, crop.of(frame), JPEG_QUALITY)
    return path.relative_to(folder).as_posix()


def _frames(
    grid: Grid, stills: Stills, cell: Cell, moments: list[Fraction]
) -> Iterator[np.ndarray]:
    """A cell's frames as they are shown: from its clip, or painted for this picture alone."""
    backend: Backend | None = None
    for at_s in moments:
        if not _is_outside(at_s, grid):
            yield frame_at(cell.target, at_s - grid.config.start_s)
            continue
        backend = backend or cell.plan.open_backend()
        config = replace(cell.plan.config, start=at_s, duration=1 / cell.rate)
        with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
            plan = plan_clip(plan_frames(grid.info, config), Path(folder) / "frame.mp4")
            run_plans([plan], backend)
            yield frame_at(plan.encode.target, Fraction(0))
