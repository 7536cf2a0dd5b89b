"""Where a clip's time 0 is: the same for the picture's ffmpeg and for the sound's.

For formats whose clocks may jump (MPEG-TS, MPEG-PS, Ogg) ffmpeg begins to count at the first packet
of those streams that it was asked for, so that a picture read without its sound begins at its own
first frame. Both processes therefore ask for both; what is not wanted goes nowhere.
"""

import os
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import ffmpeg


def anchors(container: Any, streams: Sequence[Any]) -> tuple[int, ...]:
    """Which streams decide together where 0 is.

    Args:
        container: an open one of PyAV's.
        streams: the picture and its sounds.

    Returns:
        Their indexes in the file; empty where the file's own header decides.
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
        output: what it writes, of ffmpeg-python's.
        source: the input, of ffmpeg-python's.
        anchors: see `anchors`.
        end_s: where on the input's clock nothing more is needed, or None.
    """
    if not anchors:
        return list(output.get_args())
    end = {} if end_s is None else {"t": f"{float(end_s):.6f}"}
    streams = [source[str(index)] for index in anchors]
    nothing = ffmpeg.output(*streams, os.devnull, format="null", codec="copy", **end)
    return list(ffmpeg.merge_outputs(output, nothing).get_args())
