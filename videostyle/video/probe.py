"""What a video file is, read with PyAV: the bundled ffmpeg has no ffprobe."""

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.errors import ProbeError
from videostyle.frames import LARGEST_SIDE, Size
from videostyle.video.process import local_url

# Numbers of ITU-T H.273, as PyAV reports them, and ffmpeg's names for them. 2 is "unspecified".
MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m",
            9: "bt2020nc", 10: "bt2020c"}
TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "iec61966-2-1", 14: "bt2020-10",
             16: "smpte2084", 18: "arib-std-b67"}
PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
RANGES = {1: "tv", 2: "pc"}

HDR_TRANSFERS = {"smpte2084": "PQ", "arib-std-b67": "HLG"}

# From this many lines on an untagged picture is taken for HD, as players do.
HD_LINES = 720


@dataclass(frozen=True)
class Color:
    """Colour tags in ffmpeg's words; None is untagged, except the matrix, which is always known."""

    matrix: str
    range: str | None
    transfer: str | None
    primaries: str | None

    @property
    def hdr(self) -> str | None:
        """`PQ`, `HLG` or None."""
        return HDR_TRANSFERS.get(self.transfer or "")


@dataclass(frozen=True)
class AudioInfo:
    """The audio stream that a player would choose.

    Attributes:
        index: its number among the file's audio streams.
        codec: ffmpeg's name, such as `aac`.
        channels: 1 for mono.
    """

    index: int
    codec: str
    channels: int


@dataclass(frozen=True)
class VideoInfo:
    """What one video file holds.

    Attributes:
        path: the file.
        size: what a viewer sees: turned upright, square pixels.
        rate: average frames per second, exact.
        time_base: seconds per tick of the video's timestamps.
        end_s: where the picture ends, in seconds after the clip's start; None if no header says.
        color: how its numbers mean colours.
        is_interlaced: the first frame consists of two fields.
        stream: the picture's number among the file's video streams.
        audio: the sound, or None.
    """

    path: Path
    size: Size
    rate: Fraction
    time_base: Fraction
    end_s: Fraction | None
    color: Color
    is_interlaced: bool
    stream: int
    audio: AudioInfo | None


def probe(path: str | Path) -> VideoInfo:
    """Read what a video file holds, decoding its first frame.

    Raises:
        ProbeError: no such file, not a video, no frame that decodes, or no frame rate.
    """
    import av

    path = Path(path)
    if not path.exists():
        raise ProbeError(f"{path}: no such file")
    if path.is_dir():
        raise ProbeError(f"{path}: is a folder, not a video file")
    try:
        with av.open(local_url(path), metadata_errors="ignore") as container:
            return _read(path, container)
    except av.FFmpegError as error:
        reason = error.strerror or str(error)
        raise ProbeError(f"{path}: can't be read as video: {reason}") from error
    except OSError as error:
        raise ProbeError(f"{path}: can't be read: {error.strerror or error}") from error


def count_video_packets(path: Path) -> int:
    """Count the pictures in a finished file without decoding them.

    Raises:
        ProbeError: the file can't be read.
    """
    import av

    try:
        with av.open(local_url(path), metadata_errors="ignore") as container:
            return sum(1 for packet in container.demux(video=0) if packet.size)
    except (av.FFmpegError, OSError, IndexError) as error:
        raise ProbeError(f"{path}: can't be read back: {error}") from error


def _read(path: Path, container: Any) -> VideoInfo:
    stream = _choose_video_stream(path, container)
    frame = next(container.decode(stream), None)
    if frame is None:
        raise ProbeError(f"{path}: no frame of its video decodes; the file is damaged")
    return VideoInfo(
        path=path,
        size=_display_size(path, frame, stream),
        rate=_rate(path, stream),
        time_base=stream.time_base,
        end_s=_end_s(container, stream),
        color=_color(frame),
        is_interlaced=bool(frame.interlaced_frame),
        stream=container.streams.video.index(stream),
        audio=_choose_audio(container),
    )


def _choose_video_stream(path: Path, container: Any) -> Any:
    """The largest picture that isn't cover art, which is a video stream with one still frame."""
    import av.stream

    attached = av.stream.Disposition.attached_pic
    streams = [s for s in container.streams.video if not s.disposition & attached]
    if not streams:
        raise ProbeError(f"{path}: has no video in it")
    return max(streams, key=lambda s: (s.codec_context.width or 0) * (s.codec_context.height or 0))


def _choose_audio(container: Any) -> AudioInfo | None:
    import av.stream

    streams = list(container.streams.audio)
    if not streams:
        return None
    default = av.stream.Disposition.default
    chosen = next((s for s in streams if s.disposition & default), streams[0])
    context = chosen.codec_context
    # A track without a decoder (an encrypted one, say) has no codec context.
    if context is None:
        return None
    return AudioInfo(streams.index(chosen), context.name, context.channels)


def _display_size(path: Path, frame: Any, stream: Any) -> Size:
    """Square pixels first, then upright."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * aspect) if aspect > 0 else frame.width, frame.height
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise ProbeError(f"{path}: its pictures are {width}x{height}; "
                         f"at most {LARGEST_SIDE} pixels a side can be handled")
    return Size(height, width) if _is_quarter_turn(frame) else Size(width, height)


def _is_quarter_turn(frame: Any) -> bool:
    """Whether the display matrix lays rows along columns.

    The matrix itself is read, since `frame.rotation` is wrong for mirrored clips (a horizontal
    flip reads as -180). Its first two entries are 16.16 fixed point: what a step along x becomes.
    """
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            step_x, step_y = struct.unpack("=2i", bytes(data)[:8])
            return abs(step_y) > abs(step_x)
    return False


def _rate(path: Path, stream: Any) -> Fraction:
    rate = stream.average_rate or stream.base_rate
    if not rate or rate <= 0:
        raise ProbeError(f"{path}: says neither its frame rate nor its frames' times")
    return Fraction(rate)


def _end_s(container: Any, stream: Any) -> Fraction | None:
    """The picture's end by the header.

    The container's own duration is that of its longest stream, so it counts for the picture only
    when nothing else is in the file.
    """
    began = Fraction(container.start_time or 0, 1_000_000)
    if stream.duration:
        start = stream.start_time * stream.time_base if stream.start_time else Fraction(0)
        return start - began + stream.duration * stream.time_base
    if tag := stream.metadata.get("DURATION"):
        return _clock(tag)
    if container.duration and len(container.streams) == 1:
        return Fraction(container.duration, 1_000_000)
    return None


def _clock(text: str) -> Fraction | None:
    """Seconds of a Matroska `01:02:03.456000000`; None for anything else."""
    try:
        hours, minutes, seconds = text.strip().split(":")
        return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)
    except ValueError:
        return None


def _color(frame: Any) -> Color:
    full_range_format = frame.format.name.startswith("yuvj")
    untagged = "bt709" if min(frame.width, frame.height) >= HD_LINES else "smpte170m"
    return Color(
        matrix=MATRICES.get(int(frame.colorspace), untagged),
        range="pc" if full_range_format else RANGES.get(int(frame.color_range)),
        transfer=TRANSFERS.get(int(frame.color_trc)),
        primaries=PRIMARIES.get(int(frame.color_primaries)),
    )
