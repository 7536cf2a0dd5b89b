"""Every example runs as its docstring says."""

import runpy
import subprocess
import sys
from pathlib import Path

import av
import cv2

EXAMPLES = Path(__file__).parent.parent / "examples"
LONGEST_EXAMPLE = 60  # lines


def test_examples_are_short_and_all_run_here():
    files = {path.name: len(path.read_text().splitlines()) for path in EXAMPLES.glob("*.py")}
    assert set(files) == {"demo.py", "own_backend.py", "still_frames.py"}
    assert max(files.values()) <= LONGEST_EXAMPLE


def test_the_demo_paints_the_real_clip(tmp_path):
    """The identity backend stands in for the network, which `make demo` runs."""
    out = subprocess.run(
        [sys.executable, EXAMPLES / "demo.py", "--backend", "identity"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    target = tmp_path / "demo" / "bigbuckbunny_painted.mp4"
    assert f"watch it: {target}" in out.stdout
    with av.open(str(target)) as container:
        assert container.streams.video[0].frames == 80
        assert container.streams.audio[0].codec_context.name == "aac"


def test_still_frames_are_saved_in_their_own_colours(counting_clip, tiny_model, tmp_path):
    run = runpy.run_path(str(EXAMPLES / "still_frames.py"))
    assert (
        run["save_stills"](str(counting_clip(60)), str(tmp_path / "stills"), str(tiny_model)) == 2
    )
    assert cv2.imread(str(tmp_path / "stills" / "0002.png")).shape == (480, 640, 3)


def test_a_backend_of_ones_own_draws(real_clip, tmp_path):
    run = runpy.run_path(str(EXAMPLES / "own_backend.py"))
    result = run["draw_edges"](str(real_clip), str(tmp_path / "edges.mp4"))
    assert result.frames == 64
