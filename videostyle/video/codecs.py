"""Which codec goes into which container, and how ffmpeg is told."""

from dataclasses import dataclass
from typing import Any

from videostyle.errors import ConfigError
from videostyle.files.recipe import Shows, setting


@dataclass(frozen=True)
class Codec:
    """How one kind of video is encoded.

    Attributes:
        encoder: ffmpeg's name.
        pix_fmt: ffmpeg's pixel format.
        containers: file suffixes that can hold it.
        crf: default quality, or None where the encoder has none.
        presets: names the encoder knows, fastest first; none where it has none.
        preset: default preset.
        options: further ffmpeg output options.
        fastest: frames per second that it can show at most, or None.
    """

    encoder: str
    pix_fmt: str
    containers: tuple[str, ...]
    crf: int | None = setting(None, Shows.FILE)
    crf_max: int = 51
    presets: tuple[str, ...] = ()
    preset: str | None = setting(None, Shows.FILE)
    options: tuple[tuple[str, str], ...] = ()
    fastest: int | None = None

    @property
    def is_rgb(self) -> bool:
        """Stores RGB as it comes, any size."""
        return self.pix_fmt in ("bgr0", "rgb24", "pal8")


X26X_PRESETS = (
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
)
SVT_PRESETS = tuple(str(number) for number in range(13, -1, -1))

CODECS = {
    # ultrafast takes a quarter of veryfast's time. At the same crf its picture is a little better
    # and its file 1.8 times as large; at the same size it is 2.7 dB worse (docs/performance.md).
    "h264": Codec(
        "libx264",
        "yuv420p",
        (".mp4", ".m4v", ".mov", ".mkv"),
        crf=18,
        presets=X26X_PRESETS,
        preset="ultrafast",
    ),
    # Apple's players want the tag hvc1; x265 prints its statistics past ffmpeg's log level.
    "hevc": Codec(
        "libx265",
        "yuv420p",
        (".mp4", ".m4v", ".mov", ".mkv"),
        crf=22,
        presets=X26X_PRESETS,
        preset="veryfast",
        options=(("x265-params", "log-level=error"),),
    ),
    "av1": Codec(
        "libsvtav1",
        "yuv420p",
        (".mp4", ".mkv", ".webm"),
        crf=30,
        crf_max=63,
        presets=SVT_PRESETS,
        preset="10",
    ),
    "prores": Codec(
        "prores_ks",
        "yuv422p10le",
        (".mov", ".mkv"),
        options=(("profile:v", "hq"), ("vendor", "apl0")),
    ),
    "ffv1": Codec("ffv1", "bgr0", (".mkv",), options=(("level", "3"), ("g", "1"))),
    "png": Codec("png", "rgb24", (".png",)),
    "jpeg": Codec("mjpeg", "yuvj444p", (".jpg", ".jpeg"), options=(("q:v", "2"),)),
    # A shorter delay than 2/100 s is taken for 1/10 s by browsers.
    "gif": Codec("gif", "pal8", (".gif",), fastest=50),
}

# The codec that a container gets when none is named.
DEFAULT_CODECS = {
    ".mp4": "h264",
    ".m4v": "h264",
    ".mov": "h264",
    ".mkv": "h264",
    ".webm": "av1",
    ".gif": "gif",
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
}

# The container of pieces that are joined later: it takes every codec and exact times.
SEGMENT_SUFFIX = ".nut"

# Targets that hold one picture, or many with a number in their names; and those without sound.
PICTURES = (".png", ".jpg", ".jpeg")
SILENT = (*PICTURES, ".gif")


@dataclass(frozen=True)
class EncodeConfig:
    """How the target is written.

    Attributes:
        codec: h264, hevc, av1, prores or ffv1; None for what the target's suffix suggests.
        crf: quality, lower is better and larger; None for the codec's own default.
        preset: speed against size in the encoder's words; None for the codec's own default.
        audio: keep the sound.
        audio_track: which sound, counted from 1; None for the one that a player would choose.
        keep_location: carry over where the clip was taken.
        verify: decode the finished file and compare it with what was to be written.
    """

    codec: str | None = setting(None, Shows.FILE)
    crf: int | None = setting(None, Shows.FILE)
    preset: str | None = setting(None, Shows.FILE)
    audio: bool = setting(True, Shows.FILE)
    audio_track: int | None = setting(None, Shows.FILE)
    keep_location: bool = setting(False, Shows.FILE)
    verify: bool = setting(False, Shows.NOWHERE)

    def __post_init__(self) -> None:
        if self.audio_track is not None and self.audio_track < 1:
            raise ConfigError(f"audio track {self.audio_track} is out of range; they count from 1")

    def video_options(self, codec: Codec) -> dict[str, Any]:
        """ffmpeg's output options for the picture.

        Raises:
            ConfigError: the codec has no such crf or preset.
        """
        if self.crf is not None and codec.crf is None:
            raise ConfigError(f"{codec.encoder} has no crf")
        if self.crf is not None and not 0 <= self.crf <= codec.crf_max:
            raise ConfigError(
                f"crf {self.crf} is out of range for {codec.encoder}: 0 to {codec.crf_max}"
            )
        if self.preset is not None and self.preset not in codec.presets:
            choices = ", ".join(codec.presets) or "none"
            raise ConfigError(f"{codec.encoder} has no preset '{self.preset}'; it has {choices}")
        options = {
            "c:v": codec.encoder,
            "crf": codec.crf if self.crf is None else self.crf,
            "preset": self.preset or codec.preset,
            **dict(codec.options),
        }
        return {name: value for name, value in options.items() if value is not None}


def choose_codec(suffix: str, name: str | None) -> Codec:
    """The codec for a target's suffix.

    Raises:
        ConfigError: unknown suffix or codec, or a container that can't hold the codec.
    """
    suffix = suffix.lower()
    if suffix == SEGMENT_SUFFIX and name in CODECS:
        return CODECS[name]
    if suffix not in DEFAULT_CODECS:
        known = ", ".join(DEFAULT_CODECS)
        raise ConfigError(f"a target's name must end in one of {known}, not '{suffix}'")
    name = name or DEFAULT_CODECS[suffix]
    if name not in CODECS:
        raise ConfigError(f"codec '{name}' is unknown; choose one of {', '.join(CODECS)}")
    codec = CODECS[name]
    if suffix not in codec.containers:
        raise ConfigError(
            f"a {suffix} file can't hold {name}; {name} goes into {', '.join(codec.containers)}"
        )
    return codec


def codec_name(codec: Codec) -> str:
    """Our name for a codec, as `choose_codec` takes it."""
    return next(name for name, each in CODECS.items() if each == codec)
