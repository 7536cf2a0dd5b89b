"""The arithmetic of sizes."""

import pytest

from videostyle.errors import ConfigError
from videostyle.frames import Box, Fit, Size, fit_frame, fit_output


@pytest.mark.parametrize("text", ["480x853", "853x480", " 480X853 "])
def test_a_box_has_no_orientation(text):
    assert Box.parse(text) == Box(480, 853)


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "480",
        "480x",
        "x853",
        "-480x853",
        "480x853x3",
        "p",
        "",
        "4p",
        "480x99999",
        "1e3x480",
        "480 853",
        "٤٨٠x853p",
    ],
)
def test_what_is_no_size_is_refused_in_one_line(text):
    with pytest.raises(ConfigError, match="size") as caught:
        Box.parse(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("frame", "network"),
    [
        ((1280, 720), (853, 480)),
        ((3840, 2160), (853, 480)),
        ((2160, 3840), (480, 853)),
        ((640, 272), (853, 363)),
        ((720, 720), (480, 480)),
        ((320, 180), (853, 480)),
    ],
)
def test_contain_keeps_the_aspect_ratio_inside_the_box(frame, network):
    geometry = fit_frame(Size(*frame), Box(480, 853), Fit.CONTAIN)
    assert geometry.network == geometry.scaled == geometry.cropped == Size(*network)
    assert geometry.enlarges == (frame == (640, 272) or frame == (320, 180))


def test_a_short_side_alone_lets_the_long_one_follow():
    assert fit_frame(Size(1920, 1080), Box.parse("480p"), Fit.CONTAIN).network == Size(853, 480)
    assert fit_frame(Size(1080, 1920), Box.parse("480p"), Fit.CONTAIN).network == Size(480, 853)
    assert fit_frame(Size(640, 272), Box.parse("480p"), Fit.CONTAIN).network == Size(1129, 480)


def test_cover_fills_the_box_and_shows_a_part():
    geometry = fit_frame(Size(1280, 720), Box(480, 480), Fit.COVER)
    assert (geometry.scaled, geometry.cropped) == (Size(853, 480), Size(480, 480))
    assert geometry.display == Size(720, 720)


def test_stretch_fills_the_box_and_gives_the_aspect_ratio_back():
    geometry = fit_frame(Size(1280, 720), Box(480, 480), Fit.STRETCH)
    assert geometry.network == Size(480, 480)
    assert geometry.display == Size(1280, 720)


def test_pad_fills_the_box_around_the_whole_frame():
    geometry = fit_frame(Size(640, 272), Box(480, 853), Fit.PAD)
    assert geometry.cropped == Size(853, 363)
    assert geometry.network == Size(853, 480)


def test_a_frame_that_would_become_a_thread_is_refused():
    with pytest.raises(ConfigError, match="at least 8 pixels"):
        fit_frame(Size(4000, 16), Box(480, 853), Fit.CONTAIN)


def test_output_sizes():
    assert Size(853, 481).made_even() == Size(854, 482)
    assert fit_output(Size(3840, 2160), Box.parse("1080p")) == Size(1920, 1080)
    assert fit_output(Size(2160, 3840), Box.parse("1080x1920")) == Size(1080, 1920)
