"""Painting a clip piece by piece, and going on where an earlier run stopped."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.errors import ConfigError, DecodeError
from videostyle.overlap import ReadAhead, WriteBehind
from videostyle.painting import paint
from videostyle.pipeline import StylizeResult, result_of
from videostyle.plan import Plan
from videostyle.segments.folder import SegmentFolder
from videostyle.segments.manifest import Manifest
from videostyle.video.codecs import SILENT, codec_name
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder
from videostyle.video.join import join
from videostyle.video.shared_decoder import Shown

# Seconds of video that a kill may cost.
SEGMENT_S = 10


def run_segments(
    plan: Plan,
    *,
    segment_s: float = SEGMENT_S,
    backend: Backend | None = None,
    on_start: Callable[[Backend], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Carry out a plan in pieces, going on where an earlier run of the same plan stopped.

    Args:
        plan: with a target that is a video file.
        segment_s: seconds of video in a piece; changing it begins another run.
        backend: an open backend to use instead of opening one by the settings.
        on_start: called once, when the network is open and before the first frame.
        on_progress: called after each frame with the number of frames that are done.

    Returns:
        The result; its seconds are those of this run alone.

    Raises:
        ConfigError: the pieces that are there belong to other settings, which are named.
        As `stylize`.
    """
    encode = _check_target(plan)
    backend = backend or plan.open_backend()
    if on_start:
        on_start(backend)
    began = time.monotonic()
    manifest = Manifest.of(plan, backend.description, max(1, round(segment_s * plan.decode.rate)))
    with SegmentFolder(encode.target, manifest) as folder:
        while (index := folder.first_missing()) is not None:
            _paint_from(index, folder, plan, backend, on_progress)
        losses = _check_damage(folder, plan)
        join(folder.segments(), folder.path / "list.txt", encode)
        frames = folder.end() or 0
        folder.remove()
    return result_of(plan, encode, backend, frames, time.monotonic() - began, losses)


def _check_target(plan: Plan) -> EncodePlan:
    if plan.encode is None:
        raise ConfigError("the plan names no target")
    suffix = plan.encode.target.suffix.lower()
    if suffix in SILENT:
        raise ConfigError(f"{plan.encode.target}: --resume goes with video files, not {suffix}")
    return plan.encode


def _paint_from(index: int, folder: SegmentFolder, plan: Plan, backend: Backend,
                on_progress: Callable[[int], None] | None) -> None:
    """Make piece after piece until the clip ends or a piece is there already."""
    full = folder.manifest.segment_frames
    done = index * full
    rest = _rest(plan.decode, done)
    if rest.duration_s is not None and rest.duration_s <= 0:
        folder.set_end(done)
        return
    with (
        Decoder(rest) as decoder,
        ReadAhead(_shown(decoder)) as frames,
    ):
        paintings = (painted.painting for painted in paint(frames, backend, plan))
        while (first := next(paintings, None)) is not None:
            count = 0
            with Encoder(_segment_plan(plan, folder.segment(index))) as encoder, \
                    WriteBehind(encoder.write) as sink:
                for count, painting in enumerate(_piece(first, paintings, full), start=1):
                    sink.put(painting)
                    if on_progress:
                        on_progress(done + count)
            done, index = done + count, index + 1
            if decoder.damage:
                folder.note_damage(decoder.damage)
            if count == full and folder.is_done(index):
                return
            if count < full:
                break
    folder.set_end(done)


def _piece(first: np.ndarray, rest: Iterator[np.ndarray], length: int) -> Iterator[np.ndarray]:
    return chain([first], islice(rest, length - 1))


def _shown(decoder: Decoder) -> Iterator[Shown]:
    return (Shown(frame, (1,)) for frame in decoder)


def _rest(decode: DecodePlan, done: int) -> DecodePlan:
    """What is left to decode when so many output frames are done."""
    passed_s = done / decode.rate
    duration_s = None if decode.duration_s is None else decode.duration_s - passed_s
    return replace(decode, start_s=decode.start_s + passed_s, duration_s=duration_s,
                   may_be_empty=done > 0)


def _segment_plan(plan: Plan, path: Path) -> EncodePlan:
    """A piece: the picture only; sound and tags come when the pieces are joined."""
    encode = plan.encode
    assert encode is not None
    config = replace(encode.config, codec=codec_name(encode.codec), verify=False)
    return replace(encode, target=path, beside=None, config=config)


def _check_damage(folder: SegmentFolder, plan: Plan) -> tuple[str, ...]:
    damage = folder.damage()
    if damage is None:
        return ()
    if not plan.config.keep_going:
        raise DecodeError(f"{plan.decode.info.path}: {damage}; to take what is there add "
                          "--keep-going")
    return (damage,)
