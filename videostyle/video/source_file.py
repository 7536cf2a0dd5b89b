"""What may be opened as a source: one file, or the numbered pictures of a sequence.

A media file is data of strangers. ffmpeg may open it as a file only, and never as one of the
formats that make it open others (playlists, scripts).
"""

import os
import re
import stat
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from videostyle.errors import DecodeError, ProbeError
from videostyle.files.numbered import NUMBER, is_pattern, numbered, pictures_of
from videostyle.video.process import PROTOCOLS, local_url

# Formats that hold pictures themselves. Not in it: hls, dash, concat, imf, sdp and the like, which
# name other files, and avisynth, lavfi and vapoursynth, which are programs.
FORMATS = ",".join(
    (
        "mov",
        "matroska",
        "avi",
        "mpegts",
        "mpeg",
        "mpegvideo",
        "m4v",
        "h264",
        "hevc",
        "obu",
        "ivf",
        "flv",
        "asf",
        "ogg",
        "mxf",
        "nut",
        "dv",
        "wtv",
        "rm",
        "gif",
        "apng",
        "mjpeg",
        "yuv4mpegpipe",
        "webp_anim",
        "image2",
        "bmp_pipe",
        "dpx_pipe",
        "exr_pipe",
        "gif_pipe",
        "jpeg_pipe",
        "jpegxl_pipe",
        "png_pipe",
        "ppm_pipe",
        "qoi_pipe",
        "tga_pipe",
        "tiff_pipe",
        "webp_pipe",
    )
)

# The rate that numbered pictures are shown at when none is given, ffmpeg's own.
SEQUENCE_RATE = Fraction(25)


# How far ffmpeg looks for a stream that begins late, in microseconds and bytes; what isn't found
# can't be asked for.
LOOKS_FOR = (("analyzeduration", "60000000"), ("probesize", "50000000"))


@dataclass(frozen=True)
class SourceFile:
    """How ffmpeg opens a source.

    Attributes:
        path: the file, or a pattern such as `frames/%04d.png`.
        size_bytes: of the file, or of all pictures.
        first_number: of an image sequence; None for a file.
        frames: how many pictures the sequence has; None for a file.
        sequence_rate: pictures per second of a sequence.
        demuxer: further options of ffmpeg's for its format, as (name, value).
    """

    path: Path
    size_bytes: int
    first_number: int | None = None
    frames: int | None = None
    sequence_rate: Fraction = SEQUENCE_RATE
    demuxer: tuple[tuple[str, str], ...] = ()

    @property
    def is_sequence(self) -> bool:
        return self.first_number is not None

    @property
    def format(self) -> str | None:
        """The format to force; None lets ffmpeg look."""
        return "image2" if self.is_sequence else None

    @property
    def options(self) -> dict[str, str]:
        """ffmpeg's options for opening it."""
        options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
        options |= dict(self.demuxer)
        if self.is_sequence:
            options |= {
                "framerate": str(self.sequence_rate),
                "pattern_type": "sequence",
                "start_number": str(self.first_number),
            }
        return options

    def as_input(self, **cut: Any) -> Any:
        """An input of ffmpeg-python's, with options such as `ss`."""
        forced = {} if self.format is None else {"format": self.format}
        return ffmpeg.input(local_url(self.path), **forced, **self.options, **cut)

    def files(self) -> list[Path]:
        """The file, or all pictures in their order."""
        if self.first_number is None or self.frames is None:
            return [self.path]
        numbers = range(self.first_number, self.first_number + self.frames)
        return [numbered(self.path, number) for number in numbers]

    def check_unchanged(self, since_ns: int) -> None:
        """See that it is still the file that was looked at first.

        Args:
            since_ns: when reading it began, in nanoseconds of the system's clock.

        Raises:
            DecodeError: it has been written since, or is gone.
        """
        try:
            stats = [path.stat() for path in self.files()]
        except OSError as error:
            raise DecodeError(f"{self.path}: vanished while it was read") from error
        changed = any(each.st_mtime_ns > since_ns for each in stats)
        if changed or sum(each.st_size for each in stats) != self.size_bytes:
            raise DecodeError(
                f"{self.path}: changed while it was read; "
                "wait until it is completely written and run again"
            )


def find_source(path: Path, sequence_rate: Fraction = SEQUENCE_RATE) -> SourceFile:
    """See what a path names, without opening it.

    Raises:
        ProbeError: no such file, or nothing that can be read more than once from its beginning.
    """
    if not path.exists():
        if is_pattern(path):
            return _find_sequence(path, sequence_rate)
        if re.match(r"[a-z]+:/", os.fspath(path)):  # Path has made one slash of two
            raise ProbeError(f"{path}: no such file; an address has to be downloaded first")
        raise ProbeError(f"{path}: no such file")
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise ProbeError(f"{path}: is a folder, not a video file")
    if not stat.S_ISREG(found.st_mode):
        raise ProbeError(
            f"{path}: is a pipe or a device; videostyle reads a clip more than once, "
            "so write it to a file first"
        )
    return SourceFile(path, found.st_size)


def _find_sequence(pattern: Path, rate: Fraction) -> SourceFile:
    """ffmpeg ends a sequence at the first gap without a word, so the numbers are looked at here."""
    before, *rest = NUMBER.split(pattern.name)
    if len(rest) != 2 or "%" in before + rest[1]:
        raise ProbeError(f"{pattern}: a pattern has one number in it, such as %04d")
    try:
        files = pictures_of(pattern)
    except OSError as error:
        raise ProbeError(f"{pattern}: there is no folder {pattern.parent}") from error
    if not files:
        raise ProbeError(f"{pattern}: no picture has such a name")
    numbers = list(files)
    for number, expected in zip(numbers, range(numbers[0], numbers[-1] + 1), strict=False):
        if number != expected:
            raise ProbeError(
                f"{pattern}: picture {expected} is missing between {numbers[0]} and {numbers[-1]}"
            )
    size_bytes = sum(path.stat().st_size for path in files.values())
    return SourceFile(pattern, size_bytes, numbers[0], len(numbers), rate)
