"""Whether sound is copied or encoded: known for each codec and container before any frame."""

# The sound that a container holds, by ffmpeg's names: what its muxer takes and decodes again
# (tests/media/test_sound.py muxes each), and, in Apple's, what players can be expected to play.
_PCM = frozenset({"pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_f32le"})
_MATROSKA = frozenset(
    (
        *("aac", "ac3", "eac3", "dts", "mlp", "truehd", "mp2", "mp3", "opus", "vorbis", "amr_nb"),
        *("alac", "flac", "tta", "wavpack", "wmav1", "wmav2"),
        *("pcm_alaw", "pcm_mulaw", "pcm_u8", "pcm_s32be", "pcm_f64le"),
    )
)
HELD: dict[str, frozenset[str]] = {
    ".mp4": frozenset({"aac", "mp3", "ac3", "eac3", "alac"}),
    ".m4v": frozenset({"aac", "ac3", "alac"}),
    ".mov": frozenset({"aac", "mp3", "ac3", "eac3", "alac"}) | _PCM,
    ".mkv": _MATROSKA | _PCM,
    ".webm": frozenset({"opus", "vorbis"}),
}

# Slower MP3 is no part of what MP4 and MOV promise, and their muxer refuses it.
SLOWEST_MP3_HZ = 16_000

# What sound becomes where it can't be copied: encoder, bits per second and channel.
ENCODERS = {".webm": ("libopus", 64_000)}
DEFAULT_ENCODER = ("aac", 96_000)

# Arrangements of loudspeakers that the encoders take; others are brought to the nearest one.
LAYOUTS = {
    "libopus": "mono|stereo|3.0|quad|5.0|5.1|6.1|7.1",
    "aac": "mono|stereo|3.0|4.0|5.0|5.1|7.1",
}


def is_held(suffix: str, codec: str, sample_rate: int) -> bool:
    """Whether a container takes a copy of sound.

    Args:
        suffix: of the file, such as `.mp4`.
        codec: ffmpeg's name.
        sample_rate: in Hz; 0 if that isn't known.
    """
    if codec == "mp3" and suffix in (".mp4", ".mov") and 0 < sample_rate < SLOWEST_MP3_HZ:
        return False
    return codec in HELD[suffix]


def audio_encoding(
    suffix: str, codec: str, channels: int, sample_rate: int = 0
) -> dict[str, str | int]:
    """ffmpeg's output options for the sound: `c:a copy`, or what it is encoded to."""
    suffix = suffix.lower()
    if is_held(suffix, codec, sample_rate):
        return {"c:a": "copy"}
    encoder, bit_rate = ENCODERS.get(suffix, DEFAULT_ENCODER)
    return {
        "c:a": encoder,
        "b:a": bit_rate * max(1, channels),
        "af": f"aformat=channel_layouts={LAYOUTS[encoder]}",
    }
