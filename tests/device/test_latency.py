"""Latency files, what is made of them, and what is not."""

import json
from fractions import Fraction

import pytest

from videostyle.device.a12 import a12_times
from videostyle.device.estimate import Source, Times, Verdict, estimate_at
from videostyle.device.latency import Latency, parse_latency, percentile, read_latency
from videostyle.errors import ConfigError
from videostyle.frames import Size

RECORD = {
    "format": 1,
    "device": "iPhone 15",
    "system": "iOS 19",
    "compute_unit": "all",
    "model": "wave-fast",
    "size": "853x480",
    "samples_ms": [31.5, 30, 40.25],
}


def write(path, content):
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_file_of_the_agreed_form_is_read(tmp_path):
    latency = read_latency(write(tmp_path / "phone.json", RECORD))
    assert latency == Latency(
        "iPhone 15", Size(853, 480), (31.5, 30.0, 40.25), "wave-fast", details="iOS 19, all"
    )


@pytest.mark.parametrize("content", [[31.5, 30, 40.25], "31.5\n30\n40.25\n"])
def test_a_plain_list_is_read_with_the_size_beside_it(tmp_path, content):
    path = write(tmp_path / "phone.txt", content)
    latency = parse_latency(f"Anna's phone={path}@480x853")
    assert latency.device == "Anna's phone"
    assert latency.size == Size(853, 480)
    assert latency.samples_ms == (31.5, 30.0, 40.25)
    with pytest.raises(ConfigError, match="doesn't say at which size"):
        parse_latency(str(path))


def test_one_number_is_taken_and_marked():
    assert parse_latency("41ms@480x853").samples_ms == (41.0,)
    latency = parse_latency("iPad=41@480x853")
    assert (latency.device, latency.samples_ms, latency.measured) == ("iPad", (41.0,), False)
    estimate = estimate_at([Times.of(latency)], Size(480, 853))
    assert estimate.source is Source.NUMBER


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({**RECORD, "format": 2}, "has format 2"),
        ({"samples_ms": [1]}, "has format None"),
        ({**RECORD, "samples_ms": []}, "no list of milliseconds"),
        ({**RECORD, "samples_ms": ["slow"]}, "not a number of milliseconds"),
        ({**RECORD, "samples_ms": [0]}, "out of range"),
        ({**RECORD, "samples_ms": [-3]}, "out of range"),
        ('{"format": 1, "device": "x", "size": "8x8", "samples_ms": [NaN]}', "out of range"),
        ({**RECORD, "size": "big"}, "size 'big'"),
        ("a b c", "not a number"),
        ('"text"', "not a latency"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, content, words):
    path = write(tmp_path / "bad.json", content)
    with pytest.raises(ConfigError, match=f"bad.json: .*{words}"):
        read_latency(path, size=Size(853, 480))


@pytest.mark.parametrize("text", ["41", "none.json", "=@", "41@", "x=41@4"])
def test_what_is_no_latency_is_refused(text):
    with pytest.raises(ConfigError):
        parse_latency(text)


def test_other_sizes_are_scaled_by_the_pixels_and_say_so():
    times = [
        Times.of(Latency("p", Size(853, 480), (40.0, 44.0))),
        Times.of(Latency("p", Size(320, 180), (9.0,))),
    ]
    assert estimate_at(times, Size(853, 480)).source is Source.MEASURED
    scaled = estimate_at(times, Size(1706, 960))
    assert scaled.source is Source.SCALED
    assert scaled.samples_ms == (160.0, 176.0)
    assert "from 853x480" in scaled.note
    assert estimate_at([], Size(853, 480)).source is Source.UNKNOWN


@pytest.mark.parametrize(
    ("ms", "verdict"),
    [
        (53.3, Verdict.HOLDS),
        (53.4, Verdict.MARGINAL),
        (66.6, Verdict.MARGINAL),
        (66.7, Verdict.DROPS),
    ],
)
def test_a_verdict_leaves_a_fifth_of_the_time_in_reserve(ms, verdict):
    estimate = estimate_at([Times.of(Latency("p", Size(853, 480), (ms,)))], Size(853, 480))
    assert estimate.verdict(Fraction(15)) is verdict


def test_slow_frames_decide_and_rare_ones_do_not():
    """One frame in twenty may be slow; two may not."""
    assert percentile([10.0] * 19 + [99.0], 0.95) == 10
    assert percentile([10.0] * 18 + [99.0] * 2, 0.95) == 99


def test_the_articles_figure_reaches_no_further_than_its_network():
    own = a12_times(True, 1.0)
    anchor = estimate_at(own, Size(480, 853))
    assert anchor.samples_ms == (66.0,)
    assert anchor.verdict(Fraction(15)) is Verdict.MARGINAL
    quarter = estimate_at(own, Size(240, 426))
    assert quarter.samples_ms[0] == pytest.approx(66 * 240 * 426 / (480 * 853))
    assert quarter.verdict(Fraction(15)) is Verdict.HOLDS
    rough = estimate_at(a12_times(False, 0.1), Size(480, 853))
    assert rough.median_ms == pytest.approx(6.6)
    assert rough.verdict(Fraction(1)) is Verdict.UNKNOWN
    assert estimate_at(a12_times(False, None), Size(480, 853)).median_ms is None
