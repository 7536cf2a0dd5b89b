"""What breaks ends soon, in one clear line, and leaves nothing behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from tests.pipeline.test_pipeline import Inverting, children_of, identity
from videostyle import EncodeConfig, StylizeConfig, stylize
from videostyle.errors import BackendError, DecodeError, ProbeError, TargetError

# Seconds within which every fault ends.
PATIENCE_S = 10

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and mounts of Unix")


@pytest.fixture
def noise(make_clip):
    """A clip that takes long enough to be disturbed, and much room."""
    frames = np.random.default_rng(2).integers(0, 256, (120, 96, 128, 3), np.uint8)
    return make_clip(frames, options=("-c:v", "libx264", "-qp", "10"))


def start(*arguments, **settings):
    command = [sys.executable, "-m", "videostyle", *map(str, arguments), "--backend", "identity"]
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **settings
    )


SLOW = ("--fps", "240", "--out-size", "1080p", "--preset", "medium", "-y")


def wait_for_children(process) -> list[int]:
    deadline = time.monotonic() + 30
    while len(children_of(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    children = children_of(process.pid)
    assert len(children) == 2
    time.sleep(0.3)
    return children


def finish(process, children=()) -> str:
    """Its one line; nothing of it may live on."""
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert "Traceback" not in errors
    assert not any(os.path.exists(f"/proc/{pid}") for pid in children)
    lines = [line for line in errors.splitlines() if line.startswith("videostyle:")]
    assert len(lines) == 1
    return lines[0]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("target", ["out.mkv", "out.mp4", "out-%04d.png"])
def test_a_full_disk_is_said(noise, small_disk, target):
    with pytest.raises(TargetError, match="No space left on device"):
        stylize(noise, small_disk / target, identity(fps=30, size="96x128", out_size="480p"))
    assert names_in(small_disk) == []


def test_a_full_disk_on_the_command_line(noise, small_disk):
    process = start(noise, small_disk / "out.mkv", "--codec", "ffv1", "--fps", 30)
    assert "No space left on device" in finish(process)
    assert process.returncode == 1
    assert names_in(small_disk) == []


def test_a_full_temporary_folder_is_no_matter(tiny_model, noise, small_disk, tmp_path, monkeypatch):
    """Neither ffmpeg's messages nor a model's weights pass through it."""
    filling = small_disk / "filling"
    filling.write_bytes(b"\0" * (1 << 20))
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    config = StylizeConfig(style=str(tiny_model), duration=1, size="96x128")
    stylize(noise, tmp_path / "out.mkv", config)
    assert names_in(small_disk) == ["filling"]


@pytest.mark.parametrize(
    ("numbers", "status", "words"),
    [
        ((signal.SIGINT,), 130, "stopped"),
        ((signal.SIGTERM,), 143, "ended by SIGTERM"),
        ((signal.SIGINT, signal.SIGINT), 130, "stopped"),
        ((signal.SIGTERM, signal.SIGINT, signal.SIGTERM), 143, "ended by SIGTERM"),
    ],
)
def test_signals_one_upon_the_other(noise, tmp_path, numbers, status, words):
    folder = tmp_path / "target"
    folder.mkdir()
    process = start(noise, folder / "out.mp4", *SLOW)
    children = wait_for_children(process)
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.02)
    assert words in finish(process, children)
    assert process.returncode == status
    assert names_in(folder) == []


def test_killed_outright_it_leaves_no_process_and_no_target(noise, tmp_path):
    """The encoder ends with its input. The hidden part stays, and the next run takes it over."""
    folder = tmp_path / "target"
    folder.mkdir()
    process = start(noise, folder / "out.mp4", *SLOW)
    children = wait_for_children(process)
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while any(os.path.exists(f"/proc/{pid}") for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(os.path.exists(f"/proc/{pid}") for pid in children)
    assert names_in(folder) in ([], [".out.part.mp4"])
    stylize(noise, folder / "out.mp4", identity(duration=1, size="96x128"))
    assert names_in(folder) == ["out.mp4"]


def test_two_runs_do_not_write_one_target(noise, tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    first = start(noise, folder / "out.mp4", *SLOW)
    children = wait_for_children(first)
    second = start(noise, folder / "out.mp4", *SLOW)
    assert "another run is writing it" in finish(second)
    assert second.returncode == 1
    assert first.poll() is None
    first.send_signal(signal.SIGINT)
    finish(first, children)
    assert names_in(folder) == []


def test_a_target_folder_that_vanishes_ends_the_run(noise, tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    process = start(noise, folder / "out.mp4", *SLOW)
    children = wait_for_children(process)
    shutil.rmtree(folder)
    assert "vanished while it was written" in finish(process, children)
    assert process.returncode == 1
    assert not folder.exists()


def test_a_target_that_may_not_be_written_is_said_at_once(noise, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(TargetError, match="can't be written: Read-only file system"):
        stylize(noise, small_disk / "out.mp4", identity())


class Failing(Inverting):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def stylize(self, frames):
        if len(self.shapes) == 5:
            raise self.error
        return super().stylize(frames)


@pytest.mark.parametrize("error", [BackendError("out of memory"), MemoryError()])
def test_a_network_out_of_memory_leaves_nothing(noise, tmp_path, error):
    folder = tmp_path / "target"
    folder.mkdir()
    with pytest.raises(type(error)):
        stylize(noise, folder / "out.mp4", StylizeConfig(size="96x128"), backend=Failing(error))
    assert names_in(folder) == []
    assert not children_of(os.getpid())


class Growing(Inverting):
    """Something goes on writing the source."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def stylize(self, frames):
        with self.path.open("ab") as file:
            file.write(b"\0" * 100)
        return frames


