"""Files that appear whole or not at all: written beside the target, flushed, checked, renamed.

A file being written is hidden beside its target and named after it, so that the next run with the
same target cleans up after a killed one. A lock, which ends with its process, tells killed runs
from running ones. If the target is a link, it stays one, and the file that it points to is written.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from videostyle.errors import TargetError
from videostyle.files.lock import Lock
from videostyle.files.numbered import is_pattern, run_of

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

# Bytes of a name that file systems accept, and those of a stem that leave room around it.
_LONGEST_NAME = 255
_LONGEST_STEM = 200


class Part(Protocol):
    """What becomes the target; a context manager that removes it unless it was committed.

    Attributes:
        path: where to write: a file, a folder to make, or a pattern of pictures.
    """

    path: Path

    def is_there(self) -> bool:
        """Whether the part still exists and can become the target."""
        ...

    def commit(self) -> None:
        """Give it the target's name.

        Raises:
            TargetError: that can't be done.
        """
        ...

    def discard(self) -> None:
        """Remove what is left of it; after `commit` there is nothing left."""
        ...


def open_part(target: Path) -> Part:
    """Start writing a file, or numbered pictures.

    Raises:
        TargetError: nothing can be written there, or another run is writing it.
    """
    return PicturesPart(target) if is_pattern(target) else FilePart(target)


@contextlib.contextmanager
def writing(target: Path) -> Iterator[Path]:
    """A hidden path beside a target; the file written there is renamed when the block ends.

    Raises:
        TargetError: it can't be written, as on a full disk; an old `target` is untouched.
    """
    with _committed(FilePart(target), target) as path:
        yield path


@contextlib.contextmanager
def writing_folder(target: Path) -> Iterator[Path]:
    """Like `writing`, for a folder, which the block has to make."""
    with _committed(FolderPart(target), target) as path:
        yield path


def write_text(target: Path, text: str) -> None:
    """Write a text file in UTF-8, like `writing`."""
    with writing(target) as path:
        path.write_text(text, encoding="utf-8")


def write_json(target: Path, values: Any) -> None:
    """Write plain values as a JSON file, like `writing`; NaN and infinity are refused."""
    write_text(target, json.dumps(values, indent=1, allow_nan=False) + "\n")


@contextlib.contextmanager
def _committed(part: Part, target: Path) -> Iterator[Path]:
    try:
        yield part.path
        part.commit()
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        part.discard()


def unwritable(target: Path, error: OSError) -> TargetError:
    """The error that says why the system can't write a target."""
    hint = "; free some space" if is_disk_full(error) else ""
    return TargetError(target, f"can't be written: {error.strerror or error}{hint}")


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the system refused to write because a disk, or the user's share of it, is full."""
    return isinstance(error, OSError) and error.errno in _DISK_FULL


class FilePart:
    """One file."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._final = Path(os.path.realpath(target))
        self.path = self._final.with_name(f".{_short(target.stem)}.part{target.suffix}")
        self._lock = Lock(self.path, target)
        if self._lock.had_content:
            self._begin_anew()

    def is_there(self) -> bool:
        return self._lock.is_of(self.path)

    def commit(self) -> None:
        try:
            self._lock.flush()
            os.replace(self.path, self._final)
        except OSError as error:
            raise unwritable(self._target, error) from error

    def discard(self) -> None:
        if self.is_there():  # otherwise it has become the target, or is gone
            self.path.unlink(missing_ok=True)
        self._lock.release()

    def _begin_anew(self) -> None:
        """Abandon what a killed run left behind: its encoder may still be writing to it."""
        with contextlib.suppress(OSError):  # Windows can't delete a file that is being written
            self.path.unlink()
        left, self._lock = self._lock, Lock(self.path, self._target)
        left.release()


class _HiddenFolder:
    """A hidden place for a folder beside the target, with a lock beside it."""

    def __init__(self, target: Path, name: str) -> None:
        self._target = target
        self._folder = target.parent / f".{_short(name)}.part"
        self._lock_path = target.parent / f".{_short(name)}.lock"
        self._lock = Lock(self._lock_path, target)
        shutil.rmtree(self._folder, ignore_errors=True)  # left by a killed run

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._lock_path.unlink(missing_ok=True)
        self._lock.release()


class FolderPart(_HiddenFolder):
    """A folder that becomes the target as a whole, such as a package."""

    def __init__(self, target: Path) -> None:
        super().__init__(target, target.stem)
        # Some writers go by the suffix.
        self.path = self._folder = self._folder.with_name(self._folder.name + target.suffix)
        shutil.rmtree(self.path, ignore_errors=True)

    def is_there(self) -> bool:
        return self.path.is_dir()

    def commit(self) -> None:
        """A folder can't replace another in one step, so the old one is moved aside first."""
        old = self.path.with_name(self.path.name.replace(".part", ".old"))
        try:
            for file in self.path.rglob("*"):
                if file.is_file():
                    _flush(file)
            if self._target.exists():
                os.replace(self._target, old)
            try:
                os.replace(self.path, self._target)
            except OSError:
                if old.exists():
                    os.replace(old, self._target)
                raise
        except OSError as error:
            raise unwritable(self._target, error) from error
        shutil.rmtree(old, ignore_errors=True)


class PicturesPart(_HiddenFolder):
    """Numbered pictures: a hidden folder, whose files are moved to their names at the end."""

    def __init__(self, target: Path) -> None:
        super().__init__(target, target.stem.replace("%", ""))
        try:
            self._folder.mkdir()
        except OSError as error:
            self.discard()
            raise unwritable(target, error) from error
        # A % in the folder's name is not part of the pattern.
        self.path = Path(os.fspath(self._folder).replace("%", "%%")) / target.name

    def is_there(self) -> bool:
        return self._folder.is_dir()

    def commit(self) -> None:
        """Pictures of an older, longer run are removed, so that they don't mix with new ones."""
        try:
            made = sorted(self._folder.iterdir())
            for picture in made:
                _flush(picture)
            for old in run_of(self._target):
                old.unlink()
            for picture in made:
                os.replace(picture, self._target.with_name(picture.name))
        except OSError as error:
            raise unwritable(self._target, error) from error


def hidden_beside(target: Path, ending: str) -> Path:
    """A hidden name beside a target, which no other target there has.

    Args:
        target: a file.
        ending: what the name ends in, such as `.segments`.
    """
    name = f".{target.name}{ending}"
    if len(os.fsencode(name)) > _LONGEST_NAME:
        digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]
        name = f".{_short(target.stem)}-{digest}{ending}"
    return target.with_name(name)


def _flush(file: Path) -> None:
    """Write the content to disk, so that a power cut after the renaming doesn't lose it."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _short(stem: str) -> str:
    return stem.encode(errors="surrogateescape")[:_LONGEST_STEM].decode(errors="ignore")
