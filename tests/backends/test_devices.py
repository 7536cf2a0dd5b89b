"""GPU and NPU through OpenVINO, with stand-ins: the processor under other names."""

import time
from pathlib import Path

import numpy as np
import openvino
import pytest

from videostyle.backends import open_backend
from videostyle.backends.openvino_devices import MOST_LEVELS
from videostyle.errors import BackendError, ConfigError
from videostyle.pipeline.plan import plan_frames
from videostyle.pipeline.recipe import recipe_of
from videostyle.pipeline.stylize_config import StylizeConfig

# Stand-in devices are slower or faster than the processor by a wait of this many seconds a frame.
WAIT_S = 0.1

REAL_CORE = openvino.Core


class StandIn:
    """A machine with more devices than a processor.

    Attributes:
        compiled: the devices that networks were compiled for, and the settings.
        wait_s: seconds that a frame takes longer, by device.
        levels: what is added to every number of a frame, by device.
        broken: devices whose driver fails.
    """

    def __init__(self, *devices):
        self.available_devices = ["CPU", *devices]
        self.compiled, self.wait_s, self.levels, self.broken = [], {}, {}, set()
        self._core = REAL_CORE()

    def get_property(self, device, name):
        assert device == "CPU"
        return self._core.get_property(device, name)

    def compile_model(self, graph, device, settings):
        if device in self.broken:
            raise RuntimeError("[GPU] clCreateContext, error code: -1")
        self.compiled.append((device, settings))
        return _Compiled(self, device, self._core.compile_model(graph, "CPU"))


class _Compiled:
    def __init__(self, machine, device, compiled):
        self._machine, self._device, self._compiled = machine, device, compiled

    def create_infer_request(self):
        return _Request(self._machine, self._device, self._compiled.create_infer_request())


class _Request:
    def __init__(self, machine, device, request):
        self._wait_s = machine.wait_s.get(device, 0)
        self._levels = machine.levels.get(device, 0)
        self._request = request

    def start_async(self, inputs, share_inputs):
        self._request.start_async(inputs, share_inputs=share_inputs)

    def wait(self):
        self._request.wait()
        time.sleep(self._wait_s)

    def get_output_tensor(self, index):
        painted = self._request.get_output_tensor(index).data.astype(int) + self._levels
        return type("Tensor", (), {"data": np.clip(painted, 0, 255).astype(np.uint8)})


@pytest.fixture
def machine(monkeypatch):
    def make(*devices):
        stand_in = StandIn(*devices)
        monkeypatch.setattr(openvino, "Core", lambda: stand_in)
        return stand_in

    return make


def device_of(model, compute="auto"):
    return open_backend("openvino", model, compute=compute).description.split(" on ")[1]


def test_by_default_it_is_the_processor(machine, tiny_model):
    stand_in = machine("GPU")
    assert device_of(tiny_model, "default").startswith("CPU in ")
    assert device_of(tiny_model, "cpu").startswith("CPU in ")
    assert stand_in.compiled == []


@pytest.mark.parametrize(
    ("compute", "device", "precision", "hint"),
    [("gpu", "GPU.0", "fp32", "f32"), ("npu", "NPU", "fp16", "f16")],
)
def test_a_device_that_is_asked_for_paints(machine, tiny_model, compute, device, precision, hint):
    stand_in = machine("GPU.0", "GPU.1", "NPU")
    backend = open_backend("openvino", tiny_model, compute=compute)
    assert backend.description.endswith(f" on {device} in {precision}")
    frames = np.random.default_rng(1).integers(0, 256, (3, 48, 64, 3), np.uint8)
    painted = backend.stylize(frames)
    assert [used for used, _ in stand_in.compiled] == [device]
    settings = stand_in.compiled[0][1]
    assert settings == {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "THROUGHPUT"}
    on_cpu = open_backend("openvino", tiny_model, "fp32").stylize(frames)
    assert np.abs(painted.astype(int) - on_cpu).max() <= MOST_LEVELS


def test_a_device_that_is_not_there_is_refused(machine, tiny_model):
    machine("NPU")
    with pytest.raises(ConfigError, match="finds no GPU on this machine, only CPU, NPU"):
        open_backend("openvino", tiny_model, compute="gpu")


def test_a_device_has_its_own_precision(machine, tiny_model):
    machine("NPU")
    with pytest.raises(ConfigError, match="NPU computes in fp16 here, not in fp32"):
        open_backend("openvino", tiny_model, "fp32", compute="npu")


def test_without_a_device_auto_tries_nothing(machine, tiny_model):
    stand_in = machine()
    assert device_of(tiny_model).startswith("CPU in ")
    assert stand_in.compiled == []


def test_auto_takes_the_fastest(machine, tiny_model):
    machine("GPU", "NPU").wait_s = {"CPU": 2 * WAIT_S, "GPU": WAIT_S}
    assert device_of(tiny_model) == "NPU in fp16"


def test_auto_keeps_the_processor_if_that_is_faster(machine, tiny_model):
    machine("GPU", "NPU").wait_s = {"GPU": WAIT_S, "NPU": WAIT_S}
    backend = open_backend("openvino", tiny_model, compute="auto")
    assert " on CPU in " in backend.description
    frames = np.zeros((1, 48, 64, 3), np.uint8)
    default = open_backend("openvino", tiny_model)
    assert backend.frames_at_once == default.frames_at_once
    assert np.array_equal(backend.stylize(frames), default.stylize(frames))


def test_auto_takes_no_device_that_fails_or_paints_otherwise(machine, tiny_model):
    stand_in = machine("GPU", "NPU")
    stand_in.wait_s = {"CPU": WAIT_S}
    stand_in.broken, stand_in.levels = {"GPU"}, {"NPU": 20}
    assert device_of(tiny_model).startswith("CPU in ")


def test_a_driver_that_fails_is_one_line(machine, tiny_model):
    machine("GPU").broken = {"GPU"}
    backend = open_backend("openvino", tiny_model, compute="gpu")
    with pytest.raises(BackendError, match=r"can't be compiled for 64x48: .GPU. clCreateContext"):
        backend.stylize(np.zeros((1, 48, 64, 3), np.uint8))


def test_the_device_belongs_to_the_recipe(counting_clip, tiny_model):
    clip = counting_clip(3)
    plans = [
        plan_frames(clip, StylizeConfig(style=str(tiny_model), compute=compute))
        for compute in ("cpu", "gpu")
    ]
    one, other = (recipe_of(plan, "openvino on CPU") for plan in plans)
    assert one.differences(other) == ["compute (cpu, now gpu)"]


def test_backends_without_devices_refuse_them(tiny_model):
    with pytest.raises(ConfigError, match="tensorflow backend can't be told to use the GPU"):
        open_backend("tensorflow", tiny_model, compute="gpu")
    with pytest.raises(ConfigError, match=r"a\.onnx: ONNX networks run on the processor only"):
        open_backend("openvino", Path("a.onnx"), compute="gpu")
    with pytest.raises(ConfigError, match="compute 'tpu' is unknown"):
        open_backend("identity", tiny_model, compute="tpu")
