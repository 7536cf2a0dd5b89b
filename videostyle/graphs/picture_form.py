"""How a model holds a picture: the order of its axes and colors, and the range of its values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from videostyle.errors import ConfigError, ModelLoadError
from videostyle.frames import Size

# What `--levels` may say, and what black and white then are.
RANGES = {"255": (0.0, 255.0), "1": (0.0, 1.0), "-1..1": (-1.0, 1.0)}

LAYOUTS = ("NCHW", "NHWC", "CHW", "HWC")


@dataclass(frozen=True)
class PictureForm:
    """How one end of a model holds its picture.

    Attributes:
        layout: the order of its axes: N pictures, C colors, H rows, W columns.
        black, white: the values of the levels 0 and 255.
        is_bgr: blue comes first.
    """

    layout: str = "NCHW"
    black: float = 0.0
    white: float = 255.0
    is_bgr: bool = False

    def in_range(self, levels: str, layout: str | None = None) -> "PictureForm":
        """The same with another range of values, one of `RANGES`, and perhaps another layout."""
        black, white = RANGES[levels]
        return replace(self, black=black, white=white, layout=layout or self.layout)

    @property
    def levels(self) -> str:
        """The range as `--levels` names it."""
        return next(
            (name for name, ends in RANGES.items() if ends == (self.black, self.white)),
            f"{self.black:g}..{self.white:g}",
        )


def check_levels(levels: str | None) -> None:
    """Refuse a range that has no name.

    Raises:
        ConfigError: it is none of `RANGES`.
    """
    if levels is not None and levels not in RANGES:
        raise ConfigError(f"levels '{levels}' are unknown; choose one of {', '.join(RANGES)}")


def find_layout(sides: Sequence[int | None]) -> str | None:
    """The order of axes that a shape has if it is a picture's, else None.

    Args:
        sides: of each axis; None where any will do.
    """
    layouts = LAYOUTS[:2] if len(sides) == 4 else LAYOUTS[2:] if len(sides) == 3 else ()
    for layout in layouts:
        named = dict(zip(layout, sides, strict=True))
        if named["C"] == 3 and named.get("N", 1) in (1, None):
            return layout
    return None


def size_in(layout: str, sides: Sequence[int | None]) -> Size | None:
    """Width and height in a shape, or None where either is free."""
    named = dict(zip(layout, sides, strict=True))
    width, height = named["W"], named["H"]
    return None if width is None or height is None else Size(width, height)


def shape_of(layout: str, size: Size) -> list[int]:
    """The sides of one picture in that order."""
    sides = {"N": 1, "C": 3, "H": size.height, "W": size.width}
    return [sides[axis] for axis in layout]


def require_layout(owner: str, name: str, sides: Sequence[int | None]) -> str:
    """As `find_layout`, for a model that must take or give a picture there.

    Raises:
        ModelLoadError: the shape is no picture's.
    """
    layout = find_layout(sides)
    if layout is None:
        shape = ", ".join("any" if side is None else str(side) for side in sides)
        raise ModelLoadError(
            f"{owner}: its '{name}' has the shape [{shape}], which is not that of a color "
            "picture ([1, 3, height, width], or with 3 last)"
        )
    return layout
