"""Single pictures of a cell: its poster, and where it has most to look at."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from videostyle.frames import Box, Fit, Size, fit_frame
from videostyle.pictures.picture import write_picture
from videostyle.preview.grid import Cell, Grid
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.probe import probe

POSTER_BOX = Box(270, 480)
DETAIL = Size(256, 240)
JPEG_QUALITY = 82


@dataclass(frozen=True)
class Crop:
    """A part of a picture, in pixels."""

    left: int
    top: int
    size: Size

    def of(self, frame: np.ndarray) -> np.ndarray:
        return frame[
            self.top : self.top + self.size.height, self.left : self.left + self.size.width
        ]


def poster_name(clip: str) -> str:
    return clip.removesuffix(".mp4") + ".jpg"


class Stills:
    """Takes the pictures of a grid's cells, all of one instant and one part."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.at_s = Fraction(grid.source.frames, 2) / grid.source.rate

    @cached_property
    def crop(self) -> Crop:
        """Where the painting has most strokes; the smallest cell must be finished."""
        first = next(self._grid.rows())[0]
        return find_detail(frame_at(first.target, self.at_s))

    def write(self, cell: Cell) -> None:
        """Take the poster of a finished clip, beside it."""
        frame = frame_at(cell.target, self.at_s)
        size = fit_frame(self._grid.output, POSTER_BOX, Fit.CONTAIN).scaled
        poster = cv2.resize(frame, (size.width, size.height), interpolation=cv2.INTER_AREA)
        write_picture(Path(poster_name(str(cell.target))), poster, JPEG_QUALITY)


def find_detail(frame: np.ndarray) -> Crop:
    """The part of a frame, uint8 [H, W, 3], that has most edges."""
    height, width = frame.shape[:2]
    size = Size(min(DETAIL.width, width), min(DETAIL.height, height))
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
    edges = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    # Sums over every window at once; the anchor at its corner makes an index a position.
    sums = cv2.boxFilter(edges, -1, (size.width, size.height), anchor=(0, 0))
    sums = sums[: height - size.height + 1, : width - size.width + 1]
    top, left = np.unravel_index(int(np.argmax(sums)), sums.shape)
    return Crop(int(left), int(top), size)


def frame_at(path: Path, time_s: Fraction) -> np.ndarray:
    """The frame of a finished clip that stands at a time, uint8 [H, W, 3]."""
    info = probe(path)
    last_s = (info.end_s or time_s) - 1 / info.rate
    at_s = max(Fraction(0), min(time_s, last_s))
    with closing(read_frames(path, info.size, at_s)) as frames:
        return next(frames)


def read_frames(
    path: Path, size: Size, start_s: Fraction = Fraction(0)
) -> Generator[np.ndarray, None, None]:
    """The frames of a finished clip at a size, uint8 [H, W, 3]."""
    info = probe(path)
    box = Box(*sorted((size.width, size.height)))
    with Decoder(
        DecodePlan(info, fit_frame(info.size, box, Fit.STRETCH), info.rate, start_s)
    ) as decoder:
        yield from (shown.frame for shown in decoder)
