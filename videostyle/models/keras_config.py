"""A network in the form that Keras archives use, so that Keras opens our model files."""

from typing import Any

from videostyle.models.spec import NetworkSpec
from videostyle.models.topology import INPUT, Layer, layers_of

# What Keras has no layer for is registered under this name when our layers are imported.
OWN_KINDS = ("ReflectPad", "InstanceNorm", "NearestUpsample", "DepthToSpace", "ScaleAndShift")


def keras_config(spec: NetworkSpec, dtype: str) -> dict[str, Any]:
    """Describe a network as `keras.saving` does.

    Args:
        spec: what the network is.
        dtype: the dtype that its layers compute in, except those that need float32.
    """
    layers = layers_of(spec)
    channels = {INPUT: 3, **{layer.name: layer.channels for layer in layers}}
    return _described(
        "keras.src.models.functional",  # what every Keras 3 itself writes
        "Functional",
        {
            "name": spec.architecture,
            "layers": [_input(), *(_layer(layer, dtype, channels) for layer in layers)],
            "input_layers": [INPUT, 0, 0],
            "output_layers": [layers[-1].name, 0, 0],
        },
    )


def _described(module: str, kind: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def _input() -> dict[str, Any]:
    config = {"batch_shape": [None, None, None, 3], "dtype": "float32", "name": INPUT}
    return _described("keras.layers", "InputLayer", config) | {"name": INPUT, "inbound_nodes": []}


def _layer(layer: Layer, dtype: str, channels: dict[str, int]) -> dict[str, Any]:
    own = layer.kind in OWN_KINDS
    config = {
        "name": layer.name,
        "dtype": "float32" if layer.exact else dtype,
        **layer.settings,
    }
    tensors = [_tensor(name, channels[name]) for name in layer.inputs]
    return _described("videostyle.models.layers" if own else "keras.layers", layer.kind, config) | {
        "registered_name": f"videostyle>{layer.kind}" if own else None,
        "name": layer.name,
        "inbound_nodes": [
            {"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}},
        ],
    }


def _tensor(name: str, channels: int) -> dict[str, Any]:
    """A layer's output; Keras reads only its origin."""
    return {
        "class_name": "__keras_tensor__",
        "config": {
            "shape": [None, None, None, channels],
            "dtype": "float32",
            "keras_history": [name, 0, 0],
        },
    }
