"""The arrays of a network as bytes: HDF5 in Keras' layout, read and written without Keras.

Keras finds a layer by its kind and its number among those of its kind: the third convolution's
kernel is `layers/conv2d_2/vars/0`. Newer versions also write the layer's own name beside it.
"""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from videostyle.errors import ModelLoadError
from videostyle.models.spec import NetworkSpec
from videostyle.models.topology import INPUT, Layer, Shape, layers_of, weight_shapes

if TYPE_CHECKING:
    import numpy as np

# A spec may come from a stranger: what it asks for is counted before anything is read.
MOST_VALUES = 1 << 28

# Keras' names for the groups, made from the names of its classes.
_GROUPS = {
    "InputLayer": "input_layer",
    "ScaleAndShift": "scale_and_shift",
    "ReflectPad": "reflect_pad",
    "Conv2D": "conv2d",
    "SeparableConv2D": "separable_conv2d",
    "Conv2DTranspose": "conv2d_transpose",
    "InstanceNorm": "instance_norm",
    "BatchNormalization": "batch_normalization",
    "ReLU": "re_lu",
    "Add": "add",
    "NearestUpsample": "nearest_upsample",
    "DepthToSpace": "depth_to_space",
    "Activation": "activation",
}


def decode_weights(spec: NetworkSpec, data: bytes) -> "dict[str, np.ndarray]":
    """Read the arrays of a network.

    Args:
        spec: what the network is.
        data: the HDF5 file.

    Returns:
        Every array that `weight_shapes` names, float32 and finite.

    Raises:
        ModelLoadError: one is missing, has another shape, or has values that are not finite.
    """
    import h5py

    _check_total(spec)
    try:
        with h5py.File(io.BytesIO(data)) as file:
            return {
                f"{layer.name}/{name}": _read(file, group, layer, index)
                for layer, group in _groups(spec)
                for index, name in enumerate(layer.weights)
            }
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise ModelLoadError(f"can't be read: {error}") from error


def encode_weights(spec: NetworkSpec, arrays: "Mapping[str, np.ndarray]", dtype: str) -> bytes:
    """Write the arrays of a network.

    Args:
        spec: what the network is.
        arrays: one for each name of `weight_shapes`, and no other.
        dtype: of the stored arrays, float16 or float32.

    Raises:
        ModelLoadError: as `decode_weights`, or an array is unknown.
    """
    import h5py

    stored = _checked(weight_shapes(spec), arrays, dtype)
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        _make_group(file, "", spec.architecture)
        _make_group(file, f"layers/{_GROUPS['InputLayer']}/", INPUT)
        for layer, group in _groups(spec):
            variables = _make_group(file, f"{group}/", layer.name)
            for index, name in enumerate(layer.weights):
                variables[str(index)] = stored[f"{layer.name}/{name}"]
    return buffer.getvalue()


def _groups(spec: NetworkSpec) -> Iterator[tuple[Layer, str]]:
    """Each layer with its group, such as `layers/conv2d_2`."""
    seen: Counter[str] = Counter()
    for layer in layers_of(spec):
        number = seen[layer.kind]
        seen[layer.kind] += 1
        yield layer, f"layers/{_GROUPS[layer.kind]}" + (f"_{number}" if number else "")


def _make_group(file: Any, prefix: str, name: str) -> Any:
    group = file.create_group(f"{prefix}vars")
    group.attrs["name"] = name
    return group


def _read(file: Any, group: str, layer: Layer, index: int) -> "np.ndarray":
    name, shape = list(layer.weights.items())[index]
    variables = _inside(file, f"{group}/vars")
    written = variables.attrs.get("name", layer.name)
    if written != layer.name:
        raise ModelLoadError(f"{group} is the layer {written}, not {layer.name}")
    found = _inside(variables, str(index))
    # Check the shape before the values are read, since they may be compressed a lot.
    if tuple(found.shape) != shape:
        raise _misfit(f"{layer.name}/{name}", shape, tuple(found.shape))
    return _finite(f"{layer.name}/{name}", found[()].astype("float32"))


def _inside(group: Any, path: str) -> Any:
    """The object at a path in this file; links and data outside of it are not followed."""
    import h5py

    for part in path.split("/"):
        if not isinstance(group, h5py.Group) or not isinstance(
            group.get(part, getlink=True), h5py.HardLink
        ):
            raise ModelLoadError(f"it has no {path}")
        group = group[part]
    if isinstance(group, h5py.Dataset) and (group.external or group.is_virtual):
        raise ModelLoadError(f"its {path} is in another file")
    return group


def _checked(
    shapes: Mapping[str, Shape], arrays: "Mapping[str, np.ndarray]", dtype: str
) -> "dict[str, np.ndarray]":
    import numpy as np

    unknown = sorted(set(arrays) - set(shapes))
    if unknown:
        raise ModelLoadError(f"there is no {unknown[0]} in this network")
    stored = {}
    for name, shape in shapes.items():
        if name not in arrays:
            raise ModelLoadError(f"there is no array for {name}")
        array = np.asarray(arrays[name])
        if array.shape != shape:
            raise _misfit(name, shape, array.shape)
        with np.errstate(over="ignore"):  # too large for float16: becomes infinite, and is refused
            stored[name] = _finite(name, array.astype(dtype))
    return stored


def _check_total(spec: NetworkSpec) -> None:
    from math import prod

    total = sum(map(prod, weight_shapes(spec).values()))
    if total > MOST_VALUES:
        raise ModelLoadError(f"its network has {total} values; at most {MOST_VALUES} are read")


def _misfit(name: str, expected: Shape, found: Shape) -> ModelLoadError:
    return ModelLoadError(f"{name} has the shape {list(found)}, expected {list(expected)}")


def _finite(name: str, array: "np.ndarray") -> "np.ndarray":
    import numpy as np

    if not np.isfinite(array).all():
        raise ModelLoadError(f"{name} has values that are not finite in {array.dtype}")
    return array
