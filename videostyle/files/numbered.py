"""Names of numbered pictures, such as `frames/%04d.png`."""

import re
from collections.abc import Iterable
from itertools import count, takewhile
from pathlib import Path

from videostyle.errors import SameFileError, TargetExistsError
from videostyle.files.suffixes import PICTURE_SUFFIXES

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


def run_of(pattern: Path) -> list[Path]:
    """The pictures that an earlier run has written: numbered from 1 without a gap.

    `IMG_%04d.png` would also print IMG_20240101.png, which no run has got to.

    Raises:
        OSError: the folder can't be read.
    """
    found = pictures_of(pattern)
    return [found[number] for number in takewhile(found.__contains__, count(1))]


def replaced_by(pattern: Path, frames: int | None) -> list[Path]:
    """The pictures that a run would replace: an earlier run's, and those that bear its numbers.

    Args:
        pattern: of the pictures to write.
        frames: how many these will be, or None if that isn't known.

    Returns:
        Them; none without a folder.
    """
    if not pattern.parent.is_dir():
        return []
    found = pictures_of(pattern)
    run = len(run_of(pattern))
    return [path for number, path in found.items() if frames is None or number <= max(run, frames)]


def check_pictures(
    pattern: Path, frames: int | None, *, sources: Iterable[Path] = (), overwrite: bool = False
) -> None:
    """See that numbered pictures can appear under a pattern's names.

    Args:
        pattern: of the pictures to write.
        frames: how many these will be, or None if that isn't known.
        sources: what they are made from, none of which they may replace.
        overwrite: replace what has their names.

    Raises:
        SameFileError: a source has a name that the pattern prints.
        TargetExistsError: there are such pictures, and they must not be replaced.
    """
    own = {path.resolve() for path in pictures_of(pattern).values()}
    if any(source.resolve() in own for source in sources):
        raise SameFileError(pattern, "prints names of the source's pictures; take another")
    if not overwrite and (found := replaced_by(pattern, frames)):
        raise TargetExistsError(pattern, f"exists already: {describe_pictures(found)}")


def describe_pictures(paths: list[Path]) -> str:
    """Such as `3 pictures, 0001.png to 0003.png`."""
    if len(paths) == 1:
        return f"1 picture, {paths[0].name}"
    return f"{len(paths)} pictures, {paths[0].name} to {paths[-1].name}"
