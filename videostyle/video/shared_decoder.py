"""A video file decoded once, for several frame rates at the same time.

ffmpeg sends every source frame with its time; which of them a rate shows is decided here, by the
rule that the `fps` filter follows for one rate.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from itertools import chain, pairwise
from math import ceil

import numpy as np

from videostyle.video.completeness import check_length, check_runaway, clock_notices
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.parts import describe_change, find_parts
from videostyle.video.process import FfmpegProcess
from videostyle.video.rate import frames_until
from videostyle.video.shown import Shown
from videostyle.video.skipping import find_skipped
from videostyle.video.timed_frames import PatchedFrames, TimedFrame, TimedFrames


class FrameMap:
    """Which source frames one rate shows: output frame k the last one at or before k / rate."""

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
        """How many output frames show a source frame that ends at `next_s`."""
        until = ceil(next_s * self.rate)
        if self.limit is not None:
            until = min(until, self.limit)
        count = max(0, until - self.filled)
        self.filled += count
        return count


class SharedDecoder:
    """Iterates over the source frames that any of several rates shows; a context manager.

    Attributes:
        undecoded: how many source pictures were left out because no frame needs them.
        losses: the damage that was found, one line each, once all is read.
        notices: what the user should know about the clip, including the losses.
    """

    def __init__(
        self, plan: DecodePlan, rates: Sequence[Fraction], *, changes: bool = False
    ) -> None:
        """Start decoding.

        Args:
            plan: what to read; its own rate is ignored.
            rates: frames per second of each sink.
            changes: whether the clip is already known to change inside.
        """
        self._plan = plan
        limit_s = plan.duration_s
        self._maps = [
            FrameMap(rate, None if limit_s is None else frames_until(limit_s, rate))
            for rate in rates
        ]
        self.losses: tuple[str, ...] = ()
        self.notices: tuple[str, ...] = ()
        self.undecoded = 0
        self._open = ExitStack()
        self._frames: TimedFrames | PatchedFrames
        if changes:
            self._follow_changes()
        else:
            skipped = find_skipped(plan, rates)
            self.undecoded = skipped.pictures
            self._frames = self._open.enter_context(TimedFrames(plan, skipped=skipped.options))

    def __enter__(self) -> "SharedDecoder":
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    @property
    def process(self) -> FfmpegProcess:
        """The ffmpeg whose messages report damage."""
        return self._frames.process

    def __iter__(self) -> Iterator[Shown]:
        """Yield every source frame that is shown, in order.

        Raises:
            DecodeError: ffmpeg failed, or the file ends long before its header says.
        """
        for (frame, _), (_, next_s) in pairwise(chain(self._timed_frames(), self._end())):
            counts = tuple(each.show_until(next_s) for each in self._maps)
            for each in self._maps:
                check_runaway(self._plan.at_rate(each.rate), each.filled)
            if any(counts):
                yield Shown(frame, counts)
            if all(each.is_full for each in self._maps):
                return
        fastest = max(self._maps, key=lambda each: each.rate)
        plan = self._plan.at_rate(fastest.rate)
        self.losses = check_length(plan, fastest.filled, self.process)
        self.notices += (*self.losses, *clock_notices(self.process.messages))

    def _timed_frames(self) -> Iterator[TimedFrame]:
        last_s = None
        for timed in self._frames:
            last_s = timed[1]
            yield timed
        if isinstance(self._frames, TimedFrames) and self._frames.has_changed:
            self._frames.process.stop()
            self._follow_changes()
            yield from (timed for timed in self._frames if last_s is None or timed[1] > last_s)

    def _end(self) -> Iterator[TimedFrame]:
        """What stands after the last frame, to say when that is over."""
        if self._frames.end_s is not None:
            yield np.empty(0, np.uint8), self._frames.end_s

    def _follow_changes(self) -> None:
        parts = find_parts(self._plan)
        if words := describe_change(parts, self._plan):
            self.notices += (words,)
        self._frames = self._open.enter_context(PatchedFrames(self._plan, parts))
