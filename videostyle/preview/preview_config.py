"""The settings of a preview."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from videostyle.device.camera import DEFAULT_SHAPE, Camera
from videostyle.device.latency import Latency
from videostyle.errors import ConfigError
from videostyle.pipeline.stylize_config import DEFAULT_STYLE, StylizeConfig
from videostyle.video.codecs import EncodeConfig
from videostyle.video.rate import parse_rate, parse_seconds

# More cells than this fit on no page and take too long.
MOST_CELLS = 64

# Pages are mailed: halving the bytes justifies four times the encoding work.
PRESET = "veryfast"

KNOWN_DEVICES = ("a12",)


# Rates that people ask for, the article's 15 among them.
USUAL_RATES = (Fraction(10), Fraction(15), Fraction(24), Fraction(30))

# A rate this close to the source's own shows nearly the same, only less evenly.
CLOSE = Fraction(5, 4)

# Settings that cells don't share: a preview decides how its clips are encoded.
OWN = ("fps", "size", "style", "start", "duration", "out_size", "encode", "overwrite")


@dataclass(frozen=True)
class PreviewConfig:
    """Which rates, sizes and styles to compare, and for which devices.

    Attributes:
        fps: target rates, each as `StylizeConfig.fps` takes it; none: the usual ones up to the
            source's own.
        size: sizes of the frames that the network sees.
        style: built-in styles or model files.
        start: seconds of the source to skip, or None: where the clip moves most.
        duration: seconds of the source to take.
        out_size: the one size that all cells are scaled up to; never above the source's.
        crf: quality of the cells' clips in H.264, lower is better and larger.
        latencies: times measured on devices.
        devices: names of known devices: a12.
        capture_fps: rate of the device's camera, or None for each cell's own rate.
        camera: shape of the device's camera, such as 9:16, which the network sees there; or clip,
            the clip's own.
        stylize: the settings that all cells share, such as fit, strength and backend; one that
            cells have of their own is refused.
    """

    fps: tuple[Fraction | int | float | str, ...] = ()
    size: tuple[str, ...] = ("240x426", "360x640", "480x853", "720x1280")
    style: tuple[str, ...] = (DEFAULT_STYLE,)
    start: Fraction | int | float | str | None = None
    duration: Fraction | int | float | str = 5
    out_size: str = "720p"
    crf: int = 26
    latencies: tuple[Latency, ...] = ()
    devices: tuple[str, ...] = ()
    capture_fps: Fraction | int | float | str | None = None
    camera: str = DEFAULT_SHAPE
    stylize: StylizeConfig = field(default_factory=StylizeConfig)

    def __post_init__(self) -> None:
        _check_shared(self.stylize)
        cells = len(self.fps or USUAL_RATES) * len(self.size) * len(self.style)
        if not 1 <= cells <= MOST_CELLS:
            raise ConfigError(
                f"{cells} cells of rate x size x style; there must be 1 to {MOST_CELLS}"
            )
        for name, values in (("rate", self.fps), ("size", self.size), ("style", self.style)):
            if len({str(value) for value in values}) < len(values):
                raise ConfigError(f"a {name} is given twice")
        for device in self.devices:
            if device not in KNOWN_DEVICES:
                raise ConfigError(
                    f"device '{device}' is unknown; known are "
                    f"{', '.join(KNOWN_DEVICES)}; others by --latency"
                )
        if self.capture_fps is not None:
            parse_rate(self.capture_fps)
        Camera.parse(self.camera)
        if self.start is not None:
            parse_seconds(self.start, "start")
        for fps in self.fps or USUAL_RATES:
            for size in self.size:
                self.cell(self.style[0], size, fps)

    @property
    def duration_s(self) -> Fraction:
        return parse_seconds(self.duration, "duration")

    @property
    def start_s(self) -> Fraction:
        return parse_seconds(self.start or 0, "start")

    @property
    def capture_rate(self) -> Fraction | None:
        return None if self.capture_fps is None else parse_rate(self.capture_fps)

    def cell(self, style: str, size: str, fps: Fraction | int | float | str) -> StylizeConfig:
        """The settings of one cell, as the main command takes them."""
        return replace(
            self.stylize,
            fps=fps,
            size=size,
            style=style,
            start=self.start or 0,
            duration=self.duration,
            out_size=self.out_size,
            encode=EncodeConfig(codec="h264", crf=self.crf, preset=PRESET, audio=False),
        )


def usual_rates(source: Fraction) -> tuple[Fraction, ...]:
    """The rates to compare for a source, rising: none above its own, and its own up to 30.

    A source of 25 frames per second gives 10, 15 and 25; one of 12 gives 6 and 12.
    """
    most = min(source, USUAL_RATES[-1])
    lower = [rate for rate in USUAL_RATES if rate * CLOSE <= most]
    return (*(lower or [most / 2]), most)


def _check_shared(stylize: StylizeConfig) -> None:
    """Refuse what every cell has of its own and would not take from the shared settings."""
    for name in OWN:
        if getattr(stylize, name) != getattr(StylizeConfig(), name):
            raise ConfigError(f"a preview has its own {name}: set {name} of PreviewConfig")
