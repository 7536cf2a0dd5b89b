"""Pictures that are stored in tiles, as phones do: ffmpeg puts them together if asked for all."""

import re
from dataclasses import dataclass

from videostyle.frames import Size
from videostyle.video.process import describe
from videostyle.video.source_file import SourceFile

_GROUP = re.compile(r"Stream group #0:(\d+)\S* Tile Grid: .*?, (\d+)x(\d+).*")
_ROTATION = re.compile(r"rotation of (-?[\d.]+)")


@dataclass(frozen=True)
class Grid:
    """A picture made of tiles.

    Attributes:
        number: of its stream group.
        size: of the whole, upright.
    """

    number: int
    size: Size


def find_grid(source: SourceFile) -> Grid | None:
    """The largest picture of tiles in a file, or None."""
    text = describe(source.as_input().output("-").get_args()[:-1])
    grids = []
    for match in _GROUP.finditer(text):
        size = Size(int(match[2]), int(match[3]))
        turned = _ROTATION.search(text[match.end() :].split("Stream", 1)[0])
        if turned and abs(float(turned[1])) % 180 == 90:
            size = Size(size.height, size.width)
        grids.append(Grid(int(match[1]), size))
    return max(grids, key=lambda grid: grid.size.pixels, default=None)
