"""A frame's way through videostyle: the file to read first.

    source --ffmpeg--> frames at the target rate and the network's size
           --backend--> painted frames
           --ffmpeg--> target, scaled up, with the source's sound

`prepare` (plan.py) checks everything that can be checked without loading a network and makes the
plan; `drive` (drive.py) is the loop that carries it out; `stylize` does both for a whole file.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.pipeline.drive import drive, open_feed
from videostyle.pipeline.flat_watch import FlatWatch
from videostyle.pipeline.painting import Painted
from videostyle.pipeline.plan import ClipPlan, FramesPlan, plan_frames, prepare
from videostyle.pipeline.recipe import check_alike
from videostyle.pipeline.result import StylizeResult
from videostyle.pipeline.resume import run_resumable
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.encoder import Encoder


def stylize(
    source: str | Path,
    target: str | Path,
    config: StylizeConfig | None = None,
    *,
    backend: Backend | None = None,
    resume: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Paint a video file.

    Args:
        source: the video file to read.
        target: the video file to write; it appears when it is finished.
        config: the settings; the defaults are 15 frames per second at 480x853 in the style
            matisse_hat.
        backend: an open backend to use instead of the one that the settings name.
        resume: save the work in pieces of 10 s beside the target until it is finished, and
            continue where an earlier run with the same settings was stopped.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        ConfigError: the settings contradict each other or the files.
        MediaError: the source can't be read.
        TargetError: the target exists already or can't be written.
        ModelError: the network can't be loaded or run.
    """
    plan = prepare(source, target, config or StylizeConfig())
    carry_out = run_resumable if resume else run_plan
    return carry_out(plan, backend=backend, on_progress=on_progress)


def run_plan(
    plan: ClipPlan,
    *,
    backend: Backend | None = None,
    on_start: Callable[[Backend], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Carry out a plan made by `prepare`.

    Args:
        plan: the plan.
        backend: an open backend to use instead of opening one by the settings.
        on_start: called once, when the network is open and before the first frame.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        As `stylize`.
    """
    backend = backend or plan.open_backend()
    if on_start:
        on_start(backend)
    done = 0

    def count(painted: Painted) -> None:
        nonlocal done
        done += 1
        if on_progress:
            on_progress(done)

    [result] = run_plans([plan], backend, on_painted=count)
    return result


def run_plans(
    plans: Sequence[ClipPlan],
    backend: Backend,
    *,
    watched: Sequence[FramesPlan] = (),
    on_painted: Callable[[Painted], None] | None = None,
) -> list[StylizeResult]:
    """Carry out several plans at once; each source frame is decoded and painted only once.

    Each target is the same as if its plan had been carried out alone.

    Args:
        plans: they may differ in rate, target and encoding only.
        backend: what runs the network.
        watched: more plans of the same kind, whose frames are counted for `on_painted` but not
            written.
        on_painted: called after each frame that went through the network.

    Returns:
        One result for each plan, in their order.

    Raises:
        As `stylize`.
    """
    lead = check_alike([*plans, *watched])
    began, watch = time.monotonic(), FlatWatch()
    with (
        open_feed(lead.decode, [plan.decode.rate for plan in [*plans, *watched]]) as feed,
        ExitStack() as files,
    ):
        encoders = [files.enter_context(Encoder(plan.encode)) for plan in plans]
        for painted in files.enter_context(closing(drive(feed, backend, lead, encoders))):
            watch.see(painted)
            if on_painted:
                on_painted(painted)
    seconds = time.monotonic() - began
    notices = feed.notices + watch.notices
    return [
        StylizeResult.of(
            plan,
            backend.description,
            encoder.frames_written,
            seconds,
            notices,
            undecoded=feed.undecoded,
        )
        for plan, encoder in zip(plans, encoders, strict=True)
    ]


def stylized_frames(
    source: str | Path, config: StylizeConfig | None = None, *, backend: Backend | None = None
) -> Iterator[np.ndarray]:
    """Yield the painted frames of a video, uint8 [H, W, 3] RGB at the network's size.

    Raises:
        VideoStyleError: as `stylize`, at the first frame.
    """
    plan = plan_frames(source, config or StylizeConfig())
    backend = backend or plan.open_backend()
    with (
        open_feed(plan.decode, [plan.decode.rate]) as feed,
        closing(drive(feed, backend, plan)) as frames,
    ):
        for painted in frames:
            yield painted.painting
