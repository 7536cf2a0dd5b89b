"""One job on its way: which calls it needs next, which to make again, and what becomes of it."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from videostyle.batch.address import absolute, is_url
from videostyle.batch.executor import Call, Finished
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
from videostyle.pipeline.run import Plan, StylizeResult, result_of
from videostyle.segments.folder import SegmentFolder
from videostyle.segments.manifest import Manifest
from videostyle.segments.piece import PieceResult
from videostyle.video.codecs import SILENT

# How often a piece is tried, and any call whose worker is lost.
TRIES = 3

# What another try can't change.
FINAL = (
    ConfigError,
    DamageError,
    MissingDependencyError,
    ModelLoadError,
    ProbeError,
    UnknownStyleError,
)

# What only another source can change.
SOURCES_FAULT = (DamageError, ProbeError)

# Steps that are tried again when they fail; a clip that is painted whole fails at once.
REPEATED = ("paint_piece", "join")


class Clip:
    """A short clip is looked at and painted. A long one is looked at, described, painted piece by
    piece in any order, and joined. One at an address is copied and painted in one step.

    Attributes:
        number: of the job, from 0.
        outcome: what became of it; None until then.
        frames: how many are painted in calls that have ended.
        frames_total: what the header promises; 0 before it is looked at, or if it says nothing.
        segments: pieces that are painted.
        segments_total: how many there are.
    """

    def __init__(self, number: int, job: Job, segment_s: float | None, overwrite: bool) -> None:
        """Begin with nothing done.

        Args:
            number: of the job, from 0.
            job: what to paint.
            segment_s: seconds of video in a piece, or None: the clip is painted whole.
            overwrite: replace a target, or pieces, that are there and made with other settings.
        """
        self.number = number
        self.job = job
        self.outcome: Outcome | None = None
        self.frames = self.frames_total = self.segments = 0
        self.segments_total = 1
        self._segment_s = segment_s
        self._overwrite = overwrite
        self._plan: Plan | None = None
        self._folder: SegmentFolder | None = None
        self._counts: dict[int, int] = {}  # frames by piece
        self._losses: dict[str, None] = {}
        self._running = 0
        self._retries = 0
        self._began = 0.0

    def begin(self) -> list[Call]:
        far = is_url(self.job.source) or is_url(self.job.target)
        return self._calls(
            Call("paint_from_afar" if far else "survey", (_for_workers(self.job, self._overwrite),))
        )

    def drop(self) -> None:
        """A call that wasn't begun is not needed any more."""
        self._running -= 1
        if self._running == 0:
            self.close()

    def take(self, finished: Finished) -> list[Call]:
        """Take what a call came to; returns the calls that follow from it."""
        self._running -= 1
        try:
            if self.outcome is not None:
                return []
            if finished.error is not None:
                return self._failed(finished.call, finished.error)
            return self._calls(
                *getattr(self, f"_after_{finished.call.method}")(finished.call, finished.value)
            )
        except (VideoStyleError, OSError) as error:
            return self._fail(error)
        finally:
            if self.outcome is not None and self._running == 0:
                self.close()

    def close(self) -> None:
        """Let go of the folder of pieces."""
        if self._folder is not None:
            self._folder.__exit__()
            self._folder = None

    def _after_survey(self, call: Call, plan: Plan) -> Iterator[Call]:
        self._plan = plan
        self.frames_total = plan.decode.expected_frames or 0
        length = self._segment_frames(plan)
        if length is None or self.frames_total <= length:
            yield Call("paint", (plan,))
        else:
            yield Call("describe", (plan, length))

    def _after_paint(self, call: Call, result: StylizeResult) -> Iterator[Call]:
        self.frames = result.frames
        self.frames_total = self.frames_total or result.frames
        self.segments = 1
        self._done(result)
        yield from ()

    _after_paint_from_afar = _after_paint

    def _after_describe(self, call: Call, manifest: Manifest) -> Iterator[Call]:
        """Hand out the pieces that are missing. The last one may be empty; it shows the end."""
        self._began = time.monotonic()
        self._folder = folder = SegmentFolder(
            Path(absolute(self.job.target)), manifest, begin_again=self._overwrite
        )
        length, end = manifest.segment_frames, folder.end()
        count = self.frames_total // length + 1 if end is None else -(-end // length)
        self.segments_total = count
        for index in range(count):
            if folder.is_done(index):
                self._count(index, folder.frames_of(index, end))
            else:
                yield self._piece(index)
        if len(self._counts) == count:
            yield from self._after_last_piece()

    def _after_paint_piece(self, call: Call, result: PieceResult) -> Iterator[Call]:
        assert self._folder is not None
        index = call.arguments[3] // self._folder.manifest.segment_frames
        self._losses |= dict.fromkeys(result.losses)
        self._count(index, result.frames)
        if len(self._counts) == self.segments_total:
            yield from self._after_last_piece()

    def _after_last_piece(self) -> Iterator[Call]:
        """Join, unless the clip goes on after what its header promises."""
        folder, plan = self._folder, self._plan
        assert folder is not None
        assert plan is not None
        length, last = folder.manifest.segment_frames, self.segments_total - 1
        if folder.end() is None and self._counts[last] == length:
            self.segments_total += 1
            yield self._piece(last + 1)
            return
        folder.set_end(self._check_counts(length))
        yield Call("join", (folder.segments(), folder.path / "list.txt", plan.encode))

    def _after_join(self, call: Call, nothing: None) -> Iterator[Call]:
        folder, plan = self._folder, self._plan
        assert folder is not None
        assert plan is not None
        assert plan.encode is not None
        result = result_of(
            plan,
            plan.encode,
            folder.manifest.backend,
            self.frames,
            time.monotonic() - self._began,
            tuple(self._losses),
        )
        folder.remove()
        self._done(result)
        yield from ()

    def _segment_frames(self, plan: Plan) -> int | None:
        """Output frames in a piece; None for a clip that can't be cut.

        A format without an index would be decoded from its beginning for every piece.
        """
        suffix = Path(self.job.target).suffix.lower()
        if self._segment_s is None or suffix in SILENT or not plan.decode.can_seek:
            return None
        return max(1, round(self._segment_s * plan.decode.rate))

    def _piece(self, index: int) -> Call:
        assert self._folder is not None
        manifest = self._folder.manifest
        return Call(
            "paint_piece",
            (self._plan, manifest, self._folder.segment(index), index * manifest.segment_frames),
        )

    def _count(self, index: int, frames: int) -> None:
        self._counts[index] = frames
        self.frames += frames
        self.segments += 1

    def _check_counts(self, length: int) -> int:
        """How many frames the pieces have.

        Raises:
            DamageError: one is short, and not because the clip ends there.
        """
        counts = [self._counts[index] for index in range(self.segments_total)]
        short = next((index for index, count in enumerate(counts) if count < length), len(counts))
        if any(counts[short + 1 :]):
            raise DamageError(
                f"{self.job.source}: its frames end at "
                f"{short * length + counts[short]} and go on after it; "
                "it is damaged"
            )
        return sum(counts)

    def _failed(self, call: Call, error: BaseException) -> list[Call]:
        repeated = isinstance(error, WorkerError) or (
            call.method in REPEATED and not isinstance(error, FINAL)
        )
        if repeated and call.tries < TRIES:
            self._retries += 1
            return self._calls(call)
        return self._fail(error, f", tried {call.tries} times" if repeated else "")

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
        )
        return []

    def _done(self, result: StylizeResult) -> None:
        self.outcome = Outcome(
            self.job, "done", result=result, segments=self.segments_total, retries=self._retries
        )

    def _calls(self, *calls: Call) -> list[Call]:
        for call in calls:
            call.tries += 1
        self._running += len(calls)
        return list(calls)


def _for_workers(job: Job, overwrite: bool) -> Job:
    """The job with absolute paths, allowed or not to replace its target."""
    style = job.config.style
    config = replace(
        job.config,
        overwrite=overwrite,
        style=os.path.abspath(style) if os.path.exists(style) else style,
    )
    return Job(absolute(job.source), absolute(job.target), config)
