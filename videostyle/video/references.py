"""Which pictures of a stream no other picture is predicted from, read from their packets' headers.

A decoder needn't decode these unless they are shown. Read from H.264 and HEVC as MP4, QuickTime and
Matroska hold them: units with their length in front, parameter sets in the stream's extradata.
Sources: ITU-T H.264, 7.3.1 and 7.4.1; ITU-T H.265, 7.3.1.2 and table 7-1; ISO/IEC 14496-15, 5.3.3.1
and 8.3.3.1 (avcC, hvcC).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# What ffmpeg's `trace_headers` prints of a field: its bits, and their value.
_FIELD = r"\b{} +[01]+ = (\d+)"


@dataclass(frozen=True)
class Picture:
    """What the units of one packet are.

    Attributes:
        is_reference: others are, or may be, predicted from it.
        layer: its temporal layer; pictures of higher ones may be predicted from it all the same.
    """

    is_reference: bool
    layer: int = 0


class Unknown(Exception):
    """A stream is built in a way of which nothing is claimed here."""


@dataclass(frozen=True)
class Syntax:
    """How one codec's headers are read.

    Attributes:
        length_at: where the extradata say how many bytes a unit's length takes.
        parameters: kinds of units that the extradata hold, and that may be repeated.
        kind: a unit's kind.
        read: a picture's slices, as (is a reference, temporal layer, is the picture's first);
            None for units that hold no pixels.
        order: fields that must have one of these values for the order of pictures to depend on
            nothing but the kept ones, by ffmpeg's names.
    """

    length_at: int
    parameters: frozenset[int]
    kind: Callable[[memoryview], int]
    read: Callable[[int, memoryview], tuple[bool, int, bool] | None]
    order: dict[str, str]


def _h264_slice(kind: int, unit: memoryview) -> tuple[bool, int, bool] | None:
    # Partitioned slices, the end of a sequence, layers and views.
    if kind in (2, 3, 4, 10, 11, 14, 20, 21):
        raise Unknown
    if kind not in (1, 5):
        return None
    return unit[0] & 0x60 != 0, 0, unit[1] & 0x80 != 0


def _hevc_slice(kind: int, unit: memoryview) -> tuple[bool, int, bool] | None:
    if kind in (36, 37):  # the end of a sequence
        raise Unknown
    if kind > 31:
        return None
    if unit[0] & 1 or unit[1] >> 3:  # another layer: a second view, transparency
        raise Unknown
    # A key frame that throws away what hasn't been shown yet, which depends on all before it.
    if 16 <= kind <= 23 and unit[2] & 0x40:
        raise Unknown
    return kind > 14 or kind % 2 == 1, (unit[1] & 7) - 1, unit[2] & 0x80 != 0


SYNTAXES = {
    # Without these an interlaced picture may be two fields, and ffmpeg finds out while it decodes
    # how far pictures are out of order.
    "h264": Syntax(
        4,
        frozenset({7, 8, 13}),
        lambda unit: unit[0] & 0x1F,
        _h264_slice,
        {"frame_mbs_only_flag": "1", "bitstream_restriction_flag": "1"},
    ),
    "hevc": Syntax(
        21,
        frozenset({32, 33, 34}),
        lambda unit: unit[0] >> 1 & 0x3F,
        _hevc_slice,
        {"field_seq_flag": "0"},
    ),
}


class PictureReader:
    """Reads the packets of one stream."""

    def __init__(self, codec: str, extradata: bytes | None) -> None:
        """Take the stream's parameters.

        Args:
            codec: ffmpeg's name.
            extradata: the stream's, avcC or hvcC.

        Raises:
            Unknown: another codec, or another form.
        """
        if codec not in SYNTAXES:
            raise Unknown
        self._syntax = SYNTAXES[codec]
        self._extradata = extradata or b""
        if len(self._extradata) <= self._syntax.length_at or self._extradata[0] != 1:
            raise Unknown
        self._length_bytes = (self._extradata[self._syntax.length_at] & 3) + 1

    def read(self, packet: memoryview) -> Picture:
        """Read one packet.

        Raises:
            Unknown: it isn't exactly one picture, or brings parameters of its own.
        """
        try:
            found = list(self._slices(packet))
        except IndexError as error:  # a unit without a whole header
            raise Unknown from error
        if sum(is_first for _, _, is_first in found) != 1:
            raise Unknown
        return Picture(any(each[0] for each in found), max(each[1] for each in found))

    def _slices(self, packet: memoryview) -> Iterator[tuple[bool, int, bool]]:
        for unit in self._units(packet):
            kind = self._syntax.kind(unit)
            if kind in self._syntax.parameters and bytes(unit) not in self._extradata:
                raise Unknown
            if (found := self._syntax.read(kind, unit)) is not None:
                yield found

    def _units(self, packet: memoryview) -> Iterator[memoryview]:
        at = 0
        while at < len(packet):
            start = at + self._length_bytes
            at = start + int.from_bytes(packet[at:start], "big")
            if at > len(packet):
                raise Unknown
            yield packet[start:at]


def check_order(codec: str, trace: str) -> None:
    """See that the order of pictures depends on nothing but the kept ones.

    Args:
        codec: ffmpeg's name.
        trace: what ffmpeg's bitstream filter `trace_headers` prints of the stream's parameters.

    Raises:
        Unknown: it may.
    """
    for name, expected in SYNTAXES[codec].order.items():
        if set(re.findall(_FIELD.format(name), trace)) != {expected}:
            raise Unknown
