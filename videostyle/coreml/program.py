"""The program inside a Core ML file, as plain data: MIL's operations, whoever wrote them down.

Two readers make it: `ml_program` of packages, `neural_network` of the old `.mlmodel` files, whose
layers become the MIL operations that do the same. All else walks the `Program`.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Value:
    """One value of the program.

    Attributes:
        name: unique in the program.
        dtype: fp32, fp16, int32, bool, string and so on.
        shape: its sides; None where they follow the input or are not written down.
        constant: numpy array, number, string or list if it is known; weights are decompressed.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...]
    constant: Any = None


@dataclass(frozen=True)
class Operation:
    """One step of the program.

    Attributes:
        kind: MIL's name, such as `conv`.
        name: of this step.
        inputs: values by parameter name; some parameters take several.
        outputs: mostly one.
    """

    kind: str
    name: str
    inputs: dict[str, Value | tuple[Value, ...]]
    outputs: tuple[Value, ...]


@dataclass(frozen=True)
class Program:
    """The operations in order, constants left out.

    Attributes:
        inputs, outputs: values that go in and come out.
        operations: in an order in which they can run.
        compression: how many weights are stored in each compressed form: int8, palette6 and so on.
    """

    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    operations: tuple[Operation, ...]
    compression: dict[str, int]

    @property
    def kind(self) -> str:
        """The compressed form of the weights, or the precision of the arithmetic."""
        if self.compression:
            return "+".join(sorted(self.compression))
        halves = any(value.dtype == "fp16" for op in self.operations for value in op.outputs)
        return "fp16" if halves else "fp32"

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of operation occurs, by name."""
        return dict(sorted(Counter(operation.kind for operation in self.operations).items()))
