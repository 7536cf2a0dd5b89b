"""TensorFlow 1 checkpoints of the network that lengstrom/fast-style-transfer trains.

Each layer is a convolution and an instance norm: two halve the size, then residual blocks, two
transposed convolutions double it, and one more makes the picture. The network doesn't name its
variables, so TensorFlow numbered them as they were made: `Variable`, `Variable_1`, ... are a
layer's weights, shift and scale, then the next layer's. Residual blocks and filters are counted;
all else is fixed.

TensorFlow's own reader is used; it runs no code from a checkpoint.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from videostyle.errors import ConfigError, ModelLoadError
from videostyle.files.target import check_target
from videostyle.frames import Size
from videostyle.models.checkpoint_files import find_checkpoint
from videostyle.models.cost import count_macs, count_parameters
from videostyle.models.model_file import SUFFIX, StyleModel, dtype_policy, save_model
from videostyle.models.spec import ReferenceSpec, spec_to_json
from videostyle.models.tensorflow import import_tensorflow

_VARIABLE = re.compile(r"Variable(?:_(\d+))?")

# The variables of one layer, in the order in which they were made.
_PARTS = ("weights", "shift", "scale")

# Layers outside the residual blocks: three before and three after.
_OUTER_LAYERS = 6

Shape = tuple[int, ...]


def import_checkpoint(
    path: str | Path, target: str | Path, *, overwrite: bool = False
) -> StyleModel:
    """Turn a checkpoint into a model file.

    Its weights stay in float32: in a network with random weights, half precision moved single
    levels by 0.6.

    Args:
        path: the prefix of the checkpoint's files, one of them, or their folder.
        target: the `.keras` file to write; it appears whole or not at all.
        overwrite: replace an existing file.

    Returns:
        What was written.

    Raises:
        ConfigError: the target has another suffix.
        TargetError: it exists, or can't be written.
        ModelLoadError, MissingDependencyError: as `load_checkpoint`.
    """
    target = Path(target)
    if target.suffix != SUFFIX:
        raise ConfigError(f"{target}: a model file's name must end in {SUFFIX}")
    check_target(target, overwrite=overwrite)
    model = load_checkpoint(path)
    save_model(target, model.network, model.spec, model.card, precision="float32")
    return model


def load_checkpoint(path: str | Path) -> StyleModel:
    """Read a checkpoint as a `StyleModel`.

    The optimizer's variables, and others with their own names, are ignored.

    Args:
        path: see `find_checkpoint`.

    Raises:
        ModelLoadError: it is missing, damaged, or of another network.
        MissingDependencyError: TensorFlow isn't installed.
    """
    prefix = find_checkpoint(path)
    import_tensorflow()
    from videostyle.models.network import build_network

    variables = _Variables(prefix)
    try:
        spec = _spec_of(variables.shapes)
    except ModelLoadError as error:
        raise ModelLoadError(f"{prefix}: is of another network: {error}") from error
    with dtype_policy("float32"):
        network = build_network(spec)
    values = variables.read()
    for layer in _layers(spec):
        weights, shift, scale = (next(values) for _ in _PARTS)
        network.get_layer(layer).set_weights([weights])
        network.get_layer(f"{layer}_norm").set_weights([scale, shift])
    return StyleModel(network, spec, _card(prefix, spec))


class _Variables:
    """The numbered variables of a checkpoint, in order."""

    def __init__(self, prefix: Path) -> None:
        import tensorflow as tf

        self._prefix = prefix
        # The reader raises many kinds of errors: a file cut short is an IndexError.
        self._errors = (tf.errors.OpError, ValueError, IndexError, RuntimeError, OSError)
        try:
            self._reader = tf.train.load_checkpoint(str(prefix))
            shapes = self._reader.get_variable_to_shape_map()
        except self._errors as error:
            raise self._damaged(error) from error
        numbers = {
            int(match[1] or 0): name for name in shapes if (match := _VARIABLE.fullmatch(name))
        }
        self.names = [numbers[number] for number in sorted(numbers)]
        self.shapes: dict[str, Shape] = {name: tuple(shapes[name]) for name in self.names}
        if not self.names:
            raise ModelLoadError(
                f"{prefix}: is of another network: it has no variables called Variable, "
                f"Variable_1, ...; it has {', '.join(sorted(shapes)[:3]) or 'none at all'}"
            )

    def read(self) -> Iterator[np.ndarray]:
        """Every variable's values, float32."""
        for name in self.names:
            try:
                values = np.asarray(self._reader.get_tensor(name)).astype(np.float32)
            except self._errors as error:
                raise self._damaged(error) from error
            if not np.isfinite(values).all():
                raise ModelLoadError(
                    f"{self._prefix}: {name} contains NaN or infinity, so its training "
                    "failed; use an earlier checkpoint"
                )
            yield values

    def _damaged(self, error: Exception) -> ModelLoadError:
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
        return ModelLoadError(f"{self._prefix}: is not a checkpoint, or is damaged: {first_line}")


