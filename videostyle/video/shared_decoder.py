"""A video file decoded once, for several frame rates at the same time.

ffmpeg sends every source frame, small, with its timestamp (NUT carries them through a pipe); which
of them a rate shows is worked out here, by the rule that the `fps` filter follows for one rate.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from videostyle.errors import DecodeError
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import (
    MOVED_TICK_S,
    check_length,
    check_runaway,
    from_start,
    input_options,
)
from videostyle.video.filters import in_step, scale_to_work
from videostyle.video.process import FfmpegProcess, filter_threads
from videostyle.video.rate import frames_until
from videostyle.video.shown import Shown


class FrameMap:
    """Which source frames one rate shows: output frame k the last one at most at k / rate."""

    def __init__(self, rate: Fraction, limit: int | None = None) -> None:
        """Begin before the first frame.

        Args:
            rate: frames per second.
            limit: how many output frames there may be, or None.
        """
        self.rate = rate
        self.limit = limit
        self.filled = 0

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.filled >= self.limit

    def show_until(self, next_s: Fraction) -> int:
        """How many output frames show a source frame whose successor, or end, is at `next_s`."""
        until = ceil(next_s * self.rate)
        if self.limit is not None:
            until = min(until, self.limit)
        count = max(0, until - self.filled)
        self.filled += count
        return count


class SharedDecoder:
    """Iterates over the source frames that any of several rates shows; a context manager.

    Attributes:
        notices: what is known of the clip at its end, one line each.
    """

    def __init__(self, plan: DecodePlan, rates: Sequence[Fraction]) -> None:
        """Start decoding.

        Args:
            plan: what to read; its own rate counts for nothing.
            rates: frames per second of each sink.
        """
        self._plan = plan
        limit_s = plan.duration_s
        self._maps = [
            FrameMap(rate, None if limit_s is None else frames_until(limit_s, rate))
            for rate in rates
        ]
        self.notices: tuple[str, ...] = ()
        self._process = FfmpegProcess(_arguments(plan), pipe="stdout")

    def __enter__(self) -> "SharedDecoder":
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.stop()

    def __iter__(self) -> Iterator[Shown]:
        """Yield every source frame that is shown, in order.

        Raises:
            DecodeError: ffmpeg failed, or the file ends long before its header says.
        """
        for (frame, _), (_, next_s) in pairwise(self._timed_frames()):
            counts = tuple(each.show_until(next_s) for each in self._maps)
            for each in self._maps:
                check_runaway(self._plan.at_rate(each.rate), each.filled)
            if any(counts):
                yield Shown(frame, counts)
            if all(each.is_full for each in self._maps):
                return
        self._check_end()

    def _timed_frames(self) -> Iterator[tuple[np.ndarray, Fraction]]:
        """Every source frame and its time; the last one only marks the end of the clip."""
        import av

        size, shift_s = self._plan.geometry.cropped, _shift_ticks(self._plan) * _tick_s(self._plan)
        try:
            with av.open(self._process.pipe, format="nut") as container:
                for packet in container.demux(video=0):
                    if packet.size:
                        pixels = np.frombuffer(packet, np.uint8)
                        time_s = packet.pts * packet.time_base - shift_s
                        yield pixels.reshape(size.height, size.width, 3), time_s
        except (av.FFmpegError, ValueError) as error:
            self._check_end()
            raise DecodeError(
                f"{self._plan.info.path}: the decoder's frames can't be read: {error}"
            ) from error

    def _check_end(self) -> None:
        fastest = max(self._maps, key=lambda each: each.rate)
        self.notices = check_length(self._plan.at_rate(fastest.rate), fastest.filled, self._process)


def _shift_ticks(plan: DecodePlan) -> int:
    """What brings every timestamp above zero: a seek makes some below, and NUT can't hold those."""
    return ceil((plan.start_s + 1) / _tick_s(plan))


def _tick_s(plan: DecodePlan) -> Fraction:
    """Seconds per tick where the filters end: bwdif halves the source's."""
    if plan.start_s:
        return MOVED_TICK_S
    return plan.info.time_base / (2 if plan.info.is_interlaced else 1)


def _arguments(plan: DecodePlan) -> list[str]:
    source = plan.info.source.as_input(**input_options(plan))
    video = from_start(in_step(source[f"v:{plan.info.stream}"], plan.info), plan)
    # One more frame at the very end says when the last one is over.
    video = video.filter("tpad", stop=1).filter("setpts", f"PTS+{_shift_ticks(plan)}")
    video = scale_to_work(video, plan.info, plan.geometry)
    output: Any = video.output(
        "pipe:1",
        format="nut",
        vcodec="rawvideo",
        pix_fmt="rgb24",
        fps_mode="passthrough",
        enc_time_base="filter",
    )
    return [*filter_threads(plan.threads), *output.get_args()]
