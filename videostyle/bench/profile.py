"""Where a real run spends its time: each stage alone, then the whole."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from videostyle.backends.base import Backend
from videostyle.cores import usable_cores
from videostyle.frames import Size
from videostyle.pipeline.drive import drive, open_feed
from videostyle.pipeline.plan import ClipPlan, plan_clip, plan_frames
from videostyle.pipeline.stylize import run_plan
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.encoder import Encoder
from videostyle.video.shown import Shown


@dataclass(frozen=True)
class Cost:
    """What one stage, or the whole, took.

    Attributes:
        wall_s: wall time in seconds.
        cpu_s: processor time in seconds, on all cores together, ffmpeg's included.
    """

    wall_s: float
    cpu_s: float


@dataclass(frozen=True)
class Profile:
    """A run and its parts.

    Attributes:
        frames: number of output frames.
        clip_s: length of the finished clip.
        cores: cores that this process may use.
        stages: decoder, network and encoder, each alone.
        whole: all at once, as in every run.
        backend: what ran the network.
        load: load average of the machine at the start: other work, in cores.
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
        """The least time the whole can take: the slowest stage, or all work on all cores."""
        work_s = sum(cost.cpu_s for cost in self.stages.values())
        return max(work_s / self.cores, *(cost.wall_s for cost in self.stages.values()))

    @property
    def efficiency(self) -> float:
        """`bound_s` divided by the time of the whole; 1 is a pipeline without gaps."""
        return self.bound_s / self.whole.wall_s

    @property
    def real_time_factor(self) -> float:
        """Seconds of the clip per second of wall time."""
        return self.clip_s / self.whole.wall_s

    @property
    def bottleneck(self) -> str:
        """The stage to speed up: the slowest if it sets the limit, else the one with most work."""
        slowest = max(self.stages, key=lambda name: self.stages[name].wall_s)
        if self.stages[slowest].wall_s >= self.bound_s:
            return slowest
        return max(self.stages, key=lambda name: self.stages[name].cpu_s)


def profile_run(
    source: str | Path, config: StylizeConfig, on_stage: Callable[[str], None] = lambda stage: None
) -> Profile:
    """Time the stages of painting a clip, each alone, and then all at once.

    The network is opened, and its first frames painted, before it is timed. Frames between the
    stages are kept in a temporary folder: 1.2 MB per frame at 480x853, twice.

    Args:
        source: the video file.
        config: the settings; an MP4 is made and deleted.
        on_stage: called with the stage that is timed next.

    Raises:
        As `stylize`.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    frames_plan = plan_frames(source, config)
    backend = frames_plan.open_backend()
    stages: dict[str, Cost] = {}

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        on_stage(stage)
        wall, cpu = time.perf_counter(), _cpu_s()
        yield
        stages[stage] = Cost(time.perf_counter() - wall, _cpu_s() - cpu)

    with tempfile.TemporaryDirectory(prefix="videostyle-") as name:
        folder = Path(name)
        plan = plan_clip(frames_plan, folder / "out.mp4")
        with timed("decoder"):
            frames = _decode(plan, folder)
        _warm_up(plan, backend, folder)
        with timed("network"):
            _paint(plan, backend, folder)
        with timed("encoder"):
            _encode(plan, folder)
        with timed("whole"):
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


def _cpu_s() -> float:
    """Processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _decode(plan: ClipPlan, folder: Path) -> int:
    with open_feed(plan.decode, [plan.decode.rate]) as feed, _FileSink(folder / "frames") as sink:
        for shown in feed:
            sink.write(shown.frame)
    return sink.count


def _paint(plan: ClipPlan, backend: Backend, folder: Path) -> None:
    frames = _read(folder / "frames", plan.decode.geometry.cropped)
    with _FileSink(folder / "paintings") as sink:
        for _ in drive(map(Shown, frames), backend, plan, [sink]):
            pass


def _encode(plan: ClipPlan, folder: Path) -> None:
    with Encoder(plan.encode) as encoder:
        for painting in _read(folder / "paintings", plan.encode.work):
            encoder.write(painting)


def _warm_up(plan: ClipPlan, backend: Backend, folder: Path) -> None:
    """Paint a few frames: the first ones build the network, which a long run hardly notices."""
    frames = _read(folder / "frames", plan.decode.geometry.cropped)[:8]
    for _ in drive(map(Shown, frames), backend, plan):
        pass


class _FileSink:
    """Writes frames one after another into a file."""

    is_full = False

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._file = path.open("wb")

    def __enter__(self) -> "_FileSink":
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def write(self, frame: np.ndarray) -> None:
        self._file.write(np.ascontiguousarray(frame).data)
        self.count += 1


def _read(path: Path, size: Size) -> np.ndarray:
    """uint8 [N, H, W, 3], mapped into memory."""
    return np.memmap(path, np.uint8, "r").reshape(-1, size.height, size.width, 3)
