"""What is starred in a page: read as a stranger's file, and made by the commands."""

import json

import pytest

from tests.cli.running import run
from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import read
from videostyle.errors import ConfigError
from videostyle.preview.choice import Choice, parse_choice
from videostyle.video.probe import probe

CELL = {
    "style": "wave",
    "fps": "30000/1001",
    "size": "48x64",
    "phone": "36x64",
    "portrait": False,
    "strength": 0.5,
    "keep_color": True,
    "verdict": "holds",
    "note": "the one",
}


def write(path, *cells, **changes):
    content = {"format": 1, "kind": "videostyle choice", "cells": list(cells), **changes}
    path.write_text(json.dumps(content))
    return path


def test_a_star_is_read(tmp_path):
    path = write(tmp_path / "choice.json", CELL)
    assert parse_choice(str(path)) == Choice(
        "wave", "30000/1001", "48x64", "36x64", False, 0.5, True, "the one"
    )


def test_of_several_stars_one_is_named(tmp_path):
    path = write(tmp_path / "choice.json", CELL, CELL | {"fps": "10"})
    assert parse_choice(f"{path}@2").fps == "10"
    with pytest.raises(ConfigError, match=r"holds 2 cells.*@2: 36x64 at 10 fps, wave"):
        parse_choice(str(path))
    with pytest.raises(ConfigError, match="there is no @3"):
        parse_choice(f"{path}@3")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "isn't JSON"),
        ("[" * 100_000, "isn't JSON"),
        ("[]", "isn't a choice file"),
        ('{"kind": "videostyle choice", "format": 2}', "has format 2"),
        (json.dumps({"format": 1, "kind": "videostyle choice", "cells": []}), "1 to 64 cells"),
        (" " * 1_000_001, "larger than any"),
    ],
)
def test_what_is_no_choice_is_refused(tmp_path, content, words):
    path = tmp_path / "choice.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=f"choice.json: .*{words}"):
        parse_choice(str(path))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fps": 15}, "fps is 15"),
        ({"fps": "-1"}, "out of range"),
        ({"size": "huge"}, "size 'huge'"),
        ({"phone": "480p"}, "both sides of phone"),
        ({"portrait": "yes"}, "portrait is 'yes'"),
        ({"strength": True}, "strength is True"),
        ({"strength": 7}, "strength"),
        ({"style": ["wave"]}, "style is"),
    ],
    ids=str,
)
def test_a_field_that_is_wrong_is_named(tmp_path, change, words):
    with pytest.raises(ConfigError, match=f"cell 1: .*{words}"):
        parse_choice(str(write(tmp_path / "choice.json", CELL | change)))
    with pytest.raises(ConfigError, match="cell 1: has no style"):
        parse_choice(str(write(tmp_path / "b.json", {"fps": "15"})))


def test_the_main_command_makes_what_was_chosen(counting_clip, tmp_path):
    counting_clip(30)
    plain = {"strength": 1.0, "keep_color": False}
    write(tmp_path / "choice.json", CELL | plain | {"fps": "10"})
    words = ("clip.mp4", "out.mp4", "--choice", "choice.json", "--backend", "identity")
    out = run(*words, cwd=tmp_path)
    assert out.returncode == 0, out.stderr
    assert probe(tmp_path / "out.mp4").rate == 10
    assert numbers_of(read(tmp_path / "out.mp4")) == list(range(0, 30, 3))
    out = run(*words, "--fps", "12", "-y", cwd=tmp_path)
    assert out.returncode == 2
    assert "--fps and --choice both say" in out.stderr


def test_convert_takes_the_phones_size(tmp_path):
    write(tmp_path / "choice.json", CELL | {"style": "nonsense"})
    out = run("convert", "--choice", "choice.json", "-o", "a.mlpackage", cwd=tmp_path)
    assert (out.returncode, "there is no style 'nonsense'" in out.stderr) == (2, True)
    out = run("convert", "wave", "--choice", "choice.json", "-o", "a.mlpackage", cwd=tmp_path)
    assert "leave one out" in out.stderr
    out = run("convert", "-o", "a.mlpackage", cwd=tmp_path)
    assert "name a style" in out.stderr