def test_a_source_that_is_still_being_written_is_said(noise, tmp_path):
    with pytest.raises(DecodeError, match="changed while it was read"):
        stylize(noise, tmp_path / "out.mp4", StylizeConfig(size="96x128"), backend=Growing(noise))
    assert names_in(tmp_path) == ["clip.mp4"]


def test_a_named_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    began = time.monotonic()
    with pytest.raises(ProbeError, match="is a pipe or a device"):
        stylize(tmp_path / "pipe.mp4", tmp_path / "out.mp4", identity())
    assert time.monotonic() - began < PATIENCE_S


@pytest.fixture
def damaged(run_ffmpeg, tmp_path):
    """4 s of moving picture with 4000 bytes changed in the middle."""

    def make(suffix):
        path = tmp_path / f"damaged{suffix}"
        run_ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=320x240:rate=30:duration=4",
            "-c:v",
            "libx264",
            "-g",
            30,
            path,
        )
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle : middle + 4000] = bytes(byte ^ 0x55 for byte in data[middle : middle + 4000])
        path.write_bytes(data)
        return path

    return make


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_damage_in_the_middle_is_found_and_written_only_when_asked(damaged, tmp_path, suffix):
    """Where it lies decides whether the frames or the file around them are found damaged."""
    clip = damaged(suffix)
    words = r"(frames are|the file is) damaged and 60 frames decode"
    with pytest.raises(DecodeError, match=words):
        stylize(clip, tmp_path / "out.mkv", identity(size="240p"))
    assert names_in(tmp_path) == [clip.name]
    result = stylize(clip, tmp_path / "out.mkv", identity(size="240p", keep_going=True))
    assert result.frames == 60
    assert re.search(r"(frames are|the file is) damaged", result.notices[-1])


def test_keep_going_on_the_command_line_says_the_loss(damaged, tmp_path):
    clip = damaged(".mp4")
    data = clip.read_bytes()
    process = start(clip, tmp_path / "out.mp4", "--keep-going")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert re.search(r"note: \d+ source frames are damaged", errors)
    assert clip.read_bytes() == data


def test_a_clip_cut_short_is_kept_as_far_as_it_goes(make_clip, tmp_path):
    frames = np.random.default_rng(5).integers(0, 256, (60, 48, 64, 3), np.uint8)
    whole = make_clip(frames, options=("-c:v", "libx264", "-movflags", "+faststart"))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    result = stylize(whole, tmp_path / "out.mp4", identity(size="48x64", keep_going=True))
    assert 5 < result.frames < 30
    assert "of 30 frames decode" in " ".join(result.notices)


def test_a_killed_decoder_is_an_error_even_with_keep_going(noise, tmp_path):
    def kill():
        for pid in children_of(os.getpid()):
            if not os.readlink(f"/proc/{pid}/fd/0").startswith("pipe:"):
                os.kill(pid, signal.SIGKILL)

    class Slow(Inverting):
        def stylize(self, frames):
            time.sleep(0.05)
            return frames

    timer = threading.Timer(1.0, kill)
    timer.start()
    with pytest.raises(DecodeError, match="decoding failed after"):
        stylize(
            noise, tmp_path / "out.mp4", StylizeConfig(fps=240, keep_going=True), backend=Slow()
        )
    assert names_in(tmp_path) == ["clip.mp4"]


def test_verify_finds_nothing_wrong_with_what_is_right(noise, tmp_path):
    for name in ("out.mp4", "out.mkv", "out.gif", "out.webm", "out.mov", "out-%03d.png"):
        config = identity(duration=1, size="96x128", encode=EncodeConfig(verify=True))
        assert stylize(noise, tmp_path / name, config).frames == 15


def test_verify_finds_a_frame_of_another_size(noise, tmp_path, monkeypatch):
    """As if ffmpeg had not scaled."""
    monkeypatch.setattr(
        "videostyle.video.encoder.scale_to_output",
        lambda video, work, output, codec: video.filter("format", "yuv420p"),
    )
    config = identity(duration=1, size="48x64", encode=EncodeConfig(verify=True))
    with pytest.raises(TargetError, match="verifying found a frame of 64x48, not 128x96"):
        stylize(noise, tmp_path / "out.mp4", config)
    assert names_in(tmp_path) == ["clip.mp4"]


def test_verify_finds_missing_tags(noise, tmp_path, monkeypatch):
    monkeypatch.setattr("videostyle.video.encoder._color_tags", lambda codec: {})
    monkeypatch.setattr(
        "videostyle.video.encoder.scale_to_output",
        lambda video, work, output, codec: video.filter("format", "yuv420p"),
    )
    config = identity(duration=1, size="96x128", encode=EncodeConfig(verify=True))
    with pytest.raises(TargetError, match="verifying found colour tags"):
        stylize(noise, tmp_path / "out.mp4", config)
