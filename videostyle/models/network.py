"""Building the networks that a spec describes, in Keras.

A network maps levels to levels: float32 [N, H, W, 3] RGB in 0..255, H and W multiples of 4, to the
same form. Scaling the input is its first operation, so whoever runs it needs no constants.
"""

from typing import Any

import keras
from keras import layers

from videostyle.models.layers import (
    DepthToSpace,
    InstanceNorm,
    NearestUpsample,
    ReflectPad,
    ScaleAndShift,
)
from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec


def build_network(spec: NetworkSpec) -> keras.Model:
    """Build a network with fresh weights, under Keras' current dtype policy."""
    if isinstance(spec, FastSpec):
        return _build_fast(spec)
    return _build_reference(spec)


def _build_reference(spec: ReferenceSpec) -> keras.Model:
    first, second, third = spec.filters
    levels = keras.Input((None, None, 3), dtype="float32", name="levels")
    x = levels
    if spec.input_scaling == "unit":
        x = ScaleAndShift(1 / 127.5, -1.0, name="to_unit")(x)
    x = _conv_norm_relu(x, spec, first, spec.end_kernel, 1, "conv1")  # [N, H, W, F1]
    x = _conv_norm_relu(x, spec, second, 3, 2, "conv2")  # [N, H/2, W/2, F2]
    x = _conv_norm_relu(x, spec, third, 3, 2, "conv3")  # [N, H/4, W/4, F3]
    for number in range(1, spec.residual_blocks + 1):
        x = _residual_block(x, spec, third, f"block{number}")
    x = _upsample(x, spec, second, "up1")  # [N, H/2, W/2, F2]
    x = _upsample(x, spec, first, "up2")  # [N, H, W, F1]
    x = _conv(x, spec, 3, spec.end_kernel, 1, "head", bias=not spec.head_norm, dtype=_head_dtype())
    if spec.head_norm:
        x = _norm(x, spec, "head_norm")
    x = layers.Activation("tanh", dtype="float32", name="tanh")(x)
    x = ScaleAndShift(spec.output_gain, 127.5, name="to_levels")(x)
    return keras.Model(levels, x, name="reference")


def _build_fast(spec: FastSpec) -> keras.Model:
    levels = keras.Input((None, None, 3), dtype="float32", name="levels")
    x = ScaleAndShift(1 / 127.5, -1.0, name="to_unit")(levels)
    x = _conv_norm_relu(x, spec, spec.stem_filters, 3, 2, "conv1")  # [N, H/2, W/2, M]
    x = _conv_norm_relu(x, spec, spec.filters, 3, 2, "conv2")  # [N, H/4, W/4, F]
    for number in range(1, spec.residual_blocks + 1):
        x = _residual_block(x, spec, spec.filters, f"block{number}")
    x = _conv_norm_relu(x, spec, 4 * spec.stem_filters, 3, 1, "up1")  # [N, H/4, W/4, 4M]
    x = DepthToSpace(name="up1_lay_out")(x)  # [N, H/2, W/2, M]
    x = _conv(x, spec, 12, 3, 1, "head", bias=True, dtype=_head_dtype())  # [N, H/2, W/2, 12]
    x = DepthToSpace(name="head_lay_out", dtype="float32")(x)  # [N, H, W, 3]
    x = layers.Activation("sigmoid", dtype="float32", name="sigmoid")(x)
    x = ScaleAndShift(255.0, 0.0, name="to_levels")(x)
    return keras.Model(levels, x, name="fast")


def _conv_norm_relu(
    x: Any,
    spec: NetworkSpec,
    filters: int,
    kernel: int,
    stride: int,
    name: str,
    separable: bool = False,
    relu: bool = True,
) -> Any:
    x = _conv(x, spec, filters, kernel, stride, name, separable=separable)
    x = _norm(x, spec, f"{name}_norm")
    return layers.ReLU(name=f"{name}_relu")(x) if relu else x


def _residual_block(x: Any, spec: NetworkSpec, filters: int, name: str) -> Any:
    separable = isinstance(spec, ReferenceSpec) and spec.separable
    y = _conv_norm_relu(x, spec, filters, 3, 1, f"{name}_conv1", separable)
    y = _conv_norm_relu(y, spec, filters, 3, 1, f"{name}_conv2", separable, relu=False)
    return layers.Add(name=f"{name}_add")([x, y])


def _upsample(x: Any, spec: ReferenceSpec, filters: int, name: str) -> Any:
    if spec.upsample == "transposed":
        x = layers.Conv2DTranspose(
            filters, 3, strides=2, padding="same", use_bias=False, name=name
        )(x)
        x = _norm(x, spec, f"{name}_norm")
        return layers.ReLU(name=f"{name}_relu")(x)
    x = NearestUpsample(name=f"{name}_resize")(x)
    return _conv_norm_relu(x, spec, filters, 3, 1, name)


def _conv(
    x: Any,
    spec: NetworkSpec,
    filters: int,
    kernel: int,
    stride: int,
    name: str,
    *,
    separable: bool = False,
    bias: bool = False,
    dtype: str | None = None,
) -> Any:
    """A convolution that keeps the size (or halves it). A norm after it makes a bias useless."""
    reflect = isinstance(spec, FastSpec) or spec.padding == "reflect"
    if reflect:
        x = ReflectPad(kernel // 2, name=f"{name}_pad", dtype=dtype)(x)
    kind = layers.SeparableConv2D if separable else layers.Conv2D
    return kind(
        filters,
        kernel,
        strides=stride,
        padding="valid" if reflect else "same",
        use_bias=bias,
        name=name,
        dtype=dtype,
    )(x)


def _head_dtype() -> str | None:
    """Float32 under every policy but float16, which is for storing alone: levels need 8 bits."""
    return None if keras.config.dtype_policy().variable_dtype == "float16" else "float32"


def _norm(x: Any, spec: NetworkSpec, name: str) -> Any:
    if spec.norm == "batch":
        return layers.BatchNormalization(epsilon=spec.norm_epsilon, name=name)(x)
    return InstanceNorm(spec.norm_epsilon, name=name)(x)
