"""What a network costs to store and to run, by arithmetic alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from videostyle.frames import Size
from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec


@dataclass(frozen=True)
class _Conv:
    """One convolution: kernel side, channels, and how far the picture is scaled down there."""

    kernel: int
    inputs: int
    outputs: int
    scale: int
    separable: bool = False
    normed: bool = True

    @property
    def weights(self) -> int:
        taps = self.kernel**2
        if self.separable:
            return taps * self.inputs + self.inputs * self.outputs
        return taps * self.inputs * self.outputs


def count_parameters(spec: NetworkSpec) -> int:
    """Trained numbers of a network: kernels, biases, and scale and shift of every norm."""
    # A norm has two numbers a channel, a bias one.
    return sum(conv.weights + conv.outputs * (2 if conv.normed else 1) for conv in _convs(spec))


def count_macs(spec: NetworkSpec, size: Size) -> int:
    """Multiply-adds of the convolutions for one frame, its sides rounded up to multiples of 4."""
    rows, columns = (-(-side // 4) * 4 for side in (size.height, size.width))
    return sum(
        conv.weights * (rows // conv.scale) * (columns // conv.scale) for conv in _convs(spec)
    )


def _convs(spec: NetworkSpec) -> Iterator[_Conv]:
    if isinstance(spec, FastSpec):
        return _fast_convs(spec)
    return _reference_convs(spec)


def _reference_convs(spec: ReferenceSpec) -> Iterator[_Conv]:
    first, second, third = spec.filters
    transposed = spec.upsample == "transposed"
    yield _Conv(spec.end_kernel, 3, first, 1)
    yield _Conv(3, first, second, 2)
    yield _Conv(3, second, third, 4)
    for _ in range(2 * spec.residual_blocks):
        yield _Conv(3, third, third, 4, separable=spec.separable)
    # A transposed convolution visits each pixel of its smaller input once.
    yield _Conv(3, third, second, 4 if transposed else 2)
    yield _Conv(3, second, first, 2 if transposed else 1)
    yield _Conv(spec.end_kernel, first, 3, 1, normed=spec.head_norm)


def _fast_convs(spec: FastSpec) -> Iterator[_Conv]:
    yield _Conv(3, 3, spec.stem_filters, 2)
    yield _Conv(3, spec.stem_filters, spec.filters, 4)
    for _ in range(2 * spec.residual_blocks):
        yield _Conv(3, spec.filters, spec.filters, 4)
    yield _Conv(3, spec.filters, 4 * spec.stem_filters, 4)
    yield _Conv(3, spec.stem_filters, 12, 2, normed=False)
