"""The *fast* network with separate weights for every picture, as made by the maker.

It paints the same as `models/network.py` with the same weights (tested). A convolution is a matrix
product over all 3x3 neighbourhoods, one product for each picture.
"""

from typing import Any

from keras import ops

from videostyle.models.making.maker_spec import MadeConv, MakerSpec

Weights = dict[str, dict[str, Any]]


def paint_made(weights: Weights, spec: MakerSpec, pictures: Any, dtype: str = "float32") -> Any:
    """Paint pictures.

    Args:
        weights: of N networks, from `make_weights`.
        spec: the maker's.
        pictures: float32 [N, M, H, W, 3], RGB in 0..1, M for each network; H and W are multiples
            of 4.
        dtype: to compute in, except norms and the last layer.

    Returns:
        float32 of the same shape.
    """
    n, m, height, width, _ = pictures.shape
    convs = {conv.name: conv for conv in spec.convs}

    def apply(name: str, x: Any, relu: bool = True) -> Any:
        return _conv_norm(x, weights[name], convs[name], spec.network.norm_epsilon, dtype, relu)

    x = ops.reshape(pictures, (n * m, height, width, 3)) * 2.0 - 1.0
    x = apply("conv2", apply("conv1", x))  # [N * M, H/4, W/4, F]
    for number in range(1, spec.network.residual_blocks + 1):
        y = apply(f"block{number}_conv1", x)
        x = x + apply(f"block{number}_conv2", y, relu=False)
    x = _depth_to_space(apply("up1", x))  # [N * M, H/2, W/2, stem]
    x = _conv(ops.cast(x, "float32"), weights["head"]["kernel"], 1, "float32")
    x = x + _per_picture(weights["head"]["bias"], m)
    x = ops.sigmoid(_depth_to_space(x))  # [N * M, H, W, 3]
    return ops.reshape(x, (n, m, height, width, 3))


def _conv_norm(
    x: Any, weights: dict[str, Any], conv: MadeConv, epsilon: float, dtype: str, relu: bool
) -> Any:
    """A convolution, an instance norm in float32, and ReLU."""
    x = ops.cast(_conv(x, weights["kernel"], conv.stride, dtype), "float32")
    m = x.shape[0] // weights["gamma"].shape[0]
    mean, variance = ops.moments(x, axes=[1, 2], keepdims=True)  # [N * M, 1, 1, C]
    scale = ops.rsqrt(variance + epsilon) * _per_picture(weights["gamma"], m)
    x = (x - mean) * scale + _per_picture(weights["beta"], m)
    return ops.cast(ops.relu(x) if relu else x, dtype)


def _conv(x: Any, kernel: Any, stride: int, dtype: str) -> Any:
    """A 3x3 convolution with a mirrored edge; kernel [N, 9 * in, out], x [N * M, H, W, in]."""
    n, _, outputs = kernel.shape
    count, height, width, _ = x.shape
    rows, columns = height // stride, width // stride
    x = ops.pad(ops.cast(x, dtype), ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")
    near = [
        x[:, dy : dy + height : stride, dx : dx + width : stride]
        for dy in range(3)
        for dx in range(3)
    ]
    patches = ops.concatenate(near, axis=-1)  # [N * M, H', W', 9 * in]
    patches = ops.reshape(patches, (n, -1, patches.shape[-1]))
    y = ops.matmul(patches, ops.cast(kernel, dtype))  # [N, M * H' * W', out]
    return ops.reshape(y, (count, rows, columns, outputs))


def _per_picture(values: Any, m: int) -> Any:
    """[N, C] for N * M pictures: [N * M, 1, 1, C]."""
    return ops.repeat(values, m, axis=0)[:, None, None, :]


def _depth_to_space(x: Any) -> Any:
    """[N, H, W, 4C] to [N, 2H, 2W, C], in TensorFlow's order."""
    n, height, width, channels = x.shape
    x = ops.reshape(x, (n, height, width, 2, 2, channels // 4))  # [N, H, W, 2, 2, C]
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # [N, H, 2, W, 2, C]
    return ops.reshape(x, (n, height * 2, width * 2, channels // 4))
