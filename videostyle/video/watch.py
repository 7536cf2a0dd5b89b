"""What ffmpeg's filter `showinfo` says about each source frame, read from its messages.

A clip may change inside: another size, other colours, fields instead of whole frames. ffmpeg then
rebuilds its filters, and their counts start again. `showinfo`, the first of the filters, prints a
frame's line before any other filter sees the frame. So reading all available lines reveals a change
before the changed frames are used.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from videostyle.frames import Size
from videostyle.video.color import (
    MATRICES,
    PRIMARIES,
    RANGES,
    TRANSFERS,
    ColorTags,
    color_of,
)
from videostyle.video.look import Look, display_size

_MARK = b"[Parsed_showinfo_"
_CLOCK = re.compile(rb"config in time_base: (\d+)/(\d+)")
_FRAME = re.compile(
    rb"n:\s*(\d+) pts:\s*(-?\d+) .*duration:\s*(\d+) .*"
    rb"fmt:(\S+) .*sar:(\d+)/(\d+) s:(\d+)x(\d+) i:(\S) iskey:(\d)"
)


def _tag(name: str, known: Iterable[str]) -> "re.Pattern[bytes]":
    words = "|".join(sorted(known, key=len, reverse=True))
    return re.compile(f"{name}:({words})?".encode())


# Of a frame's colours, in the order that they are printed. The threads of ffmpeg write into each
# other's lines: a word may have another message at its end.
_COLORS = (
    _tag("color_range", RANGES.values()),
    _tag("color_space", MATRICES.values()),
    _tag("color_primaries", PRIMARIES.values()),
    _tag("color_trc", TRANSFERS.values()),
)
_OTHERS = re.compile(
    rb"(corrupt decoded frame|Error submitting packet to decoder|timestamp discontinuity).*"
)


@dataclass(frozen=True)
class Seen:
    """A source frame.

    Attributes:
        ticks: when it is shown, in ticks of the file.
        time_s: the same in seconds.
        length_s: for how long, in seconds; 0 if the file doesn't say.
        look: what it looks like.
    """

    ticks: int
    time_s: Fraction
    length_s: Fraction
    look: Look


class Watch:
    """Takes the lines of one ffmpeg and reports what has changed.

    Attributes:
        frames: how many source frames have come.
        seen: of all frames, if they were asked for.
    """

    def __init__(
        self,
        expected: Look,
        is_turned: bool,
        tick_s: Fraction,
        tags: ColorTags,
        *,
        adopts: bool,
        keeps: bool = False,
    ) -> None:
        """Prepare for the first line.

        Args:
            expected: what all frames should look like.
            is_turned: rows and columns are swapped in the file.
            tick_s: seconds per tick of the file, until ffmpeg prints it.
            tags: the container's colour tags, for frames without.
            adopts: the first frame sets the colours and size that all should have.
            keeps: keep what is known about every frame.
        """
        self.frames = 0
        self.seen: list[Seen] = []
        self._expected = expected
        self._is_turned = is_turned
        self._adopts = adopts
        self._keeps = keeps
        self._tick_s = tick_s
        self._tags = tuple(
            None if tag is None else tag.encode()
            for tag in (tags.range, tags.matrix, tags.primaries, tags.transfer)
        )
        self._frame: tuple[bytes, ...] | None = None
        self._colors: list[bytes | None] = []
        self._aspect: tuple[bytes, ...] = ()
        self._last_s: Fraction | None = None
        self._changed_s: Fraction | None = None

    def take(self, line: bytes) -> bytes:
        """Read a line from ffmpeg; returns what of it isn't from `showinfo`."""
        if _MARK not in line:
            return line
        if found := _FRAME.search(line):
            self._frame, self._colors = found.groups(), []
        elif found := _CLOCK.search(line):
            self._tick_s = Fraction(int(found[1]), int(found[2]))
        elif b"color_" in line and self._frame is not None:
            tags = (tag.search(line) for tag in _COLORS)
            self._colors += [found[1] for found in tags if found]
            if len(self._colors) == len(_COLORS):
                self._take_frame(self._frame, self._colors)
                self._frame = None
        other = _OTHERS.search(line)
        return other[0] if other else b""

    def has_passed(self, time_s: Fraction) -> bool:
        """Whether a frame after a time has come, and all up to it were as expected."""
        return self._last_s is not None and self._last_s > time_s

    @property
    def changed_s(self) -> Fraction | None:
        """When the first frame is shown that isn't as expected, on the decoder's clock."""
        return self._changed_s

    def _take_frame(self, frame: tuple[bytes, ...], colors: list[bytes | None]) -> None:
        number, ticks, length = (int(each) for each in frame[:3])
        pix_fmt, *aspect, width, height, fields, is_key = frame[3:]
        # Frames that the decoder held back come out with the shape of the next key frame's pixels.
        if is_key == b"1" or number == 0 or not self._aspect:
            self._aspect = tuple(aspect)
        colors = [own or tag for own, tag in zip(colors, self._tags, strict=True)]
        look = _look(pix_fmt, *self._aspect, width, height, fields, *colors, self._is_turned)
        time_s = ticks * self._tick_s
        self.frames += 1
        if self._keeps:
            self.seen.append(Seen(ticks, time_s, length * self._tick_s, look))
        if self._changed_s is not None:
            return
        if self._adopts and self.frames == 1:
            self._expected = replace(look, is_interlaced=self._expected.is_interlaced)
        if (self.frames > 1 and number == 0) or not look.fits(self._expected):
            self._changed_s = time_s
        elif self._last_s is None or time_s > self._last_s:
            self._last_s = time_s


@lru_cache
def _look(
    pix_fmt: bytes, across: bytes, down: bytes, width: bytes, height: bytes, fields: bytes,
    levels: bytes | None, matrix: bytes | None, primaries: bytes | None, transfer: bytes | None,
    is_turned: bool,
) -> Look:  # fmt: skip
    size = Size(int(width), int(height))
    aspect = Fraction(int(across), int(down) or 1)
    if is_turned:  # ffmpeg has turned it already; rounded as before that
        size, aspect = Size(size.height, size.width), 1 / aspect if aspect else aspect
    upright = display_size(size, aspect, is_turned)
    words = (
        None if each is None else each.decode() for each in (matrix, levels, transfer, primaries)
    )
    return Look(color_of(pix_fmt.decode(), size, *words), upright, fields in b"TB")
