"""The layers of the network that a spec describes, in order, without Keras.

Everything that needs to know a network reads this one list: the builders for Keras and OpenVINO,
model files, and the calculation of costs. A network maps pixel levels to pixel levels: float32
[N, H, W, 3] RGB in 0..255, with H and W multiples of 4, to the same form. It scales its input
itself, so running it takes no constants.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec

INPUT = "levels"

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        kind: the name of its class in Keras, or in `videostyle.models.layers`.
        name: unique in the network, such as `block1_conv2`.
        inputs: the layers it reads, or `INPUT`.
        settings: the arguments of its class.
        weights: the shapes of its arrays by name, in Keras' order.
        channels: of its output.
        scale: how many times smaller its output is than the frame, in height and in width.
        exact: always computed in float32, whatever the rest of the network uses.
    """

    kind: str
    name: str
    inputs: tuple[str, ...]
    settings: Mapping[str, Any]
    weights: Mapping[str, Shape]
    channels: int
    scale: int
    exact: bool


@lru_cache(maxsize=32)
def layers_of(spec: NetworkSpec) -> tuple[Layer, ...]:
    """Every layer except the input, each after the layers it reads."""
    chain = _Chain(spec)
    if isinstance(spec, FastSpec):
        _lay_fast(chain, spec)
    else:
        _lay_reference(chain, spec)
    return tuple(chain.layers)


def weight_shapes(spec: NetworkSpec) -> dict[str, Shape]:
    """The shape of every array of a network by its name, such as `block1_conv2/kernel`.

    Kernels are [height, width, in, out], those of transposed convolutions [height, width, out, in],
    depthwise ones [height, width, in, 1]; all other arrays have one value per channel.
    """
    return {
        f"{layer.name}/{name}": shape
        for layer in layers_of(spec)
        for name, shape in layer.weights.items()
    }


def _lay_reference(chain: "_Chain", spec: ReferenceSpec) -> None:
    first, second, third = spec.filters
    if spec.input_scaling == "unit":
        chain.add("ScaleAndShift", "to_unit", scale=1 / 127.5, shift=-1.0, exact=True)
    chain.conv_norm_relu("conv1", first, spec.end_kernel)  # [N, H, W, F1]
    chain.conv_norm_relu("conv2", second, stride=2)  # [N, H/2, W/2, F2]
    chain.conv_norm_relu("conv3", third, stride=2)  # [N, H/4, W/4, F3]
    chain.residual_blocks(spec.residual_blocks, separable=spec.separable)
    chain.upsample("up1", second, spec.upsample)  # [N, H/2, W/2, F2]
    chain.upsample("up2", first, spec.upsample)  # [N, H, W, F1]
    chain.conv("head", 3, spec.end_kernel, bias=not spec.head_norm, exact=True)
    if spec.head_norm:
        chain.norm("head_norm")
    chain.add("Activation", "tanh", activation="tanh", exact=True)
    chain.add("ScaleAndShift", "to_levels", scale=spec.output_gain, shift=127.5, exact=True)


def _lay_fast(chain: "_Chain", spec: FastSpec) -> None:
    chain.add("ScaleAndShift", "to_unit", scale=1 / 127.5, shift=-1.0, exact=True)
    chain.conv_norm_relu("conv1", spec.stem_filters, stride=2)  # [N, H/2, W/2, M]
    chain.conv_norm_relu("conv2", spec.filters, stride=2)  # [N, H/4, W/4, F]
    chain.residual_blocks(spec.residual_blocks)
    chain.conv_norm_relu("up1", 4 * spec.stem_filters)  # [N, H/4, W/4, 4M]
    chain.depth_to_space("up1_lay_out")  # [N, H/2, W/2, M]
    chain.conv("head", 12, bias=True, exact=True)  # [N, H/2, W/2, 12]
    chain.depth_to_space("head_lay_out", exact=True)  # [N, H, W, 3]
    chain.add("Activation", "sigmoid", activation="sigmoid", exact=True)
    chain.add("ScaleAndShift", "to_levels", scale=255.0, shift=0.0, exact=True)


