"""A frame's way through videostyle. Read this first.

    source --ffmpeg--> frames at the target rate and the network's size
           --backend--> painted frames
           --ffmpeg--> target, scaled up, with the source's sound

`prepare` (plan.py) checks everything that can be checked without loading a network and lays the
plan; `run_plans` carries out any number of plans that differ in rate and target only, painting a
frame once for all of them; `stylize` is the case of one. `stylized_frames` gives the painted
frames themselves.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.backends.base import Backend
from videostyle.errors import ConfigError
from videostyle.frames import Size
from videostyle.pipeline.overlap import ReadAhead, WriteBehind
from videostyle.pipeline.painting import Painted, paint
from videostyle.pipeline.plan import Plan, prepare
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.decoder import Decoder
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder
from videostyle.video.shared_decoder import SharedDecoder

__all__ = [
    "Painted",
    "Plan",
    "StylizeResult",
    "prepare",
    "run_plan",
    "run_plans",
    "stylize",
    "stylized_frames",
]


@dataclass(frozen=True)
class StylizeResult:
    """What was written.

    Attributes:
        target: the file.
        frames: how many frames it has.
        rate: frames per second.
        source_size: what a viewer of the source sees.
        work_size: what the network saw.
        output_size: what was encoded.
        backend: what ran the network, with version and device.
        style: the model file.
        seconds: wall time from the first frame to the finished file.
        audio: `copied`, `encoded` or `none`.
        notices: what the user should know, one line each.
    """

    target: Path
    frames: int
    rate: Fraction
    source_size: Size
    work_size: Size
    output_size: Size
    backend: str
    style: Path
    seconds: float
    audio: str
    notices: tuple[str, ...] = field(default=())

    @property
    def frames_per_second(self) -> float:
        return self.frames / self.seconds

    def as_json(self) -> dict[str, Any]:
        """The result as plain values; rates as exact fractions, sizes as WIDTHxHEIGHT."""
        return {
            "target": str(self.target),
            "frames": self.frames,
            "rate": str(self.rate),
            "source_size": str(self.source_size),
            "work_size": str(self.work_size),
            "output_size": str(self.output_size),
            "backend": self.backend,
            "style": str(self.style),
            "seconds": round(self.seconds, 3),
            "frames_per_second": round(self.frames_per_second, 3),
            "audio": self.audio,
            "notices": list(self.notices),
        }


def stylize(
    source: str | Path,
    target: str | Path,
    config: StylizeConfig | None = None,
    *,
    backend: Backend | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Paint a video file.

    Args:
        source: the video file to read.
        target: the video file to write; it appears when it is whole.
        config: the settings; the defaults are 15 frames per second at 480x853 in the style wave.
        backend: an open backend to use instead of opening one by the settings.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        ConfigError: the settings contradict each other or the files.
        MediaError: the source can't be read or the target not written.
        ModelError: the network can't be loaded or run.
    """
    plan = prepare(source, target, config or StylizeConfig())
    return run_plan(plan, backend=backend, on_progress=on_progress)


