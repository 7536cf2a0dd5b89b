"""Small RGB frames into a video file, with the source's sound."""

import os
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np

from videostyle.errors import EncodeError, FrameShapeError
from videostyle.frames import Size
from videostyle.video.codecs import Codec, EncodeConfig, audio_encoding, choose_codec
from videostyle.video.filters import scale_to_output
from videostyle.video.probe import AudioInfo, count_video_packets
from videostyle.video.process import FfmpegProcess, local_url


@dataclass(frozen=True)
class AudioPlan:
    """Where the sound comes from and what becomes of it.

    Attributes:
        path: the source.
        info: which of its streams.
        start_s: where to begin.
        duration_s: how long to go on, or None for all the rest.
    """

    path: Path
    info: AudioInfo
    start_s: Fraction = Fraction(0)
    duration_s: Fraction | None = None


@dataclass(frozen=True)
class EncodePlan:
    """What to write.

    Attributes:
        target: the file.
        work: the size of the frames that come.
        output: the size to encode.
        rate: frames per second.
        config: how.
        audio: the sound, or None.
    """

    target: Path
    work: Size
    output: Size
    rate: Fraction
    config: EncodeConfig = field(default_factory=EncodeConfig)
    audio: AudioPlan | None = None

    @property
    def codec(self) -> Codec:
        return choose_codec(self.target.suffix, self.config.codec)

    @property
    def audio_options(self) -> dict[str, str | int]:
        """ffmpeg's output options for the sound; empty without any."""
        if self.audio is None:
            return {}
        info, start_s = self.audio.info, self.audio.start_s
        options = audio_encoding(self.target.suffix, info.codec, info.channels)
        if start_s and options["c:a"] == "copy":
            # A seek lands on the picture's key frame: without this, sound from before the start
            # is kept and Matroska moves the picture back to make room for it.
            options["copypriorss:a"] = 0
        return options

    @property
    def audio_action(self) -> str:
        """`none`, `copied` or `encoded`, for the user to read."""
        if not self.audio_options:
            return "none"
        return "copied" if self.audio_options["c:a"] == "copy" else "encoded"


class Encoder:
    """Takes frames uint8 [H, W, 3]; the target appears, whole, when the block ends well.

    Until then everything goes to a hidden file beside the target, which is removed on any error.
    """

    def __init__(self, plan: EncodePlan) -> None:
        self._plan = plan
        target = plan.target
        self._part = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
        self._process = FfmpegProcess(_arguments(plan, self._part), pipe="stdin")
        self.frames_written = 0

    def __enter__(self) -> "Encoder":
        return self

    def __exit__(self, kind: object, *exception: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._process.stop()
            self._part.unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        return self._process.pid

    def write(self, frame: np.ndarray) -> None:
        """Encode one frame.

        Raises:
            FrameShapeError: it isn't uint8 [H, W, 3] of the work size; ffmpeg would wait for ever
                for the bytes of a short one.
            EncodeError: ffmpeg is gone.
        """
        work = self._plan.work
        expected = (work.height, work.width, 3)
        if frame.shape != expected or frame.dtype != np.uint8:
            raise FrameShapeError(f"the encoder takes uint8 {expected}, "
                                  f"not {frame.dtype} {frame.shape}")
        view = np.ascontiguousarray(frame).data.cast("B")
        try:
            while view:
                view = view[self._process.pipe.write(view):]
        except (BrokenPipeError, ConnectionResetError) as error:
            self._process.wait()
            raise self._failure() from error
        self.frames_written += 1

    def _finish(self) -> None:
        """Let ffmpeg write its index, count what it wrote, and give the file its name."""
        try:
            self._process.pipe.close()
        except BrokenPipeError as error:
            self._process.wait()
            raise self._failure() from error
        if self._process.wait() != 0:
            raise self._failure()
        encoded = count_video_packets(self._part)
        if encoded != self.frames_written:
            raise EncodeError(f"{self._plan.target}: {self.frames_written} frames went in and "
                              f"{encoded} were encoded; nothing was kept")
        try:
            os.replace(self._part, self._plan.target)
        except OSError as error:
            raise EncodeError(f"{self._plan.target}: can't be written: {error.strerror}") from error

    def _failure(self) -> EncodeError:
        reason = self._process.last_words() or f"ffmpeg ended with {self._process.wait()}"
        return EncodeError(f"{self._plan.target}: encoding failed after {self.frames_written} "
                           f"frames: {reason}")


def _arguments(plan: EncodePlan, part: Path) -> list[str]:
    codec, work = plan.codec, plan.work
    # The rate belongs to the raw input: without it ffmpeg assumes 25 (ffmpeg-python#533).
    frames = ffmpeg.input("pipe:0", format="rawvideo", pix_fmt="rgb24", s=str(work),
                          framerate=str(plan.rate))
    video = scale_to_output(frames.video, work, plan.output, codec.pix_fmt, codec.is_rgb)
    streams = [video] if plan.audio is None else [video, _audio_stream(plan.audio)]
    options = {**plan.config.video_options(codec), **plan.audio_options,
               **_container_options(plan), **_color_tags(codec), "fps_mode": "passthrough"}
    # A `file:` URL has no pattern or protocol in it, whatever the name looks like.
    return ffmpeg.output(*streams, local_url(part), **options).overwrite_output().get_args()


def _audio_stream(audio: AudioPlan) -> Any:
    cut = {}
    if audio.start_s:
        cut["ss"] = f"{float(audio.start_s):.6f}"
    if audio.duration_s is not None:
        cut["t"] = f"{float(audio.duration_s):.6f}"
    return ffmpeg.input(local_url(audio.path), **cut)[f"a:{audio.info.index}"]


def _container_options(plan: EncodePlan) -> dict[str, Any]:
    suffix = plan.target.suffix.lower()
    if suffix not in (".mp4", ".m4v", ".mov"):
        return {}
    options = {"movflags": "+faststart"}  # web players want the index first
    if plan.codec.encoder == "libx265":
        options["tag:v"] = "hvc1"
    return options


def _color_tags(codec: Codec) -> dict[str, str]:
    if codec.is_rgb:
        return {"color_range": "pc"}
    return {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709",
            "color_range": "tv"}
