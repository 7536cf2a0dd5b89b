"""A piece of a clip, painted by itself, anywhere and in any order, as a run in one go makes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.pipeline.overlap import ReadAhead, WriteBehind
from videostyle.pipeline.painting import paint
from videostyle.pipeline.plan import Plan
from videostyle.video.codecs import codec_name
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder


@dataclass(frozen=True)
class PieceResult:
    """What became of a piece.

    Attributes:
        frames: how many it has; fewer than asked for, or none, where the clip ends.
        losses: what was found broken on the way, one line each.
    """

    frames: int
    losses: tuple[str, ...] = ()


def paint_piece(
    plan: Plan,
    path: Path,
    first: int,
    length: int,
    backend: Backend,
    on_progress: Callable[[int], None] | None = None,
) -> PieceResult:
    """Paint one piece of a plan. Nothing is written where the clip has no frame.

    Args:
        plan: of the whole clip.
        path: the piece's file.
        first: the output frame that it begins with.
        length: how many frames it has at most.
        backend: what runs the network.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        As `stylize`.
    """
    part = _limited(rest_of(plan.decode, first), length)
    if part.duration_s is not None and part.duration_s <= 0:
        return PieceResult(0)
    frames = 0
    with Decoder(part) as decoder, ReadAhead(decoder) as shown:
        paintings = (painted.painting for painted in paint(shown, backend, plan))
        if (painting := next(paintings, None)) is not None:
            frames = write_piece(plan, path, chain([painting], paintings), on_progress)
        return PieceResult(frames, decoder.notices)


def write_piece(
    plan: Plan,
    path: Path,
    paintings: Iterator[np.ndarray],
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Encode the picture of a piece; sound and tags come when the pieces are joined.

    Args:
        plan: of the whole clip.
        path: the piece's file.
        paintings: its frames, at least one.
        on_progress: called after each frame with the number of frames so far.

    Returns:
        How many frames it has.
    """
    count = 0
    with Encoder(_piece_plan(plan, path)) as encoder, WriteBehind(encoder.write) as sink:
        for count, painting in enumerate(paintings, start=1):
            sink.put(painting)
            if on_progress:
                on_progress(count)
    return count


def rest_of(decode: DecodePlan, first: int) -> DecodePlan:
    """What is left to decode from an output frame on."""
    passed_s = first / decode.rate
    duration_s = None if decode.duration_s is None else decode.duration_s - passed_s
    return replace(
        decode, start_s=decode.start_s + passed_s, duration_s=duration_s, may_be_empty=first > 0
    )


def _limited(decode: DecodePlan, length: int) -> DecodePlan:
    limit_s = length / decode.rate
    duration_s = limit_s if decode.duration_s is None else min(limit_s, decode.duration_s)
    return replace(decode, duration_s=duration_s)


def _piece_plan(plan: Plan, path: Path) -> EncodePlan:
    encode = plan.encode
    assert encode is not None
    config = replace(encode.config, codec=codec_name(encode.codec), verify=False)
    return replace(encode, target=path, beside=None, config=config)
