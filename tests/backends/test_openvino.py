"""The OpenVINO backend: the same picture as TensorFlow's, and no TensorFlow in it."""

import subprocess
import sys
import zipfile

import cv2
import numpy as np
import pytest

from tests.models.variants import VARIANTS, random_weights
from videostyle.backends import open_backend
from videostyle.errors import BackendError, ConfigError, ModelLoadError
from videostyle.models.model_file import save_weights
from videostyle.models.styles import find_style
from videostyle.samples import sample_frame

# Of one level: both round the same numbers, computed in another order.
FP32_LEVELS = 1
BF16_PSNR_DB = 45.0


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


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("size", [(64, 48), (53, 38)])
def test_it_builds_every_network_that_a_spec_describes(name, size, tmp_path):
    model = tmp_path / "m.keras"
    save_weights(model, VARIANTS[name], random_weights(VARIANTS[name]), precision="float32")
    expected = open_backend("tensorflow", model).stylize(frame(*size)).astype(int)
    painted = open_backend("openvino", model, "fp32").stylize(frame(*size))
    assert np.abs(painted - expected).max() <= FP32_LEVELS
    assert expected.std() > 20  # neither black nor white, where all networks agree


def test_it_needs_neither_tensorflow_nor_keras(tiny_model):
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "sys.modules |= dict.fromkeys(('tensorflow', 'keras'))  # importing them fails\n"
        "from videostyle.backends import open_backend\n"
        "backend = open_backend('openvino', Path(sys.argv[1]))\n"
        "print(backend.stylize(np.zeros((1, 48, 64, 3), np.uint8)).shape)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, tiny_model], capture_output=True, text=True, check=True
    )
    assert out.stdout == "(1, 48, 64, 3)\n"


def test_a_damaged_model_is_one_clear_line(tmp_path):
    weights = random_weights(VARIANTS["fast"])
    save_weights(tmp_path / "m.keras", VARIANTS["fast"], weights)
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        description = archive.read("videostyle.json")
    with zipfile.ZipFile(tmp_path / "broken.keras", "w") as archive:
        archive.writestr("videostyle.json", description)
        archive.writestr("model.weights.h5", b"nothing")
    with pytest.raises(ModelLoadError, match=r"broken\.keras: its weights don't fit its network"):
        open_backend("openvino", tmp_path / "broken.keras")


def test_a_network_that_cannot_be_compiled_is_one_clear_line(tiny_model, monkeypatch):
    import openvino

    def refuse(*_):
        raise RuntimeError("no memory\nat this address")

    monkeypatch.setattr(openvino.Core, "compile_model", refuse)
    with pytest.raises(BackendError, match=r"can't be compiled for 64x48: no memory$"):
        open_backend("openvino", tiny_model).stylize(frame(64, 48))


def test_it_says_its_precision(tiny_model):
    assert open_backend("openvino", tiny_model, "fp32").description.endswith("in fp32")


def test_a_processor_without_bf16_is_told_so_and_takes_fp32(tiny_model, monkeypatch):
    import openvino

    monkeypatch.setattr(openvino.Core, "get_property", lambda *_: ["FP32", "INT8"])
    assert open_backend("openvino", tiny_model).description.endswith("in fp32")
    with pytest.raises(ConfigError, match="doesn't compute in bf16"):
        open_backend("openvino", tiny_model, "bf16")


def test_frames_side_by_side_come_back_in_their_order(tiny_model, monkeypatch):
    """Five frames on two requests: two full turns and a last one of a single frame."""
    monkeypatch.setattr("videostyle.backends.openvino.usable_cores", lambda: 2)
    backend = open_backend("openvino", tiny_model, "fp32")
    assert backend.frames_at_once == 2
    frames = np.concatenate([np.roll(frame(64, 48), 9 * number, axis=2) for number in range(5)])
    alone = [backend.stylize(each[np.newaxis])[0] for each in frames]
    assert np.abs(backend.stylize(frames).astype(int) - alone).max() <= FP32_LEVELS
