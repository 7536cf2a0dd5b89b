"""Which of a file's streams are the picture and the sound that a viewer would get."""

from pathlib import Path
from typing import Any

from videostyle.errors import ProbeError
from videostyle.video.video_info import AudioInfo

# What a photograph's file says of itself: HEIC, AVIF, and sequences with a single picture.
STILL_BRANDS = ("heic", "heix", "mif1", "msf1", "avif", "avis")

# ffmpeg's own decoders leave out the second picture that is the transparency.
ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


def choose_video(path: Path, container: Any) -> Any:
    """The largest picture that isn't cover art, which is a video stream with one still frame."""
    import av.stream

    attached = av.stream.Disposition.attached_pic
    streams = [s for s in container.streams.video if not s.disposition & attached]
    if not streams:
        raise ProbeError(f"{path}: has no video in it")
    streams = [s for s in streams if s.codec_context is not None]
    if not streams:
        raise ProbeError(f"{path}: ffmpeg has no decoder for its video, or it is encrypted")
    return max(streams, key=_weight)


def _weight(stream: Any) -> tuple[bool, int, int]:
    """What makes a picture the film: more than one frame, a large frame, many frames."""
    context = stream.codec_context
    return stream.frames != 1, (context.width or 0) * (context.height or 0), stream.frames


def audio_tracks(container: Any, wanted: set[int]) -> tuple[AudioInfo, ...]:
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


def unheard(container: Any) -> str:
    """That sound is left out because nothing can decode it; empty if none is."""
    lost = [n for n, each in enumerate(container.streams.audio, 1) if each.codec_context is None]
    if not lost:
        return ""
    numbers = ", ".join(map(str, lost))
    return f"audio track {numbers} is left out: ffmpeg has no decoder for it, or it is encrypted"


def choose_audio(container: Any, tracks: tuple[AudioInfo, ...]) -> AudioInfo | None:
    """The default track, else the first."""
    import av.stream

    default = av.stream.Disposition.default
    streams = container.streams.audio
    chosen = [track for track in tracks if streams[track.index].disposition & default]
    return next(iter(chosen or tracks), None)


def is_tile(stream: Any) -> bool:
    """Whether a stream is a part of a larger picture, as in a phone's HEIC."""
    import av.stream

    return bool(stream.disposition & av.stream.Disposition.dependent)


def is_still(container: Any, stream: Any) -> bool:
    """Whether a file of a format that holds clips (HEIC, AVIF) is a photograph."""
    brand = container.metadata.get("major_brand", "")
    return stream.frames == 1 and brand in STILL_BRANDS


def alpha_decoder(stream: Any) -> str | None:
    """The decoder for a stream whose transparency ffmpeg's own doesn't see, or None."""
    return ALPHA_DECODERS.get(stream.codec_context.name) if _says_alpha(stream) else None


def _says_alpha(stream: Any) -> bool:
    return bool(stream.metadata.get("alpha_mode", stream.metadata.get("ALPHA_MODE")) == "1")


def is_opaque(container: Any, stream: Any) -> bool:
    """Whether what looks like transparency is none: uncompressed AVI leaves the fourth byte 0."""
    return bool(container.format.name == "avi" and stream.codec_context.name == "rawvideo")
