"""Two machines, each of one core, played by one: what is lost, full or stopped, and what stays."""

import json
import os
import signal
import subprocess
import sys
import time

import av
import numpy as np
import pytest

from tests.cli.test_main import names_in
from tests.pipeline.test_pipeline import sound_of
from videostyle import StylizeConfig
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]

PATIENCE_S = 120
SEGMENT_S = 5


@pytest.fixture(scope="module")
def cluster():
    """A head without cores of its own, and two machines of one core."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False}
    )
    for _ in range(2):
        cluster.add_node(num_cpus=1)
    yield cluster
    cluster.shutdown()


@pytest.fixture
def minute(run_ffmpeg, tmp_path):
    """60 s at 25 fps with sound, or with frames left out so that the rate varies."""

    def make(name="minute.mp4", filters="null"):
        clip = tmp_path / name
        run_ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x240:rate=25:duration=60",
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=300:duration=60",
            "-vf",
            filters,
            "-fps_mode",
            "passthrough",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-c:a",
            "aac",
            clip,
        )
        return clip

    return make


def start(cluster, clips, folder, *more, **settings):
    words = [
        "batch",
        *clips,
        "-o",
        folder,
        "--name",
        "{stem}.mp4",
        "--fps",
        15,
        "--size",
        "96x128",
        "--segment",
        SEGMENT_S,
        *more,
        "--ray",
        cluster.address,
    ]
    return subprocess.Popen(
        [sys.executable, "-m", "videostyle", *map(str, words)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **settings,
    )


def finish(process) -> tuple[str, str]:
    out, errors = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in errors
    return out, errors


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def workers_that_paint() -> list[int]:
    """The processes of Ray's that have an ffmpeg under them."""
    lines = subprocess.run(
        ["ps", "-eww", "-o", "ppid=,args="], capture_output=True, text=True
    ).stdout.splitlines()
    parents = {int(line.split()[0]) for line in lines if "ffmpeg" in line}
    names = subprocess.run(
        ["ps", "-eww", "-o", "pid=,args="], capture_output=True, text=True
    ).stdout.splitlines()
    return [
        int(name.split()[0])
        for name in names
        if "ray::RemoteWorker" in name and int(name.split()[0]) in parents
    ]


def nothing_runs(folder) -> bool:
    lines = subprocess.run(
        ["ps", "-eww", "-o", "args"], capture_output=True, text=True
    ).stdout.splitlines()
    return not any(
        "ray::RemoteWorker" in line or ("ffmpeg" in line and str(folder) in line) for line in lines
    )


def pieces(folder, stem="minute"):
    return sorted(folder.glob(f".{stem}.mp4.segments/?????.nut"))


def outcome_of(folder):
    return json.loads((folder / "batch.json").read_text())["clips"][0]


def alone(clip, target, **settings):
    """The same pieces by one process on one thread."""
    config = StylizeConfig(fps=15, size="96x128", threads=1, **settings)
    run_resumable(prepare(clip, target, config), segment_s=SEGMENT_S)
    return target


def assert_equal(one, other):
    with av.open(str(one)) as left, av.open(str(other)) as right:
        count = 0
        for mine, theirs in zip(left.decode(video=0), right.decode(video=0), strict=True):
            assert mine.pts * mine.time_base == theirs.pts * theirs.time_base
            assert np.array_equal(mine.to_ndarray(), theirs.to_ndarray())
            count += 1
    assert count == 900
    assert np.array_equal(sound_of(one), sound_of(other))


@pytest.mark.parametrize("filters", ["null", "select='lt(mod(n*n\\,11)\\,6)'"])
@pytest.mark.parametrize("backend", ["identity", "openvino"])
def test_a_minute_shared_by_two_is_what_one_paints(
    cluster, minute, tmp_path, tiny_model, filters, backend
):
    """25 to 15 fps, and a source whose rate varies (every other frame or so is left out)."""
    clip = minute(filters=filters)
    settings = {"backend": backend, "style": str(tiny_model)}
    process = start(cluster, [clip], tmp_path / "out", "--backend", backend, "--style", tiny_model)
    both = wait_for(lambda: len(workers_that_paint()) == 2 or process.poll() is not None)
    _, errors = finish(process)
    assert process.returncode == 0, errors
    assert both
    assert f"workers: 2 on Ray ({cluster.address}), 1 core each" in errors
    outcome = outcome_of(tmp_path / "out")
    assert (outcome["segments"], outcome["retries"], outcome["audio"]) == (13, 0, "copied")
    assert_equal(tmp_path / "out" / "minute.mp4", alone(clip, tmp_path / "alone.mp4", **settings))
    assert names_in(tmp_path / "out") == ["batch.json", "minute.mp4"]
    wait_for(lambda: nothing_runs(tmp_path))


IDENTITY = ("--backend", "identity")


def test_a_worker_that_is_killed_is_replaced_and_its_piece_made_again(cluster, minute, tmp_path):
    clip, folder = minute(), tmp_path / "out"
    process = start(cluster, [clip], folder, *IDENTITY)
    wait_for(lambda: len(pieces(folder)) >= 2 and workers_that_paint())
    victim = workers_that_paint()[0]
    os.kill(victim, signal.SIGKILL)
    _, errors = finish(process)
    assert process.returncode == 0, errors
    assert outcome_of(folder)["retries"] >= 1
    assert_equal(folder / "minute.mp4", alone(clip, tmp_path / "alone.mp4", backend="identity"))
    assert names_in(folder) == ["batch.json", "minute.mp4"]
    wait_for(lambda: nothing_runs(tmp_path))


