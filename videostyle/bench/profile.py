"""Where the time of a real run goes: each stage alone, then the whole."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.cores import usable_cores
from videostyle.errors import ConfigError
from videostyle.pipeline.painting import paint
from videostyle.pipeline.plan import Plan
from videostyle.pipeline.run import run_plan
from videostyle.video.decoder import Decoder
from videostyle.video.encoder import Encoder
from videostyle.video.shown import Shown

STAGES = ("decoder", "network", "encoder")


@dataclass(frozen=True)
class Cost:
    """What one stage, or the whole, took.

    Attributes:
        wall_s: seconds of the clock.
        cpu_s: seconds of all processors together, ffmpeg's included.
    """

    wall_s: float
    cpu_s: float


@dataclass(frozen=True)
class Profile:
    """A run and its parts.

    Attributes:
        frames: how many went through.
        clip_s: how long the clip is that they make.
        cores: processors that this process may use.
        stages: decoder, network and encoder, each alone.
        whole: all at once, as every run is.
        backend: what ran the network.
        load: other work on the machine at the beginning, in processors (the load average).
    """

    frames: int
    clip_s: float
    cores: int
    stages: dict[str, Cost]
    whole: Cost
    backend: str
    load: float

    @property
    def bound_s(self) -> float:
        """The least that the whole can take: the slowest stage, or all work on all cores."""
        work_s = sum(cost.cpu_s for cost in self.stages.values())
        return max(work_s / self.cores, *(cost.wall_s for cost in self.stages.values()))

    @property
    def efficiency(self) -> float:
        """`bound_s` over what the whole took; 1 is a pipeline without gaps."""
        return self.bound_s / self.whole.wall_s

    @property
    def real_time_factor(self) -> float:
        """Seconds of the clip for each second of the clock."""
        return self.clip_s / self.whole.wall_s

    @property
    def bottleneck(self) -> str:
        """The stage to make faster: the one with most work, or the slowest alone if that bounds."""
        slowest = max(self.stages, key=lambda name: self.stages[name].wall_s)
        if self.stages[slowest].wall_s >= self.bound_s:
            return slowest
        return max(self.stages, key=lambda name: self.stages[name].cpu_s)


def profile_run(plan: Plan, on_stage: Callable[[str], None] | None = None) -> Profile:
    """Time the stages of a plan, each alone, and then the plan itself.

    The network is opened, and its first frame painted, before anything is timed. What passes
    between the stages lies in a temporary folder meanwhile: 1.2 MB a frame at 480x853, twice.

    Args:
        plan: with a target, which is not written: it only gives the form.
        on_stage: called with what is timed next.

    Raises:
        ConfigError: the plan has no target.
        As `run_plan`.
    """
    if plan.encode is None:
        raise ConfigError("a profile needs a target's form")
    tell = on_stage or (lambda stage: None)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    backend = plan.open_backend()
    with tempfile.TemporaryDirectory(prefix="videostyle-") as name:
        folder = Path(name)
        target = folder / f"out{plan.encode.target.suffix}"
        plan = replace(plan, encode=replace(plan.encode, target=target))
        stages: dict[str, Cost] = {}
        for stage, work in zip(STAGES, (_decode, _paint, _encode), strict=True):
            if stage == "network":
                _warm_up(plan, backend, folder)
            tell(stage)
            with _timed(stages, stage):
                frames = work(plan, backend, folder)
        tell("whole")
        with _timed(stages, "whole"):
            run_plan(plan, backend=backend)
    whole = stages.pop("whole")
    return Profile(
        frames,
        float(frames / plan.decode.rate),
        usable_cores(),
        stages,
        whole,
        backend.description,
        load,
    )


@contextmanager
def _timed(costs: dict[str, Cost], name: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), _cpu_s()
    yield
    costs[name] = Cost(time.perf_counter() - wall, _cpu_s() - cpu)


def _cpu_s() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _decode(plan: Plan, backend: Backend, folder: Path) -> int:
    count = 0
    with Decoder(plan.decode) as decoder, (folder / "frames").open("wb") as file:
        for shown in decoder:
            file.write(shown.frame.data)
            count += 1
    return count


def _paint(plan: Plan, backend: Backend, folder: Path) -> int:
    count = 0
    size = plan.decode.geometry.cropped
    shown = (Shown(frame, (1,)) for frame in _read(folder / "frames", (size.height, size.width)))
    with (folder / "paintings").open("wb") as file:
        for painted in paint(shown, backend, plan):
            file.write(np.ascontiguousarray(painted.painting).data)
            count += 1
    return count


def _encode(plan: Plan, backend: Backend, folder: Path) -> int:
    assert plan.encode is not None
    work = plan.encode.work
    with Encoder(plan.encode) as encoder:
        for painting in _read(folder / "paintings", (work.height, work.width)):
            encoder.write(painting)
    return encoder.frames_written


def _warm_up(plan: Plan, backend: Backend, folder: Path) -> None:
    """The first frames build the network; a run of some length doesn't notice."""
    size = plan.decode.geometry.cropped
    frames = _read(folder / "frames", (size.height, size.width))[:8]
    for _ in paint((Shown(frame, (1,)) for frame in frames), backend, plan):
        pass


def _read(path: Path, sides: tuple[int, int]) -> np.ndarray:
    """uint8 [N, H, W, 3], from the system's memory of the file as far as that reaches."""
    return np.memmap(path, np.uint8, "r").reshape(-1, *sides, 3)
