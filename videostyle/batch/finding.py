"""Finding the clips that a user names as files, folders and globs."""

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from videostyle.batch.address import expand, is_url
from videostyle.errors import ConfigError
from videostyle.files.suffixes import CLIP_SUFFIXES

LIST_SUFFIXES = (".csv", ".jsonl", ".ndjson")


def is_list(word: str) -> bool:
    """Whether a word names a list of clips."""
    return word.lower().endswith(LIST_SUFFIXES)


def find_clips(words: Sequence[str]) -> list[str]:
    """The clips that words name, each once and in order; those of a folder or a glob by name.

    A missing file is kept, so that it fails alone and not the whole batch.

    Raises:
        ConfigError: a folder or a glob has no clips.
    """
    found: dict[str, None] = {}
    for word in words:
        clips = list(_expand(word))
        if not clips:
            kind = "folder has no clips in it" if os.path.isdir(word) else "no file matches"
            raise ConfigError(f"{word}: {kind}")
        found |= dict.fromkeys(clips)
    return list(found)


def _expand(word: str) -> Iterator[str]:
    if is_url(word):
        yield from expand(word) if glob.has_magic(word) else [word]
    elif os.path.isdir(word):
        for path in sorted(Path(word).iterdir()):
            if path.suffix.lower() in CLIP_SUFFIXES and not path.name.startswith("."):
                yield str(path)
    elif glob.has_magic(word) and not os.path.exists(word):
        yield from sorted(path for path in glob.glob(word, recursive=True) if os.path.isfile(path))
    else:
        yield word
