"""What an operation is given: its inputs as nodes of a graph, or as plain values."""

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.program import Operation, Value
from videostyle.errors import ModelLoadError

Node = Any  # an OpenVINO `Output`


class Arguments:
    """The inputs of one operation."""

    def __init__(self, operation: Operation, nodes: dict[str, Node]) -> None:
        self._operation, self._nodes = operation, nodes

    def __contains__(self, name: str) -> bool:
        return name in self._operation.inputs

    def __getitem__(self, name: str) -> Node:
        """A computed value or a constant, as a node."""
        return self._node(self._one(name))

    def several(self, name: str) -> list[Node]:
        """The values of a parameter that takes any number."""
        given = self._operation.inputs[name]
        return [self._node(value) for value in (given if isinstance(given, tuple) else (given,))]

    def shape(self, name: str = "x") -> list[int]:
        """The sides of an input."""
        return list(self[name].get_shape())

    def constant(self, name: str, default: Any = None) -> Any:
        """A parameter that must be known beforehand, such as a stride.

        Raises:
            ModelLoadError: the program computes it.
        """
        if name not in self:
            return default
        value = self._one(name)
        if value.constant is None:
            raise self.refuse(f"computes its '{name}' while it runs")
        return value.constant

    def is_constant(self, name: str) -> bool:
        """It is given and known beforehand."""
        return name in self and self._one(name).constant is not None

    def number(self, name: str, default: float = 0.0) -> np.float32:
        """A parameter that is one number."""
        return np.float32(self.constant(name, default))

    def numbers(self, name: str, default: list[int] | None = None) -> list[int]:
        """A parameter that is a list of whole numbers."""
        return [int(n) for n in np.atleast_1d(self.constant(name, default or []))]

    def picture(self, name: str = "x") -> Node:
        """A picture, [N, C, H, W].

        Raises:
            ModelLoadError: the value has another number of axes.
        """
        node = self[name]
        if len(node.get_shape()) != 4:
            raise self.refuse(
                f"is given {len(node.get_shape())} axes; only pictures, with 4, are known"
            )
        return node

    @property
    def output_dtype(self) -> str:
        return self._operation.outputs[0].dtype

    @property
    def output_count(self) -> int:
        return len(self._operation.outputs)

    def refuse(self, why: str) -> ModelLoadError:
        """An error that names this operation."""
        return ModelLoadError(f"operation {self._operation.kind} '{self._operation.name}' {why}")

    def _one(self, name: str) -> Value:
        given = self._operation.inputs[name]
        if isinstance(given, tuple):
            raise self.refuse(f"is given several values for '{name}'")
        return given

    def _node(self, value: Value) -> Node:
        if value.constant is not None:
            return constant_node(value.constant)
        return self._nodes[value.name]


def constant_node(constant: Any) -> Node:
    """A constant; what is stored in float16 is computed with in float32."""
    array = np.asarray(constant)
    return op.constant(array.astype(np.float32) if array.dtype == np.float16 else array).output(0)


def whole(numbers: Any) -> np.ndarray:
    """Whole numbers as OpenVINO takes them."""
    return np.array(numbers, np.int64)


Function = Callable[[Arguments], Any]

OPERATIONS: dict[str, Function] = {}


def operation(*names: str) -> Callable[[Function], Function]:
    """Enter a function under MIL's names. It gives a node, or a list of one for each output."""

    def enter(function: Function) -> Function:
        for name in names:
            OPERATIONS[name] = function
        return function

    return enter
