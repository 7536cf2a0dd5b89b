"""What files say reaches the terminal as text and the page as text: never as a command."""

import io
import json
import re
import zipfile

import numpy as np
import onnx
import pytest

from tests.coreml.test_neural_network import SMALL, convolution, edit, make_network
from tests.onnx.networks import Network
from tests.preview.conftest import make
from videostyle.cli.main import main
from videostyle.cli.plain_stream import PlainStream, plain

# Sets a title, clears the screen, turns red, and turns the direction of writing.
COMMANDS = "\x1b]0;mine\x07\x1b[2J\x9b31m\u202e\x08"
MARKUP = "<img src=x onerror=alert(1)>"
EVIL = f"{COMMANDS}{MARKUP}&'"

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printed(capsys, *words):
    """All that a command prints, whatever comes of it."""
    main([str(word) for word in words])
    out = capsys.readouterr()
    return out.out + out.err


def is_plain(text):
    return not FORBIDDEN.search(text)


@pytest.fixture
def evil_style(tiny_style, tmp_path):
    """A model file whose card says it in every entry."""
    path = tmp_path / "evil.keras"
    with zipfile.ZipFile(tiny_style) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "videostyle.json":
                description = json.loads(data)
                card = {"title": EVIL, "painter": EVIL, "author": EVIL, "license": EVIL, EVIL: EVIL}
                data = json.dumps({**description, "card": card}).encode()
            target.writestr(name, data)
    return path


