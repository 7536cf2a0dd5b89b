"""Small RGB frames into a video file, with the source's sound."""

import time
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np

from videostyle.errors import EncodeError, FrameShapeError
from videostyle.files.numbered import is_pattern
from videostyle.files.whole import open_part
from videostyle.video.codecs import PICTURES, Codec
from videostyle.video.encode_plan import Accompaniment, EncodePlan
from videostyle.video.filters import scale_to_output
from videostyle.video.process import FfmpegProcess, filter_threads, local_url, thread_options
from videostyle.video.verify import check_count, check_target
from videostyle.video.words import write_words
from videostyle.video.zero import anchored

# How often it is looked whether the target's folder is still there.
WATCH_S = 1.0


class Encoder:
    """Takes frames uint8 [H, W, 3]; the target appears, whole, when the block ends well.

    Until then everything goes to a hidden file beside the target, which is removed on any error.

    Attributes:
        frames_written: how many frames went in.
        is_full: never: it takes frames until its block ends.
    """

    is_full = False

    def __init__(self, plan: EncodePlan) -> None:
        self._plan = plan
        self._part = open_part(plan.target)
        self._words: Path | None = None
        try:
            self._words = write_words(self._part.path, plan.beside, plan.config.keep_location)
            arguments = _arguments(plan, self._part.path, self._words)
            self._process = FfmpegProcess(arguments, pipe="stdin")
        except BaseException:
            self._discard()
            raise
        self.frames_written = 0
        self._watched = time.monotonic()

    def __enter__(self) -> "Encoder":
        return self

    def __exit__(self, kind: object, *exception: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._process.stop()
            self._discard()

    @property
    def pid(self) -> int:
        return self._process.pid

    def write(self, frame: np.ndarray) -> None:
        """Encode one frame.

        Raises:
            FrameShapeError: it isn't uint8 [H, W, 3] of the work size; ffmpeg would wait for ever
                for the bytes of a short one.
            EncodeError: ffmpeg is gone, or the target's folder.
        """
        self._watch()
        work = self._plan.work
        expected = (work.height, work.width, 3)
        if frame.shape != expected or frame.dtype != np.uint8:
            raise FrameShapeError(
                f"the encoder takes uint8 {expected}, not {frame.dtype} {frame.shape}"
            )
        view = np.ascontiguousarray(frame).data.cast("B")
        try:
            while view:
                view = view[self._process.pipe.write(view) :]
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
        self._check_there()
        check_count(self._part.path, self._plan.target, self.frames_written)
        if self._plan.config.verify:
            check_target(self._part.path, self._plan, self.frames_written)
        self._part.commit()

    def _discard(self) -> None:
        if self._words is not None:
            self._words.unlink(missing_ok=True)
        self._part.discard()

    def _watch(self) -> None:
        """Writing into a folder that was deleted goes on well for hours, for nothing."""
        if time.monotonic() - self._watched > WATCH_S:
            self._watched = time.monotonic()
            self._check_there()

    def _check_there(self) -> None:
        if not self._part.is_there():
            raise EncodeError(self._plan.target, "vanished while it was written, or its folder did")

    def _failure(self) -> EncodeError:
        reason = self._process.last_words() or f"ffmpeg ended with {self._process.wait()}"
        return EncodeError(
            self._plan.target, f"encoding failed after {self.frames_written} frames: {reason}"
        )


def _arguments(plan: EncodePlan, part: Path, words: Path | None) -> list[str]:
    codec, work = plan.codec, plan.work
    # The rate belongs to the raw input: without it ffmpeg assumes 25 (ffmpeg-python#533).
    frames = ffmpeg.input(
        "pipe:0", format="rawvideo", pix_fmt="rgb24", s=str(work), framerate=str(plan.rate)
    )
    video = scale_to_output(frames.video, work, plan.output, codec)
    options = {
        **plan.config.video_options(codec),
        **plan.audio_options,
        **container_options(plan),
        **_color_tags(codec),
        "fps_mode": "passthrough",
        **thread_options(plan.threads),
    }
    return [*filter_threads(plan.threads), *write(video, plan, part, words, options)]


def write(
    video: Any, plan: EncodePlan, part: Path, words: Path | None, options: dict[str, Any]
) -> list[str]:
    """The command line that writes a picture with what goes beside it.

    Args:
        video: a stream of ffmpeg-python's, of a single input.
        plan: what to write.
        part: the file, or pattern, to write to.
        words: ffmpeg's file of metadata, or None.
        options: ffmpeg's output options.
    """
    streams = [video]
    if words is not None:
        # An input without streams has to be named too; `?`: need not be there. Inputs are
        # numbered in the order of the streams.
        streams.append(ffmpeg.input(local_url(words), format="ffmetadata")["d?"])
    said_by = len(streams) - 1 or -1
    options = {**options, "map_metadata:g": said_by, "map_chapters": said_by}
    beside = plan.beside
    if beside is None or beside.audio is None:
        return list(_to_file(streams, part, options).get_args())
    source = beside.source.as_input(**_cut(beside))
    streams.append(source[f"a:{beside.audio.index}"])
    return anchored(_to_file(streams, part, options), source, beside.anchors)


def _to_file(streams: list[Any], part: Path, options: dict[str, Any]) -> Any:
    # A `file:` URL has no pattern or protocol in it, whatever the name looks like.
    return ffmpeg.output(*streams, local_url(part), **options).overwrite_output()


def _cut(beside: Accompaniment) -> dict[str, str]:
    cut = {}
    if beside.start_s:
        cut["ss"] = f"{float(beside.start_s):.6f}"
    if beside.duration_s is not None:
        cut["t"] = f"{float(beside.duration_s):.6f}"
    return cut


def container_options(plan: EncodePlan) -> dict[str, Any]:
    """ffmpeg's output options for the kind of file."""
    suffix = plan.target.suffix.lower()
    if suffix in PICTURES:
        number = {"start_number": 1} if is_pattern(plan.target) else {"update": 1}
        return {"format": "image2", **number}
    if suffix not in (".mp4", ".m4v", ".mov"):
        return {}
    options = {"movflags": "+faststart"}  # web players want the index first
    if plan.codec.encoder == "libx265":
        options["tag:v"] = "hvc1"
    return options


def _color_tags(codec: Codec) -> dict[str, str]:
    if codec.is_rgb or codec.encoder == "mjpeg":
        return {} if codec.pix_fmt == "pal8" else {"color_range": "pc"}
    return {
        "colorspace": "bt709",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "color_range": "tv",
    }
