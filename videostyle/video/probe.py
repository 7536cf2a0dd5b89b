"""What a video file is, read with PyAV: the bundled ffmpeg has no ffprobe."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.errors import ProbeError
from videostyle.files.numbered import PICTURE_SUFFIXES
from videostyle.frames import LARGEST_SIDE, Size
from videostyle.video.color import IPT_C2, Color, read_color
from videostyle.video.process import describe, local_url
from videostyle.video.rate import FASTEST
from videostyle.video.source_file import SEQUENCE_RATE, SourceFile, find_source
from videostyle.video.tags import Tags, read_tags

# A clip whose header claims more than this is no clip: even a still picture held by x264 costs 25
# bytes a frame. It lets a slide show at one frame in 4 s pass.
FEWEST_BYTES_PER_S = 8
SHORT_CLIP_S = 60

# More pixels than 16K film has; a frame of them takes 400 MB in RGB.
MOST_PIXELS = 2**27

# Dolby Vision's profile in what ffmpeg prints of a stream, and the codecs that carry it.
_DOLBY_VISION = re.compile(r"DOVI configuration record:.*?profile: (\d+)")
_DOLBY_VISION_CODECS = ("hevc", "av1", "h264")


@dataclass(frozen=True)
class AudioInfo:
    """One audio stream.

    Attributes:
        index: its number among the file's audio streams.
        codec: ffmpeg's name, such as `aac`.
        channels: 1 for mono.
        language: such as `eng`, or None.
    """

    index: int
    codec: str
    channels: int
    language: str | None = None


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
        audio: the sound that a player would choose, or None.
        source: how the file is opened.
        container: ffmpeg's name of the format, such as `mov,mp4,m4a,3gp,3g2,mj2`.
        audio_tracks: all sound that can be decoded.
        codec: ffmpeg's name of the picture's, such as `h264`.
        tags: title, time and place, as far as they are known.
        has_dolby_vision: Dolby Vision metadata go along; the base picture is taken without them.
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
    source: SourceFile
    container: str
    audio_tracks: tuple[AudioInfo, ...] = ()
    codec: str = ""
    tags: Tags = field(default_factory=Tags)
    has_dolby_vision: bool = False

    @property
    def is_picture(self) -> bool:
        """One still picture, not a clip."""
        return not self.source.is_sequence and self.path.suffix.lower() in PICTURE_SUFFIXES


def probe(path: str | Path, sequence_rate: Fraction = SEQUENCE_RATE) -> VideoInfo:
    """Read what a video file holds, decoding its first frame.

    Args:
        path: the file, or a pattern such as `frames/%04d.png`.
        sequence_rate: pictures per second of a pattern.

    Raises:
        ProbeError: no such file, not a video, no frame that decodes, no frame rate, or claims
            that can't be true.
    """
    import av

    path = Path(path)
    source = find_source(path, sequence_rate)
    try:
        with av.open(
            local_url(path), format=source.format, options=source.options, metadata_errors="ignore"
        ) as container:
            return _read(source, container)
    except av.FFmpegError as error:
        reason = error.strerror or str(error)
        raise ProbeError(f"{path}: can't be read as video: {reason}") from error
    except OSError as error:
        raise ProbeError(f"{path}: can't be read: {error.strerror or error}") from error


def _read(source: SourceFile, container: Any) -> VideoInfo:
    path = source.path
    stream = _choose_video_stream(path, container)
    _check_pixels(path, stream.codec_context.width or 0, stream.codec_context.height or 0)
    dolby_vision = _dolby_vision_profile(source, stream)
    if dolby_vision == 5:
        raise ProbeError(
            f"{path}: is Dolby Vision profile 5, whose colours only its own metadata "
            "can turn into a picture; export it as HDR10, HLG or SDR first"
        )
    frame = next(container.decode(stream), None)
    if frame is None:
        raise ProbeError(f"{path}: no frame of its video decodes; the file is damaged")
    end_s = _end_s(container, stream, source)
    _check_length(source, end_s)
    tracks = _audio_tracks(container)
    return VideoInfo(
        path=path,
        size=_display_size(path, frame, stream),
        rate=_rate(path, stream),
        time_base=stream.time_base,
        end_s=end_s,
        color=read_color(frame),
        is_interlaced=bool(frame.interlaced_frame),
        stream=container.streams.video.index(stream),
        audio=_choose_audio(container, tracks),
        source=source,
        container=container.format.name,
        audio_tracks=tracks,
        codec=stream.codec_context.name,
        tags=read_tags(container),
        has_dolby_vision=dolby_vision is not None,
    )


def _check_pixels(path: Path, width: int, height: int) -> None:
    if width > LARGEST_SIDE or height > LARGEST_SIDE or width * height > MOST_PIXELS:
        raise ProbeError(
            f"{path}: its pictures are {width}x{height}; at most {LARGEST_SIDE} "
            f"pixels a side and {MOST_PIXELS // 1_000_000} million in all can be "
            "handled"
        )


def _check_length(source: SourceFile, end_s: Fraction | None) -> None:
    if end_s is not None and end_s > longest_s(source):
        raise ProbeError(
            f"{source.path}: claims {float(end_s):.0f} s of video in "
            f"{source.size_bytes} bytes; its header is damaged"
        )


def longest_s(source: SourceFile) -> Fraction:
    """More seconds than a file of that size can hold."""
    return SHORT_CLIP_S + Fraction(source.size_bytes, FEWEST_BYTES_PER_S)


def _dolby_vision_profile(source: SourceFile, stream: Any) -> int | None:
    """Dolby Vision's profile, which PyAV doesn't know, or None."""
    context = stream.codec_context
    if context.name not in _DOLBY_VISION_CODECS:
        return None
    # These names say that the base picture can't be shown by itself; others never use them.
    if context.codec_tag in ("dvh1", "dvhe") or int(context.colorspace or 0) == IPT_C2:
        return 5
    found = _DOLBY_VISION.search(describe(source.as_input().output("-").get_args()[:-1]))
    return int(found[1]) if found else None


def _choose_video_stream(path: Path, container: Any) -> Any:
    """The largest picture that isn't cover art, which is a video stream with one still frame."""
    import av.stream

    attached = av.stream.Disposition.attached_pic
    streams = [s for s in container.streams.video if not s.disposition & attached]
    if not streams:
        raise ProbeError(f"{path}: has no video in it")
    streams = [s for s in streams if s.codec_context is not None]
    if not streams:
        raise ProbeError(f"{path}: ffmpeg has no decoder for its video, or it is encrypted")
    return max(streams, key=lambda s: (s.codec_context.width or 0) * (s.codec_context.height or 0))