def test_cards_of_styles(evil_style, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("VIDEOSTYLE_STYLES", str(tmp_path / "own"))
    seen = printed(capsys, "styles", "add", evil_style, "--name", "mine")
    seen += printed(capsys, "styles") + printed(capsys, "styles", "mine")
    seen += printed(capsys, "styles", "--json") + printed(capsys, "styles", "remove", "mine")
    assert is_plain(seen)
    assert MARKUP in seen


def test_names_in_onnx_networks(capsys, tmp_path):
    n = Network()
    path = n.save(tmp_path / "a.onnx", n.add("Mul", "input1", n.constant(np.float32(1e5))))
    model = onnx.load(path)
    model.graph.node[0].name = EVIL
    onnx.save(model, path)
    seen = printed(capsys, "check", path)
    assert "come first from Multiply" in seen
    model.graph.input[0].name = EVIL
    model.graph.node[0].input[0] = EVIL
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 7
    onnx.save(model, path)
    refused = printed(capsys, "check", path)
    assert "which is not that of a color picture" in refused
    model.graph.node[0].op_type = EVIL
    onnx.save(model, path)
    assert is_plain(seen + refused + printed(capsys, "check", path))


@pytest.mark.parametrize("place", ["layer", "input", "metadata", "other input"])
def test_names_in_core_ml_models(capsys, tmp_path, place):
    path = make_network(tmp_path, lambda b: convolution(b, SMALL * np.float32(1e4)))

    def spoil(spec):
        layer = spec.neuralNetwork.layers[0]
        if place == "layer":
            layer.name = EVIL
        elif place == "metadata":
            spec.description.metadata.userDefined["videostyle.style"] = EVIL
        elif place == "input":
            spec.description.input[0].name = layer.input[0] = EVIL
        else:
            spec.description.input.add().name = EVIL

    edit(path, spoil)
    seen = printed(capsys, "check", path)
    assert is_plain(seen)
    assert ("\\x1b" in seen) == (place != "input")


def test_names_of_files(capsys, tmp_path, counting_clip):
    clip = counting_clip(4).rename(tmp_path / f"{EVIL.replace('/', '')}.mp4")
    target = tmp_path / f"to{COMMANDS}.mp4"
    seen = printed(capsys, clip, target, "--backend", "identity")
    assert target.exists()
    seen += printed(capsys, clip, target, "--backend", "identity")
    seen += printed(capsys, clip, tmp_path / f"{EVIL}.none", "--backend", "identity")
    seen += printed(capsys, f"{EVIL}", "--style", EVIL)
    assert "exists already" in seen
    assert is_plain(seen)


def test_names_in_batch_lists(capsys, tmp_path):
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text(json.dumps({"source": EVIL, "target": EVIL, EVIL: 1}) + "\n")
    assert is_plain(printed(capsys, "batch", jobs, "-o", tmp_path / "o"))


def test_names_on_the_page(tmp_path, counting_clip):
    clip = counting_clip(30).rename(tmp_path / f"{MARKUP}{COMMANDS}&'.mp4")
    make(clip, tmp_path / "page")
    page = (tmp_path / "page" / "index.html").read_text()
    assert MARKUP not in page
    assert "\\u003cimg src=x onerror=alert(1)>" in page


def is_text_on_the_page(folder):
    """The page says it, and never as markup or with a command."""
    page = (folder / "index.html").read_text()
    return MARKUP not in page and "\\u003cimg src=x" in page and not FORBIDDEN.search(page)


def test_latency_files(capsys, tmp_path, counting_clip):
    record = {
        "format": 1,
        "device": EVIL,
        "system": EVIL,
        "compute_unit": EVIL,
        "model": EVIL,
        "size": "64x48",
        "samples_ms": [40.0] * 40,
    }
    path, clip = tmp_path / "phone.json", counting_clip(15)
    path.write_text(json.dumps(record))
    words = (
        "--fps",
        8,
        "--size",
        "48x64",
        "--duration",
        1,
        "--backend",
        "identity",
        "--latency",
        path,
    )
    seen = printed(capsys, "preview", clip, "-o", tmp_path / "page", *words)
    assert is_plain(seen)
    assert is_text_on_the_page(tmp_path / "page")
    path.write_text(json.dumps({**record, "size": EVIL, EVIL: EVIL}))
    assert is_plain(printed(capsys, "preview", clip, "-o", tmp_path / "other", *words))
    path.write_text(EVIL)
    assert is_plain(printed(capsys, "preview", clip, "-o", tmp_path / "other", *words))


@pytest.mark.parametrize("field", ["style", "fps", "size", "phone", "note", "kind", EVIL])
def test_choices(capsys, tmp_path, field):
    cell = {
        "style": "wave",
        "fps": "8",
        "size": "64x48",
        "phone": "48x64",
        "portrait": True,
        "strength": 1.0,
        "keep_color": False,
        "note": "",
    }
    whole = {"kind": "videostyle choice", "format": 1, "cells": [{**cell, field: EVIL}]}
    path = tmp_path / "choice.json"
    path.write_text(json.dumps(whole | ({"kind": EVIL} if field == "kind" else {})))
    seen = printed(capsys, tmp_path / "none.mp4", tmp_path / "o.mp4", "--choice", path)
    assert seen
    assert is_plain(seen)


def test_names_of_paintings(capsys, tmp_path, counting_clip):
    name = EVIL.replace("/", "")
    missing, broken = tmp_path / f"no{name}.jpg", tmp_path / f"{name}.jpg"
    broken.write_bytes(b"no picture")
    clip = counting_clip(4)
    for painting in (missing, broken):
        seen = printed(capsys, clip, tmp_path / "o.mp4", "--style", painting)
        assert is_plain(seen)
        assert MARKUP in seen


def test_tags_of_clips(capsys, tmp_path, run_ffmpeg):
    clip = tmp_path / "tagged.mkv"
    tags = [word for key in ("title", "comment", "x") for word in ("-metadata", f"{key}={EVIL}")]
    streams = ["-metadata:s:v", f"title={EVIL}", "-metadata:s:v", f"handler_name={EVIL}"]
    source = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=15:d=1", "-metadata:s:v", f"language={EVIL}"]
    run_ffmpeg(*source, *tags, *streams, clip)
    seen = printed(capsys, clip, tmp_path / "o.mp4", "--backend", "identity", "--json")
    words = ("--fps", 8, "--size", "48x64", "--duration", 1, "--backend", "identity")
    seen += printed(capsys, "preview", clip, "-o", tmp_path / "page", *words)
    assert is_plain(seen)
    page = (tmp_path / "page" / "index.html").read_text()
    assert MARKUP not in page
    assert is_plain(page)


def test_a_bar_may_still_clear_its_line():
    stream = io.StringIO()
    wrapped = PlainStream(stream)
    wrapped.write("\r 50%|#####     |\r")
    wrapped.write("\r")
    wrapped.write("one\rtwo\n")
    assert stream.getvalue() == "\r 50%|#####     |\r\rone\\x0dtwo\n".replace("\\x0d", "\\r")
    assert plain("\x1b\x9b\u202e\udcff") == "\\x1b\\x9b\\u202e\\udcff"
    assert plain("é 日本 \t\n") == "é 日本 \t\n"