def _spec_of(shapes: dict[str, Shape]) -> ReferenceSpec:
    """Work out the network from the shapes of its variables, in order.

    Raises:
        ModelLoadError: they belong to another network.
    """
    names = list(shapes)
    expected_names = ["Variable", *(f"Variable_{number}" for number in range(1, len(names)))]
    for name in expected_names:
        if name not in shapes:
            raise ModelLoadError(f"it has {len(names)} numbered variables, but no {name}")
    layers, rest = divmod(len(names), len(_PARTS))
    if rest or layers < _OUTER_LAYERS or (layers - _OUTER_LAYERS) % 2:
        raise ModelLoadError(
            f"it has {len(names)} numbered variables; one with five residual blocks has 48"
        )
    first, second, third = (shapes[names[layer * len(_PARTS)]] for layer in range(3))
    spec = ReferenceSpec(
        filters=(_outputs(first), _outputs(second), _outputs(third)),
        residual_blocks=(layers - _OUTER_LAYERS) // 2,
        upsample="transposed",
        end_kernel=9,
        head_norm=True,
        padding="zero",
        norm_epsilon=1e-3,
        output_gain=150.0,
        input_scaling="none",
    )
    for name, (part, expected) in zip(names, _expected(spec), strict=True):
        if shapes[name] != expected:
            raise ModelLoadError(
                f"{name} should be {part}, {_words(expected)}, but is {_words(shapes[name])}"
            )
    return spec


def _outputs(weights: Shape) -> int:
    return weights[-1] if weights else 0


def _layers(spec: ReferenceSpec) -> list[str]:
    """The layers of our network in the order of the checkpoint."""
    blocks = [
        f"block{number}_conv{half}"
        for number in range(1, spec.residual_blocks + 1)
        for half in (1, 2)
    ]
    return ["conv1", "conv2", "conv3", *blocks, "up1", "up2", "head"]


def _expected(spec: ReferenceSpec) -> Iterator[tuple[str, Shape]]:
    """What each variable is and the shape it must have."""
    first, second, third = spec.filters
    # Transposed convolutions keep [height, width, out, in], the others [height, width, in, out].
    outer = {
        "conv1": (9, 9, 3, first),
        "conv2": (3, 3, first, second),
        "conv3": (3, 3, second, third),
        "up1": (3, 3, second, third),
        "up2": (3, 3, first, second),
        "head": (9, 9, first, 3),
    }
    for layer in _layers(spec):
        weights = outer.get(layer, (3, 3, third, third))
        channels = weights[2] if layer.startswith("up") else weights[3]
        for part, shape in zip(_PARTS, (weights, (channels,), (channels,)), strict=True):
            yield f"the {part} of {layer}", shape


def _words(shape: Shape) -> str:
    return "x".join(map(str, shape)) if shape else "one number"


def _card(prefix: Path, spec: ReferenceSpec) -> dict[str, Any]:
    return {
        "origin": f"the TensorFlow 1 checkpoint {prefix.name}, of the network of "
        "lengstrom/fast-style-transfer",
        "network": spec_to_json(spec),
        "parameters": count_parameters(spec),
        "gmac_at_480x853": round(count_macs(spec, Size(853, 480)) / 1e9, 2),
    }
