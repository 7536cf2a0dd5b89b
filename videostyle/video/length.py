"""How long a clip is by its header, and whether that can be true."""

from fractions import Fraction
from typing import Any

from videostyle.errors import ProbeError
from videostyle.video.source_file import SourceFile

# A clip whose header claims more than this is no clip: even a still picture held by x264 costs 25
# bytes a frame. It lets a slide show at one frame in 4 s pass.
FEWEST_BYTES_PER_S = 8
SHORT_CLIP_S = 60


def check_length(source: SourceFile, end_s: Fraction | None) -> None:
    if end_s is not None and end_s > longest_s(source):
        raise ProbeError(
            f"{source.path}: claims {float(end_s):.0f} s of video in "
            f"{source.size_bytes} bytes; its header is damaged"
        )


def longest_s(source: SourceFile) -> Fraction:
    """More seconds than a file of that size can hold."""
    return SHORT_CLIP_S + Fraction(source.size_bytes, FEWEST_BYTES_PER_S)


def end_of(container: Any, stream: Any, source: SourceFile) -> Fraction | None:
    """The picture's end by the header.

    The container's own duration is that of its longest stream, so it counts for the picture only
    when nothing else is in the file.
    """
    if source.frames is not None:
        return source.frames / source.sequence_rate
    began = Fraction(container.start_time or 0, 1_000_000)
    if stream.duration:
        header_end: Fraction = ((stream.start_time or 0) + stream.duration) * stream.time_base
        return header_end - began
    if tag := stream.metadata.get("DURATION"):
        end = _seconds(tag)  # of the last frame, not how long it all takes
        return None if end is None else end - began
    if container.duration and len(container.streams) == 1:
        length = Fraction(container.duration, 1_000_000)
        return length - began if "matroska" in container.format.name else length
    return None


def _seconds(text: str) -> Fraction | None:
    """Seconds of a Matroska `01:02:03.456000000`; None for anything else."""
    try:
        hours, minutes, seconds = text.strip().split(":")
        return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)
    except ValueError:
        return None
