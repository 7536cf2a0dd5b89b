"""Reading the ML program of a package."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from videostyle.coreml.blobs import WeightsFiles, read_value, sides_of
from videostyle.coreml.constexpr import compressed_form, decompress
from videostyle.coreml.messages import data_type_name
from videostyle.coreml.program import Operation, Program, Value


def read_ml_program(
    spec: Any, function: str, blobs: WeightsFiles, known: Mapping[str, Any] | None = None
) -> Program:
    """Read one function of a program, with its weights.

    Args:
        spec: the `Model` message.
        function: its name.
        blobs: the files of its weights.
        known: inputs that are set beforehand, by name.

    Raises:
        ModelLoadError: a file of weights is missing or damaged.
        ValueError, KeyError: the program is damaged or has a value of an unknown kind.
    """
    return _Reader(blobs).read(spec.mlProgram.functions[function], known or {})


class _Reader:
    def __init__(self, blobs: WeightsFiles) -> None:
        self._blobs = blobs
        self._values: dict[str, Value] = {}
        self._compression: Counter[str] = Counter()

    def read(self, function: Any, known: Mapping[str, Any]) -> Program:
        if function.opset not in function.block_specializations:
            raise ValueError("a function without operations")
        block = function.block_specializations[function.opset]
        named = [self._declare(each, known.get(each.name)) for each in function.inputs]
        inputs = tuple(value for value in named if value.constant is None)
        steps = [step for each in block.operations if (step := self._read(each))]
        outputs = tuple(self._named(name) for name in block.outputs)
        return Program(inputs, outputs, tuple(steps), dict(self._compression))

    def _declare(self, named: Any, constant: Any = None) -> Value:
        tensor = named.type.tensorType
        value = Value(named.name, data_type_name(tensor.dataType), sides_of(tensor), constant)
        self._values[named.name] = value
        return value

    def _named(self, name: str) -> Value:
        if name not in self._values:
            raise ValueError(f"a value '{name}' that nothing makes")
        return self._values[name]

    def _read(self, message: Any) -> Operation | None:
        """An operation, or None for a constant, which is kept by its name."""
        kind, outputs = message.type, message.outputs
        if kind == "const":
            self._declare(outputs[0], read_value(message.attributes["val"], self._blobs))
            return None
        inputs = {name: self._argument(each) for name, each in message.inputs.items()}
        if kind.startswith("constexpr_"):
            self._declare(outputs[0], self._decompressed(message, inputs))
            return None
        name = message.attributes["name"].immediateValue.tensor.strings.values
        made = tuple(self._declare(each) for each in outputs)
        return Operation(kind, name[0] if name else made[0].name, inputs, made)

    def _argument(self, argument: Any) -> Value | tuple[Value, ...]:
        values = [
            self._named(each.name)
            if each.WhichOneof("binding") == "name"
            else self._constant(each.value)
            for each in argument.arguments
        ]
        return values[0] if len(values) == 1 else tuple(values)

    def _constant(self, message: Any) -> Value:
        tensor = message.type.tensorType
        return Value(
            "",
            data_type_name(tensor.dataType),
            sides_of(tensor),
            read_value(message, self._blobs),
        )

    def _decompressed(self, message: Any, inputs: dict[str, Any]) -> Any:
        """A weight; its parameters are attributes before iOS18, and inputs since."""
        values = {
            name: self._constant(each)
            for name, each in message.attributes.items()
            if name != "name"
        } | inputs
        given = {name: value.constant for name, value in values.items()}
        if any(value is None for value in given.values()):
            raise ValueError(f"a {message.type} of a computed value")
        dtypes = {name: value.dtype for name, value in values.items()}
        self._compression[compressed_form(message.type, given, dtypes)] += 1
        return decompress(message.type, given)
