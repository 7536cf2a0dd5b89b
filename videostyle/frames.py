"""The one format of frames, and the arithmetic of their sizes.

Frames are uint8 arrays [N, H, W, 3], RGB, full range, square pixels, upright. A size is always
(width, height) in a `Size`, so that no caller has to remember an order.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from videostyle.errors import ConfigError

# No codec takes frames much larger than this; the smallest side is what networks can halve twice
# and still pad by reflection.
SMALLEST_SIDE = 8
LARGEST_SIDE = 16384


@dataclass(frozen=True)
class Size:
    """Width and height of a picture in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def is_portrait(self) -> bool:
        return self.height > self.width

    def made_even(self) -> "Size":
        """Round both sides up to even numbers, as 4:2:0 video needs."""
        return Size(self.width + self.width % 2, self.height + self.height % 2)


class Fit(Enum):
    """How a frame is fitted into the size that the network sees."""

    CONTAIN = "contain"  # whole frame, its own aspect ratio, inside the box
    COVER = "cover"  # box filled, its own aspect ratio, the rest is cut off
    STRETCH = "stretch"  # box filled, aspect ratio changed (and restored in the output)
    PAD = "pad"  # as contain, then filled up by reflection and cropped afterwards


@dataclass(frozen=True)
class Box:
    """A size as the user gives it: two sides without orientation, or one short side.

    Attributes:
        short: the shorter side in pixels.
        long: the longer side in pixels, or None for `480p`: the aspect ratio decides.
    """

    short: int
    long: int | None

    def __post_init__(self) -> None:
        for side in (self.short, self.long):
            if side is not None and not SMALLEST_SIDE <= side <= LARGEST_SIDE:
                raise ConfigError(
                    f"size {self}: each side must be {SMALLEST_SIDE} to {LARGEST_SIDE} pixels"
                )

    def __str__(self) -> str:
        return f"{self.short}p" if self.long is None else f"{self.short}x{self.long}"

    @classmethod
    def parse(cls, text: str) -> "Box":
        """Read `480x853`, `853x480` or `480p`.

        Raises:
            ConfigError: the text is none of these, or a side is out of range.
        """
        word = text.strip().lower()
        sides = [word[:-1]] if word.endswith("p") else word.split("x")
        if not all(side.isdecimal() and len(side) <= 6 for side in sides):
            raise ConfigError(f"size '{text}' is not understood; write 480x853 or 480p")
        if word.endswith("p"):
            return cls(short=int(sides[0]), long=None)
        if len(sides) != 2:
            raise ConfigError(f"size '{text}' is not understood; write 480x853 or 480p")
        short, long = sorted(int(side) for side in sides)
        return cls(short, long)

    def along(self, frame: Size) -> Size:
        """Lay the box's longer side along the frame's longer side."""
        long = self.long
        if long is None:
            long = _rounded(
                Fraction(
                    self.short * max(frame.width, frame.height), min(frame.width, frame.height)
                )
            )
        if frame.is_portrait:
            return Size(self.short, long)
        return Size(long, self.short)


@dataclass(frozen=True)
class Geometry:
    """A frame's sizes on its way to the network and back, all exact.

    Attributes:
        scaled: what the decoder scales the whole frame to.
        cropped: its middle, after cropping (`cover`; otherwise the same as scaled).
        network: what the network sees, extended by reflection (`pad`; otherwise as cropped).
        display: the visible part of the source in source pixels; the aspect ratio of the output.
        enlarges: the network sees more pixels than the source has.
    """

    scaled: Size
    cropped: Size
    network: Size
    display: Size
    enlarges: bool

    def painted(self, given: Size | None) -> tuple[tuple[int, int], Size]:
        """Where the frame is in the network's output: (left, top) and its size.

        Args:
            given: the size of that output, if it differs from the input's.
        """
        left = (self.network.width - self.cropped.width) // 2
        top = (self.network.height - self.cropped.height) // 2
        if given is None or given == self.network:
            return (left, top), self.cropped
        across = Fraction(given.width, self.network.width)
        down = Fraction(given.height, self.network.height)
        corner = (int(left * across + Fraction(1, 2)), int(top * down + Fraction(1, 2)))
        size = Size(
            min(_rounded(self.cropped.width * across), given.width - corner[0]),
            min(_rounded(self.cropped.height * down), given.height - corner[1]),
        )
        return corner, size


def fit_frame(frame: Size, box: Box, fit: Fit) -> Geometry:
    """Work out the sizes for one frame.

    Args:
        frame: the source's display size: upright, square pixels.
        box: the size for the network.
        fit: how the frame is fitted into it.

    Raises:
        ConfigError: a side of the result would be too short for the networks.
    """
    area = box.along(frame)
    factors = Fraction(area.width, frame.width), Fraction(area.height, frame.height)
    cropped, display = area, frame
    if fit is Fit.STRETCH:
        scaled = area
    elif fit is Fit.COVER:
        factor = max(factors)
        scaled = Size(
            max(_rounded(frame.width * factor), area.width),
            max(_rounded(frame.height * factor), area.height),
        )
        display = Size(_rounded(area.width / factor), _rounded(area.height / factor))
    else:
        factor = min(factors)
        scaled = cropped = Size(_rounded(frame.width * factor), _rounded(frame.height * factor))
    if min(cropped.width, cropped.height) < SMALLEST_SIDE:
        raise ConfigError(
            f"size {box}: a {frame} frame would become {cropped}, and "
            f"a side must be at least {SMALLEST_SIDE} pixels"
        )
    network = area if fit is Fit.PAD else cropped
    return Geometry(scaled, cropped, network, display, enlarges=scaled.pixels > frame.pixels)


def fit_output(display: Size, box: Box) -> Size:
    """The largest size of the display's aspect ratio inside the box."""
    area = box.along(display)
    factor = min(Fraction(area.width, display.width), Fraction(area.height, display.height))
    return Size(_rounded(display.width * factor), _rounded(display.height * factor))


def _rounded(length: Fraction | int) -> int:
    """Round half up: 426.5 always gives 427, while Python's round() goes to even numbers."""
    return max(1, int(Fraction(length) + Fraction(1, 2)))
