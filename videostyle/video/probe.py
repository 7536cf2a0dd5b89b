"""What a video file is, read with PyAV: the bundled ffmpeg has no ffprobe."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.errors import ProbeError
from videostyle.files.numbered import PICTURE_SUFFIXES
from videostyle.frames import LARGEST_SIDE, Size
from videostyle.video.clock import SAMPLE_BYTES, SAMPLE_PICTURES, Clock, read_clock
from videostyle.video.color import IPT_C2, Color, read_color
from videostyle.video.look import Look, display_size
from videostyle.video.process import describe, local_url
from videostyle.video.programmes import Listed, list_streams, sounds_with, taken_up_s
from videostyle.video.rate import FASTEST
from videostyle.video.source_file import LOOKS_FOR, SEQUENCE_RATE, SourceFile, find_source
from videostyle.video.tags import Tags, read_tags
from videostyle.video.zero import anchors, has_jumps

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
        sample_rate: in Hz; 0 if that isn't known.
    """

    index: int
    codec: str
    channels: int
    language: str | None = None
    sample_rate: int = 0


@dataclass(frozen=True)
class VideoInfo:
    """What one video file holds.

    Attributes:
        path: the file.
        size: what a viewer sees: turned upright, square pixels.
        rate: frames per second at which they mostly come, exact.
        time_base: seconds per tick of the video's timestamps.
        tolerance_s: by how much those may be off (see clock.py).
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
        anchors: the streams that decide together where 0 is (see zero.py).
        has_dolby_vision: Dolby Vision metadata go along; the base picture is taken without them.
        is_turned: rows lie along columns in the file.
        goes_on_s: where a second stream takes the picture up, which isn't followed; or None.
        notices: what the user should know, one line each.
    """

    path: Path
    size: Size
    rate: Fraction
    time_base: Fraction
    tolerance_s: Fraction
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
    anchors: tuple[int, ...] = ()
    has_dolby_vision: bool = False
    is_turned: bool = False
    goes_on_s: Fraction | None = None
    notices: tuple[str, ...] = ()

    @property
    def look(self) -> Look:
        """What its first frame looks like."""
        return Look(self.color, self.size, self.is_interlaced)

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
    frame, ticks = _read_beginning(source, container, stream)
    if frame is None:
        raise ProbeError(f"{path}: no frame of its video decodes; the file is damaged")
    end_s = _end_s(container, stream, source)
    _check_length(source, end_s)
    if has_jumps(container):
        source = replace(source, demuxer=LOOKS_FOR)
    streams = list_streams(source) if container.format.name == "mpegts" else {}
    tracks = _audio_tracks(container, sounds_with(stream.index, streams))
    clock = _clock(path, ticks, stream)
    return VideoInfo(
        path=path,
        size=_display_size(path, frame, stream),
        rate=clock.rate,
        time_base=stream.time_base,
        tolerance_s=clock.tolerance_s,
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
        anchors=anchors(container, [stream, *(container.streams.audio[t.index] for t in tracks)]),
        has_dolby_vision=dolby_vision is not None,
        is_turned=_is_turned(frame),
        goes_on_s=_goes_on_s(container, stream, streams),
        notices=tuple(filter(None, (clock.notice, _unheard(container)))),
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


def _goes_on_s(container: Any, stream: Any, streams: dict[int, Listed]) -> Fraction | None:
    if not stream.duration:
        return None
    listed = streams.get(stream.index)
    if listed is None or listed.start_s is None:
        return None
    end_s = listed.start_s + stream.duration * stream.time_base
    taken_up = taken_up_s(stream.index, end_s, streams)
    return None if taken_up is None else taken_up - Fraction(container.start_time or 0, 1_000_000)


def _audio_tracks(container: Any, wanted: set[int]) -> tuple[AudioInfo, ...]:
    """The sound that can be decoded; `wanted`: the streams that count, or none if all do."""
    # A track without a decoder (an encrypted one, say) has no codec context.
    return tuple(
        AudioInfo(
            index,
            stream.codec_context.codec.canonical_name,
            stream.codec_context.channels,
            stream.language,
            stream.codec_context.sample_rate or 0,
        )
        for index, stream in enumerate(container.streams.audio)
        if stream.codec_context is not None and (not wanted or stream.index in wanted)
    )


def _unheard(container: Any) -> str:
    """That sound is left out because nothing can decode it; empty if none is."""
    lost = [n for n, each in enumerate(container.streams.audio, 1) if each.codec_context is None]
    if not lost:
        return ""
    numbers = ", ".join(map(str, lost))
    return f"audio track {numbers} is left out: ffmpeg has no decoder for it, or it is encrypted"


def _choose_audio(container: Any, tracks: tuple[AudioInfo, ...]) -> AudioInfo | None:
    """The default track, else the first."""
    import av.stream

    default = av.stream.Disposition.default
    streams = container.streams.audio
    chosen = [track for track in tracks if streams[track.index].disposition & default]
    return next(iter(chosen or tracks), None)


def _display_size(path: Path, frame: Any, stream: Any) -> Size:
    aspect = stream.sample_aspect_ratio or Fraction(1)
    size = display_size(Size(frame.width, frame.height), aspect, _is_turned(frame))
    _check_pixels(path, size.width, size.height)
    return size


def _is_turned(frame: Any) -> bool:
    """Whether the display matrix lays rows along columns; for mirrored clips the angle itself is
    wrong (a horizontal flip reads as -180), but never by a quarter turn."""
    return bool(abs(frame.rotation) % 180 == 90)


def _read_beginning(source: SourceFile, container: Any, stream: Any) -> tuple[Any, list[int]]:
    """The first frame that decodes, or None, and the times of the first pictures."""
    import av

    frame, ticks, size, failure = None, [], 0, None
    # Of numbered pictures the times are known, and each is a file.
    wanted = 1 if source.is_sequence else SAMPLE_PICTURES
    for packet in container.demux(stream):
        size += packet.size
        if packet.pts is not None and packet.size:
            ticks.append(packet.pts)
        if frame is None:
            # A recording that begins between key frames has some that can't be decoded.
            try:
                frame = next(iter(packet.decode()), None)
            except av.InvalidDataError as error:
                failure = error
        if frame is not None and (len(ticks) >= wanted or size > SAMPLE_BYTES):
            break
    if frame is None and failure is not None:
        raise failure
    return frame, ticks


def _clock(path: Path, ticks: list[int], stream: Any) -> Clock:
    clock = read_clock(ticks, stream)
    if clock is None:
        rate = stream.average_rate or stream.base_rate
        if not rate:
            raise ProbeError(f"{path}: says neither its frame rate nor its frames' times")
        raise ProbeError(
            f"{path}: claims {float(rate):.6g} frames per second; "
            f"at most {FASTEST} can be told apart"
        )
    return clock


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
        end = _seconds(tag)  # of the last frame, not how long it all takes
        return None if end is None else end - began
    if container.duration and len(container.streams) == 1:
        length = Fraction(container.duration, 1_000_000)
        return length - began if "matroska" in container.format.name else length
    return None


def _seconds(text: str) -> Fraction | None:
    """Seconds of a Matroska `01:02:03.456000000`; None for anything else."""
    try:
        hours, minutes, seconds = text.strip().split(":")
        return int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)
    except ValueError:
        return None
