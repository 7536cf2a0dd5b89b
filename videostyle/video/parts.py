"""A clip that changes inside, as parts that each look alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise

from videostyle.errors import DecodeError
from videostyle.video.color import Color
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder_input import open_input
from videostyle.video.filters import watched
from videostyle.video.look import Look
from videostyle.video.process import FfmpegProcess
from videostyle.video.watch import Seen
from videostyle.video.zero import anchored

# More parts than this need a longer command line than systems take.
MOST_PARTS = 1500


@dataclass(frozen=True)
class Part:
    """Source frames in a row that look alike.

    Attributes:
        look: what they look like.
        first: the first one's time, in ticks of the file.
        last: the last one's.
        start_s: the first one's in seconds, on the decoder's clock.
        end_s: when the last one is over.
    """

    look: Look
    first: int
    last: int
    start_s: Fraction
    end_s: Fraction


def find_parts(plan: DecodePlan) -> list[Part]:
    """Read the wanted part of a clip once, only to see where it changes.

    Raises:
        DecodeError: it changes too often.
    """
    watch = plan.watch(keeps=True)
    process = FfmpegProcess(_arguments(plan), pipe="none", watch=watch)
    try:
        process.wait()
    finally:
        process.stop()
    parts = _in_parts(watch.seen, plan.source_frame_s)
    if len(parts) > MOST_PARTS:
        raise DecodeError(
            f"{plan.info.path}: its picture changes its size or colours {len(parts)} times; "
            f"at most {MOST_PARTS} can be followed: convert it to one form first"
        )
    return parts


def _in_parts(seen: Sequence[Seen], frame_s: Fraction) -> list[Part]:
    if any(each.look.is_interlaced for each in seen):  # one way for all, whole frames pass through
        seen = [replace(each, look=replace(each.look, is_interlaced=True)) for each in seen]
    frames = sorted(seen, key=lambda each: each.ticks)
    runs = [list(run) for _, run in groupby(frames, key=lambda each: each.look)]
    return [
        Part(
            run[0].look,
            run[0].ticks,
            run[-1].ticks,
            run[0].time_s,
            run[-1].time_s + (run[-1].length_s or frame_s),
        )
        for run in runs
    ]


def describe_change(parts: Sequence[Part], plan: DecodePlan) -> str:
    """What the user should know, in one line; empty if the eye needn't know."""
    changes = [
        (part.start_s, words)
        for before, part in pairwise(parts)
        if (words := _difference(before.look, part.look))
    ]
    if not changes:
        return ""
    time_s = changes[0][0] + plan.seek_s
    times = f"{len(changes)} times, first" if len(changes) > 1 else "once,"
    return (
        f"the picture changes {times} at {float(time_s):.2f} s to {changes[0][1]}: "
        "every part is fitted into the shape of the first and read by its own colours"
    )


def _difference(before: Look, after: Look) -> str:
    words = []
    if before.size != after.size:
        words.append(str(after.size))
    if before.color != after.color:
        words.append(_color(after.color))
    return ", ".join(words)


def _color(color: Color) -> str:
    tags = (color.matrix, color.range, color.transfer, color.primaries)
    alpha = ("transparency",) if color.has_alpha else ()
    return "/".join([*(tag for tag in tags if tag), *alpha]) + " colours"


def _arguments(plan: DecodePlan) -> list[str]:
    source = open_input(plan, {"skip_loop_filter": "all"})
    video = watched(source[plan.info.specifier])
    end = {} if plan.end_s is None else {"t": f"{float(plan.end_s + 1):.6f}"}
    output = video.output("-", format="null", fps_mode="passthrough", **end)
    return anchored(output, source, plan.info.anchors, plan.end_s)
