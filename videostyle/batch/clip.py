"""One job in progress: which calls come next, which to repeat, and its outcome."""

import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from videostyle.batch.address import absolute, is_url
from videostyle.batch.calls import Call, Describe, Join, Paint, PaintFromAfar, PaintPiece, Survey
from videostyle.batch.executor import Finished
from videostyle.batch.job import Job, Outcome, describe_error
from videostyle.errors import (
    ConfigError,
    DamageError,
    MissingDependencyError,
    ModelLoadError,
    ProbeError,
    UnknownStyleError,
    VideoStyleError,
    WorkerError,
)
from videostyle.files.recipe import Recipe
from videostyle.pipeline.pieces import Piece, Pieces, piece_frames
from videostyle.pipeline.plan import ClipPlan
from videostyle.pipeline.result import StylizeResult
from videostyle.video.codecs import SILENT

# How often a piece is tried, or any call whose worker is lost.
TRIES = 3

# Errors that another try doesn't fix.
FINAL = (
    ConfigError,
    DamageError,
    MissingDependencyError,
    ModelLoadError,
    ProbeError,
    UnknownStyleError,
)

# Errors that only another source fixes.
SOURCES_FAULT = (DamageError, ProbeError)


@dataclass(frozen=True)
class InPieces:
    """A clip that is painted piece by piece.

    Attributes:
        plan: of the whole clip.
        pieces: the finished ones.
        asked: numbers of the pieces that workers are painting.
        began: start time on the monotonic clock.
    """

    plan: ClipPlan
    pieces: Pieces
    asked: set[int] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)