def test_a_machine_that_is_lost_leaves_its_pieces_to_the_other(cluster, minute, tmp_path):
    """Its replacement waits for a machine that doesn't come, and nobody waits for it."""
    clip, folder = minute(), tmp_path / "out"
    process = start(cluster, [clip], folder, *IDENTITY)
    wait_for(lambda: len(pieces(folder)) >= 1 and len(workers_that_paint()) == 2)
    lost = cluster.list_all_nodes()[-1]
    cluster.remove_node(lost, allow_graceful=False)
    try:
        _, errors = finish(process)
        assert process.returncode == 0, errors
        assert outcome_of(folder)["retries"] >= 1
        assert_equal(folder / "minute.mp4", alone(clip, tmp_path / "alone.mp4", backend="identity"))
    finally:
        cluster.add_node(num_cpus=1)


def test_a_full_disk_fails_the_clip_with_the_reason_and_not_the_others(
    cluster, minute, tmp_path, small_disk
):
    large, small = minute(), minute("short.mp4", "trim=duration=1")
    (tmp_path / "list.csv").write_text(
        f"source,target,out-size,start\n"
        f"{large},{small_disk}/large.mp4,1080p,\n"
        f"{small},short.mp4,,\n"
    )
    process = start(cluster, [tmp_path / "list.csv"], tmp_path / "out", *IDENTITY, "--crf", 0)
    _, errors = finish(process)
    assert process.returncode == 1
    [line] = [line for line in errors.splitlines() if line.startswith("failed: ")]
    assert "No space left on device" in line
    assert line.endswith("tried 3 times")
    assert names_in(tmp_path / "out") == ["batch.json", "short.mp4"]
    assert not (small_disk / "large.mp4").exists()
    assert not list(small_disk.glob(".large.mp4.segments/.*part*"))
    wait_for(lambda: nothing_runs(tmp_path))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_what_runs_elsewhere_and_the_same_command_goes_on(
    cluster, minute, tmp_path, number, status
):
    clip, folder = minute(), tmp_path / "out"
    process = start(cluster, [clip], folder, *IDENTITY)
    wait_for(lambda: len(pieces(folder)) >= 3)
    process.send_signal(number)
    began = time.monotonic()
    _, errors = finish(process)
    assert process.returncode == status, errors
    assert time.monotonic() - began < 15
    wait_for(lambda: nothing_runs(tmp_path))
    kept = {path: path.stat().st_mtime_ns for path in pieces(folder)}
    assert len(kept) >= 3
    assert not list(folder.glob(".minute.mp4.segments/.*part*"))
    again = start(cluster, [clip], folder, *IDENTITY)
    wait_for(lambda: len(pieces(folder)) > len(kept) or again.poll() is not None)
    for path, made in kept.items():
        assert not path.exists() or path.stat().st_mtime_ns == made
    _, errors = finish(again)
    assert again.returncode == 0, errors
    assert_equal(folder / "minute.mp4", alone(clip, tmp_path / "alone.mp4", backend="identity"))


def test_a_batch_that_is_killed_outright_leaves_no_process(cluster, minute, tmp_path):
    clip, folder = minute(), tmp_path / "out"
    process = start(cluster, [clip], folder, *IDENTITY)
    wait_for(lambda: len(pieces(folder)) >= 1 and workers_that_paint())
    process.kill()
    process.communicate()
    wait_for(lambda: nothing_runs(tmp_path))
    assert not (folder / "minute.mp4").exists()
    again = start(cluster, [clip], folder, *IDENTITY)
    _, errors = finish(again)
    assert again.returncode == 0, errors


@pytest.mark.parametrize("wait_s", [1, 3, None])
def test_ctrl_c_at_a_terminal_ends_a_ray_that_was_started_for_the_batch(minute, tmp_path, wait_s):
    """It reaches every process of the group at once: while Ray starts, or once pieces are there."""

    class Here:
        address = "local"

    clip, folder = minute(), tmp_path / "out"
    before = raylets()
    process = start(Here, [clip], folder, *IDENTITY, start_new_session=True)
    if wait_s is None:
        wait_for(lambda: len(pieces(folder)) >= 2)
    else:
        time.sleep(wait_s)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = finish(process)
    assert process.returncode == 130, errors
    wait_for(lambda: nothing_runs(tmp_path) and raylets() <= before)
    assert not (folder / "minute.mp4").exists()
    assert not list(folder.glob(".minute.mp4.segments/.*part*"))


def raylets() -> set[int]:
    lines = subprocess.run(
        ["ps", "-eww", "-o", "pid=,args="], capture_output=True, text=True
    ).stdout.splitlines()
    return {
        int(line.split()[0]) for line in lines if "/raylet/raylet" in line or "gcs_server" in line
    }


def test_a_cluster_that_is_not_there_is_said(minute, tmp_path):
    class Nowhere:
        address = "127.0.0.1:1"

    process = start(Nowhere, [minute()], tmp_path / "out", *IDENTITY)
    _, errors = finish(process)
    assert process.returncode == 1
    assert "cannot connect to a Ray cluster at 127.0.0.1:1" in errors
