"""How a source's numbers stand for colours, in ffmpeg's terms."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from videostyle.frames import Size

# Numbers of ITU-T H.273, as PyAV reports them, and ffmpeg's names for them. 2 is "unspecified".
MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
TRANSFERS = {
    1: "bt709",
    6: "smpte170m",
    8: "linear",
    13: "iec61966-2-1",
    14: "bt2020-10",
    16: "smpte2084",
    18: "arib-std-b67",
}
PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "smpte432"}
RANGES = {1: "tv", 2: "pc"}

# The matrix of Dolby Vision's own colours, which only its metadata turns into a picture.
IPT_C2 = 15

HDR_TRANSFERS = {"smpte2084": "PQ", "arib-std-b67": "HLG"}

# Colours beyond BT.709's: wide gamut film and phone screens (Display P3).
WIDE_PRIMARIES = frozenset({"bt2020", "smpte432"})

# From this many lines on, an untagged picture counts as HD, as in players.
HD_LINES = 720


_GREY = re.compile(r"gray(\d*)(?:le|be)?")


@dataclass(frozen=True)
class Color:
    """Colour tags in ffmpeg's terms; None is untagged, except the matrix, which is always known.

    Attributes:
        has_alpha: pixels may be transparent.
        grey_bits: of a picture that has no colours; 0 for all others.
    """

    matrix: str
    range: str | None
    transfer: str | None
    primaries: str | None
    has_alpha: bool = False
    grey_bits: int = 0

    @property
    def is_limited_grey(self) -> bool:
        """Grey from 16 to 235, which ffmpeg's scaler treats as 0 to 255."""
        return self.grey_bits > 0 and self.range == "tv"

    @property
    def hdr(self) -> str | None:
        """`PQ`, `HLG` or None."""
        return HDR_TRANSFERS.get(self.transfer or "")

    @property
    def is_wide(self) -> bool:
        """SDR with more saturated colours than BT.709 has."""
        return self.hdr is None and self.primaries in WIDE_PRIMARIES


@dataclass(frozen=True)
class ColorTags:
    """Colour tags as a file has them, in ffmpeg's terms; None is untagged."""

    range: str | None = None
    matrix: str | None = None
    primaries: str | None = None
    transfer: str | None = None

    @classmethod
    def of(cls, tagged: Any) -> "ColorTags":
        """Those of a frame or a codec context of PyAV."""
        return cls(
            RANGES.get(int(tagged.color_range or 0)),
            MATRICES.get(int(tagged.colorspace)),
            PRIMARIES.get(int(tagged.color_primaries or 0)),
            TRANSFERS.get(int(tagged.color_trc or 0)),
        )


UNTAGGED = ColorTags()


def read_color(frame: Any, container: ColorTags = UNTAGGED) -> Color:
    """The colours of a frame decoded by PyAV.

    Args:
        frame: the frame.
        container: what the container says, which counts for tags that the frame doesn't have.
    """
    own = ColorTags.of(frame)
    return color_of(
        frame.format.name,
        Size(frame.width, frame.height),
        own.matrix or container.matrix,
        own.range or container.range,
        own.transfer or container.transfer,
        own.primaries or container.primaries,
    )


def color_of(
    pix_fmt: str,
    size: Size,
    matrix: str | None,
    levels: str | None,
    transfer: str | None,
    primaries: str | None,
) -> Color:
    """What tags in ffmpeg's terms mean together; unknown ones count as untagged."""
    transfer = transfer if transfer in TRANSFERS.values() else None
    untagged = "bt709" if min(size.width, size.height) >= HD_LINES else "smpte170m"
    if transfer in HDR_TRANSFERS:
        untagged = "bt2020nc"
    if pix_fmt.startswith("yuvj"):
        levels = "pc"
    return Color(
        matrix=matrix if matrix is not None and matrix in MATRICES.values() else untagged,
        range=levels if levels in RANGES.values() else None,
        transfer=transfer,
        primaries=primaries if primaries in PRIMARIES.values() else None,
        has_alpha=has_alpha(pix_fmt),
        grey_bits=int(grey[1] or 8) if (grey := _GREY.fullmatch(pix_fmt)) else 0,
    )


@lru_cache
def has_alpha(pix_fmt: str) -> bool:
    """Whether pixels of a format may be transparent."""
    import av

    try:
        components = av.VideoFormat(pix_fmt).components
    except ValueError:  # one that PyAV's libraries don't know yet
        return False
    return pix_fmt == "pal8" or any(part.is_alpha for part in components)
