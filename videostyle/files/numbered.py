"""Names of numbered pictures, such as `frames/%04d.png`."""

import re
from pathlib import Path

PICTURE_SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".exr", ".dpx", ".ppm", ".tga",
    ".qoi", ".jxl",
)  # fmt: skip

NUMBER = re.compile(r"%(?:0(\d))?d")


def is_pattern(path: Path) -> bool:
    """Whether a name is a pattern for numbered pictures; `%d.mp4` is an ordinary name."""
    return bool(NUMBER.search(path.name)) and path.suffix.lower() in PICTURE_SUFFIXES


def numbered(pattern: Path, number: int) -> Path:
    """The file name that a pattern gives for a number."""
    digits = str(number)
    return pattern.with_name(
        NUMBER.sub(lambda found: digits.zfill(int(found[1] or 0)), pattern.name)
    )


def pictures_of(pattern: Path) -> dict[int, Path]:
    """The files that match a pattern, by their numbers in ascending order.

    `%04d` prints 0007 but not 7, so a file with 7 in its name isn't one of its pictures.

    Raises:
        OSError: the folder can't be read.
    """
    before, *_, after = NUMBER.split(pattern.name)
    name = re.compile(f"{re.escape(before)}([0-9]+){re.escape(after)}", re.DOTALL)
    found = {
        int(match[1]): path
        for path in pattern.parent.iterdir()
        if (match := name.fullmatch(path.name)) and path == numbered(pattern, int(match[1]))
    }
    return dict(sorted(found.items()))
