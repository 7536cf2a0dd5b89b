"""What a person sees: whole lines above one bar, at 80 and 120 columns, and nothing left over."""

import re
import subprocess
import sys

import pytest

from tests.cli.screen import run_in_terminal
from videostyle.cli import progress
from videostyle.cli.main import COMMANDS, main
from videostyle.cli.progress import Status
from videostyle.cli.table import table_lines

IDENTITY = ("--backend", "identity")
SMALL_CELLS = ("--fps", "10,15", "--size", "48x64", "--duration", "1")

# Takes minutes, so that it is still at work when Ctrl-C comes.
LONG = ("--fps", "1000", "--out-size", "2160p", "--codec", "hevc", "--preset", "veryslow")

BAR = re.compile(r"^ {0,2}\d+%\|")
WHOLE_BAR = re.compile(r"^ {0,2}\d+%\|[^|]*\|.*\](\^C)*$")


@pytest.fixture(params=[80, pytest.param(120, marks=pytest.mark.slow)])
def columns(request):
    return request.param


@pytest.fixture
def terminal(tmp_path, columns):
    """Runs a command and checks every screen that it shows on its way."""

    def run(*arguments, **options):
        shown = run_in_terminal(arguments, columns, cwd=tmp_path, **options)
        assert shown.widest <= columns
        for screen in shown.states:
            # One bar at most, whole, and below everything else.
            bars = [number for number, line in enumerate(screen) if BAR.match(line)]
            assert bars in ([], [len(screen) - 1]), screen
            assert not bars or WHOLE_BAR.match(screen[-1]), screen
        assert not [line for line in shown.screen if BAR.match(line) or "^C" in line]
        assert "Traceback" not in "\n".join(shown.screen)
        return shown

    return run


def bars_of(run):
    return [screen[-1] for screen in run.states if BAR.match(screen[-1])]


def starts_of(run):
    """What each line begins with; lines that go on with another are indented."""
    return [line.split(":")[0] for line in run.screen if not line.startswith(" ")]


@pytest.fixture
def clip(counting_clip):
    return counting_clip(60, width=640, height=360)


def test_a_clip_is_painted_below_whole_lines(terminal, clip):
    run = terminal("clip.mp4", "out.mp4", "--fps", "30", *IDENTITY)
    assert run.status == 0
    assert starts_of(run) == ["size", "rate", "audio", "note", "backend", "out.mp4"]
    assert " of 60 frames [" in bars_of(run)[-1]


def test_a_batch_counts_clips_and_frames_and_ends_in_a_table(terminal, clip, tmp_path):
    (tmp_path / "broken.mp4").write_text("no video " * 100)
    run = terminal("batch", "clip.mp4", "broken.mp4", "-o", "out", *IDENTITY)
    assert run.status == 1
    assert starts_of(run)[:2] == ["workers", "failed"]
    assert [line.split()[:2] for line in run.screen if "_matisse_hat_" in line] == [
        ["done", "clip_matisse_hat_15.mp4"],
        ["failed", "broken_matisse_hat_15.mp4"],
    ]
    assert starts_of(run)[-1] == "out/batch.json"
    assert "clips 2/2" in bars_of(run)[-1]


def test_a_preview_names_what_it_is_doing(terminal, counting_clip):
    counting_clip(30)
    run = terminal("preview", "clip.mp4", *IDENTITY, *SMALL_CELLS, "--latency", "phone=20@48x64")
    assert run.status == 0
    said = starts_of(run)
    assert said[:2] == ["part", "cells"]
    assert {"forecast", "page", "clip-preview/index.html"} <= set(said)
    bars = bars_of(run)
    assert any("reading the clip" in bar for bar in bars)
    assert any("of 15 frames painted" in bar for bar in bars)
    assert any("putting cells side by side" in bar for bar in bars)


def test_styles_stand_in_columns(terminal, columns):
    run = terminal("styles")
    assert run.status == 0
    head, *rows = run.screen[:-1]
    names = [row for row in rows if not row.startswith(" ")]
    for name in ("parameters", "GMAC"):
        end = head.index(name) + len(name)
        assert {row[end - 1 : end + 1].strip() for row in names} <= {"M", *"0123456789"}
    start = head.index("painting")
    assert all(row[start - 2 : start].isspace() for row in rows if len(row) > start)
    assert run.screen[-1].startswith("GMAC: ")


def test_one_styles_card_is_whole(terminal):
    run = terminal("styles", "wave/reference")
    assert "painter: Katsushika Hokusai" in run.screen


@pytest.mark.parametrize(
    ("words", "at"),
    [
        (("clip.mp4", "out.mkv", *LONG), "backend:"),
        (("preview", "clip.mp4", "--duration", "5"), "part:"),
        (("batch", "clip.mp4", "-o", "out", *LONG, "--name", "{stem}.mkv"), "workers:"),
    ],
    ids=["stylize", "preview", "batch"],
)
def test_ctrl_c_leaves_lines_only(terminal, clip, words, at):
    def is_at_work(screen):
        return BAR.match(screen[-1]) and any(line.startswith(at) for line in screen)

    run = terminal(*words, *IDENTITY, press_at=is_at_work)
    assert run.status == 130, run.screen
    assert run.screen[-1] == "videostyle: stopped; no half-written files are left"


