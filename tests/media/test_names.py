"""Names that people really give to files, as source and target, also of a resumed run."""

import os
import subprocess
import sys

import pytest

from tests.pipeline.test_pipeline import identity
from videostyle import stylize
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable

LATIN_1 = os.fsdecode(b"Gr\xf6\xdfe")
STEMS = ["Best goals #shorts", "Why?", "100%", "%04d", "http:", "it's", LATIN_1, "n" * 251]


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("way", ["plain", "resumed"])
def test_a_name_is_only_a_name(counting_clip, tmp_path, monkeypatch, stem, way):
    """Given as they are typed: without a folder."""
    monkeypatch.chdir(tmp_path)
    source, target = f"{stem}.mkv", f"{stem}.mp4"
    counting_clip(8, "clip.mkv").rename(source)
    config = identity(size="48x64", fps=30)
    if way == "plain":
        result = stylize(source, target, config)
    else:
        result = run_resumable(prepare(source, target, config))
    assert result.frames == 8
    assert sorted(os.listdir()) == sorted([source, target])


def test_a_folder_is_only_a_folder(counting_clip, tmp_path):
    folder = tmp_path / "C# course?"
    folder.mkdir()
    plan = prepare(counting_clip(8), folder / "out.mp4", identity(size="48x64"))
    assert run_resumable(plan).frames == 4
    assert os.listdir(folder) == ["out.mp4"]


@pytest.mark.parametrize("name", ["out😀.mp4", f"{LATIN_1}.mp4"])
def test_a_console_that_cannot_show_a_name(counting_clip, tmp_path, name):
    command = [sys.executable, "-m", "videostyle", counting_clip(8), tmp_path / name]
    ended = subprocess.run(
        [*map(os.fspath, command), "--backend", "identity"],
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0
    assert (tmp_path / name).exists()
    assert b"unexpected" not in ended.stderr
