"""The code around Apple's runtime, with a stand-in for it: the runtime itself needs a Mac."""

import json

import numpy as np
import pytest

from videostyle.backends import open_backend
from videostyle.coreml import measure, native, parity
from videostyle.coreml.coremltools import import_coremltools
from videostyle.coreml.measure import MeasureConfig, measure_latency
from videostyle.coreml.runtime import PortableModel
from videostyle.device.latency import LatencyRecord
from videostyle.errors import BackendError, ConfigError, TargetError
from videostyle.frames import Size

RECORD = LatencyRecord(
    "iPhone XS",
    "iOS 17.5",
    "cpu-and-ne",
    "wave.mlpackage",
    "853x480",
    (61.5, 30.25, 31.0),
    "2026-01-02T03:04:05+00:00",
)


@pytest.fixture
def mac(monkeypatch, tiny_package):
    """A Mac whose Core ML is the portable runtime; gives the compute units that were asked for."""
    from PIL import Image

    ct = import_coremltools()
    asked = []

    class StandIn:
        def __init__(self, path, compute_units):
            asked.append(compute_units.name)
            self._model = PortableModel(path)

        def predict(self, inputs):
            painted = self._model.predict(np.asarray(inputs["image"]))
            return {"stylized": Image.fromarray(painted).convert("RGBA")}

    monkeypatch.setattr(ct.models, "MLModel", StandIn)
    # The backend first: it is imported here, and takes what the name means at that moment.
    monkeypatch.setattr("videostyle.backends.coreml.is_native", lambda: True)
    for module in (native, measure, parity):
        monkeypatch.setattr(module, "is_native", lambda: True)
    return asked


def test_without_a_mac_it_says_so(tiny_package):
    with pytest.raises(BackendError, match="macOS only"):
        native.NativeModel(tiny_package)
    with pytest.raises(BackendError, match="run this on a Mac"):
        measure_latency(tiny_package, MeasureConfig())


def test_on_a_mac_pictures_go_through_apples_interface(mac, tiny_package):
    image = np.random.default_rng(1).integers(0, 256, (1, 48, 64, 3), np.uint8)
    backend = open_backend("coreml", tiny_package, compute="npu")
    assert "Apple's runtime, compute units: cpu-and-ne" in backend.description
    assert np.array_equal(backend.stylize(image)[0], PortableModel(tiny_package).predict(image[0]))
    assert mac == ["CPU_AND_NE"]


def test_on_a_mac_every_compute_unit_is_compared(mac, tiny_package, tiny_style):
    from videostyle.coreml.check import check_package, fill
    from videostyle.samples import sample_frame

    report = check_package(
        tiny_package, against=str(tiny_style), frames=[fill(sample_frame(), Size(64, 48))]
    )
    assert [c.status.value for c in report.comparisons] == ["passed"] * 6
    assert sorted(mac) == ["ALL", "CPU_AND_GPU", "CPU_AND_NE", "CPU_ONLY"]


def test_what_is_written_is_what_the_preview_reads(tmp_path):
    RECORD.write(tmp_path / "phone.json")
    assert json.loads((tmp_path / "phone.json").read_text()) == {
        "format": 1,
        "device": "iPhone XS",
        "system": "iOS 17.5",
        "compute_unit": "cpu-and-ne",
        "model": "wave.mlpackage",
        "size": "853x480",
        "made_at": "2026-01-02T03:04:05+00:00",
        "samples_ms": [61.5, 30.25, 31.0],
    }
    assert [path.name for path in tmp_path.iterdir()] == ["phone.json"]
    with pytest.raises(TargetError, match="can't be written"):
        RECORD.write(tmp_path / "no" / "phone.json")


def test_a_phone_needs_a_signature():
    with pytest.raises(ConfigError, match="needs a team"):
        MeasureConfig(device="iPhone")
    with pytest.raises(ConfigError, match="out of range"):
        MeasureConfig(samples=0)
    assert MeasureConfig(device="iPhone", team="ABCDE").device
