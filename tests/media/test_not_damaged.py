"""Clips of which every frame is right, though ffmpeg complains: they are painted."""

import pytest

from tests.media.chart import COUNT, number_of
from tests.media.kinds import SD, X264
from tests.media.test_matrix import read
from tests.pipeline.test_pipeline import identity
from videostyle import EncodeConfig, stylize

TS = ("-c:v", "libx264", "-qp", 4, "-g", 10, "-pix_fmt", "yuv420p")


def numbers(clip, folder):
    config = identity(fps=30, size="96x64", encode=EncodeConfig(codec="ffv1"))
    result = stylize(clip, folder / "out.mkv", config)
    return [number_of(frame) for frame in read(folder / "out.mkv", ".mkv")], result


def test_a_message_of_the_camera_that_is_too_long(shop, tmp_path):
    shop.ffmpeg("-i", shop.chart(), "-an", "-vf", SD, *X264, tmp_path / "in.mp4")
    data = bytearray((tmp_path / "in.mp4").read_bytes())
    at = data.find(b"\x06\x05\xff") + 2
    while data[at] == 255:
        at += 1
    data[at] += 30
    (tmp_path / "in.mp4").write_bytes(data)
    assert numbers(tmp_path / "in.mp4", tmp_path)[0] == list(range(COUNT))


def test_a_cut_at_an_open_group_of_pictures(shop, tmp_path):
    groups = "open-gop=1:bframes=3:b-adapt=0:scenecut=0:keyint=12:min-keyint=12"
    coded = ("-vf", SD, "-c:v", "libx264", "-qp", 4, "-x264-params", groups)
    shop.ffmpeg("-i", shop.chart(), "-an", *coded, tmp_path / "whole.mkv")
    cut = ("-ss", 0.7, "-i", tmp_path / "whole.mkv", "-c", "copy")
    shop.ffmpeg(*cut, tmp_path / "in.mp4")
    shown, _ = numbers(tmp_path / "in.mp4", tmp_path)
    assert shown == list(range(shown[0], COUNT))


def test_a_clock_that_jumps(shop, tmp_path):
    """A recording that was interrupted for a minute."""
    for n, cut in enumerate(("end_frame=20", "start_frame=20")):
        chain = f"trim={cut},setpts=PTS-STARTPTS,{SD}"
        shop.ffmpeg("-i", shop.chart(), "-an", "-vf", chain, *TS, tmp_path / f"{n}.ts")
    later = ("-i", tmp_path / "1.ts", "-c", "copy", "-output_ts_offset", 60)
    shop.ffmpeg(*later, tmp_path / "2.ts")
    both = (tmp_path / "0.ts").read_bytes() + (tmp_path / "2.ts").read_bytes()
    (tmp_path / "in.ts").write_bytes(both)
    shown, result = numbers(tmp_path / "in.ts", tmp_path)
    assert shown == list(range(COUNT))
    assert any("clock jumps" in notice for notice in result.notices)


@pytest.mark.parametrize("at", [0.3, 0.5, 0.7])
def test_a_recording_that_begins_between_key_frames(shop, tmp_path, at):
    shop.ffmpeg("-i", shop.chart(), "-vf", SD, *TS, "-c:a", "aac", tmp_path / "whole.ts")
    data = (tmp_path / "whole.ts").read_bytes()
    (tmp_path / "in.ts").write_bytes(data[int(len(data) * at) :])
    shown, _ = numbers(tmp_path / "in.ts", tmp_path)
    assert shown[0] % 10 == 0
    assert sorted(set(shown)) == list(range(shown[0], COUNT))


def test_sound_that_begins_long_before_the_picture(shop, tmp_path):
    """The header knows no rate then, or 90000 frames per second."""
    shop.ffmpeg("-i", shop.chart(), "-vf", SD, *TS, "-c:a", "aac", tmp_path / "chart.mkv")
    silence = ("-f", "lavfi", "-i", "anullsrc=r=48000:d=13.4", "-itsoffset", 12)
    both = (
        "-i",
        tmp_path / "chart.mkv",
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-c:v",
        "copy",
        "-c:a",
        "aac",
    )
    shop.ffmpeg(*silence, *both, "-c:a", "aac", "-max_interleave_delta", 0, tmp_path / "in.ts")
    shown, _ = numbers(tmp_path / "in.ts", tmp_path)
    assert shown.count(0) > 12 * 30
    assert sorted(set(shown)) == list(range(COUNT))
