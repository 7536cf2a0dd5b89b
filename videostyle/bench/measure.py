"""Timing networks, one frame at a time, as in a live filter."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from videostyle.backends import check_backend, open_backend, precisions_of
from videostyle.backends.base import Backend
from videostyle.bench.bench_config import BenchConfig
from videostyle.device.a12 import a12_times
from videostyle.device.estimate import estimate_at
from videostyle.device.latency import percentile
from videostyle.frames import Size
from videostyle.models.architectures import ARCHITECTURES
from videostyle.models.cost import count_macs, count_parameters
from videostyle.models.ladder import Quality, Rung, find_rungs

P95 = 0.95


@dataclass(frozen=True)
class Timing:
    """One network on one backend.

    Attributes:
        rung: the network.
        backend: what ran it, with version, device and precision.
        size: of the frames.
        samples_ms: how long each frame took, without the first.
    """

    rung: Rung
    backend: str
    size: Size
    samples_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        return percentile(self.samples_ms, 0.5)

    @property
    def p95_ms(self) -> float:
        return percentile(self.samples_ms, P95)

    @property
    def parameters(self) -> int:
        return count_parameters(self.rung.spec)

    @property
    def gmac(self) -> float:
        """Billion multiply-adds per frame."""
        return count_macs(self.rung.spec, self.size) / 1e9

    @property
    def megabytes(self) -> float:
        """Size of the model file, whose weights are float16."""
        return self.rung.path.stat().st_size / 1e6

    @property
    def quality(self) -> Quality:
        return self.rung.quality

    @property
    def a12_ms(self) -> float | None:
        """The article's figure for an A12 at this size; None for all networks but its own."""
        if not self.rung.is_articles:
            return None
        [frame_ms] = estimate_at(a12_times(True, None), self.size).samples_ms
        return frame_ms


def choose_backends(config: BenchConfig) -> list[tuple[str, str]]:
    """The backends and precisions to time.

    Raises:
        ConfigError, MissingDependencyError: as `open_backend`.
    """
    if config.backend != "all":
        return [(check_backend(config.backend, config.precision), config.precision)]
    return [
        (name, precision)
        for name in ("openvino", "tensorflow")
        for precision in precisions_of(name)
    ]


def measure_ladder(
    config: BenchConfig, folder: Path, on_frame: Callable[[str], None] | None = None
) -> Iterator[Timing]:
    """Time every network of the ladder on every backend that is asked for.

    Args:
        config: what to time.
        folder: where the files of random networks are written.
        on_frame: called after each frame with what is being timed.

    Raises:
        ConfigError: no such style or backend.
        MissingDependencyError: the backend's package isn't installed.
        BackendError: a network could not be run.
    """
    for name, precision in choose_backends(config):
        for rung in find_rungs(config.style, folder):
            backend = open_backend(name, rung.path, precision)
            samples = []
            for sample in _samples_ms(backend, config):
                samples.append(sample)
                if on_frame:
                    on_frame(f"{rung.name} on {name}")
            # The first frame builds the graph.
            yield Timing(rung, backend.description, config.frame, tuple(samples[1:]))


def count_frames(config: BenchConfig) -> int:
    """How many frames `measure_ladder` paints in all."""
    return len(choose_backends(config)) * len(ARCHITECTURES) * config.iterations


def _samples_ms(backend: Backend, config: BenchConfig) -> Iterator[float]:
    import numpy as np

    size = config.frame
    frame = np.random.default_rng(1).integers(0, 256, (1, size.height, size.width, 3), np.uint8)
    for _ in range(config.iterations):
        began = time.perf_counter()
        backend.stylize(frame)
        yield (time.perf_counter() - began) * 1000
