"""The settings of a stylization."""

from dataclasses import dataclass, field
from fractions import Fraction

from videostyle.errors import ConfigError
from videostyle.files.recipe import Shows, setting
from videostyle.frames import Box, Fit
from videostyle.graphs.reading import Reading
from videostyle.video.codecs import EncodeConfig
from videostyle.video.rate import parse_rate, parse_seconds

DEFAULT_SIZE = "480x853"
DEFAULT_STYLE = "matisse_hat"  # chosen by looking: strokes and colour, and faces stay
NAMED_SIZES = ("source", "work", "model")

LARGEST_BATCH = 64
MOST_THREADS = 1024


@dataclass(frozen=True)
class StylizeConfig:
    """How a clip is painted. Everything is checked when the object is made.

    Each field says where it shows, so that results made with other settings are never reused.

    Attributes:
        fps: target rate: a number, a fraction such as "30000/1001", or "source".
        size: size of the frames that the network sees, without orientation: "480x853" or "480p";
            None for the model's own size, or 480x853 if it takes any.
        fit: how a frame is fitted into the size: contain, cover, stretch or pad; None for pad if
            the model has a fixed size, otherwise contain.
        out_size: size of the finished video: "source", "work" (what the network sees), "model"
            (what the model returns), or a size; None for model if the model scales up, otherwise
            source.
        style: a style such as "wave" or "wave/reference", built-in or added, or a model file.
        levels: of a model file that others made, what black and white are: 255 (0 to 255), 1
            (0 to 1) or -1..1; None for what the file says, else guessed.
        function: of a Core ML package with several, the one to run; None for its default.
        style_number: of a Core ML model that holds several styles, the one to paint; None for the
            first, which is 1.
        backend: what runs the network: auto, openvino, tensorflow, coreml or identity.
        precision: the numbers it computes with: auto, fp32 or bf16.
        compute: what runs it: default, auto, cpu, gpu or npu (see `open_backend`).
        start: seconds of the source to skip, or "1:30".
        duration: seconds of the source to paint, or None for all the rest.
        strength: 0 keeps the frame, 1 is the full painting.
        keep_color: take only the brightness from the painting.
        batch_size: frames painted at once, or None for what suits the backend.
        threads: processor threads for the network and for each ffmpeg, or None for no limit.
            Apple's runtime and GPUs don't follow it.
        encode: codec, quality and sound.
        overwrite: replace an existing target.
        keep_going: write the part of a damaged clip that can be read.
        full_decode: decode exactly, without a shortcut for clips that are scaled down a lot.
        hwaccel: what decodes: `none` (software), `auto` or the name of one of ffmpeg's hardware
            decoders, which is tried first. Experimental.
        sequence_rate: pictures per second, if the source is numbered pictures.
    """

    fps: Fraction | int | float | str = setting(15, Shows.FRAME, means="rate")
    size: str | None = setting(None, Shows.FRAME)
    fit: str | None = setting(None, Shows.FRAME)
    out_size: str | None = setting(None, Shows.FILE)
    style: str = setting(DEFAULT_STYLE, Shows.OTHERWISE)
    levels: str | None = setting(None, Shows.FRAME)
    function: str | None = setting(None, Shows.FRAME)
    style_number: int | None = setting(None, Shows.FRAME)
    backend: str = setting("auto", Shows.OTHERWISE)
    precision: str = setting("auto", Shows.FRAME)
    compute: str = setting("default", Shows.FRAME)
    start: Fraction | int | float | str = setting(0, Shows.FRAME, means="start_s")
    duration: Fraction | int | float | str | None = setting(None, Shows.FILE, means="duration_s")
    strength: float = setting(1.0, Shows.FRAME)
    keep_color: bool = setting(False, Shows.FRAME)
    batch_size: int | None = setting(None, Shows.NOWHERE)
    threads: int | None = setting(None, Shows.NOWHERE)
    encode: EncodeConfig = setting(EncodeConfig, Shows.FILE)
    overwrite: bool = setting(False, Shows.NOWHERE)
    keep_going: bool = setting(False, Shows.FRAME)
    full_decode: bool = setting(False, Shows.FRAME)
    hwaccel: str = setting("none", Shows.FRAME)
    sequence_rate: Fraction | int | float | str = setting(
        25, Shows.FRAME, means="sequence_rate_exact"
    )

    # What the settings above mean, worked out once.
    rate: Fraction | None = field(init=False, repr=False)  # None: the source's
    box: Box = field(init=False, repr=False)
    output_box: Box | None = field(init=False, repr=False)  # None: one of the named sizes
    fit_mode: Fit | None = field(init=False, repr=False)  # None: as the model needs
    start_s: Fraction = field(init=False, repr=False)
    duration_s: Fraction | None = field(init=False, repr=False)
    sequence_rate_exact: Fraction = field(init=False, repr=False)
    reading: Reading = field(init=False, repr=False)

    def __post_init__(self) -> None:
        named = self.out_size is None or self.out_size in NAMED_SIZES
        duration = None if self.duration is None else parse_seconds(self.duration, "duration")
        parsed = {
            "rate": None if self.fps == "source" else parse_rate(self.fps),
            "box": Box.parse(self.size or DEFAULT_SIZE),
            "output_box": None if named else Box.parse(str(self.out_size)),
            "fit_mode": None if self.fit is None else _parse_fit(self.fit),
            "start_s": parse_seconds(self.start, "start"),
            "duration_s": duration,
            "sequence_rate_exact": parse_rate(self.sequence_rate),
            "reading": Reading(self.levels, self.function, self.style_number),
        }
        for name, value in parsed.items():
            object.__setattr__(self, name, value)
        if duration == 0:
            raise ConfigError("duration 0 leaves nothing to paint")
        if not 0 <= self.strength <= 1:
            raise ConfigError(f"strength {self.strength} is out of range; it goes from 0 to 1")
        if self.batch_size is not None and not 1 <= self.batch_size <= LARGEST_BATCH:
            raise ConfigError(
                f"batch size {self.batch_size} is out of range; it goes from 1 to {LARGEST_BATCH}"
            )
        if self.threads is not None and not 1 <= self.threads <= MOST_THREADS:
            raise ConfigError(
                f"threads {self.threads} is out of range; it goes from 1 to {MOST_THREADS}"
            )


def _parse_fit(name: str) -> Fit:
    try:
        return Fit(name)
    except ValueError as error:
        choices = ", ".join(fit.value for fit in Fit)
        raise ConfigError(f"fit '{name}' is unknown; choose one of {choices}") from error
