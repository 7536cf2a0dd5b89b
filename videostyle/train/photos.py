"""Finding and reading photos: folders of pictures and clips, single pictures, single clips."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from videostyle.errors import TrainError
from videostyle.files.suffixes import CLIP_SUFFIXES
from videostyle.train.dataset import PICTURE_SUFFIXES, read_picture, spread

if TYPE_CHECKING:  # a machine that trains on pictures alone needs no ffmpeg
    from videostyle.video.probe import VideoInfo

FRAMES_PER_CLIP = 64

# Photos are kept in memory, about 0.5 MB each at the default crop: so many pictures, and as many
# frames of clips.
MOST_PHOTOS = 2000


@dataclass(frozen=True)
class PhotoSources:
    """What was found.

    Attributes:
        pictures: picture files that will be read.
        clips: clips that frames will be taken from.
        left_out: files beyond the limit.
    """

    pictures: tuple[Path, ...]
    clips: "tuple[VideoInfo, ...]"
    left_out: int = 0

    @property
    def frames_per_clip(self) -> int:
        return max(1, min(FRAMES_PER_CLIP, MOST_PHOTOS // max(1, len(self.clips))))


def find_photos(paths: Iterable[Path]) -> PhotoSources:
    """Find pictures and clips, in folders with all subfolders.

    Raises:
        TrainError: a path is missing, a folder can't be read, or there are too few pictures.
        ProbeError: a clip can't be read as video.
    """
    paths = list(paths)
    files = list(chain.from_iterable(map(_files_of, paths)))
    pictures = [path for path in files if path.suffix.lower() in PICTURE_SUFFIXES]
    clips = [path for path in files if path.suffix.lower() not in PICTURE_SUFFIXES]
    if not clips and len(pictures) < 2:
        raise TrainError(
            f"{', '.join(map(str, paths))}: has fewer than two pictures "
            f"({', '.join(sorted(PICTURE_SUFFIXES))}) and no clip"
        )
    left_out = sum(max(0, len(each) - MOST_PHOTOS) for each in (pictures, clips))
    return PhotoSources(
        tuple(spread(pictures, MOST_PHOTOS)),
        tuple(_probe(path) for path in spread(clips, MOST_PHOTOS)),
        left_out,
    )


def read_photos(sources: PhotoSources, short_side: int) -> tuple[list[np.ndarray], list[str]]:
    """Read every picture, and `frames_per_clip` frames of each clip, or all it has.

    Returns:
        Photos uint8 [H, W, 3], RGB, the shorter side `short_side` pixels, pictures first; and what
        was lost of damaged clips, one line each.

    Raises:
        TrainError: a picture can't be read, or there are too few.
        DecodeError: a clip can't be decoded at all.
    """
    photos, notices = [read_picture(path, short_side) for path in sources.pictures], []
    for clip in sources.clips:
        from videostyle.train.clips import sample_clip

        frames, losses = sample_clip(clip, sources.frames_per_clip, short_side)
        photos += frames
        notices += [f"{clip.path}: {loss}" for loss in losses]
    if len(photos) < 2:
        raise TrainError(f"{sources.clips[0].path}: has only one frame; training needs two photos")
    return photos, notices


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if not path.exists():
            raise TrainError(f"{path}: there is no such picture, clip or folder of photos")
        yield path
        return

    def refuse(error: OSError) -> None:
        raise TrainError(f"{error.filename}: can't be read: {error.strerror}") from error

    known = PICTURE_SUFFIXES.union(CLIP_SUFFIXES)
    found = (
        Path(folder, name) for folder, _, names in os.walk(path, onerror=refuse) for name in names
    )
    yield from sorted(file for file in found if file.suffix.lower() in known)


def _probe(path: Path) -> "VideoInfo":
    from videostyle.video.probe import probe

    return probe(path)
