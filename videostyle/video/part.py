"""The hidden file, or folder, that a target is written to until it is whole.

It lies beside the target and bears its name, so that a later run of the same target cleans up
after one that was killed; a lock, which ends with its process, tells the two cases apart.
"""

import contextlib
import os
import shutil
from pathlib import Path
from typing import Protocol

from videostyle.errors import EncodeError
from videostyle.files.lock import Lock
from videostyle.video.source_file import NUMBER, is_pattern

# Bytes of a name that file systems take, less what is put around it.
_LONGEST_STEM = 200


class Part(Protocol):
    """What becomes the target.

    Attributes:
        url: what ffmpeg writes to: a path, or a pattern of pictures.
    """

    url: Path

    def is_there(self) -> bool:
        """Whether what is written now can still become the target."""
        ...

    def commit(self) -> None:
        """Give it the target's name.

        Raises:
            EncodeError: that can't be done.
        """
        ...

    def discard(self) -> None:
        """Remove what is left of it; after `commit` nothing."""
        ...


def open_part(target: Path) -> Part:
    """Begin a target.

    Raises:
        EncodeError: nothing can be written there, or another run is writing it.
    """
    return PartFolder(target) if is_pattern(target) else PartFile(target)


class PartFile:
    """One file."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.url = target.with_name(f".{_short(target.stem)}.part{target.suffix}")
        self._lock = Lock(self.url, target)
        if self._lock.had_content:
            self._begin_anew(target)

    def is_there(self) -> bool:
        return self._lock.is_of(self.url)

    def commit(self) -> None:
        try:
            self._lock.flush()
            os.replace(self.url, self._target)
        except OSError as error:
            raise EncodeError(f"{self._target}: can't be written: {error.strerror}") from error

    def discard(self) -> None:
        if self.is_there():  # else it has become the target, or vanished
            self.url.unlink(missing_ok=True)
        self._lock.release()

    def _begin_anew(self, target: Path) -> None:
        """Let go of what a killed run has left: its encoder may still be writing."""
        with contextlib.suppress(OSError):  # Windows keeps a file that somebody writes to
            self.url.unlink()
        left, self._lock = self._lock, Lock(self.url, target)
        left.release()


class PartFolder:
    """Numbered pictures: a hidden folder, whose files move to their names at the end."""

    def __init__(self, target: Path) -> None:
        self._target = target
        folder = target.parent / f".{_short(target.stem.replace('%', ''))}.part"
        self._folder = folder
        self._lock = Lock(folder.with_suffix(".lock"), target)
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        try:
            folder.mkdir()
        except OSError as error:
            self._lock.release()
            raise EncodeError(f"{target}: can't be written: {error.strerror}") from error
        # The folder's name is no pattern, whatever it looks like.
        self.url = Path(os.fspath(folder).replace("%", "%%")) / target.name

    def is_there(self) -> bool:
        return self._folder.is_dir()

    def commit(self) -> None:
        """Pictures of an older, longer run are removed, so that none mixes with the new ones."""
        try:
            for old in pictures_of(self._target):
                old.unlink()
            for picture in sorted(self._folder.iterdir()):
                os.replace(picture, self._target.with_name(picture.name))
        except OSError as error:
            raise EncodeError(f"{self._target}: can't be written: {error.strerror}") from error

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.with_suffix(".lock").unlink(missing_ok=True)
        self._lock.release()


def pictures_of(pattern: Path) -> list[Path]:
    """The files that a pattern such as `out-%04d.png` names, in no order."""
    before, after = NUMBER.split(pattern.name)[0], NUMBER.split(pattern.name)[-1]
    return [
        path
        for path in pattern.parent.iterdir()
        if path.name.startswith(before)
        and path.name.endswith(after)
        and path.name[len(before) : len(path.name) - len(after)].isdecimal()
    ]


def _short(stem: str) -> str:
    return stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
