"""Activations and norms."""

from collections.abc import Callable
from typing import Any

import numpy as np

from videostyle.coreml.layers.steps import Steps, layer
from videostyle.coreml.layers.weights import read_weights

# MIL's names, and the parameters that go along.
_ACTIVATIONS = {
    "linear": ("linear_activation", ("alpha", "beta")),
    "ReLU": ("relu", ()),
    "leakyReLU": ("leaky_relu", ("alpha",)),
    "thresholdedReLU": ("thresholded_relu", ("alpha",)),
    "tanh": ("tanh", ()),
    "scaledTanh": ("scaled_tanh", ("alpha", "beta")),
    "sigmoid": ("sigmoid", ()),
    "sigmoidHard": ("sigmoid_hard", ("alpha", "beta")),
    "ELU": ("elu", ("alpha",)),
    "softsign": ("softsign", ()),
    "softplus": ("softplus", ()),
}


@layer("activation")
def _activation(params: Any, steps: Steps) -> None:
    kind = params.WhichOneof("NonlinearityType")
    message = getattr(params, kind or "linear")
    if kind == "PReLU":
        steps.end("prelu", x=steps.x, alpha=_per_channel(message.alpha))
    elif kind == "parametricSoftplus":
        slopes = {name: _per_channel(getattr(message, name)) for name in ("alpha", "beta")}
        steps.end("softplus_parametric", x=steps.x, **slopes)
    elif kind in _ACTIVATIONS:
        name, parameters = _ACTIVATIONS[kind]
        steps.end(name, x=steps.x, **{each: getattr(message, each) for each in parameters})
    else:
        raise ValueError(f"an activation of the kind {kind}")


def _per_channel(params: Any) -> np.ndarray:
    return read_weights(params, [len(params.floatValue) or len(params.float16Value) // 2])


@layer("batchnorm")
def _batchnorm(params: Any, steps: Steps) -> None:
    # Of one picture the statistics of the batch are those of the picture.
    own = params.computeMeanVar
    names = ("gamma", "beta") if own else ("gamma", "beta", "mean", "variance")
    given = {
        name: read_weights(getattr(params, name), [int(params.channels)])
        for name in names
        if params.HasField(name)
    }
    steps.end("instance_norm" if own else "batch_norm", x=steps.x, epsilon=params.epsilon, **given)


@layer("mvn")
def _mvn(params: Any, steps: Steps) -> None:
    axes = [-3, -2, -1] if params.acrossChannels else [-2, -1]
    mean = steps.add("reduce_mean", x=steps.x, axes=axes, keep_dims=True)
    if not params.normalizeVariance:
        steps.end("sub", x=steps.x, y=mean)
        return
    centred = steps.add("sub", x=steps.x, y=mean)
    square = steps.add("square", x=centred)
    variance = steps.add("reduce_mean", x=square, axes=axes, keep_dims=True)
    deviation = steps.add("sqrt", x=variance)
    steps.end("real_div", x=centred, y=steps.add("add", x=deviation, y=params.epsilon))


@layer("l2normalize")
def _l2_normalize(params: Any, steps: Steps) -> None:
    square = steps.add("square", x=steps.x)
    total = steps.add("reduce_sum", x=square, axes=[-3, -2, -1], keep_dims=True)
    steps.end("mul", x=steps.x, y=steps.add("rsqrt", x=total, epsilon=params.epsilon))


@layer("layerNormalization")
def _layer_normalization(params: Any, steps: Steps) -> None:
    shape = [int(side) for side in params.normalizedShape]
    steps.end(
        "layer_norm",
        x=steps.x,
        axes=list(range(-len(shape), 0)),
        gamma=read_weights(params.gamma, shape),
        beta=read_weights(params.beta, shape),
        epsilon=params.eps,
    )


@layer("softmax")
def _softmax(params: Any, steps: Steps) -> None:
    steps.end("softmax", x=steps.x, axis=-3)


@layer("softmaxND")
def _softmax_nd(params: Any, steps: Steps) -> None:
    steps.end("softmax", x=steps.x, axis=steps.axis(params.axis))


@layer("gelu")
def _gelu(params: Any, steps: Steps) -> None:
    modes = ("EXACT", "TANH_APPROXIMATION", "SIGMOID_APPROXIMATION")
    steps.end("gelu", x=steps.x, mode=modes[params.mode])


@layer("clip")
def _clip(params: Any, steps: Steps) -> None:
    steps.end("clip", x=steps.x, alpha=params.minVal, beta=params.maxVal)


@layer("clampedReLU")
def _clamped_relu(params: Any, steps: Steps) -> None:
    steps.end("clamped_relu", x=steps.x, alpha=params.alpha, beta=params.beta)


def _plain(name: str) -> Callable[[Any, Steps], None]:
    def read(params: Any, steps: Steps) -> None:
        steps.end(name, x=steps.x)

    return read


for _name in ("tanh", "floor", "ceil", "round", "sign", "erf", "sin", "cos"):
    layer(_name)(_plain(_name))
layer("copy")(_plain("identity"))
