"""Arrays as ML programs store them: inside the description, or as blocks of a weights file."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.coreml.messages import data_type_name
from videostyle.errors import ModelLoadError

# What stands before each block: u32 mark, u32 type, u64 length, u64 place.
BLOB_MARK = 0xDEADBEEF
BLOB_HEADER_BYTES = 64

# More numbers than any style network has in one weight; a file is a stranger's data.
MOST_NUMBERS = 1 << 27

_NUMPY = {
    "fp16": np.float16,
    "fp32": np.float32,
    "fp64": np.float64,
    "int8": np.int8,
    "int16": np.int16,
    "int32": np.int32,
    "int64": np.int64,
    "uint8": np.uint8,
    "uint16": np.uint16,
    "uint32": np.uint32,
    "uint64": np.uint64,
    "bool": np.bool_,
}

# Numbers of less than a byte, packed from the lowest bit up.
_BITS = {"int4": 4, "uint1": 1, "uint2": 2, "uint3": 3, "uint4": 4, "uint6": 6}


def read_value(value: Any, blobs: "WeightsFiles") -> Any:
    """What a `Value` message holds: array, number, string, or list of these.

    Raises:
        ModelLoadError: it holds another number of them than its type says.
        ValueError: it is of a kind that no picture network needs.
    """
    kind = value.type.WhichOneof("type")
    if kind == "listType":
        return [read_value(each, blobs) for each in value.immediateValue.list.values]
    if kind != "tensorType":
        raise ValueError(f"a constant of the kind {kind}")
    tensor = value.type.tensorType
    dtype, shape = data_type_name(tensor.dataType), sides_of(tensor)
    if value.WhichOneof("value") == "blobFileValue":
        count = checked_count(shape)
        data = blobs.read(value.blobFileValue.fileName, value.blobFileValue.offset, count, dtype)
        return _from_bytes(data, dtype, shape)
    return _immediate(value.immediateValue.tensor, dtype, shape)


def sides_of(tensor: Any) -> tuple[int | None, ...]:
    """The shape in a `TensorType` message; None where it is free."""
    return tuple(
        int(side.constant.size) if side.WhichOneof("dimension") == "constant" else None
        for side in tensor.dimensions
    )


def checked_count(shape: tuple[int | None, ...]) -> int:
    """How many numbers a shape has.

    Raises:
        ValueError: a side is free, or there are more than any network's weight has.
    """
    if None in shape:
        raise ValueError("a constant of unknown shape")
    count = math.prod(side for side in shape if side is not None)
    if count > MOST_NUMBERS:
        raise ValueError(f"a constant of {count} numbers; at most {MOST_NUMBERS} are read")
    return count


def _immediate(tensor: Any, dtype: str, shape: tuple[int | None, ...]) -> Any:
    field = tensor.WhichOneof("value")
    held: Any = getattr(tensor, field).values if field else ()
    if field == "bytes":
        return _from_bytes(bytes(held), dtype, shape)
    if dtype == "string":
        return list(held) if shape else held[0]
    if dtype not in _NUMPY:
        raise ValueError(f"a constant of the type {dtype}")
    return _shaped(np.array(held, _NUMPY[dtype]), shape)


def _from_bytes(data: bytes, dtype: str, shape: tuple[int | None, ...]) -> Any:
    if dtype == "string":
        return data.decode()
    if dtype in _BITS:
        return _shaped(unpack(data, _BITS[dtype], checked_count(shape), dtype == "int4"), shape)
    if dtype not in _NUMPY:
        raise ValueError(f"a constant of the type {dtype}")
    return _shaped(np.frombuffer(data, _NUMPY[dtype]), shape)


def _shaped(array: np.ndarray, shape: tuple[int | None, ...]) -> Any:
    if array.size != checked_count(shape):
        raise ValueError(f"a constant of {array.size} numbers for the shape {list(shape)}")
    return array.reshape([side or 0 for side in shape]) if len(shape) else array.reshape(-1)[0]


def unpack(data: bytes, bits: int, count: int, signed: bool = False) -> np.ndarray:
    """Numbers of a few bits each, packed from the lowest bit up.

    Returns:
        uint8 [count], or int8 if they have a sign.

    Raises:
        ValueError: there are fewer of them.
    """
    if len(data) * 8 < count * bits:
        raise ValueError(f"{len(data)} bytes hold no {count} numbers of {bits} bits")
    loose = np.unpackbits(np.frombuffer(data, np.uint8), count=count * bits, bitorder="little")
    numbers = np.packbits(loose.reshape(count, bits), axis=1, bitorder="little")[:, 0]
    return ((numbers ^ 8).astype(np.int8) - 8) if signed else numbers


class WeightsFiles:
    """The files beside a program that hold its weights; nothing outside their folder is read."""

    def __init__(self, package: Path, folder: Path) -> None:
        """Args:
        package: whose they are, for errors.
        folder: where the program lies.
        """
        self._package, self._folder = package, folder
        self._maps: dict[str, np.ndarray] = {}

    def read(self, name: str, offset: int, count: int, dtype: str) -> bytes:
        """One block.

        Raises:
            ModelLoadError: its file is missing, a link, or cut short, or the block is another.
        """
        file = self._file(name)
        header = file[offset : offset + BLOB_HEADER_BYTES].tobytes()
        length, place = (int.from_bytes(header[at : at + 8], "little") for at in (8, 16))
        marked = int.from_bytes(header[:4], "little") == BLOB_MARK
        whole = len(header) == BLOB_HEADER_BYTES and marked and place + length <= len(file)
        bits = _BITS.get(dtype) or 8 * np.dtype(_NUMPY.get(dtype, np.uint8)).itemsize
        if not whole or length != -(-count * bits // 8):
            raise ModelLoadError(
                f"{self._package}: its {Path(name).name} is cut short or damaged "
                f"({len(file)} bytes); copy or convert it anew"
            )
        return file[place : place + length].tobytes()

    def _file(self, name: str) -> np.ndarray:
        if name not in self._maps:
            inside = Path(name.removeprefix("@model_path/"))
            path = self._folder / inside
            try:
                if ".." in inside.parts or inside.is_absolute() or not is_plain(path, self._folder):
                    raise OSError(f"{name} lies outside")
                empty = path.stat().st_size == 0
                self._maps[name] = (
                    np.zeros(0, np.uint8) if empty else np.memmap(path, np.uint8, "r")
                )
            except OSError as error:
                raise ModelLoadError(f"{self._package}: its weights {name} are missing") from error
        return self._maps[name]


def is_plain(path: Path, folder: Path) -> bool:
    """A regular file that is reached without a link below the folder."""
    steps = [path, *(parent for parent in path.parents if folder in parent.parents)]
    return path.is_file() and not any(step.is_symlink() for step in steps)
