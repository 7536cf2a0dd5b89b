"""Finding and reading photos: folders of pictures and clips, single pictures, single clips.

A file that can't be read is left out and named; a training ends only if too few are left.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from videostyle.errors import TrainError, VideoStyleError
from videostyle.files.suffixes import CLIP_SUFFIXES
from videostyle.models.making.painting import PAINTING_SUFFIXES, read_picture
from videostyle.train.dataset import spread

if TYPE_CHECKING:  # a machine that trains on pictures alone needs no ffmpeg
    from videostyle.video.probe import VideoInfo

FRAMES_PER_CLIP = 64

# Photos are kept in memory, about 0.5 MB each at the default crop: so many pictures, and as many
# frames of clips.
MOST_PHOTOS = 2000

# Pillow doesn't read them, ffmpeg does.
BY_FFMPEG = frozenset({".heic", ".heif"})
PICTURE_SUFFIXES = PAINTING_SUFFIXES - BY_FFMPEG

NO_FILE = "isn't a file"

# Pictures that neither reads; a folder full of them would otherwise look empty.
UNREADABLE = frozenset(
    (".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".psd", ".svg")
)


@dataclass(frozen=True)
class PhotoSources:
    """What was found.

    Attributes:
        pictures: picture files that will be read.
        clips: clips, and pictures that ffmpeg reads, that frames will be taken from.
        left_out: files beyond the limit.
        bad: files that can't be read, each with the reason.
    """

    pictures: tuple[Path, ...]
    clips: "tuple[VideoInfo, ...]"
    left_out: int = 0
    bad: tuple[str, ...] = ()

    @property
    def frames_per_clip(self) -> int:
        return max(1, min(FRAMES_PER_CLIP, MOST_PHOTOS // max(1, len(self.clips))))


def find_photos(paths: Iterable[Path]) -> PhotoSources:
    """Find pictures and clips, in folders with all subfolders except hidden ones; links to
    folders are followed.

    Raises:
        TrainError: a path is missing, a folder can't be read, or there are no two pictures and no
            clip.
    """
    paths, bad = list(paths), list[str]()
    found = chain.from_iterable(map(_files_of, paths))
    files = [path for path in found if _can_be_read(path, bad)]
    pictures = [path for path in files if path.suffix.lower() in PICTURE_SUFFIXES]
    others = [path for path in files if path.suffix.lower() not in PICTURE_SUFFIXES]
    left_out = sum(max(0, len(each) - MOST_PHOTOS) for each in (pictures, others))
    clips = [clip for path in spread(others, MOST_PHOTOS) for clip in _probe(path, bad)]
    if not clips and len(pictures) < 2:
        named = ", ".join(map(str, paths))
        raise TrainError(f"{named}: has fewer than two pictures and no clip{_because(bad)}")
    return PhotoSources(tuple(spread(pictures, MOST_PHOTOS)), tuple(clips), left_out, tuple(bad))


def read_photos(
    sources: PhotoSources, short_side: int
) -> tuple[list[np.ndarray], list[str], list[str]]:
    """Read every picture, and `frames_per_clip` frames of each clip, or all it has.

    Returns:
        Photos uint8 [H, W, 3], RGB, the shorter side `short_side` pixels, pictures first; what
        was lost of damaged clips; and which files were left out, a line each.

    Raises:
        TrainError: fewer than two photos are left.
    """
    photos, losses, bad = list[np.ndarray](), list[str](), list(sources.bad)
    for path in sources.pictures:
        try:
            photos.append(read_picture(path, short_side))
        except VideoStyleError as error:
            bad.append(str(error))
    for clip in sources.clips:
        from videostyle.train.clips import sample_clip

        try:
            frames, lost = sample_clip(clip, sources.frames_per_clip, short_side)
        except VideoStyleError as error:
            bad.append(str(error))
            continue
        photos += frames
        losses += [f"{clip.path}: {loss}" for loss in lost]
    if len(photos) < 2:
        count = "no photo" if not photos else "only one photo"
        raise TrainError(f"{count} could be read; training needs two{_because(bad)}")
    return photos, losses, bad


def _because(bad: list[str]) -> str:
    return f" (left out: {'; '.join(bad[:3])}{'; ...' if len(bad) > 3 else ''})" if bad else ""


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if not path.exists():
            raise TrainError(f"{path}: there is no such picture, clip or folder of photos")
        yield path
        return

    def refuse(error: OSError) -> None:
        raise TrainError(f"{error.filename}: can't be read: {error.strerror}") from error

    known = PICTURE_SUFFIXES.union(CLIP_SUFFIXES, BY_FFMPEG, UNREADABLE)
    found, visited = [], set[str]()
    for folder, folders, names in os.walk(path, onerror=refuse, followlinks=True):
        # A link may lead to a folder that is searched anyway, or back to one above it.
        if (real := os.path.realpath(folder)) in visited:
            folders.clear()
            continue
        visited.add(real)
        # Hidden ones are a system's, such as .Trash, and the ._ files that macOS writes.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    yield from sorted(
        file for file in found if file.suffix.lower() in known or _leads_nowhere(file)
    )


def _can_be_read(path: Path, bad: list[str]) -> bool:
    """A pipe would be waited for, a device never ends, and a link may lead nowhere."""
    suffix = path.suffix.lower()
    if not path.is_file():
        bad.append(f"{path}: {'leads nowhere' if _leads_nowhere(path) else NO_FILE}")
    elif suffix in UNREADABLE:
        bad.append(f"{path}: {suffix} pictures can't be read; save it as JPEG or PNG")
    else:
        return True
    return False


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _probe(path: Path, bad: list[str]) -> "list[VideoInfo]":
    from videostyle.video.probe import probe

    try:
        return [probe(path)]
    except VideoStyleError as error:
        bad.append(str(error))
        return []
