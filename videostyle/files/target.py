"""Checks on a target, before any work is done for it."""

from collections.abc import Iterable
from pathlib import Path

from videostyle.errors import NoFolderError, SameFileError, TargetError, TargetExistsError


def check_target(target: Path, *, sources: Iterable[Path] = (), overwrite: bool = False) -> None:
    """Check that a file may be written under a name.

    Args:
        target: the file to write.
        sources: what it is made from, which it must not replace.
        overwrite: an existing file may be replaced.

    Raises:
        SameFileError: it is one of the sources.
        NoFolderError: its folder is missing.
        TargetExistsError: it exists and must not be replaced.
        TargetError: it is a folder.
    """
    check_folder(target)
    for source in sources:
        if target == source or (target.exists() and source.exists() and target.samefile(source)):
            raise SameFileError(target)
    if target.is_dir():
        raise TargetError(target, "is a folder; name a file in it")
    if target.exists() and not overwrite:
        raise TargetExistsError(target)


def check_folder(target: Path) -> None:
    """Check that the folder of a target exists.

    Raises:
        NoFolderError: it doesn't.
    """
    if not target.absolute().parent.is_dir():
        raise NoFolderError(target)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents.

    Raises:
        TargetError: it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError(folder, f"can't be made: {error.strerror or error}") from error
