"""Checking a finished file before it gets its name."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.errors import EncodeError
from videostyle.files.numbered import is_pattern, pictures_of
from videostyle.video.color import read_color
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.process import local_url

# A GIF counts in hundredths of a second.
ROUNDING_S = Fraction(1, 100)

# Codecs of single pictures, whose files have no length.
STILL = ("png", "mjpeg")


def check_count(path: Path, target: Path, frames: int) -> None:
    """Count the pictures in a finished file without decoding them.

    Args:
        path: what was written: a file, or a pattern of pictures.
        target: its final name, for messages.
        frames: how many it should have.

    Raises:
        EncodeError: it has another number, or can't be read.
    """
    encoded = _count(path, target)
    if encoded != frames:
        raise EncodeError(
            target, f"{frames} frames went in and {encoded} were encoded; nothing was kept"
        )


def _count(path: Path, target: Path) -> int:
    import av

    if is_pattern(path):
        return len(pictures_of(Path(str(path.parent).replace("%%", "%")) / path.name))
    try:
        with av.open(local_url(path), metadata_errors="ignore") as container:
            return sum(1 for packet in container.demux(video=0) if packet.size)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise EncodeError(target, f"can't be read back: {error}") from error


def check_target(path: Path, plan: EncodePlan, frames: int) -> None:
    """Decode a finished file and compare it with its plan.

    Args:
        path: what was written: a file, or a pattern of pictures.
        plan: what it should be.
        frames: how many frames it should have.

    Raises:
        EncodeError: count, size, length or tags differ.
    """
    import av

    pattern = is_pattern(path)
    options = {"start_number": "1"} if pattern else {}
    try:
        with av.open(
            local_url(path),
            format="image2" if pattern else None,
            options=options,
            metadata_errors="ignore",
        ) as container:
            wrong = _compare(container, plan, frames, is_still=plan.codec.encoder in STILL)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise EncodeError(plan.target, f"can't be decoded again: {error}") from error
    if wrong:
        raise EncodeError(plan.target, f"verifying found {wrong}; nothing was kept")


def _compare(container: Any, plan: EncodePlan, frames: int, is_still: bool) -> str:
    """What is wrong, in words; empty if nothing is."""
    count, last = 0, None
    for last in container.decode(video=0):
        count += 1
        if (last.width, last.height) != (plan.output.width, plan.output.height):
            return f"a frame of {last.width}x{last.height}, not {plan.output}"
    if last is None or count != frames:
        return f"{count} frames that decode, not {frames}"
    if is_still:
        return ""
    expected_s = (frames - 1) / plan.rate
    if abs(last.pts * last.time_base - expected_s) > 1 / plan.rate + ROUNDING_S:
        return f"the last frame at {float(last.time):.3f} s, not {float(expected_s):.3f} s"
    color = read_color(last)
    tags = (color.matrix, color.range, color.transfer, color.primaries)
    if not plan.codec.is_rgb and tags != ("bt709", "tv", "bt709", "bt709"):
        return f"colour tags {tags}"
    if plan.audio is not None and not container.streams.audio:
        return "no sound"
    return ""
