"""Which source frame each output frame shows."""

from fractions import Fraction

import av
import pytest

from tests.conftest import numbers_of
from videostyle.frames import Box, Fit, fit_frame
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.probe import probe


def decode_numbers(path, rate, **cut) -> list[int]:
    return numbers_of(decode(path, rate, **cut))


def decode(path, rate, size="48x64", fit=Fit.CONTAIN, **cut):
    info = probe(path)
    geometry = fit_frame(info.size, Box.parse(size), fit)
    with Decoder(DecodePlan(info, geometry, Fraction(rate), **cut)) as frames:
        yield from (shown.frame for shown in frames)


def numbers_by_the_rule(path, rate) -> list[int]:
    """The rule, written plainly: the last frame at most k / rate (and a tick) after the start."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
    tick = stream.time_base
    times = sorted(packet.pts * tick for packet in packets)
    last = max(packets, key=lambda packet: packet.pts)
    end = (last.pts + last.duration) * tick
    numbers, k = [], 0
    while Fraction(k) / Fraction(rate) < end - tick:
        shown = [n for n, time in enumerate(times) if time <= Fraction(k) / Fraction(rate) + tick]
        numbers.append(shown[-1] if shown else 0)
        k += 1
    return numbers


RATES = [
    ("30", "15"),
    ("30", "24"),
    ("25", "30"),
    ("60000/1001", "15"),
    ("30", "30"),
    ("30000/1001", "30000/1001"),
    ("24", "10"),
    ("25", "15"),
]


@pytest.mark.parametrize(("source", "target"), RATES)
def test_frame_k_is_the_source_at_k_over_fps(counting_clip, source, target):
    clip = counting_clip(60, rate=Fraction(source))
    source, target = Fraction(source), Fraction(target)
    numbers = decode_numbers(clip, target)
    assert numbers == [min(int(k / target * source), 59) for k in range(len(numbers))]
    assert abs(len(numbers) / target - 60 / source) < 1 / target


@pytest.mark.parametrize(("source", "target"), RATES)
def test_matroska_rounding_to_a_millisecond_does_not_change_the_choice(
    counting_clip, source, target
):
    clip = counting_clip(60, "clip.mkv", rate=Fraction(source))
    assert decode_numbers(clip, target) == numbers_by_the_rule(clip, target)


def test_dropping_from_30_to_24_is_not_rounding_to_the_nearest_frame(counting_clip):
    """The first numbers by hand: 0, 1.25, 2.5, 3.75, 5 rounded down."""
    assert decode_numbers(counting_clip(30), 24)[:5] == [0, 1, 2, 3, 5]


# Hold times that vary between 20 and 130 ms, as a screen recording's do.
VARIABLE = "settb=1/1000,setpts='floor(N*41+mod(N*N,7)*9+if(gt(N,20),200,0))'"


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("target", ["15", "24", "30", "60000/1001"])
def test_a_variable_rate_source_is_sampled_by_its_timestamps(counting_clip, suffix, target):
    clip = counting_clip(
        50,
        f"clip{suffix}",
        filters=VARIABLE,
        options=(
            "-fps_mode",
            "passthrough",
            "-enc_time_base",
            "1:1000",
            "-c:v",
            "libx264",
            "-qp",
            "0",
            "-pix_fmt",
            "yuv444p",
        ),
    )
    numbers = decode_numbers(clip, target)
    expected = numbers_by_the_rule(clip, target)
    assert len(set(expected)) > 20  # the clip really varies
    assert numbers[: len(expected)] == expected
    assert len(numbers) - len(expected) in (0, 1)


def test_an_avi_whose_clock_counts_frames_is_not_moved(counting_clip):
    """Its tick is a whole frame: taking a tick off would show the next frame everywhere."""
    clip = counting_clip(25, "clip.avi", rate=25, options=("-c:v", "ffv1", "-pix_fmt", "yuv444p"))
    assert decode_numbers(clip, 25) == list(range(25))


def test_a_picture_that_starts_late_holds_its_first_frame(counting_clip, run_ffmpeg, tmp_path):
    """Sound from 0, picture from 0.4 s: the gap is filled, so that both stay in step."""
    clip = counting_clip(30)
    late = tmp_path / "late.mkv"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "sine=duration=2",
        "-itsoffset",
        "0.4",
        "-i",
        clip,
        "-map",
        "1:v",
        "-map",
        "0:a",
        "-c:v",
        "copy",
        late,
    )
    numbers = decode_numbers(late, 10)
    assert numbers[:4] == [0, 0, 0, 0]
    assert numbers[4:8] == [0, 3, 6, 9]


@pytest.mark.parametrize("start", ["0.5", "0.51", "1.0", "1.37"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_start_shows_the_frame_that_is_on_the_screen_then(counting_clip, start, suffix):
    clip = counting_clip(60, f"clip{suffix}", rate=25)
    start = Fraction(start)
    numbers = decode_numbers(clip, 10, start_s=start, duration_s=Fraction("0.5"))
    assert numbers == [int((start + Fraction(k, 10)) * 25) for k in range(5)]
