"""A killed run continues where it stopped, and the result doesn't show it."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import av
import numpy as np
import pytest

from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import Inverting, children_of, identity, read, sound_of
from videostyle import EncodeConfig, StylizeConfig, stylize
from videostyle.errors import ConfigError, DecodeError
from videostyle.pipeline.overlap import DEPTH
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable


class Killed(BaseException):
    """Stands for a kill: nothing but the blocks' own ends runs after it."""


class Dying(Inverting):
    """Ends the run after so many frames."""

    def __init__(self, frames):
        super().__init__()
        self.left = frames

    def stylize(self, frames):
        if self.left == 0:
            raise Killed
        self.left -= 1
        return super().stylize(frames)


def resume(clip, target, backend=None, **settings):
    """0.5 s a piece."""
    config = StylizeConfig(size="48x64", **settings)
    plan = prepare(clip, target, config)
    return run_resumable(plan, segment_s=0.5, backend=backend or Inverting())


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


LOSSLESS = EncodeConfig(codec="ffv1")


@pytest.mark.parametrize("died_after", [0, 14, 31])
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("clip.mp4", {}),
        ("clip.mkv", {"rate": 25}),
        ("clip.avi", {"rate": 25, "options": ("-c:v", "ffv1", "-pix_fmt", "yuv444p")}),
        (
            "clip.ts",
            {"options": ("-c:v", "libx264", "-g", "12", "-pix_fmt", "yuv420p", "-qp", "2")},
        ),
    ],
)
def test_frames_are_those_of_an_uninterrupted_run(
    counting_clip, tmp_path, died_after, name, source
):
    clip = counting_clip(60, name, **source)
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(died_after), fps=30, encode=LOSSLESS)
    assert names_in(tmp_path) == sorted([".out.mkv.segments", name])
    backend = Inverting()
    result = resume(clip, tmp_path / "out.mkv", backend, fps=30, encode=LOSSLESS)
    stylize(
        clip,
        tmp_path / "whole.mkv",
        StylizeConfig(fps=30, size="48x64", encode=LOSSLESS),
        backend=Inverting(),
    )
    whole, joined = read(tmp_path / "whole.mkv"), read(tmp_path / "out.mkv")
    assert np.array_equal(np.stack(joined), np.stack(whole))
    assert result.frames == len(whole)
    # What is painted again is at most the piece that was being made and what waited to be written;
    # 15 frames are in a piece.
    kept = len(whole) - len(backend.shapes)
    assert max(0, died_after - DEPTH - 1) // 15 * 15 <= kept <= died_after // 15 * 15
    assert names_in(tmp_path) == sorted([name, "out.mkv", "whole.mkv"])


@pytest.mark.parametrize(
    ("target", "settings"),
    [
        ("out.mp4", {}),
        ("out.mkv", {}),
        ("out.mp4", {"codec": "hevc"}),
        ("out.webm", {}),
        ("out.mov", {"codec": "prores"}),
        ("out.mkv", {"codec": "ffv1"}),
    ],
)
def test_every_codec_can_be_joined_and_verified(real_clip, tmp_path, target, settings):
    """With sound; --verify looks at count, size, length and tags."""
    result = resume(
        real_clip,
        tmp_path / target,
        duration=2,
        fps=15,
        out_size="240p",
        encode=EncodeConfig(verify=True, **settings),
    )
    assert result.frames == 30
    with av.open(str(tmp_path / target)) as container:
        stream = container.streams.video[0]
        times = [frame.pts * frame.time_base for frame in container.decode(stream)]
        assert stream.average_rate == 15
        assert container.streams.audio
    tick = 0.0006 if target.endswith(("mkv", "webm")) else 1e-6
    assert np.abs(np.array([float(t) for t in times]) - np.arange(30) / 15).max() < tick


def test_sound_is_that_of_an_uninterrupted_run(real_clip, tmp_path):
    with pytest.raises(Killed):
        resume(real_clip, tmp_path / "out.mp4", Dying(20), fps=15)
    resume(real_clip, tmp_path / "out.mp4", fps=15)
    assert np.array_equal(sound_of(tmp_path / "out.mp4"), sound_of(real_clip))


