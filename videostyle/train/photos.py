"""Where the photos come from: folders of pictures and clips, single pictures, single clips."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np

from videostyle.errors import TrainError
from videostyle.frames import Box, Fit, fit_frame
from videostyle.train.dataset import PICTURE_SUFFIXES, read_picture
from videostyle.video.decoder import DecodePlan, Decoder
from videostyle.video.probe import VideoInfo, probe

# What is taken for a clip in a folder; one that is named may bear any name.
CLIP_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mts", ".m2ts", ".ts",
                           ".mpg", ".mpeg"})

FRAMES_PER_CLIP = 64

# Photos are kept in memory, about 0.5 MB each at the default crop: so many pictures, and as many
# frames of clips.
MOST_PHOTOS = 2000

# Frames farther apart than this are sought one by one; what lies closer is decoded on the way.
SEEK_PAYS_S = 10

T = TypeVar("T")


@dataclass(frozen=True)
class PhotoSources:
    """What was found.

    Attributes:
        pictures: picture files that will be read.
        clips: clips that frames will be taken from.
        left_out: files that are too many.
    """

    pictures: tuple[Path, ...]
    clips: tuple[VideoInfo, ...]
    left_out: int = 0

    @property
    def frames_per_clip(self) -> int:
        return max(1, min(FRAMES_PER_CLIP, MOST_PHOTOS // max(1, len(self.clips))))


def find_photos(paths: Iterable[Path]) -> PhotoSources:
    """Look for pictures and clips, folders with all that is in them.

    Raises:
        TrainError: a path is missing, a folder can't be read, or there are too few pictures.
        ProbeError: a clip can't be read as video.
    """
    paths = list(paths)
    files = list(chain.from_iterable(map(_files_of, paths)))
    pictures = [path for path in files if path.suffix.lower() in PICTURE_SUFFIXES]
    clips = [path for path in files if path.suffix.lower() not in PICTURE_SUFFIXES]
    if not clips and len(pictures) < 2:
        raise TrainError(f"{', '.join(map(str, paths))}: holds fewer than two pictures "
                         f"({', '.join(sorted(PICTURE_SUFFIXES))}) and no clip")
    left_out = sum(max(0, len(each) - MOST_PHOTOS) for each in (pictures, clips))
    return PhotoSources(tuple(_spread(pictures, MOST_PHOTOS)),
                        tuple(probe(path) for path in _spread(clips, MOST_PHOTOS)), left_out)


def read_photos(sources: PhotoSources, short_side: int) -> tuple[list[np.ndarray], list[str]]:
    """Read every picture, and from each clip `frames_per_clip` frames or all it has.

    Returns:
        Photos uint8 [H, W, 3], RGB, the shorter side `short_side` pixels, pictures first; and what
        was lost of damaged clips, one line each.

    Raises:
        TrainError: a picture can't be read, or there are too few.
        DecodeError: a clip can't be decoded at all.
    """
    photos, notices = [read_picture(path, short_side) for path in sources.pictures], []
    for clip in sources.clips:
        frames, losses = _sample(clip, sources.frames_per_clip, short_side)
        photos += frames
        notices += [f"{clip.path}: {loss}" for loss in losses]
    if len(photos) < 2:
        raise TrainError(f"{sources.clips[0].path}: has one frame only; training needs two photos")
    return photos, notices


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if not path.exists():
            raise TrainError(f"{path}: there is no such picture, clip or folder of photos")
        yield path
        return

    def refuse(error: OSError) -> None:
        raise TrainError(f"{error.filename}: can't be read: {error.strerror}") from error

    known = PICTURE_SUFFIXES | CLIP_SUFFIXES
    found = (Path(folder, name) for folder, _, names in os.walk(path, onerror=refuse)
             for name in names)
    yield from sorted(file for file in found if file.suffix.lower() in known)


def _sample(clip: VideoInfo, count: int, short_side: int) -> tuple[list[np.ndarray], list[str]]:
    """At most `count` frames, evenly over the clip, and what is known to be lost of it."""
    frames: list[np.ndarray] = []
    losses: list[str] = []
    step = 1  # of the frames that come, every so many is kept
    number = 0
    for plan in _plans(clip, count, short_side):
        with Decoder(plan) as decoder:
            for frame in decoder:
                if number % step == 0:
                    frames.append(frame)
                number += 1
                if len(frames) > 2 * count:  # a clip that doesn't say its length
                    frames, step = frames[::2], 2 * step
        losses += decoder.notices
    return _spread(frames, count), losses


def _plans(clip: VideoInfo, count: int, short_side: int) -> Iterator[DecodePlan]:
    """What to decode: the whole clip at a low rate, or of a long one each frame by itself."""
    geometry = fit_frame(clip.size, Box(short_side, None), Fit.CONTAIN)
    if clip.end_s is None:
        yield DecodePlan(clip, geometry, min(Fraction(1), clip.rate), keep_going=True)
        return
    rate = min(count / clip.end_s, clip.rate)
    whole = DecodePlan(clip, geometry, rate, start_s=1 / (2 * rate), keep_going=True)
    if 1 / rate < SEEK_PAYS_S or not whole.can_seek:
        yield whole
        return
    for number in range(count):
        yield DecodePlan(clip, geometry, clip.rate, start_s=(number + Fraction(1, 2)) / rate,
                         duration_s=1 / clip.rate, keep_going=True, may_be_empty=True)


def _spread(items: list[T], count: int) -> list[T]:
    """At most `count` of them, evenly."""
    count = min(count, len(items))
    return [items[number * len(items) // count] for number in range(count)]
