"""What decides how a source's frames become RGB: their shape and their colours."""

from dataclasses import dataclass
from fractions import Fraction

from videostyle.frames import Size
from videostyle.video.color import Color


@dataclass(frozen=True)
class Look:
    """What frames look like, upright.

    Attributes:
        color: their colour tags.
        size: what a viewer sees, in square pixels.
        is_interlaced: each consists of two fields.
    """

    color: Color
    size: Size
    is_interlaced: bool = False

    def fits(self, expected: "Look") -> bool:
        """Whether what works for other frames works for these.

        Whole frames among interlaced ones are not a change; interlaced among whole ones are.
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
    """The size of a part of a clip, fitted into the shape of its beginning.

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
