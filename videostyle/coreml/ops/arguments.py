"""What an operation is given: its inputs, and in which order their axes stand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from videostyle.coreml.program import Operation, Value
from videostyle.errors import ModelLoadError


@dataclass(frozen=True)
class Held:
    """A value while the program runs.

    MIL's pictures are channels first, TensorFlow's convolutions on a CPU want channels last. So a
    picture stays channels last from operation to operation, and a `transpose` only renames axes.

    Attributes:
        tensor: with static shape.
        channels_last: the tensor is [N, H, W, C] where MIL means [N, C, H, W].
    """

    tensor: Any
    channels_last: bool = False

    @property
    def rank(self) -> int:
        return len(self.tensor.shape)

    def first(self) -> Any:
        """The tensor in MIL's own order."""
        return tf.transpose(self.tensor, [0, 3, 1, 2]) if self.channels_last else self.tensor

    def last(self) -> Any:
        """A picture as [N, H, W, C]."""
        return self.tensor if self.channels_last else tf.transpose(self.tensor, [0, 2, 3, 1])

    def axis(self, axis: int) -> int:
        """Where one of MIL's axes stands in the tensor."""
        axis = axis % self.rank
        return (0, 3, 1, 2)[axis] if self.channels_last else axis

    def ordered(self, per_axis: list[Any]) -> list[Any]:
        """Something given for each of MIL's axes, in the order of the tensor's."""
        if not self.channels_last:
            return list(per_axis)
        n, channels, rows, columns = per_axis
        return [n, rows, columns, channels]

    def like(self, tensor: Any) -> "Held":
        """A result whose axes stand as this value's."""
        return Held(tensor, self.channels_last)


class Arguments:
    """The inputs of one operation."""

    def __init__(self, operation: Operation, values: dict[str, Held]) -> None:
        self._operation, self._values = operation, values

    def __contains__(self, name: str) -> bool:
        return name in self._operation.inputs

    def __getitem__(self, name: str) -> Held:
        """A computed value or a constant, as a tensor."""
        return self._held(self._one(name))

    def several(self, name: str) -> list[Held]:
        """The values of a parameter that takes any number."""
        given = self._operation.inputs[name]
        return [self._held(value) for value in (given if isinstance(given, tuple) else (given,))]

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

    def numbers(self, name: str, default: list[int]) -> list[int]:
        """A parameter that is a list of whole numbers."""
        return [int(n) for n in np.atleast_1d(self.constant(name, default))]

    def picture(self, name: str = "x") -> Any:
        """A picture as [N, H, W, C].

        Raises:
            ModelLoadError: the value has another number of axes.
        """
        held = self[name]
        if held.rank != 4:
            raise self.refuse(f"is given {held.rank} axes; only pictures, with 4, are known")
        return held.last()

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        return self._operation.outputs[0].shape

    @property
    def output_dtype(self) -> str:
        return self._operation.outputs[0].dtype

    def refuse(self, why: str) -> ModelLoadError:
        """An error that names this operation."""
        return ModelLoadError(f"operation {self._operation.kind} '{self._operation.name}' {why}")

    def _one(self, name: str) -> Value:
        given = self._operation.inputs[name]
        if isinstance(given, tuple):
            raise self.refuse(f"is given several values for '{name}'")
        return given

    def _held(self, value: Value) -> Held:
        if value.constant is not None:
            return Held(_as_tensor(value.constant))
        return self._values[value.name]


def _as_tensor(constant: Any) -> Any:
    array = np.asarray(constant)
    return tf.constant(array.astype(np.float32) if array.dtype == np.float16 else array)


Function = Callable[[Arguments], Held | list[Held]]

OPERATIONS: dict[str, Function] = {}


def operation(*names: str) -> Callable[[Function], Function]:
    """Enter a function under MIL's names."""

    def enter(function: Function) -> Function:
        for name in names:
            OPERATIONS[name] = function
        return function

    return enter
