"""Painting a clip piece by piece, and continuing where an earlier run stopped."""

import time
from collections.abc import Callable
from contextlib import closing

from videostyle.backends.base import Backend
from videostyle.pipeline.drive import drive
from videostyle.pipeline.flat_watch import FlatWatch
from videostyle.pipeline.piece_sink import PieceSink, rest_of
from videostyle.pipeline.pieces import SEGMENT_S, Piece, Pieces, check_joinable, piece_frames
from videostyle.pipeline.plan import ClipPlan
from videostyle.pipeline.recipe import recipe_of
from videostyle.pipeline.result import StylizeResult
from videostyle.video.decoder import Decoder
from videostyle.video.join import join


def run_resumable(
    plan: ClipPlan,
    *,
    segment_s: float = SEGMENT_S,
    backend: Backend | None = None,
    on_start: Callable[[Backend], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Carry out a plan in pieces, continuing where an earlier run of the same plan stopped.

    Args:
        plan: its target must be a video file.
        segment_s: seconds of video in a piece; pieces of another length can't be continued.
        backend: an open backend to use instead of opening one by the settings.
        on_start: called once, when the network is open and before the first frame.
        on_progress: called after each frame with the number of finished frames.

    Returns:
        The result; its seconds count this run only.

    Raises:
        ConfigError: the existing pieces were made with other settings, which are named.
        As `stylize`.
    """
    check_joinable(plan.encode.target)
    backend = backend or plan.open_backend()
    if on_start:
        on_start(backend)
    began = time.monotonic()
    recipe = recipe_of(plan, backend.description)
    with Pieces(plan, recipe, piece_frames(plan, segment_s)) as pieces:
        notices: list[str] = []
        watch = FlatWatch()
        while missing := pieces.missing():
            notices += _paint_from(
                missing[0], pieces, plan, backend, watch, on_progress or (lambda frames: None)
            )
        notices += [*pieces.losses(), *watch.notices]
        join(pieces.segments(), pieces.path / "list.txt", plan.encode)
        frames = pieces.frames
        pieces.remove()
    return StylizeResult.of(
        plan,
        backend.description,
        frames,
        time.monotonic() - began,
        tuple(dict.fromkeys(notices)),
    )


def _paint_from(
    first: int,
    pieces: Pieces,
    plan: ClipPlan,
    backend: Backend,
    watch: FlatWatch,
    on_progress: Callable[[int], None],
) -> tuple[str, ...]:
    """Paint piece after piece until the clip ends or the next piece exists already.

    Returns:
        What the user should know of the clip.
    """
    done = first * pieces.length
    rest = rest_of(plan.decode, done)
    if rest.duration_s is not None and rest.duration_s <= 0:
        pieces.end_at(done)
        return ()

    def take(index: int, frames: int) -> bool:
        pieces.take(Piece(index, frames))
        if feed.damage:
            pieces.note_damage(first, (feed.damage,))
        return not pieces.is_done(index + 1)

    with (
        Decoder(rest) as feed,
        PieceSink(plan, pieces.path_of, first, pieces.length, take) as sink,
        closing(drive(feed, backend, plan, [sink])) as paintings,
    ):
        for painted in paintings:
            watch.see(painted)
            done += 1
            on_progress(done)
    if not sink.is_full:
        pieces.end_at(done)
    return feed.notices
