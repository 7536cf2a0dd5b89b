"""What every executor promises, checked on each; and that a batch comes out the same on each."""

import json
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import identity, read
from videostyle import EncodeConfig, Job, StylizeConfig, run_batch
from videostyle.batch.calls import Paint, Survey
from videostyle.errors import ProbeError
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable

LOSSLESS = EncodeConfig(codec="ffv1")

# Within which a worker has to be there, or gone; on a loaded machine Ray takes its time.
PATIENCE_S = 60


def jobs_of(paths, folder, **settings):
    config = identity(**{"fps": 30, "size": "48x64", "encode": LOSSLESS} | settings)
    return [Job(path, folder / f"{path.stem}.mkv", config) for path in paths]


def give(executor, calls):
    """Hand calls to an executor as it takes them; what they came to, by call."""
    ended, calls, deadline = {}, list(calls), time.monotonic() + PATIENCE_S
    left = len(calls)
    while left:
        assert time.monotonic() < deadline
        while calls and executor.free():
            executor.submit(calls.pop(0))
        for finished in executor.wait(0.5):
            ended[finished.call] = finished
            left -= 1
    return ended


def test_values_and_errors_come_back_and_workers_are_free_again(
    make_executor, clips, broken, tmp_path
):
    good, bad = clips(1)[0], broken()
    executor = make_executor()
    look, fail = (Survey(job) for job in jobs_of([good, bad], tmp_path / "out"))
    with executor:
        ended = give(executor, [look, fail])
        assert ended[look].value.decode.expected_frames == 12
        assert ended[look].error is None
        assert isinstance(ended[fail].error, ProbeError)
        assert "broken.mp4: can't be read as video" in str(ended[fail].error)
        assert executor.underway() == 0
        plan = ended[look].value
        [painted] = give(executor, [Paint(plan)]).values()
        assert painted.value.frames == 12
    assert numbers_of(read(tmp_path / "out" / "clip00.mkv")) == list(range(12))
    assert executor.free() == 0


def ffmpegs(tmp_path) -> list[str]:
    out = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True).stdout
    return [line for line in out.splitlines() if "ffmpeg" in line and str(tmp_path) in line]


@pytest.mark.skipif(sys.platform == "win32", reason="looks at processes with ps")
def test_giving_up_ends_what_runs_and_leaves_nothing_half_written(make_executor, clips, tmp_path):
    """The clip would take minutes: 400 frames in 4K, encoded with the greatest care."""
    [clip] = clips(1)
    jobs = jobs_of(
        [clip],
        tmp_path / "out",
        fps=1000,
        out_size="2160p",
        encode=EncodeConfig(codec="hevc", preset="veryslow"),
    )
    executor = make_executor()
    with executor:
        [looked] = give(executor, [Survey(jobs[0])]).values()
        executor.submit(Paint(looked.value))
        deadline = time.monotonic() + PATIENCE_S
        while executor.underway() == 0:
            assert not executor.wait(0.1)
            assert time.monotonic() < deadline
        assert len(ffmpegs(tmp_path)) == 2
        began = time.monotonic()
    assert time.monotonic() - began < 10
    assert ffmpegs(tmp_path) == []
    assert list((tmp_path / "out").iterdir()) == []


class Unwilling:
    """An executor that nobody may start."""

    description, segment_s = "unwilling", None

    def __enter__(self):
        raise AssertionError("there is nothing to paint")


def test_a_batch_reports_what_fails_and_paints_the_rest(make_executor, clips, broken, tmp_path):
    paths = [*clips(4), broken(), tmp_path / "clips" / "missing.mp4"]
    jobs = jobs_of(paths, tmp_path / "out")
    (tmp_path / "out").mkdir()
    record = tmp_path / "out" / "batch.json"
    seen = []
    outcomes = list(
        run_batch(jobs, executor=make_executor(), record=record, on_progress=seen.append)
    )
    statuses = {os.path.basename(outcome.job.source): outcome.status for outcome in outcomes}
    assert statuses == dict.fromkeys([path.name for path in paths[:4]], "done") | {
        "broken.mp4": "failed",
        "missing.mp4": "failed",
    }
    for path in paths[:4]:
        assert numbers_of(read(tmp_path / "out" / f"{path.stem}.mkv")) == list(range(12))
    last = seen[-1]
    assert (last.clips, last.clips_total, last.frames, last.frames_total) == (6, 6, 48, 48)
    assert (
        json.loads(record.read_text())["run"].items()
        >= {"done": 4, "kept": 0, "failed": 2, "frames": 48}.items()
    )

    again = list(run_batch(jobs, executor=Unwilling(), record=record))
    assert [outcome.status for outcome in again].count("kept") == 4
    reasons = sorted(outcome.reason for outcome in again if outcome.status == "failed")
    assert "broken.mp4: can't be read as video" in reasons[0]
    assert "missing.mp4: no such file" in reasons[1]


def test_a_clip_cut_into_pieces_is_what_one_run_makes(make_executor, counting_clip, tmp_path):
    """60 frames in pieces of 15; the last one is empty and shows the end."""
    clip = counting_clip(60)
    config = StylizeConfig(fps=30, size="48x64", backend="identity", encode=LOSSLESS)
    [outcome] = run_batch(
        [Job(clip, tmp_path / "shared.mkv", config)], executor=make_executor(segment_s=0.5)
    )
    assert (outcome.status, outcome.reason, outcome.segments) == ("done", "", 5)
    assert outcome.result.frames == 60
    run_resumable(prepare(clip, tmp_path / "alone.mkv", config), segment_s=0.5)
    assert np.array_equal(read(tmp_path / "shared.mkv"), read(tmp_path / "alone.mkv"))
    assert not list(tmp_path.glob(".shared*"))