def test_a_cut_is_resumed(counting_clip, tmp_path):
    clip = counting_clip(60)
    cut = {"start": "0.3", "duration": "1.2", "fps": 30, "encode": LOSSLESS}
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(20), **cut)
    resume(clip, tmp_path / "out.mkv", **cut)
    assert numbers_of(255 - frame for frame in read(tmp_path / "out.mkv")) == list(range(9, 45))


@pytest.mark.parametrize("settings", [{}, {"duration": 1}])
def test_all_pieces_but_no_end_is_found_to_be_the_end(
    counting_clip, tmp_path, monkeypatch, settings
):
    """Killed in the moment between the last piece and the note that it is the last."""
    clip = counting_clip(30)

    def die(folder, frames):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("videostyle.pipeline.pieces.Pieces.end_at", die)
        resume(clip, tmp_path / "out.mkv", fps=30, encode=LOSSLESS, **settings)
    assert "00001.nut" in names_in(tmp_path / ".out.mkv.segments")
    backend = Inverting()
    assert (
        resume(clip, tmp_path / "out.mkv", backend, fps=30, encode=LOSSLESS, **settings).frames
        == 30
    )
    assert backend.shapes == []


def test_a_damaged_piece_is_made_again(counting_clip, tmp_path):
    clip = counting_clip(60)
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(40), fps=30, encode=LOSSLESS)
    piece = tmp_path / ".out.mkv.segments" / "00000.nut"
    piece.write_bytes(piece.read_bytes()[: piece.stat().st_size // 2])
    backend = Inverting()
    resume(clip, tmp_path / "out.mkv", backend, fps=30, encode=LOSSLESS)
    assert numbers_of(255 - frame for frame in read(tmp_path / "out.mkv")) == list(range(60))
    assert len(backend.shapes) < 60  # the second piece was kept


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"fps": 15}, r"another fps \(30, now 15\)"),
        ({"strength": 0.5}, "another strength"),
        ({"encode": EncodeConfig(codec="ffv1", audio=False)}, "another audio"),
    ],
)
def test_other_settings_are_named_and_refused(counting_clip, tmp_path, settings, words):
    clip = counting_clip(60)
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(15 + DEPTH + 2), fps=30, encode=LOSSLESS)
    with pytest.raises(ConfigError, match=words):
        resume(clip, tmp_path / "out.mkv", **{"fps": 30, "encode": LOSSLESS} | settings)
    assert (tmp_path / ".out.mkv.segments" / "00000.nut").exists()


def test_another_source_is_named_and_refused(counting_clip, tmp_path):
    clip = counting_clip(60)
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(15 + DEPTH + 2), fps=30, encode=LOSSLESS)
    counting_clip(50)
    with pytest.raises(ConfigError, match="another source; continue with the same settings"):
        resume(clip, tmp_path / "out.mkv", fps=30, encode=LOSSLESS)


def test_a_package_which_is_a_folder_is_a_model_too(counting_clip, tiny_package, tmp_path):
    clip = counting_clip(8)
    config = StylizeConfig(fps=15, style=str(tiny_package), encode=EncodeConfig(codec="ffv1"))
    run_resumable(prepare(clip, tmp_path / "resumed.mkv", config))
    stylize(clip, tmp_path / "whole.mkv", config)
    assert np.array_equal(read(tmp_path / "resumed.mkv"), read(tmp_path / "whole.mkv"))


def test_a_damaged_manifest_is_refused(counting_clip, tmp_path):
    clip = counting_clip(60)
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(15 + DEPTH + 2), fps=30, encode=LOSSLESS)
    (tmp_path / ".out.mkv.segments" / "manifest.json").write_text("{")
    with pytest.raises(ConfigError, match="is damaged; delete"):
        resume(clip, tmp_path / "out.mkv", fps=30, encode=LOSSLESS)


def test_damage_seen_before_the_kill_is_not_forgotten(run_ffmpeg, tmp_path):
    clip = tmp_path / "clip.mp4"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=320x240:rate=30:duration=4",
        "-c:v",
        "libx264",
        "-g",
        30,
        clip,
    )
    data = bytearray(clip.read_bytes())
    place = len(data) // 4
    data[place : place + 4000] = bytes(byte ^ 0x55 for byte in data[place : place + 4000])
    clip.write_bytes(data)
    with pytest.raises(Killed):
        resume(clip, tmp_path / "out.mkv", Dying(100), fps=30, encode=LOSSLESS)
    with pytest.raises(DecodeError, match="are damaged"):
        resume(clip, tmp_path / "out.mkv", fps=30, encode=LOSSLESS)
    result = resume(clip, tmp_path / "out.mkv", fps=30, encode=LOSSLESS, keep_going=True)
    assert result.frames == 120
    assert "are damaged" in result.notices[-1]


