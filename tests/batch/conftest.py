"""Clips and executors for the tests of batches."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from videostyle.batch.local import LocalExecutor

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


@pytest.fixture
def clips(counting_clip, tmp_path) -> Callable[..., list[Path]]:
    """Make so many good clips of 12 frames at 30 fps in `clips/`."""

    def make(count: int) -> list[Path]:
        first = counting_clip(12, "clip.mp4")
        folder = tmp_path / "clips"
        folder.mkdir(exist_ok=True)
        paths = [folder / f"clip{number:02d}.mp4" for number in range(count)]
        for path in paths:
            shutil.copy(first, path)
        return paths

    return make


@pytest.fixture
def broken(tmp_path) -> Callable[..., Path]:
    """Make a file in `clips/` that is no video."""

    def make(name: str = "broken.mp4") -> Path:
        path = tmp_path / "clips" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("This is no video.")
        return path

    return make


@pytest.fixture(scope="package")
def ray_here() -> Iterator[None]:
    """A Ray of two cores, for the tests of this room; never reaches the network."""
    ray = pytest.importorskip("ray")
    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        configure_logging=False,
        object_store_memory=100 * 2**20,
    )
    yield
    ray.shutdown()


@pytest.fixture(params=["local", "local 2", "ray"])
def make_executor(request) -> Callable[..., object]:
    """Each kind of executor, cutting clips into pieces of `segment_s` if that is given."""
    if request.param != "ray":
        jobs = 2 if request.param.endswith("2") else 1
        return lambda segment_s=None: LocalExecutor(jobs, segment_s)
    request.getfixturevalue("ray_here")
    from videostyle.batch.ray import RayExecutor

    return lambda segment_s=None: RayExecutor(segment_s=segment_s)
