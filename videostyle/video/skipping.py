"""Pictures that ffmpeg needn't decode: no output frame shows them, and nothing refers to them.

The frames that come out are the same to the last bit. Where that isn't known for sure, all pictures
are decoded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder_input import nearest, time_from_start
from videostyle.video.drop_table import drop_table
from videostyle.video.filters import tolerance_ticks
from videostyle.video.process import describe, ffmpeg_version, local_url
from videostyle.video.references import PictureReader, Unknown, check_order

# Formats whose packets all have a time of their own.
FORMATS = frozenset({"mov", "matroska"})

# The first ffmpeg that takes bitstream filters for an input.
OLDEST_FFMPEG = (7, 0)

# How much of a clip is read before decoding begins; what follows is decoded in full.
MOST_BYTES = 1 << 30

# Open a file without decoding its first frames: the probe has done so.
HEADER_ONLY = {"analyzeduration": "0", "probesize": "32", "skip_frame": "all"}

# How far pictures may be out of order, in seconds.
REORDERED_S = 1

# Frames of a clip's end that are decoded in any case: for how long the last one is shown may be
# worked out from those before it.
KEPT_AT_END = 8


@dataclass(frozen=True)
class Skipped:
    """What keeps pictures from the decoder.

    Attributes:
        options: ffmpeg's, for the input.
        pictures: how many there are.
    """

    options: dict[str, str]
    pictures: int


NOTHING = Skipped({}, 0)


@dataclass(frozen=True)
class Found:
    """A picture in the file: when it is shown, in ticks of ffmpeg's clock, and its temporal layer;
    `is_reference` as in `Picture`."""

    ticks: int
    is_reference: bool
    layer: int


def find_skipped(plan: DecodePlan, rates: Sequence[Fraction]) -> Skipped:
    """Find the pictures that needn't be decoded.

    Args:
        plan: what to read; its own rate counts for nothing.
        rates: frames per second of all outputs that have to stay as they are.
    """
    if not may_skip(plan, rates) or not _takes_filters():
        return NOTHING
    try:
        found = sorted(_scan(plan), key=lambda each: each.ticks)
        dropped = set(unneeded(found, plan, rates))
        if not dropped:
            return NOTHING
        check_order(plan.info.codec, _trace(plan))
    except Unknown:
        return NOTHING
    table, count = drop_table([each.ticks for each in found], dropped)
    return Skipped({f"bsf:v:{plan.info.stream}": f"noise=drop='{table}'"}, count)


def may_skip(plan: DecodePlan, rates: Sequence[Fraction]) -> bool:
    """Whether there may be such pictures, by what is known of the clip."""
    info = plan.info
    # Deinterlacing looks at the frames before and after each.
    if plan.full or not plan.skips_pictures or info.is_interlaced or info.is_still or info.grid:
        return False
    return max(rates) < info.rate and not FORMATS.isdisjoint(info.container.split(","))


@cache
def _takes_filters() -> bool:
    release = re.match(r"n?(\d+)\.(\d+)", ffmpeg_version())
    return release is not None and tuple(map(int, release.groups())) >= OLDEST_FFMPEG


def unneeded(found: Sequence[Found], plan: DecodePlan, rates: Sequence[Fraction]) -> Iterator[int]:
    """Yield the ticks of pictures that nothing needs, of those found in the order of time."""
    top = max((each.layer for each in found), default=0)
    times = [_shown_s(each.ticks, plan) for each in found]
    # The first one fills a gap at the start.
    for index in range(1, len(found) - KEPT_AT_END):
        each = found[index]
        if each.is_reference or each.layer < top:
            continue
        if not any(_is_shown(times[index], times[index + 1], rate) for rate in rates):
            yield each.ticks


def _is_shown(time_s: Fraction, next_s: Fraction, rate: Fraction) -> bool:
    """Whether an output frame shows what is on the screen between two times (see `resample`)."""
    return max(0, ceil(time_s * rate)) < ceil(next_s * rate)


def _shown_s(ticks: int, plan: DecodePlan) -> Fraction:
    """When a picture is shown, after the plan's start, by the clock that frames are chosen by."""
    if plan.info.tolerance_s:
        ticks -= tolerance_ticks(plan.info)
    return time_from_start(ticks * plan.info.time_base, plan)


def _scan(plan: DecodePlan) -> list[Found]:
    """Read the headers of all pictures of the wanted part.

    Raises:
        Unknown: some can't be understood, or tell no time of their own.
    """
    import av

    info, source = plan.info, plan.info.source
    try:
        with av.open(
            local_url(info.path), options=source.options | HEADER_ONLY, metadata_errors="ignore"
        ) as container:
            stream = container.streams.video[info.stream]
            reader = PictureReader(info.codec, stream.codec_context.extradata)
            found = list(_pictures(plan, container, stream, reader))
    except (av.FFmpegError, OSError) as error:  # the decoder will say so in its own words
        raise Unknown from error
    if len({each.ticks for each in found}) != len(found):
        raise Unknown
    return found


def _pictures(
    plan: DecodePlan, container: Any, stream: Any, reader: PictureReader
) -> Iterator[Found]:
    tick_s, size = Fraction(stream.time_base), 0
    began_us = plan.info.began_us + int(plan.seek_s * 1_000_000)
    shift = nearest(Fraction(began_us, 1_000_000) / tick_s)
    if plan.seek_s:
        container.seek(began_us)
    for packet in container.demux(stream):
        if not packet.size:
            continue
        size += packet.size
        if packet.pts is None or packet.has_sidedata("new_extradata"):
            raise Unknown
        time_s = (packet.pts - shift) * tick_s
        if size > MOST_BYTES or (plan.end_s is not None and time_s > plan.end_s + REORDERED_S):
            return
        picture = reader.read(memoryview(packet))
        # What an edit list cuts off is decoded without being shown.
        is_reference = picture.is_reference or packet.is_discard
        yield Found(packet.pts - shift, is_reference, picture.layer)


def _trace(plan: DecodePlan) -> str:
    """The fields of the stream's parameter sets, as ffmpeg prints them."""
    output = plan.info.source.as_input(**HEADER_ONLY)[plan.info.specifier].output(
        "-", format="null", codec="copy", **{"bsf:v": "trace_headers", "frames:v": 1}
    )
    return describe(output.get_args())
