"""A video file as small RGB frames at the target rate."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from videostyle.video.completeness import check_length, check_runaway, clock_notices, damage_of
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder_input import from_start, open_input
from videostyle.video.filters import in_step, resample, scale_to_work, watched
from videostyle.video.process import FfmpegProcess, filter_threads
from videostyle.video.rate import frames_until
from videostyle.video.shared_decoder import SharedDecoder
from videostyle.video.shown import Shown
from videostyle.video.skipping import find_skipped
from videostyle.video.zero import anchored


class Decoder:
    """Iterates over the frames of one rate, of the cropped size; a context manager.

    Decoding, choosing frames, scaling and colour conversion happen inside one ffmpeg, so that only
    small frames travel.

    Attributes:
        frames_read: how many frames have come.
        undecoded: how many source pictures were left out, as no frame needs them.
        losses: what was found broken, one line each, once all is read.
        notices: what the user should know of the clip, the losses with it.
    """

    def __init__(self, plan: DecodePlan) -> None:
        self._plan = plan
        skipped = find_skipped(plan, [plan.rate])
        self.undecoded = skipped.pictures
        self._process = FfmpegProcess(
            _arguments(plan, skipped.options), pipe="stdout", watch=plan.watch()
        )
        self._rest: SharedDecoder | None = None
        self.frames_read = 0
        self.losses: tuple[str, ...] = ()
        self.notices: tuple[str, ...] = ()

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.stop()
        if self._rest is not None:
            self._rest.__exit__()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def damage(self) -> str | None:
        """What is known so far to be damaged of what was read, or None."""
        process = self._process if self._rest is None else self._rest.process
        return next(damage_of(self._plan, process.messages, self.frames_read), None)

    def __iter__(self) -> Iterator[Shown]:
        """Yield every frame.

        Raises:
            DecodeError: ffmpeg failed, or the file ends long before its header says.
        """
        size = self._plan.geometry.cropped
        while True:
            frame = np.empty((size.height, size.width, 3), np.uint8)
            is_there = _read_into(self._process.pipe, frame.data.cast("B"))
            if not self._process.as_expected(self._plan.on_its_clock(self._time_s)):
                yield from self._after_change()
                return
            if not is_there:
                break
            self.frames_read += 1
            check_runaway(self._plan, self.frames_read)
            yield Shown(frame)
        self.losses = check_length(self._plan, self.frames_read, self._process)
        self.notices = (*self.losses, *clock_notices(self._process.messages))

    @property
    def _time_s(self) -> Fraction:
        """When the next frame is shown, after the plan's start."""
        return self.frames_read / self._plan.rate

    def _after_change(self) -> Iterator[Shown]:
        """The frames from the next one on, of a clip that changes inside.

        ffmpeg's own choice of frames begins anew with its filters, so they are chosen here.
        """
        self._process.stop()
        rest = self._plan.rest(self.frames_read)
        self._rest = SharedDecoder(rest, [rest.rate], changes=True)
        self.notices = self._rest.notices
        for shown in self._rest:
            for _ in range(shown.counts[0]):
                self.frames_read += 1
                yield Shown(shown.frame)
        self.losses, self.notices = self._rest.losses, self._rest.notices


def _arguments(plan: DecodePlan, skipped: dict[str, str]) -> list[str]:
    source = open_input(plan, skipped=skipped)
    video = in_step(watched(source[plan.info.specifier]), plan.info)
    limit = {"frames:v": 1}
    if not plan.info.is_still:  # of a single frame that has no end `fps` makes none
        video = resample(from_start(video, plan), plan.rate)
        limit = {}
    video = scale_to_work(video, plan.info, plan.geometry)
    if plan.duration_s is not None:
        limit["frames:v"] = frames_until(plan.duration_s, plan.rate)
    # `passthrough`: the frames are chosen already; the muxer must not drop or repeat any.
    output = video.output(
        "pipe:1", format="rawvideo", pix_fmt="rgb24", fps_mode="passthrough", **limit
    )
    return [*filter_threads(plan.threads), *anchored(output, source, plan.info.anchors, plan.end_s)]


def _read_into(pipe: Any, buffer: memoryview) -> bool:
    """Fill the buffer from the pipe; False at its end. A frame cut in half is dropped."""
    filled = 0
    while filled < len(buffer):
        count = pipe.readinto(buffer[filled:])
        if not count:
            return False
        filled += count
    return True
