"""Pieces of one video put together without encoding them again, with the source's sound."""

from fractions import Fraction
from pathlib import Path

import ffmpeg

from videostyle.errors import EncodeError
from videostyle.files.whole import open_part, write_text
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import container_options, write
from videostyle.video.process import PROTOCOLS, run_ffmpeg
from videostyle.video.verify import check_count, check_target
from videostyle.video.words import write_words


def join(segments: list[tuple[Path, int]], list_path: Path, plan: EncodePlan) -> None:
    """Write the target from its pieces; it appears when it is whole.

    Args:
        segments: the pieces in their order and how many frames each has; all in one folder.
        list_path: a file in that folder to write their names to.
        plan: what the target is.

    Raises:
        EncodeError: it can't be written, or doesn't have all frames.
    """
    frames = sum(count for _, count in segments)
    write_text(list_path, _as_list(segments, plan.rate))
    part, words = open_part(plan.target), None
    try:
        words = write_words(part.path, plan.beside, plan.config.keep_location)
        # Its names are read as addresses, in which `#` and `?` end the path: so the list is opened
        # by its name alone, from its folder.
        video = ffmpeg.input(
            f"file:{list_path.name}", format="concat", safe=0, protocol_whitelist=PROTOCOLS
        ).video
        options = {"c:v": "copy", **plan.audio_options, **container_options(plan)}
        arguments = write(video, plan, part.path, words, options)
        if reason := run_ffmpeg(arguments, folder=list_path.parent):
            raise EncodeError(plan.target, f"joining its segments failed: {reason}")
        check_count(part.path, plan.target, frames)
        if plan.config.verify:
            check_target(part.path, plan, frames)
        part.commit()
    finally:
        if words is not None:
            words.unlink(missing_ok=True)
        part.discard()


def _as_list(segments: list[tuple[Path, int]], rate: Fraction) -> str:
    """ffmpeg's list. The lengths are worked out here, so that no rounding adds up."""
    lines, frames = ["ffconcat version 1.0"], 0
    for path, count in segments:
        length_s = _microseconds((frames + count) / rate) - _microseconds(frames / rate)
        lines += [
            f"file '{path.name}'",
            f"duration {length_s // 1_000_000}.{length_s % 1_000_000:06d}",
        ]
        frames += count
    return "\n".join(lines) + "\n"


def _microseconds(time_s: Fraction) -> int:
    return round(time_s * 1_000_000)
