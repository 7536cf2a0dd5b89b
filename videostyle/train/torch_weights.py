"""Reading a PyTorch checkpoint of the old, non-zip form without PyTorch.

The file is a series of pickles followed by raw numbers. A pickle can name any function to run, so
the reader knows four names and refuses all others.
"""

import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.errors import TrainError

MAGIC = 0x1950A86A20F9469CFC6C

STORAGE_DTYPES = {"FloatStorage": np.float32, "LongStorage": np.int64}


class _Storage:
    """The numbers behind one or more tensors, filled in when the raw part is read."""

    def __init__(self, dtype: type, count: int) -> None:
        self.dtype, self.count = dtype, count
        self.numbers: np.ndarray = np.empty(0, dtype)


class _View:
    """A tensor whose storage isn't read yet."""

    def __init__(
        self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
    ) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def read(self) -> np.ndarray:
        numbers = self.storage.numbers[self.offset :]
        last = sum((n - 1) * stride for n, stride in zip(self.shape, self.strides, strict=True))
        if (
            min(self.shape, default=1) < 1
            or min(self.strides, default=0) < 0
            or (last >= len(numbers))
        ):
            raise ValueError("a tensor reaches beyond its storage")
        steps = [stride * numbers.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(numbers, self.shape, steps).copy()


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BufferedIOBase) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *arguments: _View(*arguments[:4])
        if module == "torch" and name in STORAGE_DTYPES:
            return STORAGE_DTYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a file of weights")

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, _, count, _ = pid
        return self.storages.setdefault(key, _Storage(dtype, count))


def read_torch_weights(path: Path) -> dict[str, np.ndarray]:
    """Read every tensor of a checkpoint.

    Returns:
        Arrays by name, in PyTorch's layout: kernels [out, in, height, width].

    Raises:
        TrainError: the file is missing, damaged, or of the wrong kind.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except OSError as error:
        raise TrainError(f"{path}: can't be read: {error.strerror or error}") from error
    except (
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
    ) as error:
        raise TrainError(
            f"{path}: is not a PyTorch checkpoint of the expected kind: {error}"
        ) from error


def _read(file: Any) -> dict[str, np.ndarray]:
    if _Reader(file).load() != MAGIC:
        raise ValueError("wrong magic number")
    for _ in ("protocol version", "system"):
        _Reader(file).load()
    reader = _Reader(file)
    tensors = reader.load()
    for key in _Reader(file).load():
        _fill(file, reader.storages[key])
    return {name: view.read() for name, view in tensors.items() if isinstance(view, _View)}


def _fill(file: Any, storage: _Storage) -> None:
    count = int.from_bytes(file.read(8), "little")
    if count != storage.count:
        raise ValueError("a storage is cut short")
    data = file.read(count * np.dtype(storage.dtype).itemsize)
    storage.numbers = np.frombuffer(data, storage.dtype, count)
