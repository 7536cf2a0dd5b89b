"""`videostyle batch` as a user meets it."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.running import run, run_apart
from tests.cli.test_main import names_in
from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import children_of, read
from videostyle.cli.main import main

PAINT = (
    "--backend",
    "identity",
    "--fps",
    30,
    "--size",
    "48x64",
    "--codec",
    "ffv1",
    "--name",
    "{stem}.mkv",
)

# Within which a batch that has nothing to do ends.
NOTHING_S = 5


@pytest.mark.parametrize(
    "where",
    [(), *(pytest.param(words, marks=pytest.mark.slow) for words in (("--jobs", 2), ("--ray",)))],
)
def test_twelve_clips_of_which_two_are_broken(clips, broken, tmp_path, where):
    if where == ("--ray",):
        pytest.importorskip("ray")
    # Ray and processes of our own leave their traces in the process that starts them.
    call = run_apart if where else run
    clips(10)
    broken("broken1.mp4")
    broken("broken2.mp4")
    out = call("batch", "clips", "-o", "out", *where, *PAINT, cwd=tmp_path)
    assert out.returncode == 1
    assert "Traceback" not in out.stderr
    assert names_in(tmp_path / "out") == sorted(
        ["batch.json", *(f"clip{number:02d}.mkv" for number in range(10))]
    )
    for number in range(10):
        assert numbers_of(read(tmp_path / "out" / f"clip{number:02d}.mkv")) == list(range(12))
    assert (
        sum(
            line.startswith("failed: clips/broken") or f"{tmp_path}/clips/broken" in line
            for line in out.stderr.splitlines()
        )
        == 2
    )
    lines = out.stdout.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["failed"] * 2 + ["done"] * 10
    assert lines[-1].startswith("out/batch.json: 10 done, 0 kept, 2 failed; 120 frames in ")

    began = time.monotonic()
    again = call("batch", "clips", "-o", "out", *where, *PAINT, cwd=tmp_path)
    assert time.monotonic() - began < NOTHING_S
    assert again.returncode == 1
    assert "0 done, 10 kept, 2 failed; 0 frames" in again.stdout
    assert "workers:" not in again.stderr


def test_a_list_gives_each_clip_its_settings(clips, tmp_path):
    clips(2)
    (tmp_path / "clips" / "list.csv").write_text(
        "source,fps,target\nclip00.mp4,,\nclip01.mp4,10,deep/slow.mkv\n"
    )
    out = run("batch", "clips/list.csv", "-o", "out", *PAINT, "--json", cwd=tmp_path)
    assert out.returncode == 0
    assert numbers_of(read(tmp_path / "out" / "clip00.mkv")) == list(range(12))
    assert numbers_of(read(tmp_path / "out" / "deep" / "slow.mkv")) == [0, 3, 6, 9]
    printed, kept = (
        json.loads(out.stdout),
        json.loads((tmp_path / "out" / "batch.json").read_text()),
    )
    assert printed["clips"] == kept["clips"]
    assert printed["run"]["done"] == kept["run"]["done"] == 2


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        (["*.avi", "-o", "out"], 2, "*.avi: no file matches"),
        (["clips", "-o", "out", "--jobs", "0"], 2, "jobs 0 is out of range"),
        (["clips", "-o", "out", "--segment", "0"], 2, "--segment 0 is out of range"),
        (["clips", "-o", "out", "--name", "{x}.mp4"], 2, "there is no field {x}"),
        (["clips", "-o", "out", "--name", "x.mp4"], 2, "the target of both clips/clip00.mp4 and"),
        (["-o", "out", "--ray", "clips", "clips"], 2, "put --ray after the clips"),
        (["clips", "-o", "out", "--workers", "2"], 2, "--workers needs --ray"),
        (
            ["clips", "-o", "out", "--ray", "--worker-cores", "0"],
            2,
            "worker cores 0 is out of range",
        ),
        (["none.csv", "-o", "out"], 1, "none.csv: can't be read as a list of clips"),
        (["clips", "-o", "clips/clip00.mp4"], 1, "can't be made: File exists"),
    ],
)
def test_what_is_wrong_is_reported_in_one_line_before_anything_begins(
    clips, tmp_path, monkeypatch, capsys, words, status, line
):
    clips(2)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda number, handler: None)  # the tests keep theirs
    assert main(["batch", *words]) == status
    errors = capsys.readouterr().err
    assert errors.startswith("videostyle: ")
    assert line in errors
    assert len(errors.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_without_ray_all_else_works_and_ray_says_what_to_install(clips, tmp_path):
    clips(1)
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from videostyle.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )

    def without(*words):
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, words)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    out = without("batch", "clips", "-o", "out", *PAINT, "--ray")
    assert out.returncode == 1
    assert out.stderr == "videostyle: a batch on Ray needs: pip install 'videostyle[ray]'\n"
    assert not (tmp_path / "out").exists()
    assert without("batch", "clips", "-o", "out", *PAINT).returncode == 0
    assert names_in(tmp_path / "out") == ["batch.json", "clip00.mkv"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)],
)
def test_a_signal_ends_a_batch_and_what_is_finished_stays(clips, tmp_path, number, status):
    """The second clip of the list would take minutes."""
    clips(2)
    (tmp_path / "list.csv").write_text(
        "source,fps,out-size,preset,codec\nclips/clip00.mp4,,,,\n"
        "clips/clip01.mp4,1000,2160p,veryslow,hevc\n"
    )
    words = [sys.executable, "-m", "videostyle", "batch", "list.csv", "-o", "out", *map(str, PAINT)]
    process = subprocess.Popen(
        words, cwd=tmp_path, stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    part = tmp_path / "out" / ".clip01.part.mkv"
    while not part.exists() or not (tmp_path / "out" / "clip00.mkv").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    children = children_of(process.pid)
    assert children
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert not children_of(process.pid)
    assert names_in(tmp_path / "out") == ["batch.json", "clip00.mkv"]
    made = json.loads((tmp_path / "out" / "batch.json").read_text())["made"]
    assert list(made) == ["clip00.mkv"]