def _audio_tracks(container: Any) -> tuple[AudioInfo, ...]:
    # A track without a decoder (an encrypted one, say) has no codec context.
    return tuple(
        AudioInfo(index, stream.codec_context.name, stream.codec_context.channels, stream.language)
        for index, stream in enumerate(container.streams.audio)
        if stream.codec_context is not None
    )


def _choose_audio(container: Any, tracks: tuple[AudioInfo, ...]) -> AudioInfo | None:
    """The default track, else the first."""
    import av.stream

    default = av.stream.Disposition.default
    streams = container.streams.audio
    chosen = [track for track in tracks if streams[track.index].disposition & default]
    return next(iter(chosen or tracks), None)


def _display_size(path: Path, frame: Any, stream: Any) -> Size:
    """Square pixels first, then upright."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = round(frame.width * aspect) if aspect > 0 else frame.width, frame.height
    _check_pixels(path, width, height)
    # Whether the display matrix lays rows along columns; for mirrored clips the angle itself is
    # wrong (a horizontal flip reads as -180), but never by a quarter turn.
    return Size(height, width) if abs(frame.rotation) % 180 == 90 else Size(width, height)


def _rate(path: Path, stream: Any) -> Fraction:
    rates = [rate for rate in (stream.average_rate, stream.base_rate) if rate and rate > 0]
    if not rates:
        raise ProbeError(f"{path}: says neither its frame rate nor its frames' times")
    believable = [rate for rate in rates if rate <= FASTEST]
    if not believable:
        raise ProbeError(
            f"{path}: claims {float(rates[0]):.6g} frames per second; "
            f"at most {FASTEST} can be told apart"
        )
    return Fraction(believable[0])


def _end_s(container: Any, stream: Any, source: SourceFile) -> Fraction | None:
    """The picture's end by the header.

    The container's own duration is that of its longest stream, so it counts for the picture only
    when nothing else is in the file.
    """
    if source.frames is not None:
        return source.frames / source.sequence_rate
    began = Fraction(container.start_time or 0, 1_000_000)
    if stream.duration:
        header_end: Fraction = ((stream.start_time or 0) + stream.duration) * stream.time_base
        return header_end - began
    if tag := stream.metadata.get("DURATION"):
        end = _clock(tag)  # of the last frame, not how long it all takes
        return None if end is None else end - began
    if container.duration and len(container.streams) == 1:
        length = Fraction(container.duration, 1_000_000)
        return length - began if "matroska" in container.format.name else length
    return None


def _clock(text: str) -> Fraction | None:
    """Seconds of a Matroska `01:02:03.456000000`; None for anything else."""
    try:
        hours, minutes, seconds = text.strip().split(":")
        return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)
    except ValueError:
        return None
