"""`videostyle train`: a user's run from a painting to a clip painted with it."""

import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

from videostyle.models.model_file import read_card
from videostyle.samples import sample_frame


def run(*arguments, cwd):
    return subprocess.run([sys.executable, "-m", "videostyle", *map(str, arguments)], cwd=cwd,
                          capture_output=True, text=True, timeout=300)


@pytest.fixture
def folder(tmp_path):
    stripes = np.zeros((96, 120, 3), np.uint8)
    stripes[::8] = (30, 90, 220)
    cv2.imwrite(str(tmp_path / "stripes.png"), stripes)
    (tmp_path / "photos").mkdir()
    for number in range(4):
        part = sample_frame()[100 * number : 100 * number + 160, :200, ::-1]
        cv2.imwrite(str(tmp_path / "photos" / f"{number}.png"), part)
    (tmp_path / "text.png").write_text("no picture")
    return tmp_path


SMALL = ("--steps", 4, "--crop", 64, "--batch-size", 1, "--stroke", 64)


def test_a_painting_becomes_a_style_that_paints_a_clip(folder, counting_clip):
    out = run("train", "stripes.png", "--photos", "photos", "-o", "stripes.keras", *SMALL,
              "--card", "painter=nobody", cwd=folder)
    assert out.returncode == 0, out.stderr
    assert out.stdout == "stripes.keras\n"
    assert out.stderr.startswith("held-out photos: style ")
    card = read_card(folder / "stripes.keras")
    assert (card["painter"], card["painting_file"], card["steps"]) == ("nobody", "stripes.png", 4)
    clip = counting_clip(4)
    painted = run(clip, "out.mp4", "--style", "stripes.keras", "--size", "48x64", "--json",
                  cwd=folder)
    assert json.loads(painted.stdout)["frames"] == 2


@pytest.mark.parametrize(("arguments", "status", "words"), [
    (("text.png", "--photos", "photos", "-o", "o.keras"), 1, "text.png: is not a picture"),
    (("none.png", "--photos", "photos", "-o", "o.keras"), 1, "none.png: can't be read"),
    (("stripes.png", "--photos", "nowhere", "-o", "o.keras"), 1, "nowhere: is not a folder"),
    (("stripes.png", "--photos", "photos", "-o", "o.h5"), 2, "must end in .keras"),
    (("stripes.png", "--photos", "photos", "-o", "no/o.keras"), 2, "there is no folder no"),
    (("stripes.png", "--photos", "photos", "-o", "o.keras", "--steps", "0"), 2, "steps must be"),
])
def test_bad_input_is_one_clear_line(folder, arguments, status, words):
    before = sorted(folder.iterdir())
    out = run("train", *arguments, cwd=folder)
    assert out.returncode == status
    assert words in out.stderr
    assert len(out.stderr.splitlines()) == 1
    assert sorted(folder.iterdir()) == before


def test_a_card_entry_without_a_value_is_wrong_usage(folder):
    out = run("train", "stripes.png", "--photos", "photos", "-o", "o.keras", "--card", "painter",
              cwd=folder)
    assert out.returncode == 2
    assert "is not KEY=VALUE" in out.stderr
