"""`videostyle train`: a user's run from a painting to a clip painted with it."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from tests.cli.running import run, run_apart
from videostyle.cli import training
from videostyle.cli.training import Forecast, _told_how_to_go_on
from videostyle.errors import TargetError, TrainError
from videostyle.models.model_file import read_card
from videostyle.samples import sample_frame
from videostyle.train.progress import TrainProgress


@pytest.fixture
def folder(tmp_path):
    stripes = np.zeros((96, 120, 3), np.uint8)
    stripes[::8] = (30, 90, 220)
    cv2.imwrite(str(tmp_path / "stripes.png"), stripes)
    (tmp_path / "photos").mkdir()
    for number in range(4):
        part = sample_frame()[100 * number : 100 * number + 160, :200, ::-1]
        cv2.imwrite(str(tmp_path / "photos" / f"{number}.png"), part)
    for name in ("text.png", "notes.txt", "there.keras", "begun.keras.checkpoint"):
        (tmp_path / name).write_text("no picture")
    return tmp_path


SMALL = ("--crop", 64, "--batch-size", 1, "--stroke", 64)

# Seconds that loading, compiling and a few steps may take on a busy machine.
PATIENCE_S = 240


def start(*arguments, cwd):
    """Start a command that will be killed, so TensorFlow can't remove its temporary files."""
    temporary = cwd / "temporary"
    temporary.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "videostyle", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(path, process):
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert path.exists(), process.communicate()


def paint(folder, clip, style):
    painted = run(clip, "out.mp4", "--style", style, "--size", "48x64", "--json", cwd=folder)
    return json.loads(painted.stdout)["frames"]


def test_killed_and_resumed_a_painting_becomes_a_style_that_paints_a_clip(folder, counting_clip):
    words = (
        "train",
        "stripes.png",
        "--photos",
        "photos",
        "-o",
        "my.keras",
        *SMALL,
        "--stability",
        0,
        "--checkpoint-every",
        0,
        "--card",
        "painter=nobody",
    )
    process = start(*words, "--steps", 10**6, cwd=folder)
    checkpoint = folder / "my.keras.checkpoint"
    wait_for(checkpoint, process)
    process.kill()
    process.communicate()
    assert not (folder / "my.keras").exists()
    with np.load(checkpoint) as archive:
        steps = json.loads(str(archive["notes"]))["state"]["schedule"]["steps"]
    refused = run(*words, "--resume", "--stroke", 96, cwd=folder)
    assert refused.returncode == 2
    assert "another stroke (64, now 96)" in refused.stderr
    out = run(*words, "--steps", steps + 2, "--resume", "--samples", "look", cwd=folder)
    assert out.returncode == 0, out.stderr
    assert out.stdout == "my.keras\n"
    lines = out.stderr.splitlines()
    assert lines[0] == ("photos: 3 to train on and 1 held out, from 4 pictures and 0 clips")
    assert lines[1] == "network: computes in fp32 on CPU"
    assert lines[2] == f"resume: from step {steps}"
    assert lines[-2].startswith(f"step {steps + 2}: held-out photos: style ")
    assert lines[-1].startswith("kept: the best state measured, style ")
    card = read_card(folder / "my.keras")
    assert (card["painter"], card["painting_file"], card["steps"]) == (
        "nobody",
        "stripes.png",
        steps + 2,
    )
    assert sorted(path.name for path in folder.iterdir() if "my" in path.name) == ["my.keras"]
    assert (folder / "look" / f"{steps + 2:07d}.jpg").exists()
    assert paint(folder, counting_clip(4), "my.keras") == 2


def test_what_nobody_foresaw_tells_what_is_kept_and_stays_what_it_is(tmp_path, capsys):
    class Checkpoint:
        path, damaged = tmp_path / "my.keras.checkpoint", False

        def exists(self):
            return True

        def steps(self):
            if self.damaged:
                raise TrainError("is damaged")
            return 17

    class Plan:
        checkpoint = Checkpoint()

    def fail(error):
        with pytest.raises(type(error)), _told_how_to_go_on(Plan):
            raise error
        return capsys.readouterr().err

    kept = f"kept: {Plan.checkpoint.path}, 17 steps; run again with --resume to continue\n"
    assert fail(SystemError("returned a result with an exception set")) == kept
    assert fail(KeyboardInterrupt()) == kept
    assert fail(TrainError("the loss became NaN")) == ""
    full = TargetError("my.keras", "can't be written")
    full.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert fail(full) == kept
    Checkpoint.damaged = True
    assert fail(RuntimeError("out of memory")) == ""


