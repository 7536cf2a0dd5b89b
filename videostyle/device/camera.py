"""A phone's camera: the shape of the picture that the network sees there.

It may differ from the shape of the previewed clip. A network is converted, measured and judged at
the phone's size.
"""

from dataclasses import dataclass
from fractions import Fraction

from videostyle.errors import ConfigError
from videostyle.frames import Box, Fit, Size, fit_frame

# Common names of shapes, upright; for a landscape clip the phone is held sideways.
SHAPES = ("9:16", "3:4", "1:1", "clip")
DEFAULT_SHAPE = "9:16"

# Only the shape counts: large enough that rounding the sides doesn't matter.
_LONG_SIDE = 14_400
_LARGEST = 100


@dataclass(frozen=True)
class Camera:
    """The shape of a camera's picture.

    Attributes:
        name: `9:16`, `3:4`, `1:1`, any other such pair, or `clip` for the clip's own shape.
        shape: the shorter side over the longer one; None for the clip's own.
    """

    name: str
    shape: Fraction | None

    @classmethod
    def parse(cls, text: str) -> "Camera":
        """Read `9:16`, `16:9` or `clip`.

        Raises:
            ConfigError: it is none of these.
        """
        word = text.strip().lower()
        if word == "clip":
            return cls(word, None)
        sides = word.split(":")
        if len(sides) != 2 or not all(s.isdecimal() and 1 <= int(s) <= _LARGEST for s in sides):
            raise ConfigError(f"camera '{text}': write its shape, such as 9:16, or clip")
        short, long = sorted(int(side) for side in sides)
        return cls(f"{short}:{long}", Fraction(short, long))

    def size(self, box: str, clip: Size) -> Size:
        """What the network sees on the phone.

        Args:
            box: the size as the user gave it.
            clip: what the network sees of the clip, which tells how the phone is held.
        """
        if self.shape is None:
            return clip
        frame = Size(_LONG_SIDE, round(_LONG_SIDE * self.shape))
        if clip.is_portrait:
            frame = Size(frame.height, frame.width)
        return fit_frame(frame, Box.parse(box), Fit.CONTAIN).network
