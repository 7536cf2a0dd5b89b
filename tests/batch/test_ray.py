"""What is Ray's own: workers that can't start, and numbers that make no sense."""

import os

import pytest

from tests.pipeline.test_pipeline import identity
from videostyle import Job, RayExecutor, run_batch
from videostyle.errors import ConfigError, WorkerError

pytest.importorskip("ray")


def paint(clips, tmp_path, executor):
    [clip] = clips(1)
    return list(run_batch([Job(clip, tmp_path / "out.mp4", identity())], executor=executor))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("raises", "workers can't start: ModuleNotFoundError: No module named 'videostyle'"),
        ("dies", "workers can't start: "),
        ("another version", "has videostyle 9.9, and this machine has .*; install the same"),
    ],
)
def test_workers_that_cannot_start_end_the_batch(
    ray_here, clips, tmp_path, monkeypatch, fault, reason
):
    """As on machines where videostyle isn't installed, has no memory, or is of another version."""

    class Faulty:  # defined here, Ray carries it along instead of importing it over there
        def __init__(self, threads):
            if fault == "raises":
                raise ModuleNotFoundError("No module named 'videostyle'")
            if fault == "dies":
                os._exit(1)

        def introduce(self):
            return "9.9", "there"

        def stop(self):
            pass

    monkeypatch.setattr("videostyle.batch.ray.RemoteWorker", Faulty)
    with pytest.raises(WorkerError, match=reason):
        paint(clips, tmp_path, RayExecutor(workers=1))


def test_more_than_any_machine_has_is_refused(ray_here, clips, tmp_path):
    with pytest.raises(WorkerError, match="none of 1 machines has 1000 cores and 0 GPUs"):
        paint(clips, tmp_path, RayExecutor(cores=1000))
    with pytest.raises(WorkerError, match=r"1 cores and 0\.5 GPUs"):
        paint(clips, tmp_path, RayExecutor(gpus=0.5))


@pytest.mark.parametrize("settings", [{"workers": 0}, {"cores": 0}, {"gpus": -1}])
def test_numbers_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError, match="is out of range"):
        RayExecutor(**settings)


def test_a_ray_that_was_there_before_stays(ray_here, clips, tmp_path):
    import ray

    [outcome] = paint(clips, tmp_path, RayExecutor(workers=1))
    assert outcome.status == "done"
    assert ray.is_initialized()