class Clip:
    """One clip of a batch.

    A short clip is checked and painted. A long one is checked, described, painted piece by piece
    in any order, and joined. One at an address is copied and painted in one step.

    Attributes:
        number: of the job, from 0.
        outcome: how it ended; None until then.
        frames: frames painted by finished calls.
        frames_total: what the header promises; 0 before the check, or if it says nothing.
        segments: painted pieces.
        segments_total: all pieces.
    """

    def __init__(self, number: int, job: Job, segment_s: float | None, overwrite: bool) -> None:
        """Start with nothing done.

        Args:
            number: of the job, from 0.
            job: what to paint.
            segment_s: seconds of video in a piece, or None: the clip is painted whole.
            overwrite: replace an existing target, and pieces made with other settings.
        """
        self.number = number
        self.job = job
        self.outcome: Outcome | None = None
        self.frames = self.frames_total = self.segments = 0
        self.segments_total = 1
        self._segment_s = segment_s
        self._overwrite = overwrite
        self._work: InPieces | None = None
        self._running = 0
        self._tries: Counter[Call] = Counter()

    def begin(self) -> list[Call]:
        far = is_url(self.job.source) or is_url(self.job.target)
        job = _for_workers(self.job, self._overwrite)
        return self._calls([PaintFromAfar(job) if far else Survey(job)])

    def drop(self) -> None:
        """Drop a call that wasn't started; it is no longer needed."""
        self._running -= 1
        if self._running == 0:
            self.close()

    def take(self, finished: Finished) -> list[Call]:
        """Take the result of a call; returns the calls that follow."""
        self._running -= 1
        try:
            if self.outcome is not None:
                return []
            if finished.error is not None:
                return self._failed(finished.call, finished.error)
            return self._calls(self._follow(finished))
        except (VideoStyleError, OSError) as error:
            return self._fail(error)
        finally:
            if self.outcome is not None and self._running == 0:
                self.close()

    def close(self) -> None:
        """Release the folder of pieces."""
        if self._work is not None:
            self._work.pieces.close()

    def _follow(self, finished: Finished) -> Sequence[Call]:
        match finished.call, finished.value:
            case Survey(), ClipPlan() as plan:
                return [self._after_survey(plan)]
            case Describe(plan), Recipe() as recipe:
                self._work = self._open(plan, recipe)
                return self._next(self._work)
            case PaintPiece(), Piece() as piece:
                return self._after_piece(piece)
            case Join(), None:
                self._after_join()
            case ((Paint() | PaintFromAfar()), StylizeResult() as result):
                self.frames, self.segments = result.frames, 1
                self.frames_total = self.frames_total or result.frames
                self._done(result)
        return []

    def _after_survey(self, plan: ClipPlan) -> Call:
        self.frames_total = plan.decode.expected_frames or 0
        if self._is_cut(plan):
            return Describe(plan)
        return Paint(plan)

    def _is_cut(self, plan: ClipPlan) -> bool:
        """Whether the clip is long enough for pieces, and can be cut.

        Without an index, every piece would be decoded from the start of the file.
        """
        suffix = plan.encode.target.suffix.lower()
        if self._segment_s is None or suffix in SILENT or not plan.decode.can_seek:
            return False
        return self.frames_total > piece_frames(plan, self._segment_s)

    def _open(self, plan: ClipPlan, recipe: Recipe) -> InPieces:
        length = piece_frames(plan, self._segment_s or 0)
        return InPieces(plan, Pieces(plan, recipe, length, begin_again=self._overwrite))

    def _after_piece(self, piece: Piece) -> Sequence[Call]:
        work = self._work
        if work is None:
            return []
        work.pieces.take(piece)
        work.asked.discard(piece.index)
        self._count(work)
        return [] if work.asked else self._next(work)

    def _next(self, work: InPieces) -> Sequence[Call]:
        """Hand out the missing pieces; join them when there are none."""
        pieces = work.pieces
        missing = pieces.missing()
        self._count(work)
        self.segments_total = self.segments + len(missing)
        if not missing:
            segments = tuple(pieces.segments())
            return [Join(work.plan, segments, pieces.path / "list.txt")]
        work.asked.update(missing)
        return [
            PaintPiece(work.plan, pieces.recipe, pieces.path_of(index), index, pieces.length)
            for index in missing
        ]

    def _count(self, work: InPieces) -> None:
        self.frames, self.segments = work.pieces.frames, work.pieces.done

    def _after_join(self) -> None:
        work = self._work
        if work is None:
            return
        losses, backend = work.pieces.losses(), work.pieces.recipe.values["backend"]
        seconds = time.monotonic() - work.began
        work.pieces.remove()
        self._done(StylizeResult.of(work.plan, backend, self.frames, seconds, losses))

    def _failed(self, call: Call, error: BaseException) -> list[Call]:
        repeated = isinstance(error, WorkerError) or (
            call.is_repeated and not isinstance(error, FINAL)
        )
        tries = self._tries[call]
        if repeated and tries < TRIES:
            return self._calls([call])
        return self._fail(error, f", tried {tries} times" if repeated else "")

    def _fail(self, error: BaseException, tried: str = "") -> list[Call]:
        reason = describe_error(error)
        if str(self.job.source) not in reason and str(self.job.target) not in reason:
            reason = f"{self.job.source}: {reason}"
        self.outcome = Outcome(
            self.job,
            "failed",
            reason + tried,
            segments=self.segments_total,
            retries=self._retries,
            source_at_fault=isinstance(error, SOURCES_FAULT),
            error=type(error).__name__,
        )
        return []

    def _done(self, result: StylizeResult) -> None:
        self.outcome = Outcome(
            self.job,
            "done",
            result=result,
            segments=self.segments_total,
            retries=self._retries,
        )

    @property
    def _retries(self) -> int:
        return sum(tries - 1 for tries in self._tries.values())

    def _calls(self, calls: Sequence[Call]) -> list[Call]:
        self._tries.update(calls)
        self._running += len(calls)
        return list(calls)


def _for_workers(job: Job, overwrite: bool) -> Job:
    """The job with absolute paths, and whether it may replace its target."""
    style = job.config.style
    config = replace(
        job.config,
        overwrite=overwrite,
        style=os.path.abspath(style) if os.path.exists(style) else style,
    )
    return Job(absolute(job.source), absolute(job.target), config)
