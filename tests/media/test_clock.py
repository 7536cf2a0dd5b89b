"""The rate and the rounding that a clip's own times say, whatever its container's header does."""

from fractions import Fraction

import pytest

from tests.media.chart import number_of
from tests.media.kinds import SD, X264
from tests.media.test_matrix import read
from tests.pipeline.test_pipeline import identity
from videostyle import EncodeConfig, stylize
from videostyle.video.clock import read_clock
from videostyle.video.probe import probe

MS = Fraction(1, 1000)


def numbers(clip, folder, fps):
    config = identity(fps=fps, size="96x64", encode=EncodeConfig(codec="ffv1"))
    result = stylize(clip, folder / "out.mkv", config)
    return [number_of(frame) for frame in read(folder / "out.mkv", ".mkv")], result


@pytest.fixture
def remuxed(shop, tmp_path):
    """Recorded into Matroska, whose clock counts milliseconds, and copied elsewhere."""

    def make(suffix, rate, count=40):
        chart = shop.chart(rate=rate, count=count)
        shop.ffmpeg("-i", chart, "-an", "-vf", SD, *X264, tmp_path / "first.mkv")
        shop.ffmpeg("-i", tmp_path / "first.mkv", "-c", "copy", tmp_path / f"in{suffix}")
        return tmp_path / f"in{suffix}"

    return make


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".ts", ".mkv", ".flv"])
@pytest.mark.parametrize("rate", ["30", "60", "60000/1001", "24000/1001", "144"])
def test_every_picture_is_shown_once_at_its_own_rate(remuxed, tmp_path, suffix, rate):
    clip = remuxed(suffix, rate)
    for fps in ("source", rate):
        shown, _ = numbers(clip, tmp_path, fps)
        (tmp_path / "out.mkv").unlink()
        assert shown == list(range(40))
    assert abs(probe(clip).rate / Fraction(rate) - 1) < Fraction(1, 200)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".ts"])
def test_half_the_rate_takes_every_second_picture(remuxed, tmp_path, suffix):
    assert numbers(remuxed(suffix, 30), tmp_path, 15)[0] == list(range(0, 40, 2))


def test_a_picture_that_stands_does_not_slow_the_rest(shop, tmp_path):
    """A screen recording at 30 fps, in which one picture is held for 3 s."""
    held = f"{SD},setpts='if(lt(N,30),N/30,N/30+3)/TB'"
    passed = ("-fps_mode", "passthrough", "-enc_time_base", "1:90000")
    shop.ffmpeg("-i", shop.chart(), "-an", "-vf", held, *passed, *X264, tmp_path / "in.mp4")
    shown, result = numbers(tmp_path / "in.mp4", tmp_path, "source")
    assert result.rate == 30
    assert shown == [*range(30), *[29] * 90, *range(30, 40)]
    assert any("the frame rate varies: mostly 30 fps" in notice for notice in result.notices)


class Stream:
    """What `read_clock` asks of PyAV's."""

    def __init__(self, tick, average=None, base=None):
        self.time_base = tick
        self.average_rate, self.base_rate = average, base


def test_times_that_vary_are_taken_as_they_are():
    times = [n * 41 + n * n % 7 * 9 for n in range(60)]
    assert read_clock([16 * time for time in times], Stream(MS / 16, 24)).tolerance_s == MS / 16


def test_times_rounded_before_are_found():
    times = [round(n * 1000 / 60) * 90 for n in range(60)]
    assert read_clock(times, Stream(Fraction(1, 90_000), 60)).tolerance_s == MS
    exact = [n * 1500 for n in range(60)]
    assert read_clock(exact, Stream(Fraction(1, 90_000), 60)).tolerance_s == Fraction(1, 90_000)


@pytest.mark.parametrize("claimed", [90_000, None, Fraction(1, 10**6)])
def test_times_say_a_rate_that_no_header_does(claimed):
    times = [n * 3003 for n in range(60)]
    clock = read_clock(times, Stream(Fraction(1, 90_000), claimed, claimed))
    assert clock.rate == Fraction(30_000, 1001)


def test_neither_times_nor_header_say_a_rate():
    assert read_clock([0], Stream(MS, None, 90_000)) is None
