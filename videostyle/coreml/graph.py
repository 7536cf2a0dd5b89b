"""The graph that is converted: a style network with a picture at both ends."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from videostyle.frames import Size
from videostyle.models.spec import NetworkSpec

# Layers of every network here, by their names.
INPUT_SCALING, FIRST_CONVOLUTION = "to_unit", "conv1"


def build_graph(network: Any, spec: NetworkSpec, size: Size | None, output: Size | None) -> Any:
    """Wrap a network as one TensorFlow function.

    Args:
        network: a `keras.Model`, levels to levels.
        spec: what it is.
        size: input size, padded by reflection to the network's multiple and cropped back; None
            for any size of that multiple.
        output: output size, scaled bilinearly; None for the input size.

    Returns:
        A concrete function from `image`, float32 [1, H, W, 3] in levels, to [1, 3, H, W] in levels,
        clipped. It holds its network by `graph`.
    """
    import tensorflow as tf

    graph = tf.Module()
    graph.network = network = with_exact_input(network)
    sides = (None, None) if size is None else (size.height, size.width)
    signature = [tf.TensorSpec((1, *sides, 3), tf.float32, name="image")]

    def paint(image: Any) -> Any:
        rows, columns = (_margins(side, spec.size_multiple) for side in sides)
        padded = size is not None and any((*rows, *columns))
        if padded:
            image = tf.pad(image, [[0, 0], rows, columns, [0, 0]], mode="REFLECT")
        levels = network(image, training=False)  # [1, H, W, 3]
        # Core ML's images are channels first. Cropping after the transpose leaves no others.
        levels = tf.transpose(levels, [0, 3, 1, 2])  # [1, 3, H, W]
        if padded and size is not None:
            levels = levels[
                :, :, rows[0] : rows[0] + size.height, columns[0] : columns[0] + size.width
            ]
        if output is not None:
            levels = tf.transpose(levels, [0, 2, 3, 1])
            levels = tf.image.resize(levels, (output.height, output.width), method="bilinear")
            levels = tf.transpose(levels, [0, 3, 1, 2])
        # What a phone does with a level of 256 is not documented.
        return tf.clip_by_value(levels, 0.0, 255.0)

    function = tf.function(paint, input_signature=signature).get_concrete_function()
    function.graph_of = graph
    return function


def with_exact_input(network: Any) -> Any:
    """The same network with an input scaling that half precision computes without rounding.

    It rounds levels / 127.5 - 1, which was most of the loss from half precision, but computes
    (levels - 127.5) / 128 exactly. The first convolution's weights get the rest of the factor.
    They don't get all of it, since small weights would leave the range in which half precision is
    accurate (or become 0, on processors that flush such numbers).

    Args:
        network: a `keras.Model`, levels to levels; one that takes levels as they are is given back.
    """
    import keras

    if INPUT_SCALING not in (layer.name for layer in network.layers):
        return network
    exact = keras.models.clone_model(network)
    exact.set_weights(network.get_weights())
    scaling, first = exact.get_layer(INPUT_SCALING), exact.get_layer(FIRST_CONVOLUTION)
    power = 2.0 ** round(math.log2(scaling.scale))
    rest = scaling.scale / power
    first.kernel.assign(first.kernel * rest)
    scaling.scale, scaling.shift = power, scaling.shift / rest
    return exact


def _margins(side: int | None, multiple: int) -> list[int]:
    missing = 0 if side is None else -side % multiple
    return [missing // 2, missing - missing // 2]


@contextmanager
def explicit_resizes() -> Iterator[None]:
    """Convert resizes by their target size, as long as the block lasts.

    coremltools writes a factor, 2.2508793 for 853 to 1920; rounded to half precision that would
    give 1919. And with several input sizes it can't write the factor at all.
    """
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.frontend.tensorflow import ops
    from coremltools.converters.mil.frontend.tensorflow.tf_op_registry import _TF_OPS_REGISTRY

    bilinear, nearest = ops.ResizeBilinear, ops.ResizeNearestNeighbor

    def resize_bilinear(context: Any, node: Any) -> None:
        size = context[node.inputs[1]].val
        if size is None or not node.attr.get("half_pixel_centers", False):
            bilinear(context, node)
            return
        x = ops._transpose_NHWC_to_NCHW(context[node.inputs[0]])
        x = mb.resize_bilinear(
            x=x,
            target_size_height=int(size[0]),
            target_size_width=int(size[1]),
            sampling_mode="UNALIGN_CORNERS",
            name=f"{node.name}_channels_first",
        )
        context.add(node.name, ops._transpose_NCHW_to_NHWC(x, node.name))

    def resize_nearest(context: Any, node: Any) -> None:
        if context[node.inputs[1]].val is not None:
            nearest(context, node)
            return
        # Our networks only ever double; the size itself is not known with several input sizes.
        x = ops._transpose_NHWC_to_NCHW(context[node.inputs[0]])
        x = mb.upsample_nearest_neighbor(
            x=x, scale_factor_height=2, scale_factor_width=2, name=f"{node.name}_channels_first"
        )
        context.add(node.name, ops._transpose_NCHW_to_NHWC(x, node.name))

    before = dict(_TF_OPS_REGISTRY)
    _TF_OPS_REGISTRY["ResizeBilinear"] = resize_bilinear
    _TF_OPS_REGISTRY["ResizeNearestNeighbor"] = resize_nearest
    try:
        yield
    finally:
        _TF_OPS_REGISTRY.clear()
        _TF_OPS_REGISTRY.update(before)
