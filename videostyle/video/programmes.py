"""Which streams of a broadcast belong together, and when each begins: PyAV knows neither."""

import re
from dataclasses import dataclass
from fractions import Fraction

from videostyle.video.process import describe
from videostyle.video.source_file import SourceFile

_PROGRAMME = re.compile(r"^\s*Program (\d+)")
_STREAM = re.compile(r"^\s*Stream #0:(\d+).*?: (Video|Audio): (\w+).*?(?:, start (-?[\d.]+))?$")

# By so much two streams may overlap of which one takes the other's picture up.
HARDLY_S = Fraction(1, 2)


@dataclass(frozen=True)
class Listed:
    """A stream as ffmpeg lists it.

    Attributes:
        index: its number in the file.
        kind: `Video` or `Audio`.
        codec: ffmpeg's name.
        start_s: when it begins, by the file's clock; None if that isn't said.
        programmes: the numbers of those that it belongs to.
    """

    index: int
    kind: str
    codec: str
    start_s: Fraction | None
    programmes: tuple[int, ...]


def list_streams(source: SourceFile) -> dict[int, Listed]:
    """The picture and sound streams of a file, by their numbers."""
    found: dict[int, Listed] = {}
    programme: int | None = None
    for line in describe(source.as_input().output("-").get_args()[:-1]).splitlines():
        if match := _PROGRAMME.match(line):
            programme = int(match[1])
        elif line.strip().startswith("No Program"):
            programme = None
        elif match := _STREAM.match(line):
            index, start = int(match[1]), match[4]
            before = found[index].programmes if index in found else ()
            programmes = before if programme is None else (*before, programme)
            start_s = None if start is None else Fraction(start)
            found[index] = Listed(index, match[2], match[3], start_s, programmes)
    return found


def sounds_with(picture: int, streams: dict[int, Listed]) -> set[int]:
    """The sound streams that share a programme with a picture; all where there are none."""
    own = set(streams[picture].programmes) if picture in streams else set()
    return {
        each.index
        for each in streams.values()
        if each.kind == "Audio" and (not own or own & set(each.programmes))
    }


def taken_up_s(picture: int, end_s: Fraction, streams: dict[int, Listed]) -> Fraction | None:
    """When another stream of its programme takes a picture up; None if none does.

    Args:
        picture: the stream's number.
        end_s: where it ends, by the file's clock.
        streams: all of them.
    """
    own = streams.get(picture)
    if own is None:
        return None
    starts = (
        each.start_s
        for each in streams.values()
        if (each.kind, each.codec) == (own.kind, own.codec)
        and each.index != picture
        and set(each.programmes) & set(own.programmes)
        and each.start_s is not None
    )
    return min((start for start in starts if start > end_s - HARDLY_S), default=None)
