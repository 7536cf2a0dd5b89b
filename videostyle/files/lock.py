"""A lock on a file that is being written; it ends with its process."""

import contextlib
import os
from pathlib import Path
from typing import Any

from videostyle.errors import TargetError

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows has none: two runs with one target go unnoticed there
    fcntl = None


class Lock:
    """An open file that no other run has open; the lock ends with its process.

    Attributes:
        had_content: the file was not empty when it was opened.
    """

    def __init__(self, path: Path, target: Path) -> None:
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise TargetError(target, f"can't be written: {error.strerror}") from error
        self._seen = os.fstat(self._file)
        self.had_content = self._seen.st_size > 0
        if fcntl is None:
            self.release()
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise TargetError(target, "another run is writing it") from error
        except OSError:  # a network drive without locks
            return
        if not self.is_of(path):
            self.release()
            raise TargetError(target, "another run has just written it")

    def is_of(self, path: Path) -> bool:
        try:
            return os.path.samestat(path.stat(), self._seen)
        except OSError:
            return False

    def flush(self) -> None:
        """Write the content to disk, so that a power cut after the renaming doesn't lose it."""
        if self._file is not None:
            os.fsync(self._file)

    def release(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None
