"""The command line as a user meets it: exit status, one line on stderr, nothing left behind."""

import json
import signal

import pytest

from tests.cli.running import run, run_apart
from videostyle.cli import styles
from videostyle.cli.main import main


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def clip(counting_clip):
    return counting_clip(30)


IDENTITY = ("--backend", "identity")


def test_the_bare_form_is_stylize(clip, tmp_path):
    for call, words in ((run_apart, ()), (run, ("stylize",))):
        out = call(*words, clip, "out.mp4", "-y", *IDENTITY, cwd=tmp_path)
        assert out.returncode == 0
        assert out.stdout.startswith("out.mp4: 15 frames at 15 fps, 64x48, audio none")
        assert "size: 64x48 -> network 640x480 -> 64x48" in out.stderr
        assert "identity" in out.stderr
        assert "is enlarged" in out.stderr


def test_one_frame_is_called_so(clip, tmp_path):
    out = run(clip, "out.mp4", "--duration", "0.05", *IDENTITY, cwd=tmp_path)
    assert out.stdout.startswith("out.mp4: 1 frame at 15 fps")


def test_options_may_come_first(clip, tmp_path):
    out = run("--fps", 30, clip, "out.mp4", *IDENTITY, cwd=tmp_path)
    assert "30 frames at 30 fps" in out.stdout


def test_json_is_one_object_and_quiet_is_quiet(clip, tmp_path):
    out = run_apart(clip, "out.mp4", "--json", "--quiet", *IDENTITY, cwd=tmp_path)
    assert json.loads(out.stdout)["frames"] == 15
    assert out.stderr == ""


def test_a_file_named_like_a_command_is_reached_by_its_path(clip, tmp_path):
    clip.rename(tmp_path / "styles")
    out = run("./styles", "out.mp4", *IDENTITY, cwd=tmp_path)
    assert out.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("none.mp4", "out.mp4"), 1, "none.mp4: no such file"),
        (("text.mp4", "out.mp4"), 1, "text.mp4: can't be read as video"),
        (("empty.mp4", "out.mp4"), 1, "empty.mp4: can't be read as video"),
        (("sound.m4a", "out.mp4"), 1, "sound.m4a: has no video in it"),
        ((".", "out.mp4"), 1, "is a folder"),
        (("clip.mp4", "no/out.mp4"), 1, "there is no folder no"),
        (("clip.mp4", "there.mp4"), 1, "exists already; add -y to replace it"),
        (("clip.mp4", "clip.mp4"), 1, "is the source itself"),
        (("clip.mp4", "clip.mp4", "-y"), 1, "is the source itself"),
        (("clip.mp4", "out.mp4", "--style", "nonsense"), 2, "there is no style 'nonsense'"),
        (("clip.mp4", "out.mp4", "--style", "text.keras"), 1, "is not a model file, or is damaged"),
        (("clip.mp4", "out.mp4", "--fps", "0"), 2, "frame rate 0 is out of range"),
        (("clip.mp4", "out.mp4", "--fps", "quick"), 2, "frame rate 'quick'"),
        (("clip.mp4", "out.mp4", "--size", "7"), 2, "size '7' is not understood"),
        (("clip.mp4", "out.mp4", "--size", "2x2"), 2, "each side must be"),
        (("clip.mp4", "out.mp4", "--strength", "2"), 2, "strength 2.0 is out of range"),
        (("clip.mp4", "out.mp4", "--start", "99"), 2, "ends at 1.00 s"),
        (("clip.mp4", "out.webm", "--codec", "h264"), 2, "a .webm file can't hold h264"),
        (("clip.mp4", "out.txt"), 2, "must end in one of .mp4"),
        (("clip.mp4", "out"), 2, "must end in one of .mp4"),
        (("clip.mp4", "out.mp4", "--crf", "99"), 2, "crf 99 is out of range"),
        (("stylise", "clip.mp4"), 2, "did you mean 'stylize'?"),
        (("bogus",), 2, "is neither a command nor a file; commands: stylize"),
        (("styles", "nonsense"), 2, "there is no style 'nonsense'"),
    ],
)
def test_bad_input_is_one_clear_line(clip, run_ffmpeg, tmp_path, arguments, status, words):
    for name in ("text.mp4", "text.keras"):
        (tmp_path / name).write_text("this is a text\n" * 100)
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "there.mp4").touch()
    run_ffmpeg("-f", "lavfi", "-i", "sine=duration=0.2", tmp_path / "sound.m4a")
    before = names_in(tmp_path)
    out = run(*arguments, cwd=tmp_path)
    assert out.returncode == status
    assert words in out.stderr
    assert len(out.stderr.splitlines()) == 1
    assert out.stdout == ""
    assert names_in(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("clip.mp4",),
        ("clip.mp4", "out.mp4", "--codec", "vp8"),
        ("clip.mp4", "out.mp4", "--nonsense"),
    ],
)
def test_incomplete_usage_is_status_2(clip, tmp_path, arguments):
    out = run(*arguments, cwd=tmp_path)
    assert out.returncode == 2
    assert "--help" in out.stderr or "usage: videostyle" in out.stderr
    assert "Traceback" not in out.stderr


def test_debug_shows_the_traceback(tmp_path):
    out = run_apart("none.mp4", "out.mp4", "--debug", cwd=tmp_path)
    assert out.returncode == 1
    assert "Traceback" in out.stderr


@pytest.mark.parametrize("backend", ["tensorflow", "openvino"])
def test_a_network_runs_without_chatter(clip, tiny_model, tmp_path, backend):
    out = run_apart(
        clip,
        "out.mp4",
        "--style",
        tiny_model,
        "--size",
        "48x64",
        "--backend",
        backend,
        cwd=tmp_path,
    )
    assert out.returncode == 0
    lines = out.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == ["size", "rate", "audio", "backend"]
    assert backend in lines[-1]


def test_styles_are_listed(tmp_path):
    out = run("styles", cwd=tmp_path)
    assert "wave/fast" in out.stdout
    assert "wave/reference" in out.stdout
    listed = json.loads(run("styles", "--json", cwd=tmp_path).stdout)
    assert {"wave/fast", "wave/reference"} <= {entry["name"] for entry in listed}
    card = json.loads(run("styles", "wave", "--json", cwd=tmp_path).stdout)
    assert card["painter"] == "Katsushika Hokusai"
    assert "painter: Katsushika Hokusai" in run("styles", "wave", cwd=tmp_path).stdout
    text = run("styles", "wave/reference", cwd=tmp_path).stdout
    assert "architecture reference, filters 32 64 128, residual_blocks 3, " in text
    assert "\nstages:\n  steps " in text


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (signal.SIGINT, 130, "videostyle: stopped; no half-written files are left\n"),
        (signal.SIGTERM, 143, "videostyle: ended by SIGTERM; no half-written files are left\n"),
    ],
)
def test_a_signal_that_compiled_code_made_another_error_of_is_reported_all_the_same(
    monkeypatch, capsys, number, status, words
):
    def run(args):
        try:
            signal.raise_signal(number)
        except BaseException as error:
            raise SystemError("wait returned a result with an exception set") from error

    monkeypatch.setattr(styles, "run", run)
    before = [(each, signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        assert main(["styles", "--debug"]) == status
    finally:
        for each, handler in before:
            signal.signal(each, handler)
    assert capsys.readouterr().err == words
