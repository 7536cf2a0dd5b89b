"""The light installation: all of playing without TensorFlow, Keras, coremltools and Ray."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from videostyle.pictures.picture import write_picture
from videostyle.samples import sample_frame

STYLE = ("--style", "style.keras", "--size", "48x64")

RUNS = [
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
]

NEEDS = [
    (("clip.mp4", "out.mp4", "--backend", "tensorflow"), "videostyle[tensorflow]"),
    (("bench", "--backend", "tensorflow"), "videostyle[tensorflow]"),
    (("clip.mp4", "out.mp4", "--style", "x.mlpackage"), "videostyle[coreml]"),
    (("convert", "wave", "-o", "wave.mlpackage"), "videostyle[coreml]"),
    (("convert", "old.ckpt", "-o", "old.keras"), "videostyle[tensorflow]"),
    (("train", "p.png", "--photos", "photos", "-o", "my.keras"), "videostyle[train]"),
    (("batch", "clip.mp4", "-o", "painted", "--ray"), "videostyle[ray]"),
]

# Importing OpenVINO starts this, unless it can't be found.
REPORTS = """
import sys, videostyle, openvino
assert "openvino.tools.ovc.telemetry_stub" in sys.modules
assert sys.modules["openvino_telemetry"] is None
"""

# All commands in one process, where the heavy packages can neither be found nor imported. Each has
# a folder of its own, named by its number. Prints status and stderr of each as JSON.
CODE = """
import json, os, sys
from pathlib import Path
sys.modules |= dict.fromkeys(("tensorflow", "keras", "coremltools", "ray"))
sys.path.insert(0, sys.argv[1])
from tests.cli.running import run
ended = []
for number, words in enumerate(json.load(sys.stdin)):
    folder = Path(str(number)).resolve()
    os.environ["VIDEOSTYLE_STYLES"] = str(folder / "own")
    os.environ["VIDEOSTYLE_CACHE"] = str(folder / "cache")
    done = run(*words, cwd=folder)
    ended.append((done.returncode, done.stderr))
print(json.dumps(ended))
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory, run_ffmpeg, tiny_style):
    """The folder, status and stderr of each command line of `RUNS` and `NEEDS`."""
    first = tmp_path_factory.mktemp("light")
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:duration=0.2:rate=30", first / "clip.mp4")
    (first / "style.keras").write_bytes(tiny_style.read_bytes())
    (first / "x.mlpackage").mkdir()
    (first / "old.ckpt.index").touch()
    (first / "photos").mkdir()
    for name in ("p.png", "photos/a.png", "photos/b.png"):
        write_picture(first / name, sample_frame())
    work = tmp_path_factory.mktemp("commands")
    lines = [words for words, _ in RUNS + NEEDS]
    for number in range(len(lines)):
        shutil.copytree(first, work / str(number))
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(Path(__file__).parents[1])],
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        cwd=work,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {
        words: (work / str(number), status, errors)
        for number, (words, (status, errors)) in enumerate(
            zip(lines, json.loads(done.stdout), strict=True)
        )
    }


@pytest.mark.parametrize(("words", "made"), RUNS)
def test_it_runs(ended, words, made):
    folder, status, errors = ended[words]
    assert status == 0, errors
    assert made is None or (folder / made).exists()


@pytest.mark.parametrize(("words", "package"), NEEDS)
def test_what_needs_more_says_what_to_install(ended, words, package):
    _, status, errors = ended[words]
    assert status == 1
    assert errors.splitlines()[-1].endswith(f"pip install '{package}'")
    assert "Traceback" not in errors


def test_openvino_reports_nothing_over_the_network():
    subprocess.run([sys.executable, "-W", "ignore", "-c", REPORTS], check=True)
