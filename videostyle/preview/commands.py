"""The commands that make a cell in full."""

import shlex

from videostyle.preview.grid import Cell, Grid
from videostyle.video.rate import format_rate


def stylize_command(grid: Grid, cell: Cell) -> str:
    """Paint the whole clip as in a cell."""
    config = cell.plan.config
    source = grid.info.path
    rate = str(cell.rate) if cell.rate.denominator > 1 else format_rate(cell.rate)
    words = [
        "videostyle",
        str(source),
        f"{source.stem}-{rate.replace('/', '-')}fps.mp4",
        "--fps",
        rate,
        "--size",
        cell.box,
        "--style",
        cell.style,
    ]
    if config.fit not in (None, "contain"):
        words += ["--fit", config.fit]
    if config.strength != 1:
        words += ["--strength", f"{config.strength:g}"]
    if config.keep_color:
        words.append("--keep-color")
    return shlex.join(words)


def convert_command(cell: Cell) -> str:
    """Make a package of a cell's network for the phone."""
    work = cell.work
    short, long = sorted((work.width, work.height))
    name = "".join(letter if letter.isalnum() else "-" for letter in cell.style.split("/")[-1])
    words = [
        "videostyle",
        "convert",
        cell.style,
        "-o",
        f"{name.removesuffix('-keras')}-{short}x{long}.mlpackage",
        "--size",
        f"{short}x{long}",
    ]
    return shlex.join([*words, "--portrait"] if work.is_portrait else words)
