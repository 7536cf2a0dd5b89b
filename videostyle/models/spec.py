"""Specs: small descriptions of style networks, which can be read without TensorFlow."""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from videostyle.errors import ModelLoadError

NORMS = ("instance", "batch")
UPSAMPLINGS = ("nearest", "transposed")
PADDINGS = ("reflect", "zero")
INPUT_SCALINGS = ("unit", "none")

# A model file may come from a stranger: a spec beyond these would exhaust the memory.
MOST_FILTERS = 1024
MOST_BLOCKS = 64


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise ModelLoadError(message)


def _check_count(name: str, value: object, low: int, high: int) -> None:
    _check(
        type(value) is int and low <= value <= high,
        f"{name} must be a whole number from {low} to {high}, not {value!r}",
    )


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    _check(value in choices, f"{name} must be one of {', '.join(choices)}, not {value!r}")


@dataclass(frozen=True)
class ReferenceSpec:
    """The article's network, after Johnson et al. 2016: halve twice, residual blocks, double twice.

    Attributes:
        filters: of the first convolution, and after each halving of the size.
        residual_blocks: how many, at a quarter of the size.
        separable: the residual blocks' convolutions are depthwise separable.
        norm: instance or batch.
        upsample: nearest (resize, then convolve) or transposed (convolution).
        end_kernel: side of the first and last kernel, 3 or 9.
        head_norm: whether a norm follows the last convolution too, as in older models.
        padding: reflect or zero, before every convolution.
        norm_epsilon: added to the variance.
        output_gain: the output is tanh * gain + 127.5, in levels.
        input_scaling: unit (levels / 127.5 - 1) or none (levels as they are).
    """

    architecture: ClassVar[str] = "reference"
    size_multiple: ClassVar[int] = 4

    filters: tuple[int, int, int] = (32, 64, 128)
    residual_blocks: int = 3
    separable: bool = False
    norm: str = "instance"
    upsample: str = "nearest"
    end_kernel: int = 3
    head_norm: bool = False
    padding: str = "reflect"
    norm_epsilon: float = 1e-5
    output_gain: float = 127.5
    input_scaling: str = "unit"

    def __post_init__(self) -> None:
        _check(
            isinstance(self.filters, tuple) and len(self.filters) == 3,
            f"filters must be three numbers, not {self.filters!r}",
        )
        for count in self.filters:
            _check_count("filters", count, 1, MOST_FILTERS)
        _check_count("residual_blocks", self.residual_blocks, 0, MOST_BLOCKS)
        for name in ("separable", "head_norm"):
            _check(type(getattr(self, name)) is bool, f"{name} must be true or false")
        _check_choice("norm", self.norm, NORMS)
        _check_choice("upsample", self.upsample, UPSAMPLINGS)
        _check(self.end_kernel in (3, 9), f"end_kernel must be 3 or 9, not {self.end_kernel!r}")
        _check_choice("padding", self.padding, PADDINGS)
        _check(0 < self.norm_epsilon < 1, "norm_epsilon must lie between 0 and 1")
        _check(0 < self.output_gain <= 1000, "output_gain must lie between 0 and 1000")
        _check_choice("input_scaling", self.input_scaling, INPUT_SCALINGS)


@dataclass(frozen=True)
class FastSpec:
    """A small network with cheap first and last layers: wide ones work at a quarter of the size.

    Attributes:
        stem_filters: at half the size.
        filters: of the residual blocks, at a quarter of the size.
        residual_blocks: how many.
        norm: instance or batch.
        norm_epsilon: added to the variance.
    """

    architecture: ClassVar[str] = "fast"
    size_multiple: ClassVar[int] = 4

    stem_filters: int = 16
    filters: int = 48
    residual_blocks: int = 3
    norm: str = "instance"
    norm_epsilon: float = 1e-5

    def __post_init__(self) -> None:
        _check_count("stem_filters", self.stem_filters, 1, MOST_FILTERS)
        _check_count("filters", self.filters, 1, MOST_FILTERS)
        _check_count("residual_blocks", self.residual_blocks, 0, MOST_BLOCKS)
        _check_choice("norm", self.norm, NORMS)
        _check(0 < self.norm_epsilon < 1, "norm_epsilon must lie between 0 and 1")


NetworkSpec = ReferenceSpec | FastSpec

_KINDS: dict[str, type[ReferenceSpec] | type[FastSpec]] = {
    kind.architecture: kind for kind in (ReferenceSpec, FastSpec)
}


def spec_to_json(spec: NetworkSpec) -> dict[str, Any]:
    """The spec as plain values, with its architecture's name."""
    return {"architecture": spec.architecture, **asdict(spec)}


def spec_from_json(record: Any) -> NetworkSpec:
    """Read what `spec_to_json` wrote.

    Raises:
        ModelLoadError: an unknown architecture or field, or a value out of range.
    """
    _check(isinstance(record, dict), "the network's description is not an object")
    values = dict(record)
    name = values.pop("architecture", None)
    if not isinstance(name, str) or name not in _KINDS:
        raise ModelLoadError(f"unknown architecture {name!r}; choose from {', '.join(_KINDS)}")
    kind = _KINDS[name]
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(values) - known)
    _check(not unknown, f"unknown field {', '.join(unknown)} in the network's description")
    if isinstance(values.get("filters"), list):
        values["filters"] = tuple(values["filters"])
    try:
        return kind(**values)
    except TypeError as error:
        raise ModelLoadError(
            f"the network's description has a value of the wrong kind: {error}"
        ) from error
