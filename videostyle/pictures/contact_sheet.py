"""One frame of a clip in every style, in one picture with names."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, sqrt
from pathlib import Path

import cv2
import numpy as np

from videostyle.backends.base import Backend
from videostyle.errors import DecodeError
from videostyle.files.target import check_target
from videostyle.frames import Size
from videostyle.pictures.labels import draw_text
from videostyle.pictures.picture import check_picture_name, write_picture
from videostyle.pictures.sheet_config import SheetConfig
from videostyle.pipeline.drive import drive, open_feed
from videostyle.pipeline.plan import FramesPlan, plan_frames
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.probe import VideoInfo, probe
from videostyle.video.shown import Shown

BACKGROUND = (20, 21, 24)
GAP, LABEL_ROWS, LETTERS = 8, 28, 18  # pixels

# Most pixels on a tile's longer side: a painting keeps its look, and a dozen fit on a screen.
TILE_SIDE = 480

# Width of the sheet divided by its height, roughly.
ASPECT = 1.5


@dataclass(frozen=True)
class SheetPlan:
    """Everything known before the first network is loaded.

    Attributes:
        target: the file to write.
        paintings: how each style paints the frame, by the name below it.
    """

    target: Path
    paintings: dict[str, FramesPlan]

    @property
    def frame(self) -> DecodePlan:
        """Which frame of which clip, and at which size."""
        return next(iter(self.paintings.values())).decode


@dataclass(frozen=True)
class ContactSheet:
    """What was written.

    Attributes:
        target: the file.
        at_s: time of the frame, in seconds from the clip's start.
        work_size: what the networks saw.
        size: of the whole picture.
        styles: the styles shown after the frame itself, row by row.
    """

    target: Path
    at_s: Fraction
    work_size: Size
    size: Size
    styles: tuple[str, ...]


def write_contact_sheet(
    source: str | Path,
    target: str | Path,
    config: SheetConfig | None = None,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
) -> ContactSheet:
    """Paint one frame of a clip in every style.

    Args:
        source: the video file or picture.
        target: the `.png` or `.jpg` to write; it appears whole or not at all.
        config: the settings.
        on_progress: called after each painting with the number of paintings so far.

    Raises:
        ConfigError: the settings contradict each other or the files.
        MediaError: the source can't be read.
        TargetError: the target exists already or can't be written.
        ModelError: a style can't be loaded or run.
    """
    return paint_sheet(plan_sheet(source, target, config or SheetConfig()), on_progress)


def plan_sheet(source: str | Path, target: str | Path, config: SheetConfig) -> SheetPlan:
    """Check source, target and settings; see `write_contact_sheet`."""
    source, target = Path(source), Path(target)
    check_picture_name(target)
    check_target(target, sources=[source], overwrite=config.overwrite)
    info = probe(source)
    shared = StylizeConfig(fps="source", size=config.size, start=_instant(info, config))
    return SheetPlan(
        target,
        {
            name: plan_frames(info, replace(shared, style=str(style.path)))
            for name, style in config.choose().items()
        },
    )


def paint_sheet(
    plan: SheetPlan, on_progress: Callable[[int], None] = lambda done: None
) -> ContactSheet:
    """Carry out a plan made by `plan_sheet`; see `write_contact_sheet`."""
    shown = first_frame(plan.frame)
    pictures = [("original", shown.frame)]
    for done, (name, each) in enumerate(plan.paintings.items(), 1):
        pictures.append((name, paint_frame(shown, each, each.open_backend())))
        on_progress(done)
    sheet = lay_out(pictures)
    write_picture(plan.target, sheet)
    return ContactSheet(
        plan.target,
        plan.frame.start_s,
        plan.frame.geometry.network,
        Size(sheet.shape[1], sheet.shape[0]),
        tuple(plan.paintings),
    )


def lay_out(pictures: Sequence[tuple[str, np.ndarray]]) -> np.ndarray:
    """Lay pictures out in rows, each above its name.

    Args:
        pictures: names, and uint8 [H, W, 3] pictures of one size.

    Returns:
        uint8 [H', W', 3].
    """
    tiles = [_tile(name, picture) for name, picture in pictures]
    rows, columns = tiles[0].shape[:2]
    across = min(len(tiles), ceil(sqrt(ASPECT * len(tiles) * rows / columns)))
    down = ceil(len(tiles) / across)
    sheet = np.full(
        (down * (rows + GAP) + GAP, across * (columns + GAP) + GAP, 3), BACKGROUND, np.uint8
    )
    for number, tile in enumerate(tiles):
        row, column = divmod(number, across)
        top, left = GAP + row * (rows + GAP), GAP + column * (columns + GAP)
        sheet[top : top + rows, left : left + columns] = tile
    return sheet


def _tile(name: str, picture: np.ndarray) -> np.ndarray:
    """A picture, scaled down, above a strip with its name."""
    height, width = picture.shape[:2]
    factor = min(1.0, TILE_SIDE / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    strip = np.full((LABEL_ROWS, size[0], 3), BACKGROUND, np.uint8)
    draw_text(strip, name, (2, (LABEL_ROWS - LETTERS) // 2 - 2), LETTERS)
    return np.concatenate([small, strip])


def _instant(info: VideoInfo, config: SheetConfig) -> Fraction:
    """Pictures, and clips of unknown length, are taken at their start."""
    if config.at_s is not None:
        return config.at_s
    return Fraction(0) if info.is_picture else (info.end_s or Fraction(0)) / 2


def first_frame(plan: DecodePlan) -> Shown:
    """The frame at a plan's start.

    Raises:
        DecodeError: there is none.
    """
    with open_feed(plan, [plan.rate]) as feed:
        for shown in feed:
            return shown
    raise DecodeError(f"{plan.info.path}: has no frame at {float(plan.start_s):.2f} s")


def paint_frame(shown: Shown, plan: FramesPlan, backend: Backend) -> np.ndarray:
    """One decoded frame in a style, uint8 [H, W, 3] at the network's size."""
    with closing(drive([shown], backend, plan)) as paintings:
        return next(paintings).painting