def test_pictures_and_gif_are_not_resumed(counting_clip, tmp_path):
    with pytest.raises(ConfigError, match=r"only video files can be resumed, not \.gif"):
        resume(counting_clip(4), tmp_path / "out.gif")


def command(clip, target, *more):
    return [
        sys.executable,
        "-m",
        "videostyle",
        str(clip),
        str(target),
        "--backend",
        "identity",
        "--resume",
        "--codec",
        "ffv1",
        "--size",
        "48x64",
        "--fps",
        "30",
        *more,
    ]


def kill_at_random_moments(clip, target, moments, chance, longest_s):
    """Start, kill -9, look, and start again; each moment counts from a new beginning."""
    for _ in range(moments):
        process = subprocess.Popen(
            command(clip, target), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, longest_s))
        children = children_of(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        deadline = time.monotonic() + 10
        while any(os.path.exists(f"/proc/{pid}") for pid in children):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield target.exists()


@pytest.fixture
def minute(run_ffmpeg, tmp_path):
    clip = tmp_path / "minute.mp4"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=64x48:rate=30:duration=60",
        "-f",
        "lavfi",
        "-i",
        "sine=duration=60",
        "-c:v",
        "libx264",
        "-c:a",
        "aac",
        clip,
    )
    return clip


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_9_and_the_same_command_again(minute, tmp_path):
    """The first kill strikes when two pieces are there."""
    target = tmp_path / "out.mkv"
    process = subprocess.Popen(
        command(minute, target, "--batch-size", "1"),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / ".out.mkv.segments" / "00001.nut").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    out = subprocess.run(
        [*command(minute, target), "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(out.stdout)["frames"] == 1800
    assert names_in(tmp_path) == ["minute.mp4", "out.mkv"]


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open stays there")
def test_the_encoder_of_a_killed_run_writes_into_nothing_that_counts(counting_clip, tmp_path):
    """It ends by itself, but maybe only after the next run has started."""
    clip = counting_clip(30)
    with (tmp_path / ".out.part.mkv").open("wb") as orphan:
        orphan.write(b"x" * 1000)
        orphan.flush()

        def disturb(frames):
            orphan.seek(200)
            orphan.write(b"x" * 100_000)
            orphan.flush()

        stylize(
            clip,
            tmp_path / "out.mkv",
            identity(fps=30, size="48x64", encode=LOSSLESS),
            on_progress=disturb,
        )
        disturb(30)
    assert numbers_of(read(tmp_path / "out.mkv")) == list(range(30))
    assert names_in(tmp_path) == ["clip.mp4", "out.mkv"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("seed", range(10))
def test_kill_9_at_random_moments(minute, tmp_path, seed):
    """A new beginning for each seed, killed once or more at moments up to the run's own length."""
    chance = random.Random(seed)
    target = tmp_path / "out.mkv"
    whole = tmp_path / "whole.mkv"
    stylize(minute, whole, identity(fps=30, size="48x64", encode=LOSSLESS))
    for there in kill_at_random_moments(minute, target, 2, chance, 6):
        if there:
            break
    subprocess.run([*command(minute, target), "-y"], check=True, capture_output=True)
    with av.open(str(target)) as one, av.open(str(whole)) as other:
        count = 0
        for left, right in zip(one.decode(video=0), other.decode(video=0), strict=True):
            assert np.array_equal(left.to_ndarray(format="rgb24"), right.to_ndarray(format="rgb24"))
            count += 1
    assert count == 1800
    assert names_in(tmp_path) == ["minute.mp4", "out.mkv", "whole.mkv"]


class Black(Inverting):
    def stylize(self, frames):
        return np.zeros_like(frames)


def test_a_flat_film_is_noticed_once(run_ffmpeg, tmp_path):
    clip = tmp_path / "pattern.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:r=15:d=2", str(clip))
    result = resume(clip, tmp_path / "out.mp4", Black())
    [_] = [each for each in result.notices if "every frame black" in each]
    assert not any("black" in each for each in resume(clip, tmp_path / "good.mp4").notices)
