"""Digests of what files contain: a file, numbered pictures or a package."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

# Longer values are not quoted when they differ: nobody compares digests by eye.
LONGEST_QUOTED = 60


def digest_files(paths: Iterable[Path]) -> str:
    """SHA-256 of the contents of several files, in order, as hexadecimal digits."""
    total = hashlib.sha256()
    for path in paths:
        total.update(_digest_file(path).encode())
    return total.hexdigest()


def digest_path(path: Path) -> str:
    """SHA-256 of a file, or of all files in a folder with their names."""
    if not path.is_dir():
        return _digest_file(path)
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return digest_values({file.relative_to(path).as_posix(): _digest_file(file) for file in files})


def digest_values(values: Any) -> str:
    """SHA-256 of plain values, as hexadecimal digits; the order of names doesn't matter."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _digest_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def name_differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What differs between two sets of settings, in words: `fps (15, now 24)`."""
    changed = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    return [_as_words(name, str(then.get(name)), str(now.get(name))) for name in changed]


def _as_words(name: str, then: str, now: str) -> str:
    return f"{name} ({then}, now {now})" if len(then + now) < LONGEST_QUOTED else name
