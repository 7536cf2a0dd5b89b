"""What a network costs to store and to run, calculated."""

from math import prod

from videostyle.frames import Size
from videostyle.models.spec import NetworkSpec
from videostyle.models.topology import Layer, layers_of


def count_parameters(spec: NetworkSpec) -> int:
    """Number of trained values: kernels, biases, and scale and shift of every norm."""
    return sum(
        prod(shape)
        for layer in layers_of(spec)
        for name, shape in layer.weights.items()
        if not name.startswith("moving_")  # counted by a batch norm, not trained
    )


def count_macs(spec: NetworkSpec, size: Size) -> int:
    """Multiply-adds of the convolutions for one frame, its sides rounded up to multiples of 4."""
    rows, columns = (-(-side // 4) * 4 for side in (size.height, size.width))
    return sum(
        _kernel_values(layer) * (rows // _scale(layer)) * (columns // _scale(layer))
        for layer in layers_of(spec)
    )


def _kernel_values(layer: Layer) -> int:
    return sum(prod(shape) for name, shape in layer.weights.items() if name.endswith("kernel"))


def _scale(layer: Layer) -> int:
    """How far the picture is scaled down where a kernel is applied.

    A transposed convolution visits each pixel of its smaller input once.
    """
    return layer.scale * 2 if layer.kind == "Conv2DTranspose" else layer.scale
