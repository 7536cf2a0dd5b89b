"""The program inside a package, as plain data.

The only module that knows coremltools' own loader, which is not among what it promises to keep
(hence the pinned version). Everything else walks the `Program` made here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from videostyle.coreml.coremltools import quiet
from videostyle.coreml.package import Package
from videostyle.errors import ModelLoadError


@dataclass(frozen=True)
class Value:
    """One value of the program.

    Attributes:
        name: unique in the program.
        dtype: fp32, fp16, int32, bool, string and so on.
        shape: its sides; None where they follow the input.
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


def load_program(package: Package) -> Program:
    """Read a package's program and weights.

    Raises:
        ModelLoadError: it can't be understood.
    """
    from coremltools.converters.mil.frontend.milproto.load import load

    _check_known(package)
    spec = package.spec
    try:
        with quiet():
            loaded = load(spec, spec.specificationVersion, str(package.weights_folder))
        function = loaded.functions[loaded.default_function_name]
    except Exception as error:  # coremltools raises whatever it meets
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelLoadError(f"{package.path}: its program can't be read: {first_line}") from error
    return _as_program(function)


def _check_known(package: Package) -> None:
    """Name an operation that coremltools itself doesn't know; its own loader fails less clearly."""
    from coremltools.converters.mil.mil.ops.registry import SSAOpRegistry

    known = {*SSAOpRegistry.core_ops, *SSAOpRegistry.dialect_ops, "const"}
    for function in package.spec.mlProgram.functions.values():
        for block in function.block_specializations.values():
            unknown = sorted({operation.type for operation in block.operations} - known)
            if unknown:
                raise ModelLoadError(
                    f"{package.path}: has an operation that is not known: {', '.join(unknown)}"
                )


def _as_program(function: Any) -> Program:
    values: dict[str, Value] = {}
    compressed: Counter[str] = Counter()
    steps = []
    for op in function.operations:
        if op.op_type.startswith("constexpr"):
            compressed[_compressed_form(op)] += 1
        if op.op_type == "const" or op.op_type.startswith("constexpr"):
            continue
        steps.append(
            Operation(
                op.op_type,
                op.name,
                dict(_inputs(op, values)),
                tuple(_value(output, values) for output in op.outputs),
            )
        )
    inputs = tuple(_value(var, values) for var in function.inputs.values())
    outputs = tuple(_value(var, values) for var in function.outputs)
    return Program(inputs, outputs, tuple(steps), dict(compressed))


def _compressed_form(op: Any) -> str:
    """What the weights of a constexpr operation are stored as, such as int8 or palette6."""
    if op.op_type == "constexpr_lut_to_dense":
        # The table is flat before iOS18, and [..., entries, values per entry] since.
        table = op.lut.val.shape
        entries = table[0] if len(table) == 1 else table[-2]
        return f"palette{int(entries).bit_length() - 1}"
    data = op.inputs.get("quantized_data") or op.inputs.get("data")
    if data is not None and op.op_type in (
        "constexpr_affine_dequantize",
        "constexpr_blockwise_shift_scale",
    ):
        return _dtype(data)
    return str(op.op_type.removeprefix("constexpr_"))


def _dtype(var: Any) -> str:
    from coremltools.converters.mil.mil.types import builtin_to_string

    return str(builtin_to_string(var.dtype)) if hasattr(var, "dtype") else "list"


def _inputs(op: Any, values: dict[str, Value]) -> Iterator[tuple[str, Value | tuple[Value, ...]]]:
    for name, var in op.inputs.items():
        if isinstance(var, list | tuple):
            yield name, tuple(_value(each, values) for each in var)
        elif var is not None:
            yield name, _value(var, values)


def _value(var: Any, values: dict[str, Value]) -> Value:
    if var.name not in values:
        shape = tuple(
            int(side) if isinstance(side, int | np.integer) else None for side in (var.shape or ())
        )
        values[var.name] = Value(var.name, _dtype(var), shape, _constant(var))
    return values[var.name]


def _constant(var: Any) -> Any:
    """What a constant holds. A computed value that coremltools could fold counts as computed."""
    op = var.op
    if op is None:
        return None
    if op.op_type.startswith("constexpr"):
        return op.materialized_val_inference()
    return var.val if op.op_type == "const" else None
