"""A video file as small RGB frames at the target rate."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from videostyle.errors import DamageError, DecodeError
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.filters import in_step, resample, scale_to_work
from videostyle.video.process import (
    FfmpegMessages,
    FfmpegProcess,
    filter_threads,
    thread_options,
)
from videostyle.video.rate import frames_until
from videostyle.video.shown import Shown

# The clock of a clip whose times were moved.
MOVED_TICK_S = Fraction(1, 1_000_000)


class Decoder:
    """Iterates over the frames of one rate, of the cropped size; a context manager.

    Decoding, choosing frames, scaling and colour conversion happen inside one ffmpeg, so that only
    small frames travel.

    Attributes:
        frames_read: how many frames have come.
        notices: what is known of the clip at its end, one line each.
    """

    def __init__(self, plan: DecodePlan) -> None:
        self._plan = plan
        self._process = FfmpegProcess(_arguments(plan), pipe="stdout")
        self.frames_read = 0
        self.notices: tuple[str, ...] = ()

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def damage(self) -> str | None:
        """What is known so far to be damaged of what was read, or None."""
        return next(damage_of(self._plan, self._process.messages, self.frames_read), None)

    def __iter__(self) -> Iterator[Shown]:
        """Yield every frame.

        Raises:
            DecodeError: ffmpeg failed, or the file ends long before its header says.
        """
        size = self._plan.geometry.cropped
        while True:
            frame = np.empty((size.height, size.width, 3), np.uint8)
            if not _read_into(self._process.pipe, frame.data.cast("B")):
                break
            self.frames_read += 1
            check_runaway(self._plan, self.frames_read)
            yield Shown(frame)
        self.notices = check_length(self._plan, self.frames_read, self._process)


def check_runaway(plan: DecodePlan, read: int) -> None:
    """Stop at more frames than the file can hold.

    Raises:
        DecodeError: there are more.
    """
    if read > plan.most_frames:
        raise DecodeError(
            f"{plan.info.path}: goes on after {float(read / plan.rate):.0f} s, which "
            f"{plan.info.source.size_bytes} bytes can't hold; it is damaged"
        )


def check_length(plan: DecodePlan, read: int, process: FfmpegProcess) -> tuple[str, ...]:
    """Wait for the decoder's end and see that it came with the clip's.

    Args:
        plan: what was to be read.
        read: output frames that came, at the plan's rate.
        process: the ffmpeg that sent them.

    Returns:
        What was lost, one line each, when the plan says to keep going.

    Raises:
        DecodeError: ffmpeg failed, or the clip has changed.
        DamageError: it is damaged, or ends long before its header says.
    """
    status = process.wait()
    path = plan.info.path
    if status < 0 or (status > 0 and not (plan.keep_going and read)):
        raise DecodeError(
            f"{path}: decoding failed after {read} frames: "
            f"{process.last_words() or f'ffmpeg ended with {status}'}"
        )
    plan.info.source.check_unchanged(process.began_ns)
    if read == 0 and not plan.may_be_empty:
        raise DecodeError(f"{path}: no frame lies in the part asked for")
    losses = tuple(_losses(plan, read, process))
    if losses and not plan.keep_going:
        raise DamageError(f"{path}: {losses[0]}")
    return losses


def _losses(plan: DecodePlan, read: int, process: FfmpegProcess) -> Iterator[str]:
    rate, expected = plan.rate, plan.expected_frames
    if expected is not None and read + _slack_frames(plan) < expected:
        yield (
            f"only {read} of {expected} frames decode ({float(read / rate):.1f} s of "
            f"{float(expected / rate):.1f} s); the file is cut short or damaged"
        )
    yield from damage_of(plan, process.messages, read)


def damage_of(plan: DecodePlan, messages: FfmpegMessages, read: int) -> Iterator[str]:
    """What ffmpeg's messages say is broken, in one line or none."""
    if messages.corrupt:
        yield (
            f"{messages.corrupt} source frames are damaged and {read} frames decode: "
            f"{messages.first_error}"
        )
    elif messages.errors and not plan.start_s:  # a seek into an open group of pictures has some
        yield f"the file is damaged and {read} frames decode: {messages.first_error}"


def _slack_frames(plan: DecodePlan) -> int:
    """Headers round, and some count a last frame's duration twice: two frames of either."""
    return 2 + round(2 * plan.source_frame_s * plan.rate)


def _arguments(plan: DecodePlan) -> list[str]:
    source = plan.info.source.as_input(**input_options(plan))
    video = from_start(in_step(source[f"v:{plan.info.stream}"], plan.info), plan)
    video = scale_to_work(resample(video, plan.rate), plan.info, plan.geometry)
    limit = {}
    if plan.duration_s is not None:
        limit["frames:v"] = frames_until(plan.duration_s, plan.rate)
    # `passthrough`: the frames are chosen already; the muxer must not drop or repeat any.
    output = video.output(
        "pipe:1", format="rawvideo", pix_fmt="rgb24", fps_mode="passthrough", **limit
    )
    return [*filter_threads(plan.threads), *output.get_args()]


def input_options(plan: DecodePlan) -> dict[str, str | int | None]:
    """What stands before the source on ffmpeg's command line."""
    shortcut = {"skip_loop_filter": "bidir"} if plan.skips_deblocking else {}
    return seek_options(plan) | shortcut | thread_options(plan.threads)


def seek_options(plan: DecodePlan) -> dict[str, str | None]:
    """Go to the key frame well before the start, and keep what lies between.

    An accurate seek would throw away the frame that is on the screen at the start, when it began
    a little earlier. A seek to the start itself may land on a key frame of which pictures shown
    before it can't be decoded (an open group).
    """
    if plan.seek_s == 0:
        return {}
    return {"noaccurate_seek": None, "ss": f"{float(plan.seek_s):.6f}"}


def from_start(video: Any, plan: DecodePlan) -> Any:
    """Move the clip's times to the start; `fps` drops what is then below 0, all but the last.

    In microseconds, since a tick may be a whole frame; one more for their rounding.
    """
    if plan.start_s == 0:
        return video
    ticks = round((plan.start_s - plan.seek_s) / MOVED_TICK_S) + 1
    return video.filter("settb", str(MOVED_TICK_S)).filter("setpts", f"PTS-{ticks}")


def _read_into(pipe: Any, buffer: memoryview) -> bool:
    """Fill the buffer from the pipe; False at its end. A frame cut in half is dropped."""
    filled = 0
    while filled < len(buffer):
        count = pipe.readinto(buffer[filled:])
        if not count:
            return False
        filled += count
    return True
