"""Convolutions, pooling and full connections."""

from typing import Any

from videostyle.coreml.layers.steps import Steps, layer
from videostyle.coreml.layers.weights import read_weights


@layer("convolution")
def _convolution(params: Any, steps: Steps) -> None:
    outputs, inputs = int(params.outputChannels), int(params.kernelChannels)
    groups = int(params.nGroups) or 1
    kernel = _pair(params.kernelSize, 3)
    shape = (
        (inputs, outputs // groups, *kernel)
        if params.isDeconvolution
        else (outputs, inputs, *kernel)
    )
    given: dict[str, Any] = {
        "x": steps.x,
        "weight": read_weights(params.weights, shape),
        "strides": _pair(params.stride, 1),
        "dilations": _pair(params.dilationFactor, 1),
        "groups": groups,
        **padding(params),
    }
    if params.hasBias:
        given["bias"] = read_weights(params.bias, [outputs])
    if not params.isDeconvolution:
        steps.end("conv", **given)
        return
    if params.outputShape:
        given["output_shape"] = [1, outputs, *map(int, params.outputShape)]
    steps.end("conv_transpose", **given)


@layer("pooling")
def _pooling(params: Any, steps: Steps) -> None:
    kind = ("max", "avg", "l2")[params.type]
    if params.globalPooling:
        name = {"max": "reduce_max", "avg": "reduce_mean", "l2": "reduce_l2_norm"}[kind]
        steps.end(name, x=steps.x, axes=[-2, -1], keep_dims=True)
        return
    if kind == "l2" or params.WhichOneof("PoolingPaddingType") == "includeLastPixel":
        raise ValueError("a pooling by squares or with its last pixel included")
    given: dict[str, Any] = {
        "x": steps.x,
        "kernel_sizes": _pair(params.kernelSize, 3),
        "strides": _pair(params.stride, 1),
        **padding(params),
    }
    if kind == "avg":
        given["exclude_padding_from_average"] = bool(params.avgPoolExcludePadding)
    steps.end(f"{kind}_pool", **given)


@layer("innerProduct")
def _inner_product(params: Any, steps: Steps) -> None:
    outputs, inputs = int(params.outputChannels), int(params.inputChannels)
    weight = read_weights(params.weights, [outputs, inputs])
    bias = read_weights(params.bias, [outputs]) if params.hasBias else None
    if steps.five_axes:  # over the channels of [1, C, 1, 1]
        steps.end("conv", x=steps.x, weight=weight[:, :, None, None], bias=bias)
    else:
        steps.end("linear", x=steps.x, weight=weight, bias=bias)


def padding(params: Any) -> dict[str, Any]:
    """MIL's `pad_type` and `pad` of a convolution's or a pooling's message."""
    if params.HasField("same"):
        heavy_top = params.same.asymmetryMode == 1
        return {"pad_type": "same_lower" if heavy_top else "same"}
    return {"pad_type": "custom", "pad": borders(params.valid.paddingAmounts)}


def borders(amounts: Any) -> list[int]:
    """Top, bottom, left and right of a `BorderAmounts` message; none is 0."""
    ends = [
        int(end) for edge in amounts.borderAmounts for end in (edge.startEdgeSize, edge.endEdgeSize)
    ]
    if len(ends) not in (0, 4):
        raise ValueError(f"borders of {len(ends) // 2} axes, not 2")
    return ends or [0, 0, 0, 0]


def _pair(numbers: Any, default: int) -> list[int]:
    given = [int(number) for number in numbers]
    return given if len(given) == 2 else [default, default]
