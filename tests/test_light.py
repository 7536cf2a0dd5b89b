"""The light installation: all of playing without TensorFlow, Keras, coremltools and Ray."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from videostyle.pictures.picture import write_picture
from videostyle.samples import sample_frame

# Runs at the start of every process of a command: there they can neither be found nor imported.
BLOCK = 'import sys; sys.modules |= dict.fromkeys(("tensorflow", "keras", "coremltools", "ray"))'


@pytest.fixture
def run(tmp_path, counting_clip, tiny_style):
    """Run a command on clip.mp4 in style.keras, as if the heavy packages weren't installed."""
    counting_clip(6)
    (tmp_path / "style.keras").write_bytes(tiny_style.read_bytes())
    write_picture(tmp_path / "p.png", sample_frame())
    (tmp_path / "light").mkdir()
    (tmp_path / "light" / "sitecustomize.py").write_text(BLOCK)
    path = os.pathsep.join([str(tmp_path / "light"), str(Path(__file__).parents[1])])
    environment = {**os.environ, "PYTHONPATH": path, "VIDEOSTYLE_STYLES": str(tmp_path / "own")}
    environment["VIDEOSTYLE_CACHE"] = str(tmp_path / "cache")

    def run_command(*arguments):
        command = [sys.executable, "-m", "videostyle", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
        )

    return run_command


STYLE = ("--style", "style.keras", "--size", "48x64")


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        (("clip.mp4", "out.mp4", *STYLE), "out.mp4"),
        (("clip.mp4", "out.mp4", "--style", "wave/reference", "--size", "48x64"), "out.mp4"),
        (("preview", "clip.mp4", "-o", "page", "--fps", "15", *STYLE), "page/index.html"),
        (("styles",), None),
        (("styles", "wave"), None),
        (("styles", "add", "style.keras"), "own/style/fast.keras"),
        (("clip.mp4", "out.mp4", "--style", "p.png@small", "--size", "48x64"), "out.mp4"),
        (("clip.mp4", "out.mp4", "--style", "p.png:1+wave:2", "--size", "48x64"), "out.mp4"),
        (("styles", "add", "p.png", "--name", "mine"), "own/mine/fast.keras"),
        (("styles", "--on", "clip.mp4", "-o", "sheet.png", "--size", "48x64"), "sheet.png"),
        (("batch", "clip.mp4", "-o", "painted", *STYLE), "painted/clip_style_15.mp4"),
        (("bench", "--iterations", "2", "--size", "48x64", "--backend", "all"), None),
        (("bench", "--style", "udnie", "--iterations", "2", "--size", "48x64"), None),
        (("bench", "--profile", "clip.mp4"), None),
    ],
)
def test_it_runs(run, tmp_path, arguments, made):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert made is None or (tmp_path / made).exists()


@pytest.mark.parametrize(
    ("arguments", "package"),
    [
        (("clip.mp4", "out.mp4", "--backend", "tensorflow"), "videostyle[tensorflow]"),
        (("bench", "--backend", "tensorflow"), "videostyle[tensorflow]"),
        (("clip.mp4", "out.mp4", "--style", "x.mlpackage"), "videostyle[coreml]"),
        (("convert", "wave", "-o", "wave.mlpackage"), "videostyle[coreml]"),
        (("convert", "old.ckpt", "-o", "old.keras"), "videostyle[tensorflow]"),
        (("train", "p.png", "--photos", "photos", "-o", "my.keras"), "videostyle[train]"),
        (("batch", "clip.mp4", "-o", "painted", "--ray"), "videostyle[ray]"),
    ],
)
def test_what_needs_more_says_what_to_install(run, tmp_path, arguments, package):
    (tmp_path / "x.mlpackage").mkdir()
    (tmp_path / "old.ckpt.index").touch()
    (tmp_path / "photos").mkdir()
    for name in ("p.png", "photos/a.png", "photos/b.png"):
        write_picture(tmp_path / name, sample_frame())
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(f"pip install '{package}'")
    assert "Traceback" not in done.stderr
