"""Writing MIL operations down, one layer after the other."""

from collections.abc import Callable
from typing import Any

import numpy as np

from videostyle.coreml.program import Operation, Value


class Steps:
    """The operations so far, and the layer that is being read.

    Old networks mean five axes, sequence, batch, channel, height and width, of which a picture
    needs the last three; here it has the four of MIL. Since 2019 networks may count as MIL does.

    Attributes:
        operations: those so far.
        layer: the message of the layer that is being read.
        five_axes: axes are counted as in the old networks.
    """

    def __init__(self, five_axes: bool) -> None:
        self.operations: list[Operation] = []
        self.five_axes = five_axes
        self.layer: Any = None
        self._values: dict[str, Value] = {}

    def declare(self, name: str, constant: Any = None) -> Value:
        """Enter a value that no operation makes."""
        shape = () if constant is None else np.shape(constant)
        self._values[name] = Value(name, "fp32", shape, constant)
        return self._values[name]

    def named(self, name: str) -> Value:
        """The value that a layer calls by this name.

        Raises:
            ValueError: nothing makes it.
        """
        if name not in self._values:
            raise ValueError(f"a value '{name}' that nothing makes")
        return self._values[name]

    @property
    def x(self) -> Value:
        """The layer's only or first input."""
        return self.named(self.layer.input[0])

    @property
    def inputs(self) -> list[Value]:
        """All that the layer takes."""
        return [self.named(name) for name in self.layer.input]

    def add(self, kind: str, **inputs: Any) -> Value:
        """An operation between two values; plain inputs become constants."""
        return self._add(kind, (f"{self.layer.output[0]}:{len(self.operations)}",), inputs)[0]

    def end(self, kind: str, **inputs: Any) -> None:
        """The operation whose results are the layer's."""
        self._add(kind, tuple(self.layer.output), inputs)

    def end_as(self, value: Value) -> None:
        """The layer's result is a value that stands already."""
        self._values[self.layer.output[0]] = value

    def axis(self, axis: int) -> int:
        """One of the network's axes, as MIL counts."""
        return axis - 1 if self.five_axes and axis > 0 else axis

    def _add(self, kind: str, names: tuple[str, ...], inputs: dict[str, Any]) -> list[Value]:
        outputs = [self.declare(name) for name in names]
        given = {name: _value(each) for name, each in inputs.items() if each is not None}
        self.operations.append(Operation(kind, self.layer.name, given, tuple(outputs)))
        return outputs


def _value(given: Any) -> Value | tuple[Value, ...]:
    if isinstance(given, Value):
        return given
    if isinstance(given, tuple) and given and isinstance(given[0], Value):
        return given
    array = np.asarray(given)
    dtype = {"f": "fp32", "i": "int32", "u": "int32", "b": "bool"}.get(array.dtype.kind, "string")
    if dtype == "fp32":
        given = array = array.astype(np.float32)
    return Value("", dtype, array.shape, given)


Layer = Callable[[Any, Steps], None]

LAYERS: dict[str, Layer] = {}


def layer(*names: str) -> Callable[[Layer], Layer]:
    """Enter a function under the names of the layers that it reads."""

    def enter(function: Layer) -> Layer:
        for name in names:
            LAYERS[name] = function
        return function

    return enter