def test_an_error_on_the_way_is_the_last_line(terminal, counting_clip):
    path = counting_clip(60, "cut.mkv")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    run = terminal("cut.mkv", "out.mp4", "--fps", "30", *IDENTITY)
    assert run.status == 1
    assert starts_of(run)[-2:] == ["backend", "videostyle"]
    assert "add --keep-going" in " ".join(run.screen)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", list(COMMANDS))
def test_help_fits(name, columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit):
        main([*name.split(), "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert not [line for line in lines if len(line) > columns]


def test_a_wrong_option_is_told_in_whole_lines(terminal):
    run = terminal("clip.mp4", "out.mp4", "--codec", "vp8")
    assert run.status == 2
    assert run.screen[0].startswith("videostyle: argument --codec: invalid")
    assert "see videostyle stylize --help" in " ".join(run.screen)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "unit"),
    [
        (("styles", "--on", "clip.mp4", "-o", "sheet.png", "--size", "48x64"), "styles ["),
        (("bench", "--size", "48x64", "--iterations", "2"), "of 16 frames ["),
        (
            (
                *("train", "painting.png", "--photos", "clip.mp4", "-o", "my.keras"),
                *("--steps", "4", "--crop", "64", "--stroke", "64", "--batch-size", "1"),
            ),
            "of 4 steps [",
        ),
    ],
    ids=["styles", "bench", "train"],
)
def test_long_work_with_networks_is_counted(terminal, clip, run_ffmpeg, tmp_path, words, unit):
    run_ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=s=96x64:d=1", "-frames:v", "1", tmp_path / "painting.png"
    )
    run = terminal(*words)
    assert run.status == 0, run.screen
    assert any(unit in bar for bar in bars_of(run)), bars_of(run)


@pytest.mark.slow
def test_a_conversion_and_its_report_are_whole_lines(terminal, tiny_style):
    run = terminal("convert", tiny_style, "-o", "x.mlpackage", "--size", "48x64")
    assert run.status == 0, run.screen
    assert any(start.startswith("compared with ") for start in starts_of(run))
    assert terminal("check", "x.mlpackage", "--against", tiny_style).status == 0


def test_a_log_gets_plain_lines_and_no_bar(clip, tmp_path):
    words = ("clip.mp4", "out.mp4", *IDENTITY)
    out = subprocess.run(
        [sys.executable, "-m", "videostyle", *words], cwd=tmp_path, capture_output=True, check=True
    )
    lines = out.stderr.decode().split("\n")
    assert [line.split(":")[0] for line in lines] == [
        "size",
        "rate",
        "audio",
        "note",
        "backend",
        "",
    ]
    assert b"\r" not in out.stderr


def test_long_work_tells_a_log_how_far_it_is(monkeypatch, capsys):
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    with Status().bar(1000, " frames") as bar:
        for done in range(0, 1000, 10):
            now = done / 10
            bar.show(done, "wave")
    assert capsys.readouterr().err.splitlines() == [
        "progress: 300 of 1000 frames after 00:30, 01:10 left, wave",
        "progress: 600 of 1000 frames after 01:00, 00:40 left, wave",
        "progress: 900 of 1000 frames after 01:30, 00:10 left, wave",
    ]


def test_quiet_says_nothing(monkeypatch, capsys):
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0)
    status = Status(quiet=True)
    with status.bar(10, " frames") as bar:
        status.say("size: 1x1")
        bar.show(5)
    assert capsys.readouterr().err == ""


def test_a_tables_last_column_wraps_under_itself():
    rows = [("done", "a.mp4", "7"), ("failed", "long name.mp4", "this could not be read at all")]
    assert table_lines(rows, 48) == [
        "done    a.mp4          7",
        "failed  long name.mp4  this could not be read at",
        "                       all",
    ]
    assert table_lines(rows, None)[1] == "failed  long name.mp4  this could not be read at all"
    assert table_lines(rows, 40)[1:4] == [
        "    7",
        "failed  long name.mp4",
        "    this could not be read at all",
    ]


def test_numbers_stand_to_the_right():
    assert table_lines([("a", "1", "x"), ("b", "100", "y")], 80, "<>") == ["a    1  x", "b  100  y"]


def test_a_note_that_does_not_fit_is_dropped_not_cut(monkeypatch):
    monkeypatch.setattr(progress, "columns_of", lambda stream: 80)
    bar = progress.TerminalBar(14, " frames")
    bar.show(1, "a note that is longer than what is left of it")
    assert WHOLE_BAR.match(str(bar._bar))
    bar.show(2, "short")
    assert str(bar._bar).endswith(", short]")
    bar.close()
