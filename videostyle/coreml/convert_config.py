"""The settings of a conversion."""

from dataclasses import dataclass, field

from videostyle.errors import ConfigError
from videostyle.frames import Box, Size
from videostyle.models.precision import FP16, FP32

PRECISIONS = (FP16, FP32)
COMPRESSIONS = ("int8", "palette8", "palette6")
TARGETS = ("iOS15", "iOS16", "iOS17", "iOS18")

# What may run it on a Mac or a phone.
COMPUTE_UNITS = ("all", "cpu", "cpu-and-gpu", "cpu-and-ne")

# Apple's limit on enumerated input shapes.
MOST_SIZES = 128


@dataclass(frozen=True)
class ConvertConfig:
    """How a style becomes a package. Everything is checked when the object is made.

    Attributes:
        size: input size, such as "480x853".
        sizes: several input sizes, as enumerated shapes, instead of one; sides are multiples of 4.
        upscale: output size, such as "1080x1920", or None for the input size.
        portrait: all sizes are portrait instead of landscape.
        precision: of the arithmetic, fp16 or fp32.
        compress: of the weights: int8, palette8 or palette6, or None.
        target: the oldest system that must run it; newer ones do.
        overwrite: replace an existing package.
    """

    size: str = "480x853"
    sizes: tuple[str, ...] = ()
    upscale: str | None = None
    portrait: bool = False
    precision: str = FP16
    compress: str | None = None
    target: str = "iOS16"
    overwrite: bool = False

    # What the settings above mean, worked out once.
    inputs: tuple[Size, ...] = field(init=False, repr=False)  # the default first
    output: Size | None = field(init=False, repr=False)  # None: as the input

    def __post_init__(self) -> None:
        _check_choice("precision", self.precision, PRECISIONS)
        _check_choice("target", self.target, TARGETS)
        if self.compress is not None:
            _check_choice("compression", self.compress, COMPRESSIONS)
            if self.target == "iOS15":
                raise ConfigError("compressed weights need iOS16 or newer as the target")
            if self.precision == FP32:
                raise ConfigError("weights can be compressed with precision fp16 only")
        inputs = tuple(self._laid(text) for text in self.sizes or (self.size,))
        if len(set(inputs)) != len(inputs) or len(inputs) > MOST_SIZES:
            raise ConfigError(f"sizes must differ from each other, {MOST_SIZES} at most")
        for size in inputs if len(inputs) > 1 else ():
            if size.width % 4 or size.height % 4:
                raise ConfigError(
                    f"size {size}: of several sizes each side must be a multiple "
                    "of 4; only a single size is padded inside the model"
                )
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "output", self._laid(self.upscale) if self.upscale else None)

    def _laid(self, text: str) -> Size:
        box = Box.parse(text)
        if box.long is None:
            raise ConfigError(f"size '{text}': a model's size needs both sides, such as 480x853")
        return Size(box.short, box.long) if self.portrait else Size(box.long, box.short)

    @property
    def kind(self) -> str:
        """The compression, or the precision if there is none; it selects the floor."""
        return self.compress or self.precision


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigError(f"{name} '{value}' is unknown; choose one of {', '.join(choices)}")
