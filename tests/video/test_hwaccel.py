"""A hardware decoder is used only if its frames are the same and come faster.

No machine with one is at hand: a stand-in for ffmpeg pretends to have one, called fake.
"""

import sys

import pytest

from videostyle.errors import ConfigError
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.recipe import recipe_of
from videostyle.pipeline.stylize import stylized_frames
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video import hwaccel
from videostyle.video.process import FFMPEG_VARIABLE, find_ffmpeg

# What each stand-in does with the arguments: `place` is where the hardware is named, if it is.
STAND_INS = {
    "crashes": "if place: os.abort()",
    "hangs": "if place: time.sleep(600)",
    "wrong": "if place: args[args.index('-pix_fmt') + 1] = 'bgr24'",
    "slow": "if place: args[place:place] = SLOWLY",
    "good": "if not place and 'rawvideo' in args: args[:0] = SLOWLY",
}

SCRIPT = """#!{python}
import os, sys, time
args, place = sys.argv[1:], 0
SLOWLY = ["-readrate", "2"]
if "-hwaccels" in args:
    sys.exit(print("Hardware acceleration methods:\\nfake\\n"))
if "-hwaccel" in args:
    place = args.index("-hwaccel")
    del args[place : place + 2]
{line}
os.execv("{ffmpeg}", ["{ffmpeg}", *args])
"""


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    def pretend(kind):
        script = tmp_path / "ffmpeg"
        text = SCRIPT.format(python=sys.executable, line=STAND_INS[kind], ffmpeg=find_ffmpeg())
        script.write_text(text)
        script.chmod(0o755)
        monkeypatch.setenv(FFMPEG_VARIABLE, str(script))

    return pretend


@pytest.fixture
def clip(make_clip, real_clip, run_ffmpeg, tmp_path):
    small = tmp_path / "small.mp4"
    run_ffmpeg("-i", real_clip, "-t", 3, "-vf", "scale=160:-2", "-an", small)
    return small


def config(wanted):
    return StylizeConfig(hwaccel=wanted, backend="identity", size="90p")


def painted(clip, wanted):
    return [frame.tobytes() for frame in stylized_frames(clip, config(wanted))]


@pytest.mark.parametrize(
    ("kind", "wanted", "words"),
    [
        ("crashes", "fake", "fake failed ("),
        ("crashes", "auto", "fake failed"),
        ("hangs", "fake", "fake failed ("),
        ("wrong", "auto", "fake decodes other frames"),
        ("slow", "fake", "times as long"),
    ],
)
def test_what_is_not_the_same_and_faster_is_not_used(
    kind, wanted, words, clip, pretend, monkeypatch
):
    monkeypatch.setattr(hwaccel, "LONGEST_S", 3)
    pretend(kind)
    plan = prepare(clip, clip.with_name("out.mkv"), config(wanted))
    [line] = [line for line in plan.notices if line.startswith("hwaccel: ")]
    assert line.startswith("hwaccel: the clip is decoded in software: fake ")
    assert words in line
    assert plan.decode.hwaccel is None
    assert recipe_of(plan, "identity").values["hwaccel"] == "none"


def test_what_is_faster_decodes_the_same_and_is_part_of_the_recipe(clip, pretend):
    software = painted(clip, "none")
    pretend("good")
    plan = prepare(clip, clip.with_name("out.mkv"), config("auto"))
    assert any(line.startswith("hwaccel: fake decodes the same frames") for line in plan.notices)
    assert recipe_of(plan, "identity").values["hwaccel"] == "fake"
    assert painted(clip, "fake") == software


def test_an_unknown_name_is_refused(clip, pretend):
    pretend("good")
    with pytest.raises(ConfigError, match="'cuba' is unknown to this ffmpeg; choose one of auto"):
        prepare(clip, clip.with_name("out.mkv"), config("cuba"))
