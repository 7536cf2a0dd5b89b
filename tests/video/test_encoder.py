"""Writing: whole or not at all, counted, with errors that name the file."""

import os
import signal
import time
from fractions import Fraction

import numpy as np
import pytest

from tests.video.test_color import encode, flat
from videostyle.errors import ConfigError, FrameShapeError, TargetError
from videostyle.frames import Size
from videostyle.video.codecs import CODECS, EncodeConfig, choose_codec
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder
from videostyle.video.sound import audio_encoding


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir())


def plan(target, **settings):
    return EncodePlan(target, Size(64, 64), Size(64, 64), Fraction(15), EncodeConfig(**settings))


def test_nothing_stands_under_the_name_before_the_end(tmp_path):
    with Encoder(plan(tmp_path / "out.mp4")) as encoder:
        encoder.write(flat()[0])
        assert "out.mp4" not in left_behind(tmp_path)
    assert left_behind(tmp_path) == ["out.mp4"]


def test_an_error_leaves_the_old_target_and_nothing_else(tmp_path):
    target = tmp_path / "out.mp4"
    target.write_text("old")
    with pytest.raises(RuntimeError), Encoder(plan(target)) as encoder:
        encoder.write(flat()[0])
        raise RuntimeError("the network broke")
    assert left_behind(tmp_path) == ["out.mp4"]
    assert target.read_text() == "old"


def test_a_killed_ffmpeg_is_an_error_within_seconds(tmp_path):
    began = time.monotonic()
    frame = np.zeros((64, 64, 3), np.uint8)
    with (
        pytest.raises(TargetError, match=r"out\.mp4: encoding failed after"),
        Encoder(plan(tmp_path / "out.mp4")) as encoder,
    ):
        encoder.write(frame)
        os.kill(encoder.pid, signal.SIGKILL)
        for _ in range(100_000):
            encoder.write(frame)
    assert time.monotonic() - began < 10
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((63, 64, 3), np.uint8),
        np.zeros((64, 64, 4), np.uint8),
        np.zeros((64, 64, 3), np.float32),
    ],
)
def test_a_frame_of_another_form_is_refused_before_ffmpeg_waits_for_it(tmp_path, frame):
    with (
        pytest.raises(FrameShapeError, match=r"\(64, 64, 3\)"),
        Encoder(plan(tmp_path / "out.mp4")) as encoder,
    ):
        encoder.write(frame)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["%d.mp4", "a:b.mp4", "ü ' \" [x];.mp4", "-y.mp4"])
def test_strange_names_are_only_names(tmp_path, name):
    encode(tmp_path / name, flat())
    assert left_behind(tmp_path) == [name]


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        (".webm", "h264"),
        (".mp4", "prores"),
        (".mp4", "ffv1"),
        (".gif", "h264"),
        ("", None),
        (".mp4", "vp8"),
    ],
)
def test_a_container_that_cannot_hold_the_codec_is_wrong_usage(suffix, codec):
    with pytest.raises(ConfigError):
        choose_codec(suffix, codec)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("h264", {"crf": 52}),
        ("h264", {"preset": "quick"}),
        ("prores", {"crf": 20}),
        ("ffv1", {"preset": "fast"}),
        ("av1", {"preset": "veryfast"}),
    ],
)
def test_quality_settings_are_those_of_the_codec(name, settings):
    with pytest.raises(ConfigError):
        EncodeConfig(**settings).video_options(CODECS[name])


def test_sound_is_copied_where_the_container_holds_it():
    assert audio_encoding(".mp4", "aac", 6) == {"c:a": "copy"}
    encoding = audio_encoding(".mp4", "pcm_s16le", 2)
    assert (encoding["c:a"], encoding["b:a"]) == ("aac", 192_000)
    assert audio_encoding(".mkv", "pcm_s16le", 2) == {"c:a": "copy"}
    assert audio_encoding(".webm", "aac", 2)["c:a"] == "libopus"
