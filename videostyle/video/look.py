"""What decides how a source's frames become RGB: their shape and what their numbers mean."""

from dataclasses import dataclass
from fractions import Fraction

from videostyle.frames import Size
from videostyle.video.color import Color


@dataclass(frozen=True)
class Look:
    """What frames look like, upright.

    Attributes:
        color: how their numbers mean colours.
        size: what a viewer sees, in square pixels.
        is_interlaced: they consist of two fields.
    """

    color: Color
    size: Size
    is_interlaced: bool = False

    def fits(self, expected: "Look") -> bool:
        """Whether what is made for other frames does for these.

        Whole frames among fields are no change; fields among whole frames are.
        """
        return (self.color, self.size) == (expected.color, expected.size) and (
            expected.is_interlaced or not self.is_interlaced
        )


def display_size(size: Size, pixel_aspect: Fraction, is_turned: bool) -> Size:
    """A frame's size in square pixels, upright.

    Args:
        size: as it is stored.
        pixel_aspect: width by height of a pixel; 0 if that is not known.
        is_turned: rows lie along columns.
    """
    width = round(size.width * pixel_aspect) if pixel_aspect > 0 else size.width
    return Size(size.height, width) if is_turned else Size(width, size.height)


def fit_inside(part: Size, whole: Size, area: Size) -> Size:
    """The size at which a part of a clip lies in the shape of its beginning.

    Args:
        part: what a viewer sees of the part.
        whole: what a viewer sees of the beginning.
        area: what the beginning is scaled to.
    """
    factor = min(Fraction(whole.width, part.width), Fraction(whole.height, part.height))
    return Size(
        min(area.width, max(1, round(part.width * factor * area.width / whole.width))),
        min(area.height, max(1, round(part.height * factor * area.height / whole.height))),
    )
