"""Painting pieces of a clip, with the same frames as an uncut run."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.pipeline.drive import drive
from videostyle.pipeline.pieces import Piece
from videostyle.pipeline.plan import ClipPlan
from videostyle.video.codecs import codec_name
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder


class PieceSink:
    """Writes frames into one piece after another; a context manager that finishes the last one.

    A piece without frames isn't written. Sound and tags are added when the pieces are joined.

    Attributes:
        index: of the piece that the next frame belongs to.
        frames: how many frames that piece has so far.
        is_full: `on_piece` said that the next piece isn't wanted.
    """

    def __init__(
        self,
        plan: ClipPlan,
        path_of: Callable[[int], Path],
        first: int,
        length: int,
        on_piece: Callable[[int, int], bool] = lambda index, frames: True,
    ) -> None:
        """Prepare to write; the first file is opened with the first frame.

        Args:
            plan: of the whole clip.
            path_of: the file of a piece.
            first: the number of the piece to start with.
            length: how many frames a piece has.
            on_piece: called with the number and the frame count of each finished piece; returns
                whether to continue with the next.
        """
        self.index, self.frames, self.is_full = first, 0, False
        self._plan, self._path_of, self._length = plan, path_of, length
        self._on_piece = on_piece
        self._encoder: Encoder | None = None

    def __enter__(self) -> "PieceSink":
        return self

    def __exit__(self, kind: object, *exception: object) -> None:
        if self._encoder is None:
            return
        if kind is None:
            self._finish(self._encoder)
        else:
            self._encoder.__exit__(kind, *exception)

    def write(self, frame: np.ndarray) -> None:
        """Take one frame, as `Encoder.write`."""
        if self.is_full:
            return
        if self._encoder is None:
            self._encoder = Encoder(_piece_plan(self._plan, self._path_of(self.index)))
        self._encoder.write(frame)
        self.frames += 1
        if self.frames == self._length:
            self._finish(self._encoder)

    def _finish(self, encoder: Encoder) -> None:
        self._encoder = None
        encoder.__exit__(None)
        index, frames = self.index, self.frames
        self.index, self.frames = index + 1, 0
        self.is_full = not self._on_piece(index, frames)


def paint_piece(
    plan: ClipPlan,
    path: Path,
    index: int,
    length: int,
    backend: Backend,
    on_progress: Callable[[int], None] = lambda frames: None,
) -> Piece:
    """Paint one piece by itself, anywhere and in any order.

    Args:
        plan: of the whole clip.
        path: the piece's file; it isn't written if the clip has no frame there.
        index: the piece's number, from 0.
        length: how many frames a piece has.
        backend: what runs the network.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        As `stylize`.
    """
    part = _limited(rest_of(plan.decode, index * length), length)
    if part.duration_s is not None and part.duration_s <= 0:
        return Piece(index, 0)
    frames = 0
    with (
        Decoder(part) as feed,
        PieceSink(plan, lambda number: path, index, length) as sink,
        closing(drive(feed, backend, plan, [sink])) as paintings,
    ):
        for frames, _ in enumerate(paintings, start=1):
            on_progress(frames)
    return Piece(index, frames, feed.losses)


def rest_of(decode: DecodePlan, first: int) -> DecodePlan:
    """What is left to decode, starting at an output frame."""
    passed_s = first / decode.rate
    duration_s = None if decode.duration_s is None else decode.duration_s - passed_s
    return replace(
        decode,
        start_s=decode.start_s + passed_s,
        duration_s=duration_s,
        may_be_empty=first > 0,
    )


def _limited(decode: DecodePlan, length: int) -> DecodePlan:
    limit_s = length / decode.rate
    duration_s = limit_s if decode.duration_s is None else min(limit_s, decode.duration_s)
    return replace(decode, duration_s=duration_s)


def _piece_plan(plan: ClipPlan, path: Path) -> EncodePlan:
    encode = plan.encode
    config = replace(encode.config, codec=codec_name(encode.codec), verify=False)
    return replace(encode, target=path, beside=None, config=config)
