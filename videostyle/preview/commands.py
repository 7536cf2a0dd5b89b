"""The commands that make a cell in full, ready to be pasted."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from videostyle.device.camera import SHAPES, Camera
from videostyle.frames import Size
from videostyle.models.styles import PACKAGE_SUFFIX
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.advice import short_first
from videostyle.preview.grid import Cell, Grid
from videostyle.video.rate import format_rate

# What all cells share, and what it is called on the command line.
SHARED = {
    "fit": "--fit",
    "strength": "--strength",
    "keep_color": "--keep-color",
    "backend": "--backend",
    "precision": "--precision",
    "keep_going": "--keep-going",
    "full_decode": "--full-decode",
    "sequence_rate": "--sequence-rate",
}

# Those of them that a preview takes too.
PREVIEWS = ("fit", "strength", "keep_color", "backend")


def stylize_command(grid: Grid, cell: Cell) -> str:
    """Paint the whole clip as in a cell."""
    rate = str(cell.rate) if cell.rate.denominator > 1 else format_rate(cell.rate)
    name = f"{_stem(grid)}-{_slug(cell.style)}-{short_first(cell.work)}-{_slug(rate)}fps.mp4"
    words = ["videostyle", str(grid.info.path), name, "--fps", rate]
    words += ["--size", cell.box, "--style", cell.style, *shared_options(cell.plan.config)]
    return shlex.join(words)


def shared_options(config: StylizeConfig, names: Sequence[str] = tuple(SHARED)) -> list[str]:
    """The options that differ from their defaults."""
    words = []
    for name in names:
        value = getattr(config, name)
        if value != getattr(StylizeConfig(), name):
            words += [SHARED[name]] if value is True else [SHARED[name], _plain(value)]
    return words


def convert_command(cell: Cell, size: Size) -> str | None:
    """Make a package of a cell's network for the phone; None if it is a package already.

    Args:
        cell: whose network.
        size: what it sees on the phone.
    """
    if is_package(cell):
        return None
    sides = short_first(size)
    name = f"{_slug(cell.style.split('/')[-1].removesuffix('.keras'))}-{sides}.mlpackage"
    words = ["videostyle", "convert", cell.style, "-o", name, "--size", sides]
    return shlex.join([*words, "--portrait"] if size.is_portrait else words)


def preview_command(grid: Grid) -> str:
    """Make this preview again; more is added to it."""
    config = grid.config
    words = ["videostyle", "preview", str(grid.info.path), "-o", str(grid.folder)]
    for flag, values in (("--fps", config.fps), ("--size", config.size), ("--style", config.style)):
        words += [flag, ",".join(_plain(value) for value in values)]
    words += ["--start", _plain(float(config.start_s)), "--duration", _plain(config.duration)]
    words += shared_options(config.stylize, PREVIEWS)
    return shlex.join(words)


def phone_size(cell: Cell, camera: Camera) -> Size:
    """What a cell's network sees on the phone; a package's size is fixed."""
    return cell.work if is_package(cell) else camera.size(cell.box, cell.work)


def shapes_of(camera: Camera) -> list[Camera]:
    """Those that a page offers, the user's own among them."""
    names = dict.fromkeys([*SHAPES[:-1], camera.name, SHAPES[-1]])
    return [Camera.parse(name) for name in names]


def is_package(cell: Cell) -> bool:
    return cell.style.endswith(PACKAGE_SUFFIX)


def _stem(grid: Grid) -> str:
    """Numbered pictures are named after their folder."""
    path = grid.info.path
    return (path.parent.name or "frames") if "%" in path.stem else path.stem


def _slug(word: str) -> str:
    name = Path(word).stem if word.endswith((".keras", PACKAGE_SUFFIX)) else word
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-") or "style"


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
