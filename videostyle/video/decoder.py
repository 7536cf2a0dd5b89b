"""A video file as small RGB frames at the target rate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import ffmpeg
import numpy as np

from videostyle.errors import DecodeError
from videostyle.frames import Geometry
from videostyle.video.filters import resample, scale_to_work
from videostyle.video.probe import VideoInfo
from videostyle.video.process import FfmpegProcess, local_url
from videostyle.video.rate import frames_until


@dataclass(frozen=True)
class DecodePlan:
    """Which frames of a source to take, and at which size.

    Attributes:
        info: the source.
        geometry: the sizes on the frame's way.
        rate: output frames per second.
        start_s: where in the source output frame 0 stands.
        duration_s: how long to go on from there, or None for all the rest.
    """

    info: VideoInfo
    geometry: Geometry
    rate: Fraction
    start_s: Fraction = Fraction(0)
    duration_s: Fraction | None = None

    @property
    def expected_frames(self) -> int | None:
        """How many frames the header promises; None if it promises nothing."""
        ends = [end for end in (self.duration_s, self._rest_s) if end is not None]
        return frames_until(min(ends), self.rate) if ends else None

    @property
    def _rest_s(self) -> Fraction | None:
        # The filter moves frames one tick earlier, and the end with them.
        if self.info.end_s is None:
            return None
        return self.info.end_s - self.start_s - self.info.time_base

    @property
    def source_frame_s(self) -> Fraction:
        return 1 / self.info.rate

    def at_rate(self, rate: Fraction) -> "DecodePlan":
        """The same part of the same source at another rate."""
        return replace(self, rate=rate)


class Decoder:
    """Iterates over frames uint8 [H, W, 3] of the cropped size; a context manager.

    Decoding, choosing frames, scaling and colour conversion happen inside one ffmpeg, so that only
    small frames travel.
    """

    def __init__(self, plan: DecodePlan) -> None:
        self._plan = plan
        self._process = FfmpegProcess(_arguments(plan), pipe="stdout")
        self.frames_read = 0

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    def __iter__(self) -> Iterator[np.ndarray]:
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
            yield frame
        check_length(self._plan, self.frames_read, self._process)


def check_length(plan: DecodePlan, read: int, process: FfmpegProcess) -> None:
    """Wait for the decoder's end and see that it came with the clip's.

    Args:
        plan: what was to be read.
        read: output frames that came, at the plan's rate.
        process: the ffmpeg that sent them.

    Raises:
        DecodeError: ffmpeg failed, or the file ends long before its header says.
    """
    status = process.wait()
    path, rate, expected = plan.info.path, plan.rate, plan.expected_frames
    if status != 0:
        raise DecodeError(f"{path}: decoding failed after {read} frames: "
                          f"{process.last_words() or f'ffmpeg ended with {status}'}")
    if expected is not None and read + _slack_frames(plan) < expected:
        raise DecodeError(
            f"{path}: only {read} of {expected} frames decode ({float(read / rate):.1f} s of "
            f"{float(expected / rate):.1f} s); the file is cut short or damaged; "
            f"to take what is there add --duration {float(read / rate):.2f}"
        )
    if read == 0:
        raise DecodeError(f"{path}: no frame lies in the part asked for")


def _slack_frames(plan: DecodePlan) -> int:
    """Headers round, and some count a last frame's duration twice: two frames of either."""
    return 2 + round(2 * plan.source_frame_s * plan.rate)


def _arguments(plan: DecodePlan) -> list[str]:
    source = ffmpeg.input(local_url(plan.info.path), **seek_options(plan))
    video = source[f"v:{plan.info.stream}"]
    video = scale_to_work(resample(video, plan.info, plan.rate), plan.info, plan.geometry)
    limit = {}
    if plan.duration_s is not None:
        limit["frames:v"] = frames_until(plan.duration_s, plan.rate)
    # `passthrough`: the frames are chosen already; the muxer must not drop or repeat any.
    output = video.output("pipe:1", format="rawvideo", pix_fmt="rgb24", fps_mode="passthrough",
                          **limit)
    return output.get_args()


def seek_options(plan: DecodePlan) -> dict[str, str | None]:
    """Go to the key frame before the start, and keep what lies between.

    An accurate seek would throw away the frame that is on the screen at the start, when it began
    a little earlier; the `fps` filter picks it by its (then negative) timestamp.
    """
    if plan.start_s == 0:
        return {}
    return {"noaccurate_seek": None, "ss": f"{float(plan.start_s):.6f}"}


def _read_into(pipe: Any, buffer: memoryview) -> bool:
    """Fill the buffer from the pipe; False at its end. A frame cut in half is dropped."""
    filled = 0
    while filled < len(buffer):
        count = pipe.readinto(buffer[filled:])
        if not count:
            return False
        filled += count
    return True