def run_plan(
    plan: Plan,
    *,
    backend: Backend | None = None,
    on_start: Callable[[Backend], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> StylizeResult:
    """Carry out what `prepare` laid.

    Args:
        plan: with a target.
        backend: an open backend to use instead of opening one by the settings.
        on_start: called once, when the network is open and before the first frame.
        on_progress: called after each frame with the number of frames painted so far.

    Raises:
        As `stylize`.
    """
    if plan.encode is None:
        raise ConfigError("the plan names no target")
    [result] = run_plans(
        [plan], backend=backend, on_start=on_start, on_painted=_counting(on_progress)
    )
    return result


def run_plans(
    plans: Sequence[Plan],
    *,
    backend: Backend | None = None,
    on_start: Callable[[Backend], None] | None = None,
    on_painted: Callable[[Painted], None] | None = None,
) -> list[StylizeResult]:
    """Carry out several plans at once: a source frame is decoded and painted once for all.

    Each target comes out as it would from its plan alone.

    Args:
        plans: they may differ in rate, target and encoding only. One without a target has its
            frames counted for `on_painted` and nothing written.
        backend: an open backend to use instead of opening one by the settings.
        on_start: called once, when the network is open and before the first frame.
        on_painted: called after each frame that went through the network.

    Returns:
        One result for each plan with a target, in their order.

    Raises:
        As `stylize`.
    """
    lead = _check_alike(plans)
    backend = backend or lead.open_backend()
    if on_start:
        on_start(backend)
    began = time.monotonic()
    with (
        _open_source(plans) as source,
        ExitStack() as files,
        ReadAhead(source) as frames,
        ExitStack() as queues,
    ):
        encoders = {
            n: files.enter_context(Encoder(plan.encode))
            for n, plan in enumerate(plans)
            if plan.encode
        }
        sinks = {
            n: queues.enter_context(WriteBehind(encoder.write)) for n, encoder in encoders.items()
        }
        for painted in paint(frames, backend, lead):
            for n, sink in sinks.items():
                for _ in range(painted.counts[n]):
                    sink.put(painted.painting)
            if on_painted:
                on_painted(painted)
    seconds = time.monotonic() - began
    return [
        result_of(
            plan,
            plan.encode,
            backend.description,
            encoders[n].frames_written,
            seconds,
            source.notices,
        )
        for n, plan in enumerate(plans)
        if plan.encode
    ]


def stylized_frames(
    source: str | Path, config: StylizeConfig | None = None, *, backend: Backend | None = None
) -> Iterator[np.ndarray]:
    """Yield the painted frames of a video, uint8 [H, W, 3] RGB at the network's size.

    Raises:
        VideoStyleError: as `stylize`, at the first frame.
    """
    plan = prepare(source, None, config or StylizeConfig())
    backend = backend or plan.open_backend()
    with Decoder(plan.decode) as decoder, ReadAhead(decoder) as frames:
        for painted in paint(frames, backend, plan):
            yield painted.painting


def _check_alike(plans: Sequence[Plan]) -> Plan:
    """The first of several plans that paint the same pictures."""
    if not plans:
        raise ConfigError("there is nothing to carry out")
    lead = plans[0]
    for plan in plans[1:]:
        if _painting_of(plan) != _painting_of(lead):
            raise ConfigError("plans that run together may differ in rate and target only")
    return lead


def _painting_of(plan: Plan) -> tuple[Any, ...]:
    """All that decides what a painted frame looks like."""
    config = plan.config
    return (
        plan.decode.at_rate(Fraction(1)),
        plan.model,
        config.backend,
        config.precision,
        config.compute_units,
        config.strength,
        config.keep_color,
    )


Source = Decoder | SharedDecoder


def _open_source(plans: Sequence[Plan]) -> AbstractContextManager[Source]:
    """For one rate ffmpeg chooses the frames, so that the others never leave it."""
    if len(plans) == 1:
        return Decoder(plans[0].decode)
    return SharedDecoder(plans[0].decode, [plan.decode.rate for plan in plans])


def _counting(on_progress: Callable[[int], None] | None) -> Callable[[Painted], None] | None:
    if on_progress is None:
        return None
    numbers = count(1)
    return lambda painted: on_progress(next(numbers))


def result_of(
    plan: Plan,
    encode: EncodePlan,
    backend: str,
    frames: int,
    seconds: float,
    losses: tuple[str, ...],
) -> StylizeResult:
    """Sum up a plan that was carried out.

    Args:
        plan: the plan.
        encode: its target.
        backend: what ran the network, with version and device.
        frames: how many frames the target has.
        seconds: wall time.
        losses: what was found broken on the way, one line each.
    """
    return StylizeResult(
        target=encode.target,
        frames=frames,
        rate=encode.rate,
        source_size=plan.decode.info.size,
        work_size=plan.decode.geometry.network,
        output_size=encode.output,
        backend=backend,
        style=plan.model,
        seconds=seconds,
        audio=encode.audio_action,
        notices=plan.notices + losses,
    )
