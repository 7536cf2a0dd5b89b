"""Reading the neural network of an old `.mlmodel`: its layers become operations of MIL."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from videostyle.coreml.layers import LAYERS, Steps, load_layers
from videostyle.coreml.layers.weights import read_weights, stored_form
from videostyle.coreml.program import Program, Value

# The values of `arrayInputShapeMapping` and `imageInputShapeMapping` that mean five axes.
FIVE_AXES = 0


def read_neural_network(
    spec: Any, picture: str, known: Mapping[str, np.ndarray] | None = None
) -> Program:
    """Read a network with its weights.

    Args:
        spec: the `Model` message.
        picture: the name of the input that is a picture.
        known: inputs that are set beforehand, by name: [C].

    Raises:
        ValueError: it is damaged, or has a layer or a weight of an unknown kind.
    """
    load_layers()
    network = spec.neuralNetwork
    source, result = _input(spec, picture), spec.description.output[0]
    steps = Steps(has_five_axes(spec, picture))
    for name, values in (known or {}).items():
        # One axis is that of the channels.
        steps.declare(name, values.reshape(1, -1, 1, 1) if steps.five_axes else values)
    steps.declare(source.name)
    _preprocess(network.preprocessing, source, steps)
    compression: Counter[str] = Counter()
    for layer in network.layers:
        kind = layer.WhichOneof("layer")
        if kind not in LAYERS or (not layer.input and not kind.startswith("loadConstant")):
            raise ValueError(f"a layer '{layer.name}' of the kind {kind or 'unknown'}")
        params = getattr(layer, kind)
        steps.layer = layer
        LAYERS[kind](params, steps)
        form = stored_form(params.weights) if hasattr(params, "weights") else None
        compression.update([form] if form else [])
    return Program(
        (Value(source.name, "fp32", ()),),
        (steps.named(result.name),),
        tuple(steps.operations),
        dict(compression),
    )


def has_five_axes(spec: Any, picture: str) -> bool:
    """Axes are counted as in the networks before 2019."""
    network = spec.neuralNetwork
    is_image = _input(spec, picture).type.WhichOneof("Type") == "imageType"
    mapping = network.imageInputShapeMapping if is_image else network.arrayInputShapeMapping
    return bool(mapping == FIVE_AXES)


def _input(spec: Any, name: str) -> Any:
    return next(each for each in spec.description.input if each.name == name)


def _preprocess(entries: Any, source: Any, steps: Steps) -> None:
    """What is done to the picture before the first layer."""
    for entry in entries:
        if entry.featureName not in ("", source.name):
            raise ValueError(f"a preprocessing of '{entry.featureName}', which does not go in")
        steps.layer = _Preprocessing(source.name)
        if entry.WhichOneof("preprocessor") == "meanImage":
            image = source.type.imageType
            mean = read_weights(_Floats(entry.meanImage.meanImage), [3, image.height, image.width])
            steps.end_as(steps.add("sub", x=steps.x, y=mean))
            continue
        scaler = entry.scaler
        order = ["redBias", "greenBias", "blueBias"]
        image = source.type.imageType
        if image.ColorSpace.Name(image.colorSpace) == "BGR":
            order.reverse()
        bias = np.array([getattr(scaler, name) for name in order], np.float32)
        # Left unset it is 1; protobuf reads 0.
        gain = scaler.channelScale or 1.0
        x = steps.x if gain == 1.0 else steps.add("mul", x=steps.x, y=gain)
        steps.end_as(steps.add("add", x=x, y=bias.reshape(3, 1, 1)) if bias.any() else x)


class _Preprocessing:
    """The preprocessing as a layer that takes the picture and gives it its own name again."""

    name = "preprocessing"

    def __init__(self, picture: str) -> None:
        self.input, self.output = [picture], [picture]


class _Floats:
    """Numbers in the form of a `WeightParams` message."""

    float16Value = rawValue = int8RawValue = b""

    def __init__(self, values: Any) -> None:
        self.floatValue = values
