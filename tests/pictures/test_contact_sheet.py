"""The contact sheet: the right frame in every style, each over its name."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.conftest import GREY_STEP
from videostyle.backends import open_backend
from videostyle.cli.main import main
from videostyle.errors import ConfigError, ModelLoadError, ProbeError, SameFileError, TargetError
from videostyle.models import styles
from videostyle.models.spec import FastSpec
from videostyle.pictures.contact_sheet import (
    GAP,
    LABEL_ROWS,
    SheetConfig,
    lay_out,
    write_contact_sheet,
)

SMALL = {"size": "48x64"}


@pytest.fixture(scope="module")
def networks(make_style, tiny_style) -> dict[str, Path]:
    """Model files by the names that the sheets' styles have."""
    other = make_style(FastSpec(stem_filters=4, filters=4, residual_blocks=1), seed=9)
    return {"ink/fast": tiny_style, "ink/reference": other, "mine/fast": other}


@pytest.fixture(autouse=True)
def style_folders(networks, tmp_path, monkeypatch) -> Path:
    """One built-in style of two networks, and one of the user's."""
    monkeypatch.setattr(styles, "STYLE_FOLDER", tmp_path / "built-in")
    monkeypatch.setenv("VIDEOSTYLE_STYLES", str(tmp_path / "own"))
    for name, model in networks.items():
        folder = "own" if name.startswith("mine") else "built-in"
        path = tmp_path / folder / f"{name}.keras"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(model, path)
    return tmp_path


def tile(sheet, number, across, width=64, height=48):
    row, column = divmod(number, across)
    top = GAP + row * (height + LABEL_ROWS + GAP)
    left = GAP + column * (width + GAP)
    return sheet[top : top + height, left : left + width]


def read(path):
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def test_the_middle_frame_stands_first_then_every_style(counting_clip, networks, tmp_path):
    seen = []
    sheet = write_contact_sheet(
        counting_clip(40), tmp_path / "sheet.png", SheetConfig(**SMALL), on_progress=seen.append
    )
    assert (sheet.styles, seen) == (("ink", "mine"), [1, 2])
    assert float(sheet.at_s) == pytest.approx(2 / 3)
    picture = read(tmp_path / "sheet.png")
    assert picture.shape == (sheet.size.height, sheet.size.width, 3)
    frame = tile(picture, 0, 3)
    assert abs(frame.mean() / GREY_STEP - 20) < 0.3
    for number, name in enumerate(("ink/fast", "mine/fast"), 1):
        painted = open_backend("tensorflow", networks[name]).stylize(frame[None].copy())[0]
        assert (tile(picture, number, 3) == painted).all()


def test_a_time_and_all_networks(counting_clip, tmp_path):
    config = SheetConfig(at="0.5", networks="all", **SMALL)
    sheet = write_contact_sheet(counting_clip(40), tmp_path / "sheet.jpg", config)
    assert sheet.styles == ("ink/fast", "ink/reference", "mine/fast")
    frame = tile(read(tmp_path / "sheet.jpg"), 0, 3)
    assert abs(frame.mean() / GREY_STEP - 15) < 0.5
    assert (tmp_path / "sheet.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_a_picture_is_a_source_too(tmp_path):
    cv2.imwrite(str(tmp_path / "photo.png"), np.full((48, 64, 3), 90, np.uint8))
    sheet = write_contact_sheet(
        tmp_path / "photo.png", tmp_path / "sheet.png", SheetConfig(**SMALL)
    )
    assert sheet.at_s == 0
    assert abs(tile(read(tmp_path / "sheet.png"), 0, 3).mean() - 90) < 1


def test_tiles_are_made_small_and_carry_their_names():
    picture = np.full((480, 960, 3), 200, np.uint8)
    sheet = lay_out([(name, picture) for name in ("one", "two", "three", "four")])
    assert sheet.shape == (2 * (240 + LABEL_ROWS + GAP) + GAP, 2 * (480 + GAP) + GAP, 3)
    strips = [
        sheet[GAP + 240 : GAP + 240 + LABEL_ROWS, left : left + 480]
        for left in (GAP, 2 * GAP + 480)
    ]
    assert all(strip.max() > 180 for strip in strips)
    assert (strips[0] != strips[1]).any()


def test_upright_tiles_stand_side_by_side():
    picture = np.zeros((480, 270, 3), np.uint8)
    sheet = lay_out([(str(number), picture) for number in range(8)])
    assert sheet.shape[1] > sheet.shape[0]


@pytest.mark.parametrize(
    ("name", "settings", "error", "words"),
    [
        ("sheet.gif", {}, ConfigError, r"must end in \.png, \.jpg"),
        ("no/sheet.png", {}, TargetError, "there is no folder"),
        ("there.png", {}, TargetError, "exists already"),
        ("sheet.png", {"at": 9}, ConfigError, "ends at 1.33 s"),
        ("sheet.png", {"size": "7"}, ConfigError, "size '7' is not understood"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(
    counting_clip, tmp_path, name, settings, error, words
):
    clip = counting_clip(40)
    (tmp_path / "there.png").write_text("precious")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(error, match=words):
        write_contact_sheet(clip, tmp_path / name, SheetConfig(**settings))
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "there.png").read_text() == "precious"


def test_bad_sources(tmp_path):
    with pytest.raises(ProbeError, match="no such file"):
        write_contact_sheet(tmp_path / "none.mp4", tmp_path / "sheet.png")
    cv2.imwrite(str(tmp_path / "photo.png"), np.zeros((48, 64, 3), np.uint8))
    with pytest.raises(SameFileError):
        write_contact_sheet(
            tmp_path / "photo.png", tmp_path / "photo.png", SheetConfig(overwrite=True)
        )


def test_a_style_that_breaks_leaves_no_sheet(counting_clip, style_folders, tmp_path):
    (style_folders / "own" / "mine" / "fast.keras").write_text("text")
    with pytest.raises(ModelLoadError, match=r"fast\.keras: is not a model file, or is damaged"):
        write_contact_sheet(counting_clip(10), tmp_path / "sheet.png", SheetConfig(**SMALL))
    assert not list(tmp_path.glob("*sheet*"))


def test_the_command(counting_clip, tmp_path, capsys):
    clip, target = str(counting_clip(40)), str(tmp_path / "sheet.png")
    words = ["styles", "--on", clip, "-o", target, "--size", "48x64"]
    assert main(words) == 0
    streams = capsys.readouterr()
    assert streams.out.startswith(f"{target}: 2 styles on the frame at 0.67 s, ")
    assert streams.err == "frame: at 0.67 s, 64x48 -> network 64x48 (width x height)\n"
    assert main(words) == 1
    assert "exists already" in capsys.readouterr().err
    assert main([*words, "-y", "--json", "--at", "1", "-q"]) == 0
    streams = capsys.readouterr()
    assert json.loads(streams.out)["at_s"] == 1
    assert streams.err == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--on", "clip.mp4"], "a contact sheet needs -o FILE"),
        (["-o", "sheet.png"], "-o is for a contact sheet, which needs --on CLIP"),
        (["ink", "--at", "0"], "--at is for a contact sheet"),
        (["ink", "--on", "clip.mp4", "-o", "sheet.png"], "leave out 'ink'"),
    ],
)
def test_options_that_do_not_go_together(capsys, words, message):
    assert main(["styles", *words]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert message in line
