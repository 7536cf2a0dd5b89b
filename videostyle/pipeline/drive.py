"""The one loop that drives frames from a decoder through the network into files.

A clip has one sink, a preview one for each rate, a resumed run one that starts a new file every
10 s. Callers that want the frames themselves take them as they come.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack
from fractions import Fraction
from typing import Protocol

import numpy as np

from videostyle.backends.base import Backend
from videostyle.pipeline.overlap import ReadAhead, WriteBehind
from videostyle.pipeline.painting import Painted, paint
from videostyle.pipeline.plan import FramesPlan
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.shared_decoder import SharedDecoder
from videostyle.video.shown import Shown


class Sink(Protocol):
    """Takes the painted frames of one rate, in a thread of its own.

    Attributes:
        is_full: it takes no more frames; further ones are ignored.
    """

    is_full: bool

    def write(self, frame: np.ndarray) -> None:
        """Take one frame, uint8 [H, W, 3]."""
        ...


def drive(
    feed: Iterable[Shown], backend: Backend, plan: FramesPlan, sinks: Sequence[Sink] = ()
) -> Generator[Painted, None, None]:
    """Paint every frame of a feed, and hand it to the sinks as often as their rates show it.

    Feed, network and sinks work at the same time. When the iterator ends, everything has been
    written.

    Args:
        feed: an open decoder, or frames from elsewhere.
        backend: what runs the network.
        plan: how they are painted.
        sinks: one for each of the first rates of the feed, in their order.

    Yields:
        Each frame that went through the network.

    Raises:
        MediaError, TargetError, ModelError: from feed, sinks and network.
    """
    with ReadAhead(feed) as frames, ExitStack() as stack:
        queues = [stack.enter_context(WriteBehind(sink.write)) for sink in sinks]
        for painted in paint(frames, backend, plan):
            for queue, count in zip(queues, painted.counts, strict=False):
                for _ in range(count):
                    queue.put(painted.painting)
            yield painted
            if sinks and all(sink.is_full for sink in sinks):
                return


def open_feed(decode: DecodePlan, rates: Sequence[Fraction]) -> Decoder | SharedDecoder:
    """A decoder for one part of a clip at one or several rates; a context manager.

    For one rate, ffmpeg chooses the frames, so that no others have to leave it.
    """
    if len(rates) == 1:
        return Decoder(decode.at_rate(rates[0]))
    return SharedDecoder(decode, rates)
