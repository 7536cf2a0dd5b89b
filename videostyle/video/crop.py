"""Marks in a container that say which part of its pictures is shown: PyAV doesn't tell of them.

ffmpeg follows them, so a clip's size has to be without what is cut off. Whether there may be any is
seen in the header's bytes; only then ffmpeg is asked.
"""

import re
import struct
from pathlib import Path
from typing import BinaryIO

from videostyle.frames import Size
from videostyle.video.process import describe
from videostyle.video.source_file import SourceFile

# QuickTime's box, and Matroska's elements for the four sides.
_BOX = b"clap"
_ELEMENTS = (b"\x54\xaa", b"\x54\xbb", b"\x54\xcc", b"\x54\xdd")

# Matroska's tracks stand at the beginning; a larger `moov` than this is no header.
_MATROSKA_HEAD = 1 << 18
_LARGEST_MOOV = 1 << 26

_MARKS = re.compile(r"Frame Cropping: (\d+)/(\d+)/(\d+)/(\d+)")


def crop(size: Size, source: SourceFile, format_name: str, index: int) -> Size:
    """The part of a stored picture that is shown.

    Args:
        size: as it is stored.
        source: the file.
        format_name: ffmpeg's name of its format.
        index: the stream's number in the file.
    """
    if source.is_sequence or not _may_have_marks(source.path, format_name):
        return size
    text = describe(source.as_input().output("-").get_args()[:-1])
    _, _, own = text.partition(f"Stream #0:{index}")
    found = _MARKS.search(own.split("Stream #", 1)[0])
    if not found:
        return size
    left, right, top, bottom = map(int, found.groups())
    width, height = size.width - left - right, size.height - top - bottom
    return Size(width, height) if width > 0 and height > 0 else size


def _may_have_marks(path: Path, format_name: str) -> bool:
    if "matroska" in format_name:
        with path.open("rb") as file:
            head = file.read(_MATROSKA_HEAD)
        return any(element in head for element in _ELEMENTS)
    if "mov" in format_name.split(","):
        with path.open("rb") as file:
            return _BOX in _moov(file)
    return False


def _moov(file: BinaryIO) -> bytes:
    """The box that describes the tracks, wherever it stands; empty if there is none."""
    while len(head := file.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        header = 8
        if size == 1:
            size, header = struct.unpack(">Q", file.read(8).rjust(8, b"\0"))[0], 16
        if kind == b"moov":
            return file.read(min(size, _LARGEST_MOOV))
        if size < header:  # 0: up to the end
            break
        file.seek(size - header, 1)
    return b""
