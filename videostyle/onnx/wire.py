"""Looking into an ONNX file without reading it: are its weights there, inside, and bounded?

ONNX is protobuf. Only its wire format is walked here, so that a hostile file is refused before a
library loads it.

Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

import math
from collections.abc import Iterator
from pathlib import Path

# Field numbers of the messages.
MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER = 1, 5
NODE_ATTRIBUTE = 5
ATTRIBUTE_TENSOR, ATTRIBUTE_GRAPH, ATTRIBUTE_TENSORS, ATTRIBUTE_GRAPHS = 5, 6, 10, 11
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW, TENSOR_EXTERNAL = 1, 2, 8, 9, 13
ENTRY_KEY, ENTRY_VALUE = 1, 2

# Bytes of a number, by its type: float32, 8 and 16 bits, int32, int64, bool, float16, float64.
_BYTES = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 16: 2}

MOST_NUMBERS = 1 << 27
DEEPEST = 16  # graphs inside graphs

View = memoryview


def check_weights(data: bytes, folder: Path) -> None:
    """Walk through every weight of a model.

    Args:
        data: the file.
        folder: where it lies; weights in files of their own must lie there too.

    Raises:
        ValueError: the file is damaged, a weight is larger than any network's, has other bytes
            than its shape says, or lies in a file that is missing or outside.
    """
    for number, field in _fields(memoryview(data)):
        if number == MODEL_GRAPH:
            _check_graph(_message(field), folder, 0)


def _check_graph(graph: View, folder: Path, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("its graphs hold each other too deep")
    for number, field in _fields(graph):
        if number == GRAPH_INITIALIZER:
            _check_tensor(_message(field), folder)
        elif number == GRAPH_NODE:
            for inner, attribute in _fields(_message(field)):
                if inner == NODE_ATTRIBUTE:
                    _check_attribute(_message(attribute), folder, depth)


def _check_attribute(attribute: View, folder: Path, depth: int) -> None:
    for number, field in _fields(attribute):
        if number in (ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS):
            _check_tensor(_message(field), folder)
        elif number in (ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS):
            _check_graph(_message(field), folder, depth + 1)


def _check_tensor(tensor: View, folder: Path) -> None:
    dims: list[int] = []
    kind, raw, name, outside = 0, None, "", {}
    for number, field in _fields(tensor):
        if number == TENSOR_DIMS:
            dims += [field] if isinstance(field, int) else list(_varints(field))
        elif number == TENSOR_TYPE and isinstance(field, int):
            kind = field
        elif number == TENSOR_RAW:
            raw = len(_message(field))
        elif number == TENSOR_NAME:
            name = bytes(_message(field)).decode(errors="replace")
        elif number == TENSOR_EXTERNAL:
            entry = {at: bytes(_message(text)).decode() for at, text in _fields(_message(field))}
            outside[entry.get(ENTRY_KEY, "")] = entry.get(ENTRY_VALUE, "")
    count = math.prod(dims)
    if count > MOST_NUMBERS:
        raise ValueError(
            f"its weight '{name}' has {count} numbers; at most {MOST_NUMBERS} are read"
        )
    if raw is not None and kind in _BYTES and raw != count * _BYTES[kind]:
        raise ValueError(f"its weight '{name}' has {raw} bytes for the shape {dims}")
    if outside:
        _check_outside(outside.get("location", ""), name, folder)


def _check_outside(location: str, name: str, folder: Path) -> None:
    place = Path(location)
    file = folder / place
    inside = location and not place.is_absolute() and ".." not in place.parts
    if not inside or not file.is_file() or file.is_symlink():
        raise ValueError(f"the file '{location}' of its weight '{name}' is not beside it")


def _fields(message: View) -> Iterator[tuple[int, int | View]]:
    """Numbers and values of a message's fields.

    Raises:
        ValueError: it is no protobuf.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == 2:
            length, at = _varint(message, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError("is no ONNX model, or is damaged")
        if at + length > len(message):
            raise ValueError("is cut short or damaged")
        yield number, message[at : at + length]
        at += length


def _varints(packed: View) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _varint(message: View, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("is cut short or damaged")
        byte = message[at]
        value, at = value | (byte & 0x7F) << shift, at + 1
        if byte < 0x80:
            return value, at
    raise ValueError("is no ONNX model, or is damaged")


def _message(field: int | View) -> View:
    if isinstance(field, int):
        raise ValueError("is no ONNX model, or is damaged")
    return field
