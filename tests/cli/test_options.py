"""Every setting has one option, and every option reaches its setting."""

import argparse
import re
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest

from videostyle.cli import bench, convert, measure, preview, styles, stylize_options, train
from videostyle.cli.main import COMMANDS, _make_parser
from videostyle.cli.options import Options
from videostyle.cli.stylize_options import (
    CUT,
    ENCODE,
    HWACCEL,
    OVERWRITE,
    PICTURE,
    make_config,
)
from videostyle.errors import ConfigError
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.preview_config import PreviewConfig
from videostyle.video.codecs import EncodeConfig

ROOT = Path(__file__).parents[2]

# Fields that a command fills by itself, or that only Python may set.
BY_HAND = {
    "StylizeConfig": {"encode"},
    "PreviewConfig": {"stylize"},
    "TrainConfig": {"painting", "weights", "measure_every", "loss_network"},
    "LossWeights": {"smoothness", "luminance", "grid", "palette"},
}

MODULES = (stylize_options, preview, train, convert, styles, measure, bench)


def tables_of(module):
    return [value for value in vars(module).values() if isinstance(value, Options)]


def parse(*words):
    return _make_parser().parse_args([str(word) for word in words])


def parser_of(name):
    parser = argparse.ArgumentParser()
    COMMANDS[name].add_options(parser)
    return parser


def flags_of(name):
    return {flag for action in parser_of(name)._actions for flag in action.option_strings}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_every_field_of_a_settings_class_has_an_option(module):
    tables = tables_of(module)
    for settings in {table.settings for table in tables} - {StylizeConfig, EncodeConfig}:
        named = {name for table in tables if table.settings is settings for name in table.names}
        every = {field.name for field in fields(settings) if field.init}
        assert named | BY_HAND.get(settings.__name__, set()) == every
        assert not named & BY_HAND.get(settings.__name__, set())


def test_every_field_of_a_stylization_has_one_option():
    names = [*PICTURE.names, *CUT.names, *HWACCEL.names, *OVERWRITE.names]
    assert sorted([*names, "encode"]) == sorted(f.name for f in fields(StylizeConfig) if f.init)
    assert sorted(ENCODE.names) == sorted(f.name for f in fields(EncodeConfig))


def test_without_options_the_settings_are_the_defaults():
    assert make_config(parse("stylize", "in", "out")) == StylizeConfig()
    args = parse("preview", "in")
    made = preview.MATRIX.make(args, **preview.CELLS.values(args), **preview.DEVICES.values(args))
    assert made == PreviewConfig()
    assert preview.SHARED.make(args) == StylizeConfig()
    assert convert.PICTURES.given(parse("convert", "wave", "-o", "x")) == []
    assert styles.SHEET.given(parse("styles")) == []


def test_options_reach_their_fields():
    args = parse(
        *("stylize", "in", "out", "--fps", "30000/1001", "--size", "360p", "--strength", "0.5"),
        *("--keep-color", "--threads", "2", "--start", "1:30", "--keep-going", "--no-audio"),
        *("--crf", "20", "--verify", "-y"),
    )
    assert make_config(args, **OVERWRITE.values(args)) == StylizeConfig(
        fps="30000/1001",
        size="360p",
        strength=0.5,
        keep_color=True,
        threads=2,
        start="1:30",
        keep_going=True,
        overwrite=True,
        encode=EncodeConfig(crf=20, audio=False, verify=True),
    )


def test_words_with_commas_and_options_given_again_become_tuples():
    args = parse("preview", "in", "--fps", "10, 15", "--device", "a12", "--device", "a12")
    assert preview.MATRIX.values(args)["fps"] == ("10", "15")
    assert preview.DEVICES.values(args)["devices"] == ("a12",)
    args = parse("preview", "in", "--latency", "41@480x853", "--latency", "p=20@360x640")
    assert [each.device for each in preview.DEVICES.values(args)["latencies"]][1] == "p"


def test_a_value_that_is_no_value_is_our_own_error():
    with pytest.raises(ConfigError, match="KEY=VALUE"):
        train.FILES.values(parse("train", "p", "--photos", "d", "-o", "o", "--card", "painter"))


def test_a_training_takes_architecture_and_weights():
    words = ("train", "p.png", "--photos", "a", "--photos", "b", "-o", "o.keras", "--steps", "40")
    made = train._make_config(
        parse(*words, "--architecture", "reference", "--style-weight", "3", "--card", "a=b")
    )
    assert (made.spec.architecture, made.weights.style, made.photos, dict(made.card)) == (
        "reference",
        3.0,
        (Path("a"), Path("b")),
        {"a": "b"},
    )
    assert made.measure_every == 10


def test_what_only_packages_have_is_named():
    args = parse("convert", "x", "-o", "y.keras", "--portrait", "--target", "iOS17")
    assert [*convert.PICTURES.given(args), *convert.NUMBERS.given(args)] == [
        "--portrait",
        "--target",
    ]


def test_a_profile_has_a_length_of_its_own():
    args = parse("bench", "--profile", "clip.mp4")
    made = bench.PROFILE.make(args, encode=bench.ENCODER.make(args))
    assert made.duration_s == Fraction(bench.PROFILE_S)


def test_one_word_is_one_precision_everywhere():
    known = {"auto", "fp32", "fp16", "bf16"}
    for name in COMMANDS:
        for action in parser_of(name)._actions:
            if action.dest == "precision":
                assert set(action.choices) <= known


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_can_be_quiet_and_debugged(name):
    assert {"-q", "--quiet", "--debug"} <= flags_of(name)


def test_the_readmes_defaults_are_those_of_the_options():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(--[a-z-]+)[^|]*\|[^|]*\| ([^|]*) \|$", text, re.M)
    defaults = {f"--{f.name.replace('_', '-')}": f.default for f in fields(StylizeConfig) if f.init}
    told = {flag: default for flag, default in rows if flag in ("--fps", "--style", "--size")}
    assert told == {
        "--fps": str(defaults["--fps"]),
        "--style": defaults["--style"],
        "--size": stylize_options.DEFAULT_SIZE,
    }
