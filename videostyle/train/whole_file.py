"""Writing a file whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from videostyle.errors import TrainError


@contextmanager
def write_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a hidden file beside `path` that takes its name when the block ends without an error.

    Raises:
        TrainError: it can't be written, as on a full disk; what was at `path` is still there.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # also when the power is cut
        os.replace(part, path)
    except OSError as error:
        raise TrainError(f"{path}: can't be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