def test_the_forecast_is_corrected_once_if_the_first_minute_was_slower(monkeypatch):
    """Half a step per second over the first steps, a quarter later: 4 hours instead of 2."""
    clock = [0.0]
    monkeypatch.setattr(training.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(training, "usable_cores", lambda: 2)
    forecast = Forecast(SimpleNamespace(minutes=None, steps=3604))
    lines = []
    for step in range(1, 60):
        speed = 0.0 if step == 1 else 0.5 if step < 10 else 0.25
        clock[0] += 1 / (speed or 1)
        progress = TrainProgress(step, step / 3604, {}, speed, is_first=step == 1)
        if line := forecast.told(progress):
            lines.append((step, line))
    assert lines[0] == (
        4,
        "forecast: about 2 h 0 min to step 3604, on these 2 cores; --minutes 10 gives a first "
        "look, and a GPU takes minutes",
    )
    assert [step for step, _ in lines] == [4, 20]
    assert lines[1][1].startswith("forecast: after the first minute, about 3 h 59 min to step")


@pytest.mark.slow
def test_three_minutes_on_a_processor(folder, real_clip):
    """Stopped by Ctrl-C, killed, and resumed twice; the style comes closer all the same."""
    words = (
        "train",
        "stripes.png",
        "--photos",
        "photos",
        "--photos",
        real_clip,
        "-o",
        "my.keras",
        *SMALL,
        "--minutes",
        3,
        "--samples",
        "look",
        "--checkpoint-every",
        5,
    )
    checkpoint, errors = folder / "my.keras.checkpoint", []
    for signal_number, status in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        process = start(*words, "--resume", cwd=folder)
        wait_for(checkpoint, process)
        time.sleep(60)
        process.send_signal(signal_number)
        errors.append(process.communicate()[1])
        assert process.returncode == status, errors[-1]
        assert checkpoint.exists()
        assert not (folder / "my.keras").exists()
    assert "resume: there is no checkpoint my.keras.checkpoint; starting over" in errors[0]
    assert "kept: my.keras.checkpoint, " in errors[0]
    assert "videostyle: stopped" in errors[0]
    assert "resume: from step " in errors[1]
    out = run_apart(*words, "--resume", cwd=folder)
    assert out.returncode == 0, out.stderr
    losses = [
        float(loss)
        for loss in re.findall(r"photos: style ([\d.]+)", "".join([*errors, out.stderr]))
    ]
    assert losses[-1] < 0.9 * losses[0]  # the first is that of the first quarter
    assert not checkpoint.exists()
    card = read_card(folder / "my.keras")
    assert card["seconds"] > 170
    assert card["clips"] == 1
    assert len(list((folder / "look").iterdir())) >= 4
    assert paint(folder, real_clip, "my.keras") == 80


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("text.png", "--photos", "photos", "-o", "o.keras"), 1, "text.png: is not a picture"),
        (("none.png", "--photos", "photos", "-o", "o.keras"), 1, "none.png: no such file"),
        (("stripes.png", "--photos", "nowhere", "-o", "o.keras"), 1, "nowhere: there is no such"),
        (("stripes.png", "--photos", "notes.txt", "-o", "o.keras"), 1, "can't be read as video"),
        (("stripes.png", "--photos", "photos", "-o", "there.keras"), 1, "exists already; add -y"),
        (
            ("stripes.png", "--photos", "photos", "-o", "begun.keras"),
            1,
            "begun.keras.checkpoint: an unfinished training was saved there; add --resume",
        ),
        (("stripes.png", "--photos", "photos", "-o", "o.h5"), 2, "must end in .keras"),
        (("stripes.png", "--photos", "photos", "-o", "no/o.keras"), 1, "there is no folder no"),
        (
            ("stripes.png", "--photos", "photos", "-o", "o.keras", "--steps", "0"),
            2,
            "steps must be",
        ),
    ],
)
def test_bad_input_is_one_clear_line(folder, arguments, status, words):
    before = sorted(folder.iterdir())
    out = run("train", *arguments, cwd=folder)
    assert out.returncode == status
    assert words in out.stderr
    assert len(out.stderr.splitlines()) == 1
    assert sorted(folder.iterdir()) == before


def test_a_card_entry_without_a_value_is_wrong_usage(folder):
    out = run(
        "train",
        "stripes.png",
        "--photos",
        "photos",
        "-o",
        "o.keras",
        "--card",
        "painter",
        cwd=folder,
    )
    assert out.returncode == 2
    assert "is not KEY=VALUE" in out.stderr


def test_another_library_under_keras_must_be_one_that_trains(folder):
    out = run_apart(
        "train",
        "stripes.png",
        "--photos",
        "photos",
        "-o",
        "o.keras",
        cwd=folder,
        env={**os.environ, "KERAS_BACKEND": "numpy"},
    )
    assert out.returncode == 1
    assert out.stderr.startswith("videostyle: KERAS_BACKEND names numpy, which can't be used")
