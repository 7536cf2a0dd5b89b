"""Probing a video file with PyAV: the bundled ffmpeg has no ffprobe."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.errors import ProbeError
from videostyle.frames import LARGEST_SIDE, Size
from videostyle.video.clock import SAMPLE_BYTES, SAMPLE_PICTURES, Clock, read_clock
from videostyle.video.color import IPT_C2, Color, ColorTags, read_color
from videostyle.video.crop import crop
from videostyle.video.grid import find_grid
from videostyle.video.length import check_length, end_of
from videostyle.video.look import display_size
from videostyle.video.process import describe, local_url
from videostyle.video.programmes import Listed, list_streams, sounds_with, taken_up_s
from videostyle.video.rate import FASTEST
from videostyle.video.source_file import LOOKS_FOR, SEQUENCE_RATE, SourceFile, find_source
from videostyle.video.streams import (
    alpha_decoder,
    audio_tracks,
    choose_audio,
    choose_video,
    is_opaque,
    is_still,
    is_tile,
    unheard,
)
from videostyle.video.tags import read_tags
from videostyle.video.video_info import AudioInfo, VideoInfo
from videostyle.video.zero import anchors, has_jumps

__all__ = ["AudioInfo", "VideoInfo", "probe"]

# More pixels than 16K film has; a frame of them takes 400 MB in RGB.
MOST_PIXELS = 2**27

# Dolby Vision's profile in what ffmpeg prints of a stream, and the codecs that carry it.
_DOLBY_VISION = re.compile(r"DOVI configuration record:.*?profile: (\d+)")
_DOLBY_VISION_CODECS = ("hevc", "av1", "h264")


def probe(path: str | Path, sequence_rate: Fraction = SEQUENCE_RATE) -> VideoInfo:
    """Find out what a video file contains, decoding its first frame.

    Args:
        path: the file, or a pattern such as `frames/%04d.png`.
        sequence_rate: pictures per second of a pattern.

    Raises:
        ProbeError: no such file, not a video, no frame that can be decoded, no frame rate, or
            claims that can't be true.
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
    stream = choose_video(path, container)
    _check_pixels(path, stream.codec_context.width or 0, stream.codec_context.height or 0)
    dolby_vision = _dolby_vision_profile(source, stream)
    if dolby_vision == 5:
        raise ProbeError(
            f"{path}: is Dolby Vision profile 5, whose colours only its own metadata "
            "can turn into a picture; export it as HDR10, HLG or SDR first"
        )
    grid = find_grid(source) if is_tile(stream) else None
    tags = ColorTags.of(stream.codec_context)  # before a decoder replaces the container's
    frame, ticks = _read_beginning(source, container, stream)
    if frame is None:
        raise ProbeError(f"{path}: no frame of its video decodes; the file is damaged")
    still = is_still(container, stream)
    end_s = 1 / SEQUENCE_RATE if still else end_of(container, stream, source)
    check_length(source, end_s)
    if has_jumps(container):
        source = replace(source, demuxer=LOOKS_FOR)
    streams = list_streams(source) if container.format.name == "mpegts" else {}
    tracks = audio_tracks(container, sounds_with(stream.index, streams))
    clock = Clock(SEQUENCE_RATE, Fraction(0)) if still else _clock(path, ticks, stream)
    return VideoInfo(
        path=path,
        size=_display_size(source, container, stream, frame) if grid is None else grid.size,
        rate=clock.rate,
        time_base=stream.time_base,
        tolerance_s=clock.tolerance_s,
        end_s=end_s,
        color=_color(container, stream, frame, tags),
        color_tags=tags,
        decoder=alpha_decoder(stream),
        is_interlaced=bool(frame.interlaced_frame),
        stream=container.streams.video.index(stream),
        audio=choose_audio(container, tracks),
        source=source,
        container=container.format.name,
        audio_tracks=tracks,
        codec=stream.codec_context.name,
        tags=read_tags(container),
        anchors=anchors(container, [stream, *(container.streams.audio[t.index] for t in tracks)]),
        has_dolby_vision=dolby_vision is not None,
        is_turned=_is_turned(frame),
        grid=grid,
        is_still=still,
        began_us=container.start_time or 0,
        goes_on_s=_goes_on_s(container, stream, streams),
        notices=tuple(filter(None, (clock.notice, unheard(container)))),
    )


def _check_pixels(path: Path, width: int, height: int) -> None:
    if width > LARGEST_SIDE or height > LARGEST_SIDE or width * height > MOST_PIXELS:
        raise ProbeError(
            f"{path}: its pictures are {width}x{height}; at most {LARGEST_SIDE} "
            f"pixels a side and {MOST_PIXELS // 1_000_000} million in all can be "
            "handled"
        )


def _dolby_vision_profile(source: SourceFile, stream: Any) -> int | None:
    """Dolby Vision's profile, which PyAV doesn't know, or None."""
    context = stream.codec_context
    if context.name not in _DOLBY_VISION_CODECS:
        return None
    # These names mean that the base picture can't be shown alone; others never use them.
    if context.codec_tag in ("dvh1", "dvhe") or int(context.colorspace or 0) == IPT_C2:
        return 5
    found = _DOLBY_VISION.search(describe(source.as_input().output("-").get_args()[:-1]))
    return int(found[1]) if found else None


def _color(container: Any, stream: Any, frame: Any, tags: ColorTags) -> Color:
    color = read_color(frame, tags)
    if alpha_decoder(stream) is not None:
        return replace(color, has_alpha=True)
    return replace(color, has_alpha=color.has_alpha and not is_opaque(container, stream))


def _goes_on_s(container: Any, stream: Any, streams: dict[int, Listed]) -> Fraction | None:
    if not stream.duration:
        return None
    listed = streams.get(stream.index)
    if listed is None or listed.start_s is None:
        return None
    end_s = listed.start_s + stream.duration * stream.time_base
    taken_up = taken_up_s(stream.index, end_s, streams)
    return None if taken_up is None else taken_up - Fraction(container.start_time or 0, 1_000_000)


def _display_size(source: SourceFile, container: Any, stream: Any, frame: Any) -> Size:
    stored = Size(frame.width, frame.height)
    shown = crop(stored, source, container.format.name, stream.index)
    size = display_size(shown, stream.sample_aspect_ratio or Fraction(1), _is_turned(frame))
    _check_pixels(source.path, size.width, size.height)
    return size


def _is_turned(frame: Any) -> bool:
    """Whether the display matrix swaps rows and columns; for mirrored clips the angle itself is
    wrong (a horizontal flip reads as -180), but never by a quarter turn."""
    return bool(abs(frame.rotation) % 180 == 90)


def _read_beginning(source: SourceFile, container: Any, stream: Any) -> tuple[Any, list[int]]:
    """The first frame that decodes, or None, and the times of the first pictures."""
    import av

    frame, ticks, size, failure = None, [], 0, None
    # The times of numbered pictures are known, and each is a file.
    wanted = 1 if source.is_sequence else SAMPLE_PICTURES
    for packet in container.demux(stream):
        size += packet.size
        if packet.pts is not None and packet.size:
            ticks.append(packet.pts)
        if frame is None:
            # A recording that starts between key frames has some that can't be decoded.
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
