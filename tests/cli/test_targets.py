"""A missing folder, an existing target, the source as target: one sentence each, status 1."""

import signal

import pytest

from videostyle.cli.main import main

IDENTITY = ("--backend", "identity")

# Each command that writes a file, with its words before the file's name, and the name.
COMMANDS = {
    "stylize": (("clip.mp4", *IDENTITY), "out.mp4"),
    "resume": (("clip.mp4", "--resume", *IDENTITY), "out.mp4"),
    "styles": (("styles", "--on", "clip.mp4", "-o"), "sheet.png"),
    "train": (("train", "photo.png", "--photos", "photo.png", "-o"), "my.keras"),
    "convert": (("convert", "wave", "-o"), "wave.mlpackage"),
    "measure": (("measure", "wave.mlpackage", "-o"), "phone.json"),
    "bench": (("bench", "--plot"), "plot.png"),
}


@pytest.fixture
def run(counting_clip, run_ffmpeg, tmp_path, monkeypatch, capsys):
    """Runs a command in this process; returns its status and what it says on stderr."""
    monkeypatch.chdir(tmp_path)
    run_ffmpeg("-i", counting_clip(4), "-frames:v", "1", tmp_path / "photo.png")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*words):
        before = sorted(tmp_path.rglob("*"))
        status = main(words)
        assert sorted(tmp_path.rglob("*")) == before
        return status, capsys.readouterr().err

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("command", list(COMMANDS))
def test_a_missing_folder(run, command):
    words, name = COMMANDS[command]
    sentence = f"videostyle: none/{name}: there is no folder none; make it first\n"
    assert run(*words, f"none/{name}") == (1, sentence)


def test_a_missing_folder_of_a_preview(run):
    sentence = "videostyle: none/page: there is no folder none; make it first\n"
    assert run("preview", "clip.mp4", "-o", "none/page") == (1, sentence)


@pytest.mark.parametrize("command", list(COMMANDS))
def test_an_existing_target(run, tmp_path, command):
    words, name = COMMANDS[command]
    (tmp_path / name).write_text("mine")
    sentence = f"videostyle: {name}: exists already; add -y to replace it\n"
    assert run(*words, name) == (1, sentence)
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.parametrize("more", [(), ("-y",)])
@pytest.mark.parametrize(
    "words",
    [("photo.png", "photo.png", *IDENTITY), ("styles", "--on", "photo.png", "-o", "photo.png")],
)
def test_the_source_as_target(run, words, more):
    sentence = "videostyle: photo.png: is the source itself; name another target\n"
    assert run(*words, *more) == (1, sentence)


@pytest.mark.parametrize("words", [("--keep-going",), ()])
def test_a_hint_is_given_only_where_it_helps(run, tmp_path, counting_clip, words):
    path = counting_clip(60, "cut.mkv")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    if words:
        assert main(["cut.mkv", "out.mp4", *IDENTITY, *words]) == 0
    else:
        status, errors = run("cut.mkv", "out.mp4", *IDENTITY)
        assert status == 1
        assert errors.count("--keep-going") == 1
