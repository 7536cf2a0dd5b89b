"""`videostyle preview` as a user meets it."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.running import run

SMALL = ("--backend", "identity", "--fps", "10,15", "--size", "24x32,48x64", "--duration", "1")


def test_the_bare_command_says_what_it_does_and_where(moving_clip, tmp_path):
    moving_clip()
    out = run("preview", "clip.mp4", *SMALL, "--latency", "phone=20@48x64", cwd=tmp_path)
    assert out.returncode == 0, out.stderr
    assert out.stdout.startswith("clip-preview/index.html: 4 cells")
    assert "phone: Take 36x64 at 15 fps" in out.stdout
    said = [line.split(":")[0] for line in out.stderr.splitlines()]
    assert said[:2] == ["part", "cells"]
    assert said[-2:] == ["forecast", "page"]
    assert (tmp_path / "clip-preview" / "index.html").is_file()
    again = run("preview", "clip.mp4", *SMALL, "--json", cwd=tmp_path)
    assert "reused: 4 cells" in again.stderr
    assert json.loads(again.stdout)["complete"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("none.mp4",), 1, "no such file"),
        (("clip.mp4", "--fps", "0"), 2, "out of range"),
        (("clip.mp4", "--size", "7"), 2, "size '7'"),
        (("clip.mp4", "--fps", "10,10"), 2, "twice"),
        (("clip.mp4", "--style", "nonsense"), 2, "there is no style"),
        (("clip.mp4", "--latency", "none.json"), 2, "none.json: can't be read"),
        (("clip.mp4", "--latency", "41"), 2, "say for which size"),
        (("clip.mp4", "-o", "clip.mp4"), 1, "is a file"),
        (("clip.mp4", "-o", "."), 1, "no preview"),
    ],
)
def test_bad_input_is_one_clear_line_and_leaves_nothing(
    moving_clip, tmp_path, arguments, status, words
):
    moving_clip()
    out = run("preview", *arguments, cwd=tmp_path)
    assert out.returncode == status
    assert words in out.stderr
    assert len(out.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_cells_that_were_finished_outlive_the_run(real_clip, tmp_path, number, status):
    """Stopped or killed when the first cells are there; the next run makes only the others."""
    command = [
        sys.executable,
        "-m",
        "videostyle",
        "preview",
        str(real_clip),
        "-o",
        "p",
        "--backend",
        "identity",
        "--fps",
        "10,25",
        "--size",
        "48x64,360x640",
        "--start",
        "0",
        "--duration",
        "2",
        "--out-size",
        "360p",
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not finished(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == status, errors
    assert "Traceback" not in errors
    kept = {
        cell["clip"]: (tmp_path / "p" / cell["clip"]).stat().st_mtime_ns
        for cell in finished(tmp_path)
    }
    assert 0 < len(kept) < 4
    state = "stopped" if number == signal.SIGINT else "running"
    assert f'"state":"{state}"' in (tmp_path / "p" / "live.js").read_text()
    if number == signal.SIGINT:
        assert "finished cells are kept in p" in errors
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert len(finished(tmp_path)) == 4
    assert all((tmp_path / "p" / clip).stat().st_mtime_ns == at for clip, at in kept.items())
    assert not list((tmp_path / "p").rglob(".*"))


def finished(folder) -> list[dict]:
    path = folder / "p" / "report.json"
    cells = json.loads(path.read_text())["cells"] if path.is_file() else []
    return [cell for cell in cells if cell["done"]]
