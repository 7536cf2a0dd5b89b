"""Every source frame, small, with its time: NUT carries times through a pipe."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import merge
from itertools import groupby
from math import ceil
from typing import Any

import numpy as np

from videostyle.errors import DecodeError
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder_input import MOVED_TICK_S, from_start, open_input
from videostyle.video.filters import in_step, scale_to_work, watched
from videostyle.video.parts import Part
from videostyle.video.process import FfmpegProcess, filter_threads
from videostyle.video.zero import anchored

TimedFrame = tuple[np.ndarray, Fraction]


class TimedFrames:
    """Iterates over source frames, uint8 [H, W, 3], and their times; a context manager.

    Times are seconds after the plan's start, below 0 for frames that were on screen before it.

    Attributes:
        process: the ffmpeg that sends them.
        end_s: when the last frame is over, once all have come; None without frames.
        has_changed: the clip continues with frames that the plan wasn't made for.
    """

    def __init__(
        self, plan: DecodePlan, parts: Sequence[Part] = (), skipped: dict[str, str] | None = None
    ) -> None:
        """Start decoding.

        Args:
            plan: what to read; its own rate is ignored.
            parts: take only the frames of these; then `end_s` is unknown.
            skipped: ffmpeg's options that keep pictures from the decoder.
        """
        self._plan = plan
        self._watch = None if parts else plan.watch()
        self.process = FfmpegProcess(
            _arguments(plan, parts, skipped), pipe="stdout", watch=self._watch
        )
        self.end_s: Fraction | None = None
        self.has_changed = False

    def __enter__(self) -> "TimedFrames":
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.stop()

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield every frame.

        Raises:
            DecodeError: the decoder's output can't be read.
        """
        if self._watch is None:
            yield from self._read()
            return
        held: TimedFrame | None = None
        for timed in self._read():
            if held is not None:
                if not self.process.as_expected(self._plan.on_its_clock(held[1])):
                    self.has_changed = True
                    return
                yield held
            held = timed
        # The last one only marks the end.
        self.end_s = None if held is None else held[1]

    def _read(self) -> Iterator[TimedFrame]:
        import av

        size, shift_s = self._plan.geometry.cropped, _shift_ticks(self._plan) * _tick_s(self._plan)
        try:
            with av.open(self.process.pipe, format="nut") as container:
                for packet in container.demux(video=0):
                    if packet.size:
                        pixels = np.frombuffer(packet, np.uint8)
                        time_s = packet.pts * packet.time_base - shift_s
                        yield pixels.reshape(size.height, size.width, 3), time_s
        except (av.FFmpegError, ValueError) as error:
            if self.process.wait() == 0 and self._nothing_came(error):
                return
            raise DecodeError(
                f"{self._plan.info.path}: the decoder's frames can't be read: "
                f"{self.process.last_words() or error}"
            ) from error

    def _nothing_came(self, error: Exception) -> bool:
        """An ffmpeg that has no frame sends a header at most."""
        import av

        return isinstance(error, (av.EOFError, av.InvalidDataError))


class PatchedFrames:
    """As `TimedFrames`, for a clip that changes inside: an ffmpeg for each look, all reading the
    whole, each sending the frames that look so.

    Attributes:
        process: one of them, whose messages speak for all.
        end_s: as in `TimedFrames`.
    """

    def __init__(self, plan: DecodePlan, parts: Sequence[Part]) -> None:
        """Start decoding; `parts`: all of the clip's."""
        self.end_s = plan.on_our_clock(max(part.end_s for part in parts))
        self._streams: list[TimedFrames] = []
        by_look = sorted(parts, key=lambda part: (repr(part.look), part.first))
        try:
            for look, alike in groupby(by_look, key=lambda part: part.look):
                self._streams.append(TimedFrames(plan.for_look(look), list(alike)))
        except BaseException:
            self.__exit__()
            raise
        self.process = self._streams[0].process

    def __enter__(self) -> "PatchedFrames":
        return self

    def __exit__(self, *exception: object) -> None:
        for stream in self._streams:
            stream.process.stop()

    def __iter__(self) -> Iterator[TimedFrame]:
        """Yield every frame in the order of time."""
        return merge(*self._streams, key=lambda timed: timed[1])


def _shift_ticks(plan: DecodePlan) -> int:
    """What brings every timestamp above zero: a seek makes some below, and NUT can't hold those."""
    return ceil((plan.start_s + 1) / _tick_s(plan))


def _tick_s(plan: DecodePlan) -> Fraction:
    """Seconds per tick where the filters end: bwdif halves the source's."""
    if plan.start_s:
        return MOVED_TICK_S
    return plan.info.time_base / (2 if plan.info.is_interlaced else 1)


def _arguments(
    plan: DecodePlan, parts: Sequence[Part], skipped: dict[str, str] | None
) -> list[str]:
    source = open_input(plan, skipped=skipped)
    video = source[plan.info.specifier]
    video = video.filter("select", _within(parts)) if parts else watched(video)
    video = from_start(in_step(video, plan.info), plan)
    if not parts:  # one more frame at the very end says when the last one is over
        video = video.filter("tpad", stop=1)
    video = video.filter("setpts", f"PTS+{_shift_ticks(plan)}")
    video = scale_to_work(video, plan.info, plan.geometry, plan.inside)
    output: Any = video.output(
        "pipe:1",
        format="nut",
        vcodec="rawvideo",
        pix_fmt="rgb24",
        fps_mode="passthrough",
        enc_time_base="filter",
    )
    return [*filter_threads(plan.threads), *anchored(output, source, plan.info.anchors, plan.end_s)]


def _within(parts: Sequence[Part]) -> str:
    return "+".join(f"between(pts,{part.first},{part.last})" for part in parts)
