"""Every command that a page prints works when it is pasted."""

import json
import shlex
from fractions import Fraction

import pytest

from tests.cli.running import run
from tests.preview.conftest import make, small
from videostyle import StylizeConfig
from videostyle.preview.single_file import write_single_file
from videostyle.video.probe import probe


def commands_of(folder, shape):
    """What painting and converting cost a reader of the page: the commands, once each."""
    report = json.loads((folder / "report.json").read_text())
    phones = [row["phone"][shape]["convert"] for row in report["rows"]]
    return [cell["command"] for cell in report["cells"]], [each for each in phones if each]


def test_names_differ_by_rate_and_size(moving_clip, tmp_path):
    make(moving_clip(), tmp_path / "p", small(size=("24x32", "48x64"), fps=(10, 15)))
    paint, convert = commands_of(tmp_path / "p", "9:16")
    assert len({shlex.split(command)[2] for command in paint}) == 4
    assert len({shlex.split(command)[4] for command in convert}) == 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["keras", "package"])
def test_all_of_them_work(kind, moving_clip, tiny_style, tiny_package, tmp_path):
    clip = moving_clip("a clip.mp4", count=10)
    style = str(tiny_style if kind == "keras" else tiny_package)
    shared = StylizeConfig(strength=0.7)
    config = small(style=(style,), fps=(10, "30000/1001"), size=("48x64",), stylize=shared)
    make(clip, tmp_path / "p", config)
    paint, convert = commands_of(tmp_path / "p", "9:16")
    for command in paint:
        words = shlex.split(command)
        out = run(*words[1:], cwd=tmp_path)
        assert out.returncode == 0, f"{command}\n{out.stderr}"
        assert probe(tmp_path / words[2]).rate == pytest.approx(float(Fraction(words[4])))
        assert "--strength 0.7" in command
    assert len(convert) == (1 if kind == "keras" else 0)  # a package is for the phone already
    for command in convert:
        out = run(*shlex.split(command)[1:], cwd=tmp_path)
        assert out.returncode == 0, f"{command}\n{out.stderr}"
        assert "64x36 in" in out.stdout
    again = json.loads((tmp_path / "p" / "report.json").read_text())["command"]
    out = run(*shlex.split(again)[1:], "--latency", "41@480x853", cwd=tmp_path)
    assert out.returncode == 0, f"{again}\n{out.stderr}"


def test_one_file_holds_everything_but_no_paths(moving_clip, tmp_path):
    from videostyle.preview.grid import plan_grid
    from videostyle.preview.report import Report

    config = small()
    clip = moving_clip()
    make(clip, tmp_path / "p", config)
    report = Report.open(plan_grid(clip, tmp_path / "p", config))
    report.reuse_pictures()
    report.complete()
    made = write_single_file(report)
    assert (made.crf, made.fits) == (None, True)
    text = made.path.read_text()
    assert made.path.name == "clip-preview.html"
    assert str(tmp_path) not in text
    assert "videostyle clip.mp4 clip-matisse-hat-" in text
    smaller = write_single_file(report, most=made.path.stat().st_size - 4_000)
    assert smaller.crf > config.crf
    assert "encoded again at CRF" in smaller.path.read_text()