class _Chain:
    """Layers put one after another, each reading the one before."""

    def __init__(self, spec: NetworkSpec) -> None:
        self.layers: list[Layer] = []
        self._spec = spec
        self._last, self._channels, self._scale = INPUT, 3, 1

    def add(
        self,
        kind: str,
        name: str,
        *,
        inputs: tuple[str, ...] = (),
        weights: Mapping[str, Shape] | None = None,
        exact: bool = False,
        **settings: Any,
    ) -> None:
        self.layers.append(
            Layer(
                kind,
                name,
                inputs or (self._last,),
                settings,
                weights or {},
                self._channels,
                self._scale,
                exact,
            )
        )
        self._last = name

    def conv(
        self,
        name: str,
        filters: int,
        kernel: int = 3,
        stride: int = 1,
        *,
        separable: bool = False,
        bias: bool = False,
        exact: bool = False,
    ) -> None:
        """A convolution that keeps the size or halves it; a norm after it makes a bias useless."""
        reflect = isinstance(self._spec, FastSpec) or self._spec.padding == "reflect"
        if reflect:
            self.add("ReflectPad", f"{name}_pad", margin=kernel // 2, exact=exact)
        inputs, self._channels = self._channels, filters
        self._scale *= stride
        weights: dict[str, Shape] = (
            {
                "depthwise_kernel": (kernel, kernel, inputs, 1),
                "pointwise_kernel": (1, 1, inputs, filters),
            }
            if separable
            else {"kernel": (kernel, kernel, inputs, filters)}
        )
        self.add(
            "SeparableConv2D" if separable else "Conv2D",
            name,
            weights=weights | ({"bias": (filters,)} if bias else {}),
            exact=exact,
            filters=filters,
            kernel_size=kernel,
            strides=stride,
            padding="valid" if reflect else "same",
            use_bias=bias,
        )

    def norm(self, name: str) -> None:
        names = ["gamma", "beta"]
        if self._spec.norm == "batch":
            names += ["moving_mean", "moving_variance"]
        self.add(
            "BatchNormalization" if self._spec.norm == "batch" else "InstanceNorm",
            name,
            weights=dict.fromkeys(names, (self._channels,)),
            epsilon=self._spec.norm_epsilon,
        )

    def conv_norm_relu(
        self, name: str, filters: int, kernel: int = 3, stride: int = 1, *, separable: bool = False
    ) -> None:
        self.conv(name, filters, kernel, stride, separable=separable)
        self.norm(f"{name}_norm")
        self.add("ReLU", f"{name}_relu")

    def residual_blocks(self, count: int, *, separable: bool = False) -> None:
        for block in (f"block{number}" for number in range(1, count + 1)):
            before = self._last
            self.conv_norm_relu(f"{block}_conv1", self._channels, separable=separable)
            self.conv(f"{block}_conv2", self._channels, separable=separable)
            self.norm(f"{block}_conv2_norm")
            self.add("Add", f"{block}_add", inputs=(before, self._last))

    def upsample(self, name: str, filters: int, how: str) -> None:
        self._scale //= 2
        if how == "nearest":
            self.add("NearestUpsample", f"{name}_resize")
            self.conv_norm_relu(name, filters)
            return
        inputs, self._channels = self._channels, filters
        self.add(
            "Conv2DTranspose",
            name,
            weights={"kernel": (3, 3, filters, inputs)},
            filters=filters,
            kernel_size=3,
            strides=2,
            padding="same",
            use_bias=False,
        )
        self.norm(f"{name}_norm")
        self.add("ReLU", f"{name}_relu")

    def depth_to_space(self, name: str, *, exact: bool = False) -> None:
        self._channels //= 4
        self._scale //= 2
        self.add("DepthToSpace", name, exact=exact)
