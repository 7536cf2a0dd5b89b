"""From a look at a painting to the weights of a network, as plain arithmetic.

The same lines run on NumPy, where a style is made, and on `keras.ops`, where the maker is trained:
`math` is one or the other.

1. The look, standardised, becomes a code: dense layers with a layer norm and GELU between them.
2. Each convolution has a bank of kernels; the code says how much of each goes into the kernel, for
   each group of output channels separately.
3. The code also gives each norm's scale and shift, and the head's bias.

Source: after Shen et al. 2018, https://arxiv.org/abs/1709.04111; banks are ours.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from videostyle.models.making.maker_spec import MadeConv, MakerSpec

NORM_EPSILON = 1e-5

Arrays = Mapping[str, Any]


def encode(arrays: Arrays, spec: MakerSpec, looks: Any, math: Any = np) -> Any:
    """Codes [N, code] of looks [N, look], each of mean 0 and deviation 1."""
    return encode_standard(arrays, spec, standardise(arrays, looks), math)


def standardise(arrays: Arrays, looks: Any) -> Any:
    """Looks as the encoder takes them: standardised by the paintings it was trained on."""
    return (looks - arrays["look.mean"]) / arrays["look.deviation"]


def encode_standard(arrays: Arrays, spec: MakerSpec, looks: Any, math: Any = np) -> Any:
    """Codes of standardised looks."""
    x = looks
    last = len(spec.hidden)
    for number in range(last + 1):
        x = math.matmul(x, arrays[f"encoder{number}.kernel"]) + arrays[f"encoder{number}.bias"]
        x = _layer_norm(x, math)
        if number < last:
            x = _gelu(x, math)
    return x


def make_weights(
    arrays: Arrays, spec: MakerSpec, codes: Any, math: Any = np
) -> dict[str, dict[str, Any]]:
    """The weights of N networks, one for each code [N, code].

    Returns:
        For each convolution by name `kernel` [N, 9 * in, out], and `gamma` and `beta` [N, out] or
        `bias` [N, out].
    """
    return {conv.name: _make_conv(arrays, spec, conv, codes, math) for conv in spec.convs}


def _make_conv(
    arrays: Arrays, spec: MakerSpec, conv: MadeConv, codes: Any, math: Any
) -> dict[str, Any]:
    name, groups = conv.name, spec.groups
    mix = math.matmul(codes, arrays[f"{name}.mix.kernel"]) + arrays[f"{name}.mix.bias"]
    mix = math.reshape(mix, (-1, spec.bank, groups))  # [N, K, G]
    bank = math.reshape(
        arrays[f"{name}.bank"], (spec.bank, conv.kernel_size, groups, conv.outputs // groups)
    )
    kernel = math.reshape(
        math.einsum("nkg,kjgo->njgo", mix, bank), (-1, conv.kernel_size, conv.outputs)
    )
    extra = math.matmul(codes, arrays[f"{name}.extra.kernel"]) + arrays[f"{name}.extra.bias"]
    if not conv.has_norm:
        return {"kernel": kernel, "bias": extra}
    return {
        "kernel": kernel,
        "gamma": 1.0 + extra[:, : conv.outputs],
        "beta": extra[:, conv.outputs :],
    }


def _layer_norm(x: Any, math: Any) -> Any:
    centred = x - math.mean(x, axis=-1, keepdims=True)
    variance = math.mean(math.square(centred), axis=-1, keepdims=True)
    return centred / math.sqrt(variance + NORM_EPSILON)


def _gelu(x: Any, math: Any) -> Any:
    """Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415, in its form with tanh."""
    return 0.5 * x * (1.0 + math.tanh(0.7978845608 * (x + 0.044715 * x * x * x)))
