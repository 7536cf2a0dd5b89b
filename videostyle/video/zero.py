"""Where a clip's time 0 is: the same for the picture's ffmpeg and for the sound's.

For formats whose clocks may jump (MPEG-TS, MPEG-PS, Ogg), ffmpeg starts counting at the first
packet of the streams that it was asked for, so a picture read without its sound would start at its
own first frame. So both processes ask for both streams, and discard what they don't need.
"""

import os
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ffmpeg


def anchors(container: Any, streams: Sequence[Any]) -> tuple[int, ...]:
    """Which streams together decide where 0 is.

    Args:
        container: an open PyAV container.
        streams: the picture and its sounds.

    Returns:
        Their indexes in the file; empty if the file's header decides.
    """
    return tuple(stream.index for stream in streams) if has_jumps(container) else ()


def has_jumps(container: Any) -> bool:
    """Whether the clock of a container's format may jump."""
    import av.format

    return bool(container.format.flags & av.format.Flags.ts_discont.value)


def anchored(
    output: Any, source: Any, anchors: Sequence[int], end_s: Fraction | None = None
) -> list[str]:
    """The arguments of an ffmpeg that reads all anchors besides what it writes.

    Args:
        output: the ffmpeg-python output.
        source: the ffmpeg-python input.
        anchors: see `anchors`.
        end_s: the time on the input's clock after which nothing is needed, or None.
    """
    if not anchors:
        return list(output.get_args())
    end = {} if end_s is None else {"t": f"{float(end_s):.6f}"}
    streams = [source[str(index)] for index in anchors]
    nothing = ffmpeg.output(*streams, os.devnull, format="null", codec="copy", **end)
    return list(ffmpeg.merge_outputs(output, nothing).get_args())
