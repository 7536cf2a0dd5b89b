"""The whole way of a clip, with the backend that paints nothing and with tiny networks."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.conftest import numbers_of
from tests.video.test_color import PATCHES, TOLERANCE, flat, read_as_tagged
from videostyle import EncodeConfig, StylizeConfig, stylize, stylized_frames
from videostyle.errors import (
    ConfigError,
    DecodeError,
    FrameShapeError,
    NoFolderError,
    ProbeError,
    SameFileError,
    TargetError,
    TargetExistsError,
)
from videostyle.pipeline.plan import plan_frames, prepare

LOSSLESS = EncodeConfig(codec="ffv1")


def identity(**settings) -> StylizeConfig:
    return StylizeConfig(backend="identity", **settings)


def read(path) -> list[np.ndarray]:
    return list(read_as_tagged(path))


def sound_of(path) -> np.ndarray:
    """All samples of the first channel, float32 [N]."""
    with av.open(str(path)) as container:
        return np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])


def test_frames_go_in_and_come_out_in_order(counting_clip, tmp_path):
    config = identity(fps=15, size="48x64", encode=LOSSLESS)
    result = stylize(counting_clip(60), tmp_path / "out.mkv", config)
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(0, 60, 2))
    assert (result.frames, result.rate, result.audio) == (30, 15, "none")


@pytest.mark.parametrize("batch_size", [1, 4, 7, 64])
def test_every_batch_size_gives_the_same_frames(counting_clip, tmp_path, batch_size):
    """30 frames: 4 and 7 leave a short last batch."""
    config = identity(fps=15, size="48x64", batch_size=batch_size)
    assert numbers_of(stylized_frames(counting_clip(60), config)) == list(range(0, 60, 2))


class Inverting:
    """A backend that shows that it ran, and what it was given."""

    name = description = "inverting"

    def __init__(self):
        self.shapes = []

    def stylize(self, frames):
        self.shapes.append(frames.shape)
        return 255 - frames


def test_a_backend_of_ones_own_is_used(counting_clip, tmp_path):
    backend = Inverting()
    config = StylizeConfig(fps=30, size="48x64", batch_size=4, encode=LOSSLESS)
    stylize(counting_clip(6), tmp_path / "out.mkv", config, backend=backend)
    assert backend.shapes == [(4, 48, 64, 3), (2, 48, 64, 3)]
    assert numbers_of(255 - frame for frame in read(tmp_path / "out.mkv")) == list(range(6))


def test_a_backend_gets_as_many_frames_at_once_as_it_likes_unless_told_otherwise(counting_clip):
    clip = counting_clip(5)
    for wished, batch_size, expected in ((None, None, [1] * 5), (3, None, [3, 2]), (3, 1, [1] * 5)):
        backend = Inverting()
        if wished:
            backend.frames_at_once = wished
        config = StylizeConfig(fps=30, size="48x64", batch_size=batch_size)
        list(stylized_frames(clip, config, backend=backend))
        assert [shape[0] for shape in backend.shapes] == expected


class Losing(Inverting):
    def stylize(self, frames):
        return frames[:-1]


def test_a_backend_that_loses_a_frame_is_found_out(counting_clip, tmp_path):
    with pytest.raises(FrameShapeError, match="1 frames went in and 0 came out"):
        stylize(counting_clip(6), tmp_path / "out.mkv", StylizeConfig(), backend=Losing())
    assert not list(tmp_path.glob("*.mkv"))


def test_strength_and_colors_apply_to_every_frame(make_clip):
    clip = make_clip(flat())
    half = StylizeConfig(fps=30, size="64p", strength=0.5)
    for frame in stylized_frames(clip, half, backend=Inverting()):
        assert np.abs(frame.astype(int) - 127.5).max() <= 2
    kept = StylizeConfig(fps=30, size="64p", keep_color=True)
    red = next(stylized_frames(clip, kept, backend=Inverting()))[32, 32]
    assert red[0] > red[1] + 50  # inverted red would be cyan


@pytest.mark.parametrize(
    ("fit", "seen", "cropped"),
    [
        ("contain", (36, 64), (36, 64)),
        ("cover", (48, 64), (48, 64)),
        ("stretch", (48, 64), (48, 64)),
        ("pad", (48, 64), (36, 64)),
    ],
)
def test_every_fit_gives_the_network_its_size(counting_clip, fit, seen, cropped):
    backend = Inverting()
    config = StylizeConfig(size="48x64", fit=fit)
    frame = next(stylized_frames(counting_clip(4, width=128, height=72), config, backend=backend))
    assert backend.shapes[0][1:3] == seen
    assert frame.shape[:2] == cropped


@pytest.mark.parametrize(
    ("size", "out_size", "codec", "expected"),
    [
        ("853x480", "work", "h264", "854x480"),
        ("101x57", "work", "h264", "102x58"),
        ("101x57", "work", "ffv1", "101x57"),
        ("101x57", "source", "h264", "854x480"),
        ("101x57", "1080p", "h264", "1920x1080"),
        ("101x57", "240x320", "h264", "320x180"),
    ],
)
def test_output_sizes(make_clip, tmp_path, size, out_size, codec, expected):
    picture = np.zeros((2, 480, 853, 3), np.uint8)
    clip = make_clip(picture, "in.mkv", options=("-c:v", "ffv1", "-pix_fmt", "bgr0"))
    config = identity(size=size, out_size=out_size, encode=EncodeConfig(codec=codec))
    stylize(clip, tmp_path / "out.mkv", config)
    with av.open(str(tmp_path / "out.mkv")) as container:
        stream = container.streams.video[0]
        assert f"{stream.width}x{stream.height}" == expected


@pytest.mark.parametrize(("width", "height"), [(853, 480), (101, 57)])
def test_odd_sizes_pass_the_whole_pipeline_without_a_shift(make_clip, tmp_path, width, height):
    picture = np.random.default_rng(4).integers(0, 256, (3, height, width, 3), np.uint8)
    clip = make_clip(picture, "in.mkv", options=("-c:v", "ffv1", "-pix_fmt", "bgr0"))
    config = identity(fps="source", size=f"{width}x{height}", out_size="work", encode=LOSSLESS)
    stylize(clip, tmp_path / "out.mkv", config)
    assert np.array_equal(np.stack(read(tmp_path / "out.mkv")), picture)


def test_flat_colors_pass_the_whole_pipeline(make_clip, tmp_path):
    clip = make_clip(
        flat(720)[:4],
        filters="scale=out_color_matrix=bt709:out_range=tv,"
        "format=yuv420p,setparams=colorspace=bt709:range=tv",
        options=("-c:v", "libx264", "-crf", "10"),
    )
    stylize(clip, tmp_path / "out.mp4", identity(fps=30, size="480p"))
    seen = np.array([frame[360, 360] for frame in read(tmp_path / "out.mp4")])
    assert np.abs(seen.astype(int) - PATCHES[:4]).max() <= TOLERANCE


def test_a_real_clip_keeps_its_sound_and_says_what_it_is(real_clip, tmp_path):
    result = stylize(real_clip, tmp_path / "out.mp4", identity())
    with av.open(str(tmp_path / "out.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (1280, 720, 15)
        assert abs(video.frames - round(Fraction("5.28") * 15)) <= 1
        assert (audio.codec_context.name, audio.channels) == ("aac", 6)
    assert result.audio == "copied"
    assert str(result.work_size) == "853x480"
    assert np.array_equal(sound_of(tmp_path / "out.mp4"), sound_of(real_clip))


def first_loud_s(path) -> float:
    """When the sound first exceeds a third of full scale, by its timestamps."""
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            samples = frame.to_ndarray().astype(float).ravel()
            level = 10_000 if frame.format.name.startswith("s") else 0.3
            loud = np.flatnonzero(np.abs(samples) > level)
            if loud.size:
                return frame.time + loud[0] % frame.samples / frame.sample_rate
    raise AssertionError("no click")


@pytest.mark.parametrize(
    ("name", "sound", "target", "action"),
    [
        ("in.mkv", "pcm_s16le", "out.mp4", "encoded"),
        ("in.mkv", "aac", "out.mp4", "copied"),
        ("in.mkv", "pcm_s16le", "out.mkv", "copied"),
        ("in.mp4", "aac", "out.webm", "encoded"),
        ("in.mov", "pcm_s16le", "out.mov", "copied"),
    ],
)
@pytest.mark.parametrize("start", [0, Fraction("0.8")])
def test_sound_stays_in_step(make_clip, tmp_path, name, sound, target, action, start):
    """A white frame and a click at 1.0 s; both must still be together afterwards."""
    frames = np.zeros((60, 48, 64, 3), np.uint8)
    frames[30] = 255
    click = ("-f", "lavfi", "-i", "aevalsrc='if(between(t,1,1.02),0.9,0)':s=48000:d=2")
    clip = make_clip(
        frames,
        name,
        inputs=click,
        options=("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p", "-c:a", sound),
    )
    result = stylize(clip, tmp_path / f"x{target}", identity(fps=30, size="48x64", start=start))
    assert result.audio == action
    levels = [frame.mean() for frame in read(tmp_path / f"x{target}")]
    flash_s = int(np.argmax(levels)) / 30
    click_s = first_loud_s(tmp_path / f"x{target}")
    assert flash_s == pytest.approx(1.0 - start, abs=1 / 30)
    # Copied sound is cut at a packet, 21 ms of AAC.
    assert abs(flash_s - click_s) < 1 / 30


def test_no_audio_leaves_the_sound_away(real_clip, tmp_path):
    config = identity(duration=1, size="48x64", encode=EncodeConfig(audio=False))
    result = stylize(real_clip, tmp_path / "out.mp4", config)
    assert result.audio == "none"
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert not container.streams.audio


def test_a_duration_cuts_sound_and_picture(real_clip, tmp_path):
    stylize(real_clip, tmp_path / "out.mp4", identity(start=1, duration=2, size="48x64"))
    with av.open(str(tmp_path / "out.mp4")) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.frames == 30
        assert float(audio.duration * audio.time_base) == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fps": 60}, "frames are repeated"),
        ({"size": "480x853"}, "is enlarged to"),
        ({"fit": "cover", "size": "48x48"}, "the rest is cut off"),
    ],
)
def test_what_the_pipeline_chose_is_reported(counting_clip, settings, words):
    plan = plan_frames(counting_clip(4), identity(**settings))
    assert any(words in notice for notice in plan.notices)


def cut(path, share: float, target):
    data = path.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target


def test_a_clip_cut_in_its_bytes_says_how_much_decodes(make_clip, tmp_path):
    noise = np.random.default_rng(5).integers(0, 256, (60, 48, 64, 3), np.uint8)
    whole = make_clip(noise, options=("-c:v", "libx264", "-movflags", "+faststart"))
    broken = cut(whole, 0.5, tmp_path / "cut.mp4")
    with pytest.raises(DecodeError, match=r"cut\.mp4: only \d+ of 30 frames decode"):
        stylize(broken, tmp_path / "out.mp4", identity(size="48x64"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clip.mp4", "cut.mp4"]


def test_a_clip_without_its_index_is_unreadable(make_clip, tmp_path):
    noise = np.random.default_rng(5).integers(0, 256, (60, 48, 64, 3), np.uint8)
    broken = cut(make_clip(noise), 0.5, tmp_path / "cut.mp4")
    with pytest.raises(ProbeError, match=r"cut\.mp4: can't be read as video"):
        stylize(broken, tmp_path / "out.mp4", identity())


def test_targets_are_checked_before_anything_is_read(counting_clip, tmp_path):
    clip = counting_clip(4)
    with pytest.raises(SameFileError):
        prepare(clip, clip, identity())
    link = tmp_path / "link.mp4"
    link.symlink_to(clip)
    with pytest.raises(SameFileError):
        prepare(clip, link, identity(overwrite=True))
    with pytest.raises(NoFolderError, match="there is no folder"):
        prepare(clip, tmp_path / "no" / "out.mp4", identity())
    (tmp_path / "there.mp4").write_text("")
    with pytest.raises(TargetExistsError):
        prepare(clip, tmp_path / "there.mp4", identity())
    assert prepare(clip, tmp_path / "there.mp4", identity(overwrite=True)).encode


@pytest.mark.parametrize(
    "settings",
    [
        {"fps": 0},
        {"fps": -1},
        {"fps": "nan"},
        {"fps": "1/0"},
        {"fps": "fast"},
        {"fps": 1e9},
        {"size": "7"},
        {"fit": "squeeze"},
        {"out_size": "half"},
        {"strength": 1.5},
        {"strength": float("nan")},
        {"start": -1},
        {"duration": 0},
        {"duration": "x"},
        {"batch_size": 0},
    ],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError):
        StylizeConfig(**settings)


def children_of(pid: int) -> list[int]:
    """The ffmpegs that a process has started."""
    out = subprocess.run(
        ["ps", "-o", "pid=,comm=", "--ppid", str(pid)], capture_output=True, text=True
    )
    return [int(line.split()[0]) for line in out.stdout.splitlines() if "ffmpeg" in line]


class Slow(Inverting):
    def stylize(self, frames):
        time.sleep(0.05)
        return frames


@pytest.mark.parametrize("which", ["stdin", "stdout"])
def test_killing_either_ffmpeg_ends_the_run(real_clip, tmp_path, which):
    """The encoder reads its stdin from us, the decoder's is closed."""

    def kill():
        for pid in children_of(os.getpid()):
            stdin = os.readlink(f"/proc/{pid}/fd/0")
            if stdin.startswith("pipe:") == (which == "stdin"):
                os.kill(pid, signal.SIGKILL)

    timer = threading.Timer(1.5, kill)
    timer.start()
    began = time.monotonic()
    with pytest.raises((TargetError, DecodeError), match="ing failed after"):
        stylize(real_clip, tmp_path / "out.mp4", StylizeConfig(fps=25), backend=Slow())
    assert time.monotonic() - began < 11
    assert not list(tmp_path.iterdir())
    assert not children_of(os.getpid())


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_process_and_no_file(real_clip, tmp_path, number, status):
    command = [
        sys.executable,
        "-m",
        "videostyle",
        str(real_clip),
        str(tmp_path / "out.mp4"),
        "--backend",
        "identity",
        "--fps",
        "240",
        "--out-size",
        "2160p",
        "--preset",
        "slow",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while len(children_of(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    children = children_of(process.pid)
    assert len(children) == 2
    time.sleep(0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert not list(tmp_path.iterdir())
    assert not any(os.path.exists(f"/proc/{pid}") for pid in children)


def test_the_result_is_plain_json(counting_clip, tmp_path):
    result = stylize(counting_clip(6), tmp_path / "out.mkv", identity(size="48x64"))
    record = json.loads(json.dumps(result.as_json()))
    assert record["frames"] == 3
    assert record["rate"] == "15"
    assert record["output_size"] == "64x48"
