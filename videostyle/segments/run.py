"""Painting a clip piece by piece, and going on where an earlier run stopped."""

import time
from collections.abc import Callable
from itertools import chain, islice

from videostyle.backends.base import Backend
from videostyle.errors import ConfigError, DamageError
from videostyle.pipeline.overlap import ReadAhead
from videostyle.pipeline.painting import paint
from videostyle.pipeline.plan import Plan
from videostyle.pipeline.run import StylizeResult, result_of
from videostyle.segments.folder import SegmentFolder
from videostyle.segments.manifest import Manifest
from videostyle.segments.piece import rest_of, write_piece
from videostyle.video.codecs import SILENT
from videostyle.video.decoder import Decoder
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.join import join

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
    return result_of(plan, encode, backend.description, frames, time.monotonic() - began, losses)


def _check_target(plan: Plan) -> EncodePlan:
    if plan.encode is None:
        raise ConfigError("the plan names no target")
    suffix = plan.encode.target.suffix.lower()
    if suffix in SILENT:
        raise ConfigError(f"{plan.encode.target}: --resume goes with video files, not {suffix}")
    return plan.encode


def _paint_from(
    index: int,
    folder: SegmentFolder,
    plan: Plan,
    backend: Backend,
    on_progress: Callable[[int], None] | None,
) -> None:
    """Make piece after piece until the clip ends or a piece is there already."""
    full = folder.manifest.segment_frames
    done = index * full
    rest = rest_of(plan.decode, done)
    if rest.duration_s is not None and rest.duration_s <= 0:
        folder.set_end(done)
        return
    with (
        Decoder(rest) as decoder,
        ReadAhead(decoder) as frames,
    ):
        paintings = (painted.painting for painted in paint(frames, backend, plan))
        while (first := next(paintings, None)) is not None:
            count = write_piece(
                plan,
                folder.segment(index),
                chain([first], islice(paintings, full - 1)),
                _counting_from(done, on_progress),
            )
            done, index = done + count, index + 1
            if decoder.damage:
                folder.note_damage(decoder.damage)
            if count == full and folder.is_done(index):
                return
            if count < full:
                break
    folder.set_end(done)


def _counting_from(
    done: int, on_progress: Callable[[int], None] | None
) -> Callable[[int], None] | None:
    return None if on_progress is None else lambda count: on_progress(done + count)


def _check_damage(folder: SegmentFolder, plan: Plan) -> tuple[str, ...]:
    damage = folder.damage()
    if damage is None:
        return ()
    if not plan.config.keep_going:
        raise DamageError(
            f"{plan.decode.info.path}: {damage}; to take what is there add --keep-going"
        )
    return (damage,)
