"""Building the network that a spec describes, in Keras."""

from typing import Any

import keras

from videostyle.models import layers as own
from videostyle.models.spec import NetworkSpec
from videostyle.models.topology import INPUT, Layer, layers_of


def build_network(spec: NetworkSpec) -> keras.Model:
    """Build a network with fresh weights, under Keras' current dtype policy."""
    levels = keras.Input((None, None, 3), dtype="float32", name=INPUT)
    outputs = {INPUT: levels}
    for layer in layers_of(spec):
        inputs = [outputs[name] for name in layer.inputs]
        outputs[layer.name] = _build(layer)(inputs if len(inputs) > 1 else inputs[0])
    return keras.Model(levels, outputs[layers_of(spec)[-1].name], name=spec.architecture)


def _build(layer: Layer) -> Any:
    kind = getattr(own, layer.kind, None) or getattr(keras.layers, layer.kind)
    return kind(name=layer.name, dtype="float32" if layer.exact else None, **layer.settings)
