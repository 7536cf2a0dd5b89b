"""bfloat16 where it pays, and the network trains in it."""

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

tf = import_tensorflow()

from videostyle.train.precision import (  # noqa: E402  (Keras needs its library chosen first)
    CPU,
    Device,
    choose_precision,
    find_device,
)
from videostyle.train.trainer import train_style  # noqa: E402


@pytest.mark.parametrize(
    ("setting", "is_fast", "chosen"),
    [
        ("auto", True, "bf16"),
        ("auto", False, "fp32"),
        ("bf16", False, "bf16"),
        ("fp32", True, "fp32"),
    ],
)
def test_auto_is_what_the_device_is_fast_in(setting, is_fast, chosen):
    assert choose_precision(setting, Device("any", is_fast)) == chosen


@pytest.mark.parametrize(
    ("details", "device"),
    [
        ({"device_name": "NVIDIA H100", "compute_capability": (9, 0)}, Device("NVIDIA H100", True)),
        ({"device_name": "Tesla T4", "compute_capability": (7, 5)}, Device("Tesla T4", False)),
        ({"device_name": "METAL"}, Device("METAL", False)),
    ],
)
def test_a_gpu_of_tensorflow_is_found(monkeypatch, details, device):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["the GPU"])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details)
    assert find_device() == device


def test_without_a_gpu_it_is_the_cpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert find_device() == CPU


def test_a_training_in_bfloat16_keeps_float32_weights(config, without_graphs):
    result = train_style(config(steps=2, precision="bf16"))
    assert result.card["precision"] == "bf16"
    assert result.network.get_layer("conv1").compute_dtype == "bfloat16"
    assert {weight.dtype for weight in result.network.get_weights()} == {np.dtype("float32")}
    assert np.isfinite(result.card["held_out"]["style"])
