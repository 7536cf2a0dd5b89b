"""The OpenVINO backend: the same picture, a cache that is never stale, and no TensorFlow in it."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from videostyle.backends import open_backend
from videostyle.errors import BackendError, ConfigError
from videostyle.models.spec import ReferenceSpec
from videostyle.models.styles import find_style
from videostyle.samples import sample_frame

# Of one level: both round the same numbers, computed in another order.
FP32_LEVELS = 1
BF16_PSNR_DB = 45.0


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("VIDEOSTYLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "openvino"


def frame(width, height):
    return cv2.resize(sample_frame(), (width, height), interpolation=cv2.INTER_AREA)[np.newaxis]


def psnr_db(one, other):
    error = np.mean(np.square(one.astype(float) - other))
    return 10 * np.log10(255**2 / error)


@pytest.mark.parametrize("style", ["wave/fast", "wave/reference"])
def test_it_paints_what_tensorflow_paints(style):
    picture = frame(427, 240)  # 427 columns are padded to 428
    expected = open_backend("tensorflow", find_style(style)).stylize(picture).astype(int)
    exact = open_backend("openvino", find_style(style), "fp32").stylize(picture)
    assert np.abs(exact - expected).max() <= FP32_LEVELS
    fastest = open_backend("openvino", find_style(style)).stylize(picture)
    assert psnr_db(fastest, expected) >= BF16_PSNR_DB


def test_a_second_start_needs_no_tensorflow(tiny_model, cache):
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from videostyle.backends import open_backend\n"
        "backend = open_backend('openvino', Path(sys.argv[1]))\n"
        "backend.stylize(np.zeros((1, 48, 64, 3), np.uint8))\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, tiny_model], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert loaded == ["['tensorflow', 'keras']", "[]"]
    assert len(list(cache.glob("*.xml"))) == 1


def test_another_model_in_the_same_file_is_not_taken_for_the_old_one(tiny_model, cache, tmp_path):
    from videostyle.models.model_file import load_model, save_model

    path = tmp_path / "style.keras"
    path.write_bytes(tiny_model.read_bytes())
    before = open_backend("openvino", path).stylize(frame(64, 48))
    model = load_model(path)
    model.network.set_weights([weight + 0.5 for weight in model.network.get_weights()])
    save_model(path, model.network, model.spec)
    after = open_backend("openvino", path).stylize(frame(64, 48))
    assert not np.array_equal(before, after)
    assert len(list(cache.glob("*.xml"))) == 2


def test_each_size_is_translated_once(tiny_model, cache):
    backend = open_backend("openvino", tiny_model)
    for width in (64, 72, 64):
        backend.stylize(frame(width, 48))
    assert len(list(cache.iterdir())) == 4  # two files each


def test_a_damaged_cache_is_one_clear_line(tiny_model, cache):
    open_backend("openvino", tiny_model).stylize(frame(64, 48))
    for path in cache.glob("*.xml"):
        path.write_text("<nonsense/>")
    with pytest.raises(BackendError, match="remove the file and try again"):
        open_backend("openvino", tiny_model).stylize(frame(64, 48))


def test_it_says_its_precision(tiny_model):
    assert open_backend("openvino", tiny_model, "fp32").description.endswith("in fp32")


def test_a_processor_without_bf16_is_told_so_and_takes_fp32(tiny_model, monkeypatch):
    import openvino

    monkeypatch.setattr(openvino.Core, "get_property", lambda *_: ["FP32", "INT8"])
    assert open_backend("openvino", tiny_model).description.endswith("in fp32")
    with pytest.raises(ConfigError, match="doesn't compute in bf16"):
        open_backend("openvino", tiny_model, "bf16")


def test_networks_of_many_layers_are_translated_too(make_style):
    """OpenVINO finds the weights of a SavedModel only as long as they are few."""
    deep = make_style(ReferenceSpec(filters=(4, 4, 4), residual_blocks=8, norm="batch"))
    painted = open_backend("openvino", deep, "fp32").stylize(frame(64, 48)).astype(int)
    expected = open_backend("tensorflow", deep).stylize(frame(64, 48))
    assert np.abs(painted - expected).max() <= FP32_LEVELS


def test_frames_side_by_side_come_back_in_their_order(tiny_model, monkeypatch):
    """Five frames on two requests: two full turns and a last one of a single frame."""
    monkeypatch.setattr("videostyle.backends.openvino.usable_cores", lambda: 2)
    backend = open_backend("openvino", tiny_model, "fp32")
    assert backend.frames_at_once == 2
    frames = np.concatenate([np.roll(frame(64, 48), 9 * number, axis=2) for number in range(5)])
    alone = [backend.stylize(each[np.newaxis])[0] for each in frames]
    assert np.abs(backend.stylize(frames).astype(int) - alone).max() <= FP32_LEVELS
