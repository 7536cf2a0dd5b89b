"""Painting many clips with `run_batch`."""

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from videostyle.batch.address import absolute, exists, is_url
from videostyle.batch.calls import Call
from videostyle.batch.clip import Clip
from videostyle.batch.executor import Executor
from videostyle.batch.job import Job, Outcome, Progress
from videostyle.batch.local import LocalExecutor
from videostyle.batch.record import Record
from videostyle.errors import ConfigError, ProbeError, SameFileError, TargetExistsError
from videostyle.models.styles import find_style
from videostyle.video.source_file import find_source

# Seconds between two checks while all workers are busy.
PATIENCE_S = 0.5


def run_batch(
    jobs: Sequence[Job],
    *,
    executor: Executor | None = None,
    record: str | Path | None = None,
    force: bool = False,
    on_start: Callable[[str], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Outcome]:
    """Paint many clips; one that fails doesn't stop the others.

    Closing the iterator, or an exception such as Ctrl-C's, stops the running work; no target is
    left half-written.

    Args:
        jobs: what to paint.
        executor: where to paint; by default one clip after another in this process. It is entered
            only if there is something to paint.
        record: a `batch.json` to keep up to date. Targets that it lists as finished are skipped.
        force: replace other existing targets; without it they fail.
        on_start: called when the executor is ready, with its description.
        on_progress: called about twice a second and after each clip.

    Yields:
        One outcome for each job, as they finish.

    Raises:
        ConfigError: two jobs have the same target.
        SameFileError: a target is a source.
        UnknownStyleError, ModelLoadError: a job's style can't be used.
        WorkerError: the executor gets no workers.
    """
    check_jobs(jobs)
    executor = executor or LocalExecutor()
    began = time.monotonic()
    outcomes: dict[int, Outcome] = {}  # by the job's number
    with ExitStack() as stack:
        book = None if record is None else stack.enter_context(Record(Path(record)))

        def note() -> None:
            if book is not None:
                in_order = [outcomes[number] for number in sorted(outcomes)]
                book.write(in_order, time.monotonic() - began, executor.description)

        clips = []
        for number, job in enumerate(jobs):
            if outcome := _settled(job, book, force):
                outcomes[number] = outcome
            else:
                clips.append(Clip(number, job, executor.segment_s, force))
        note()
        yield from tuple(outcomes.values())
        if not clips:
            return
        stack.enter_context(executor)
        if on_start:
            on_start(executor.description)
        for clip, outcome in _carry_out(clips, executor, len(outcomes), on_progress):
            outcomes[clip.number] = outcome
            if book is not None:
                book.take(outcome)
            note()
            yield outcome


def check_jobs(jobs: Sequence[Job]) -> None:
    """Check that no two jobs conflict, and that every style exists.

    Raises:
        As `run_batch`.
    """
    sources = {absolute(job.source) for job in jobs}
    targets: dict[str, Job] = {}
    for job in jobs:
        target = absolute(job.target)
        if target in targets:
            raise ConfigError(
                f"{job.target}: would be the target of both {targets[target].source} and "
                f"{job.source}; put {{number}}, {{folder}} or {{style}} into the name"
            )
        if target in sources:
            raise SameFileError(job.target, "is also a source; name another folder")
        targets[target] = job
    for style in {job.config.style for job in jobs}:
        find_style(style)


def _settled(job: Job, book: Record | None, force: bool) -> Outcome | None:
    """The outcome of a job that needs no worker, or None."""
    if book is not None and (outcome := book.check(job, force)):
        return outcome
    if book is None and exists(job.target) and not force:
        return Outcome.refused(job, TargetExistsError(job.target))
    try:
        if not is_url(job.source):
            find_source(Path(job.source), job.config.sequence_rate_exact)
    except ProbeError as error:
        return Outcome.refused(job, error, source_at_fault=True)
    return None


def _carry_out(
    clips: list[Clip],
    executor: Executor,
    settled: int,
    on_progress: Callable[[Progress], None] | None,
) -> Iterator[tuple[Clip, Outcome]]:
    """Hand calls to workers in order, until every clip has an outcome."""
    queue: list[tuple[int, int, int, Call, Clip]] = []
    owners: dict[Call, Clip] = {}
    numbers = count()

    def add(clip: Clip, calls: list[Call]) -> None:
        for call in calls:
            heapq.heappush(queue, (call.stage, clip.number, next(numbers), call, clip))

    total = settled + len(clips)
    try:
        for clip in clips:
            add(clip, clip.begin())
        while any(clip.outcome is None for clip in clips):
            while queue and executor.free():
                *_, call, clip = heapq.heappop(queue)
                if clip.outcome is not None:
                    clip.drop()
                    continue
                owners[call] = clip
                executor.submit(call)
            for finished in executor.wait(PATIENCE_S):
                clip = owners.pop(finished.call)
                open_before = clip.outcome is None
                add(clip, clip.take(finished))
                if open_before and clip.outcome is not None:
                    settled += 1
                    yield clip, clip.outcome
            if on_progress:
                on_progress(_progress(clips, executor, settled, total))
    finally:
        for clip in clips:
            clip.close()


def _progress(clips: list[Clip], executor: Executor, settled: int, total: int) -> Progress:
    return Progress(
        clips=settled,
        clips_total=total,
        segments=sum(clip.segments for clip in clips),
        segments_total=sum(clip.segments_total for clip in clips),
        frames=sum(clip.frames for clip in clips) + executor.underway(),
        frames_total=sum(clip.frames_total for clip in clips),
    )
