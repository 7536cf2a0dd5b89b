"""Places of clips: a path, or an address (`s3://bucket/clip.mp4`) that fsspec opens."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError, MissingDependencyError, ProbeError, TargetError

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)

# Names that file systems use for what changes when a file is rewritten.
_STAMPS = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created")


def is_url(place: str | Path) -> bool:
    return _URL.match(str(place)) is not None


def absolute(place: str | Path) -> str:
    """The same place, valid from any folder."""
    return str(place) if is_url(place) else os.path.abspath(place)


def exists(place: str | Path) -> bool:
    if not is_url(place):
        return os.path.exists(place)
    with _errors(place):
        system, path = _open(place)
        return bool(system.exists(path))


def stamp(place: str | Path) -> str:
    """What changes when a file is rewritten: size and time, or what its storage offers.

    Raises:
        ProbeError: there is no such file.
    """
    if not is_url(place):
        try:
            found = os.stat(place)
        except OSError as error:
            raise ProbeError(f"{place}: {error.strerror}") from error
        return f"{found.st_size} bytes of {found.st_mtime_ns}"
    with _errors(place):
        system, path = _open(place)
        info = system.info(path)
        mark = next((info[name] for name in _STAMPS if info.get(name)), "unknown time")
        return f"{info.get('size')} bytes of {mark}"


def expand(pattern: str) -> list[str]:
    """The files that match a pattern in an address."""
    with _errors(pattern):
        system, path = _open(pattern)
        return sorted(str(system.unstrip_protocol(found)) for found in system.glob(path))


def fetch(place: str | Path, folder: Path) -> Path:
    """Copy a file from its address into a folder; returns the copy.

    Raises:
        ProbeError: it can't be read.
    """
    copy = folder / Path(place).name
    with _errors(place):
        system, path = _open(place)
        system.get_file(path, str(copy))
    return copy


def send(copy: Path, place: str | Path) -> None:
    """Copy a file to its address, where it appears when it is complete.

    Raises:
        TargetError: it can't be written.
    """
    with _errors(place, writes=True):
        system, path = _open(place)
        parent, _, name = path.rpartition("/")
        part = f"{parent}/.{name}.part"
        system.makedirs(parent, exist_ok=True)
        system.put_file(str(copy), part)
        system.mv(part, path)


def _open(place: str | Path) -> tuple[Any, str]:
    """The file system, and the file's path in it."""
    try:
        import fsspec
    except ImportError as error:
        raise MissingDependencyError(f"{place}: needs: pip install fsspec") from error
    try:
        system, path = fsspec.core.url_to_fs(str(place))
    except ImportError as error:  # fsspec says which package opens such addresses
        raise MissingDependencyError(f"{place}: {error}") from error
    except ValueError as error:
        raise ConfigError(f"{place}: {error}") from error
    return system, str(path)


@contextlib.contextmanager
def _errors(place: str | Path, *, writes: bool = False) -> Iterator[None]:
    """Turn the errors of any file system's library into ours."""
    try:
        yield
    except (ConfigError, MissingDependencyError):
        raise
    except Exception as error:
        if writes:
            raise TargetError(place, f"can't be written: {error}") from error
        reason = (
            "no such file" if isinstance(error, FileNotFoundError) else f"can't be read: {error}"
        )
        raise ProbeError(f"{place}: {reason}") from error
