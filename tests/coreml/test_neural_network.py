"""Old `.mlmodel` networks, layer by layer, made with coremltools' own builder."""

import numpy as np
import pytest

from videostyle.coreml import load
from videostyle.coreml.coremltools import import_coremltools, quiet
from videostyle.coreml.messages import import_messages
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import ConfigError, ModelLoadError
from videostyle.graphs.reading import Reading
from videostyle.models.styles import find_style

HEIGHT, WIDTH = 12, 20

# Between float32 here and float64 there, in levels of 0..255.
AGREEMENT_LEVELS = 0.01


def picture():
    return np.random.default_rng(4).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def planes():
    """The picture as the network sees it: float64 [3, H, W]."""
    return picture().transpose(2, 0, 1).astype(np.float64)


def numbers(*shape, scale=1.0):
    return (np.random.default_rng(sum(shape)).normal(0, scale, shape)).astype(np.float32)


def make_network(tmp_path, body, exact=False, bgr=False, scaler=None, bits=None):
    """Save a network from `image` to `out`: `body(builder)`."""
    import_coremltools()
    from coremltools.models import MLModel, datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder, quantization_utils

    with quiet():
        builder = NeuralNetworkBuilder(
            [("image", datatypes.Array(3, HEIGHT, WIDTH))],
            [("out", None)],
            disable_rank5_shape_mapping=exact,
        )
        body(builder)
        spec = builder.spec
        for feature in (spec.description.input[0], spec.description.output[0]):
            image = feature.type.imageType
            image.width, image.height = WIDTH, HEIGHT
            image.colorSpace = image.ColorSpace.Value("BGR" if bgr else "RGB")
        # As coremltools writes it for a size that follows from the layers.
        spec.description.output[0].type.imageType.width = 1
        spec.description.output[0].type.imageType.height = 1
        spec.neuralNetwork.imageInputShapeMapping = int(exact)
        if scaler:
            entry = spec.neuralNetwork.preprocessing.add()
            entry.featureName = "image"
            for name, value in scaler.items():
                setattr(entry.scaler, name, value)
        if bits:
            model = MLModel(spec, skip_model_load=True)
            found = quantization_utils.quantize_weights(model, bits, "linear")
            spec = found.get_spec() if hasattr(found, "get_spec") else found
    path = tmp_path / "old.mlmodel"
    path.write_bytes(spec.SerializeToString())
    return path


def convolved(x, weight, stride=1):
    """[C, H, W] by [O, C, K, K], without borders: by its definition."""
    _, _, k, _ = weight.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    return np.einsum("chwij,ocij->ohw", windows, weight.astype(np.float64))


def normed(x, epsilon=1e-5):
    mean, variance = x.mean((1, 2), keepdims=True), x.var((1, 2), keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon)


def convolution(builder, weight, **more):
    """A convolution of a weight [O, I, K, K], from image to out unless told."""
    outputs, inputs, k, _ = weight.shape
    given = {
        "name": "conv",
        "kernel_channels": inputs,
        "output_channels": outputs,
        "height": k,
        "width": k,
        "stride_height": 1,
        "stride_width": 1,
        "border_mode": "valid",
        "groups": 1,
        "W": weight.transpose(2, 3, 1, 0),
        "b": None,
        "has_bias": False,
        "input_name": "image",
        "output_name": "out",
    }
    builder.add_convolution(**(given | more))


def activation(kind, params=None):
    def body(b):
        b.add_elementwise("small", ["image"], "small", "MULTIPLY", alpha=1 / 64)
        b.add_elementwise("shifted", ["small"], "shifted", "ADD", alpha=-2.0)
        b.add_activation("act", kind, "shifted", "out", params)

    return body


SMALL = numbers(3, 3, 3, 3, scale=0.2)
BIAS = numbers(3)
x_small = planes() / 64 - 2
POINTWISE = numbers(3, 3, 1, 1)


def one(method, *arguments, **more):
    """A layer that takes `image` and gives `out`."""
    return lambda b: getattr(b, method)("layer", *arguments, **more)


def concat_channels(b):
    b.add_slice("red", "image", "red", "channel", 0, 1)
    b.add_slice("others", "image", "others", "channel", 1, 3)
    b.add_elementwise("out", ["others", "red"], "out", "CONCAT")


def add_constant(b):
    b.add_load_constant("c", "c", numbers(3, HEIGHT, WIDTH), [3, HEIGHT, WIDTH])
    b.add_elementwise("out", ["image", "c"], "out", "ADD")


def broadcast_batch(b):
    b.add_reduce("mean", "image", "mean", "HW", "avg")
    b.add_elementwise("negative", ["mean"], "negative", "MULTIPLY", alpha=-1.0)
    b.add_elementwise("out", ["image", "negative"], "out", "ADD")


def reference_crop(b):
    b.add_padding("pad", 3, 4, 2, 5, input_name="image", output_name="pad")
    b.add_crop("crop", 0, 0, 0, 0, [1, 2], ["pad", "image"], "out")


def deconvolution(weight, **more):
    """[I, O, K, K]; the builder wants [K, K, I, O]."""
    inputs, outputs, _, _ = weight.shape
    return lambda b: convolution(
        b,
        weight,
        is_deconv=True,
        W=weight.transpose(2, 3, 0, 1),
        kernel_channels=inputs,
        output_channels=outputs,
        **more,
    )


def spread(x, weight, stride):
    """A transposed convolution by its definition: [C, H, W] by [C, O, K, K], all that it makes."""
    _, outputs, k, _ = weight.shape
    height, width = ((side - 1) * stride + k for side in x.shape[1:])
    y = np.zeros((outputs, height, width))
    for row, column in np.ndindex(*x.shape[1:]):
        at = (slice(None), slice(row * stride, row * stride + k))
        y[at[0], at[1], column * stride : column * stride + k] += np.einsum(
            "c,coij->oij", x[:, row, column], weight.astype(np.float64)
        )
    return y


def padded(x, top, bottom, left, right, mode="constant", **more):
    return np.pad(x, ((0, 0), (top, bottom), (left, right)), mode, **more)


def lines(x, axis, after, places):
    """Values at places along an axis, between their neighbours."""
    low = np.floor(places).astype(int)
    high = np.minimum(low + 1, x.shape[axis] - 1)
    share = (places - low).reshape([-1 if each == axis else 1 for each in range(3)])
    return x.take(low, axis) * (1 - share) + x.take(high, axis) * share


def bilinear(x, height, width, grid):
    for axis, after in ((1, height), (2, width)):
        x = lines(x, axis, after, grid(x.shape[axis], after))
    return x


def by_corners(before, after):
    return np.arange(after) * (before - 1) / (after - 1)


def without_offset(before, after):
    return np.minimum(np.arange(after) * before / after, before - 1)


# A body for the builder, and the same by its definition, from planes [3, H, W] to planes.
LAYERS = {
    "convolution": (lambda b: convolution(b, SMALL), lambda x: convolved(x, SMALL)),
    "convolution, bias, stride, same": (
        lambda b: convolution(
            b,
            SMALL,
            has_bias=True,
            b=BIAS,
            stride_height=2,
            stride_width=2,
            border_mode="same",
        ),
        lambda x: convolved(padded(x, 0, 1, 0, 1), SMALL, 2) + BIAS[:, None, None],
    ),
    "deconvolution": (
        deconvolution(SMALL, stride_height=2, stride_width=2),
        lambda x: spread(x, SMALL, 2),
    ),
    "deconvolution to a shape": (
        deconvolution(SMALL, stride_height=2, stride_width=2, output_shape=(2 * HEIGHT, 2 * WIDTH)),
        lambda x: spread(x, SMALL, 2)[:, : 2 * HEIGHT, : 2 * WIDTH],
    ),
    "deconvolution, same": (
        deconvolution(
            numbers(3, 3, 4, 4, scale=0.2), stride_height=2, stride_width=2, border_mode="same"
        ),
        lambda x: spread(x, numbers(3, 3, 4, 4, scale=0.2), 2)[:, 1:-1, 1:-1],
    ),
    "batchnorm": (
        one(
            "add_batchnorm",
            channels=3,
            gamma=BIAS,
            beta=BIAS + 9,
            mean=BIAS * 2,
            variance=np.float32([4, 9, 1]),
            input_name="image",
            output_name="out",
            epsilon=1e-3,
        ),
        lambda x: (
            (x - BIAS[:, None, None] * 2)
            / np.sqrt(np.float64([4, 9, 1]) + 1e-3)[:, None, None]
            * BIAS[:, None, None]
            + BIAS[:, None, None]
            + 9
        ),
    ),
    "instance norm": (
        one(
            "add_batchnorm",
            channels=3,
            gamma=BIAS,
            beta=BIAS,
            compute_mean_var=True,
            instance_normalization=True,
            input_name="image",
            output_name="out",
            epsilon=1e-5,
        ),
        lambda x: normed(x) * BIAS[:, None, None] + BIAS[:, None, None],
    ),
    "mvn": (
        one("add_mvn", "image", "out", across_channels=True, epsilon=1e-3),
        lambda x: (x - x.mean()) / (x.std() + 1e-3),
    ),
    "ReLU": (activation("RELU"), lambda x: np.maximum(x_small, 0)),
    "leaky ReLU": (
        activation("LEAKYRELU", [0.2]),
        lambda x: np.where(x_small > 0, x_small, x_small * 0.2),
    ),
    "PReLU": (
        activation("PRELU", np.float32([0.1, 0.2, 0.3])),
        lambda x: np.where(
            x_small > 0, x_small, x_small * np.array([0.1, 0.2, 0.3])[:, None, None]
        ),
    ),
    "thresholded ReLU": (activation("THRESHOLDEDRELU", 0.5), lambda x: x_small * (x_small >= 0.5)),
    "tanh": (activation("TANH"), lambda x: np.tanh(x_small)),
    "scaled tanh": (activation("SCALED_TANH", [2.0, 0.5]), lambda x: 2 * np.tanh(0.5 * x_small)),
    "sigmoid": (activation("SIGMOID"), lambda x: 1 / (1 + np.exp(-x_small))),
    "hard sigmoid": (
        activation("SIGMOID_HARD", [0.3, 0.4]),
        lambda x: np.clip(x_small * 0.3 + 0.4, 0, 1),
    ),
    "ELU": (
        activation("ELU", 0.7),
        lambda x: np.where(x_small > 0, x_small, 0.7 * np.expm1(x_small)),
    ),
    "linear": (activation("LINEAR", [3.0, 4.0]), lambda x: x_small * 3 + 4),
    "softsign": (activation("SOFTSIGN"), lambda x: x_small / (1 + np.abs(x_small))),
    "softplus": (activation("SOFTPLUS"), lambda x: np.log1p(np.exp(x_small))),
    "parametric softplus": (
        activation("PARAMETRICSOFTPLUS", (np.float32([1, 2, 3]), np.float32([3, 2, 1]))),
        lambda x: (
            np.log1p(np.exp(x_small * np.array([3, 2, 1])[:, None, None]))
            * np.array([1, 2, 3])[:, None, None]
        ),
    ),
    "reflection": (
        one(
            "add_padding",
            1,
            2,
            3,
            4,
            padding_type="reflection",
            input_name="image",
            output_name="out",
        ),
        lambda x: padded(x, 3, 4, 1, 2, "reflect"),
    ),
    "replication": (
        one(
            "add_padding",
            1,
            2,
            3,
            4,
            padding_type="replication",
            input_name="image",
            output_name="out",
        ),
        lambda x: padded(x, 3, 4, 1, 2, "edge"),
    ),
    "constant padding": (
        one("add_padding", 1, 2, 3, 4, value=7.0, input_name="image", output_name="out"),
        lambda x: padded(x, 3, 4, 1, 2, constant_values=7),
    ),
    "crop": (
        one("add_crop", 1, 2, 3, 4, [0, 0], ["image"], "out"),
        lambda x: x[:, 3:-4, 1:-2],
    ),
    "crop to a reference": (
        reference_crop,
        lambda x: padded(x, 2, 5, 3, 4)[:, 1 : 1 + HEIGHT, 2 : 2 + WIDTH],
    ),
    "upsample nearest": (
        one("add_upsample", 2, 3, "image", "out", mode="NN"),
        lambda x: x.repeat(2, 1).repeat(3, 2),
    ),
    "upsample bilinear": (
        one("add_upsample", 2, 3, "image", "out", mode="BILINEAR"),
        lambda x: bilinear(x, 2 * HEIGHT, 3 * WIDTH, without_offset),
    ),
    "upsample by corners": (
        one("add_upsample", 2, 3, "image", "out", "BILINEAR", "ALIGN_CORNERS_TRUE"),
        lambda x: bilinear(x, 2 * HEIGHT, 3 * WIDTH, by_corners),
    ),
    "resizeBilinear by corners": (
        one("add_resize_bilinear", "image", "out", 17, 31, "ALIGN_ENDPOINTS_MODE"),
        lambda x: bilinear(x, 17, 31, by_corners),
    ),
    "resizeBilinear without offset": (
        one("add_resize_bilinear", "image", "out", 17, 31, "UPSAMPLE_MODE"),
        lambda x: bilinear(x, 17, 31, without_offset),
    ),
    "resizeBilinear as in ROI align": (
        one("add_resize_bilinear", "image", "out", 5, 7, "ROI_ALIGN_MODE"),
        lambda x: bilinear(x, 5, 7, lambda a, b: (np.arange(b) + 0.5) * (a - 1) / b),
    ),
    "scale with bias": (
        one("add_scale", BIAS, BIAS, True, "image", "out", [3], [3]),
        lambda x: x * BIAS[:, None, None] + BIAS[:, None, None],
    ),
    "bias": (one("add_bias", BIAS, "image", "out", [3]), lambda x: x + BIAS[:, None, None]),
    "add a constant": (add_constant, lambda x: x + numbers(3, HEIGHT, WIDTH)),
    "subtract the mean": (broadcast_batch, lambda x: x - x.mean((1, 2), keepdims=True)),
    "slices, concat": (concat_channels, lambda x: x[[1, 2, 0]]),
    "unary": (
        one("add_unary", "image", "out", "power", alpha=2.0, shift=1.0, scale=0.5),
        lambda x: (x * 0.5 + 1) ** 2,
    ),
    "unary rsqrt": (
        one("add_unary", "image", "out", "rsqrt", epsilon=4.0),
        lambda x: 1 / np.sqrt(x + 4),
    ),
    "threshold": (
        one("add_unary", "image", "out", "threshold", alpha=99.0),
        lambda x: np.maximum(x, 99),
    ),
    "space to depth and back": (
        lambda b: (
            b.add_reorganize_data("a", "image", "deep", "SPACE_TO_DEPTH", 2),
            b.add_reorganize_data("b", "deep", "out", "DEPTH_TO_SPACE", 2),
        ),
        lambda x: x,
    ),
    "permute": (
        one("add_permute", (0, 1, 3, 2), "image", "out"),
        lambda x: x.transpose(0, 2, 1),
    ),
    "reshape": (
        one("add_reshape", "image", "out", (3, WIDTH, HEIGHT), 0),
        lambda x: x.reshape(3, WIDTH, HEIGHT),
    ),
    "max pooling": (
        one("add_pooling", 2, 2, 2, 2, "MAX", "VALID", "image", "out"),
        lambda x: x.reshape(3, HEIGHT // 2, 2, WIDTH // 2, 2).max((2, 4)),
    ),
    "average pooling": (
        one("add_pooling", 2, 2, 2, 2, "AVERAGE", "VALID", "image", "out"),
        lambda x: x.reshape(3, HEIGHT // 2, 2, WIDTH // 2, 2).mean((2, 4)),
    ),
    "l2 normalize": (
        one("add_l2_normalize", "image", "out", 1e-3),
        lambda x: x / np.sqrt(np.square(x).sum() + 1e-3),
    ),
    "softmax": (
        lambda b: (
            b.add_elementwise("small", ["image"], "small", "MULTIPLY", alpha=1 / 64),
            b.add_softmax("softmax", "small", "out"),
        ),
        lambda x: np.exp(x / 64) / np.exp(x / 64).sum(0),
    ),
    "split and sum": (
        lambda b: (
            b.add_split("split", "image", ["r", "g", "b"]),
            b.add_elementwise("out", ["b", "r", "g"], "out", "CONCAT"),
        ),
        lambda x: x[[2, 0, 1]],
    ),
    "average": (
        lambda b: (
            b.add_elementwise("twice", ["image"], "twice", "MULTIPLY", alpha=3.0),
            b.add_elementwise("out", ["image", "twice"], "out", "AVE"),
        ),
        lambda x: x * 2,
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_follows_its_definition(tmp_path, name):
    body, definition = LAYERS[name]
    levels = load(make_network(tmp_path, body)).predict_levels(picture())
    expected = definition(planes()).transpose(1, 2, 0)
    assert levels.shape == expected.shape
    assert np.abs(levels - expected).max() < AGREEMENT_LEVELS
    assert levels.std() > 0


# Layers of networks that count axes as MIL does.
EXACT = {
    "broadcastable": (
        lambda b: (
            b.add_load_constant_nd("c", "c", BIAS.reshape(3, 1, 1), (3, 1, 1)),
            b.add_multiply_broadcastable("m", ["image", "c"], "m"),
            b.add_subtract_broadcastable("out", ["m", "c"], "out"),
        ),
        lambda x: x * BIAS[:, None, None] - BIAS[:, None, None],
    ),
    "transpose, stack, squeeze": (
        lambda b: (
            b.add_transpose("t", (0, 1, 3, 2), "image", "t"),
            b.add_expand_dims("e", "t", "e", (0,)),
            b.add_squeeze("s", "e", "out", (0,)),
        ),
        lambda x: x.transpose(0, 2, 1),
    ),
    "concat and split": (
        lambda b: (
            b.add_split_nd("s", "image", ["r", "gb"], axis=1, split_sizes=[1, 2]),
            b.add_concat_nd("out", ["gb", "r"], "out", axis=1),
        ),
        lambda x: x[[1, 2, 0]],
    ),
    "slice and pad": (
        lambda b: (
            b.add_slice_static(
                "s",
                "image",
                "s",
                begin_ids=(0, 0, 2, 0),
                end_ids=(0, 0, -1, 0),
                strides=(1, 1, 1, 1),
                begin_masks=(True, True, False, True),
                end_masks=(True, True, False, True),
            ),
            b.add_constant_pad(
                "out",
                ["s"],
                "out",
                value=5.0,
                pad_to_given_output_size_mode=False,
                pad_amounts=(0, 0, 0, 0, 1, 0, 0, 2),
            ),
        ),
        lambda x: padded(x[:, 2:-1], 1, 0, 0, 2, constant_values=5),
    ),
    "mean, clip, tile, reshape": (
        lambda b: (
            b.add_reduce_mean("m", "image", "m", axes=(2, 3), keepdims=True),
            b.add_clip("c", "m", "c", 100.0, 128.0),
            b.add_tile("t", "c", "t", (1, 1, HEIGHT, WIDTH)),
            b.add_reshape_static("out", "t", "out", (1, 3, WIDTH, HEIGHT)),
        ),
        lambda x: np.clip(x.mean((1, 2)), 100, 128)[:, None, None] + np.zeros((3, WIDTH, HEIGHT)),
    ),
    "layer norm": (
        lambda b: b.add_layer_normalization(
            "l", "image", "out", (WIDTH,), numbers(WIDTH), numbers(WIDTH), 1e-3
        ),
        lambda x: (
            (x - x.mean(2, keepdims=True))
            / np.sqrt(x.var(2, keepdims=True) + 1e-3)
            * numbers(WIDTH)
            + numbers(WIDTH)
        ),
    ),
    "gelu, tanh": (
        lambda b: (
            b.add_elementwise("small", ["image"], "small", "MULTIPLY", alpha=1 / 64),
            b.add_gelu("g", "small", "g", "SIGMOID_APPROXIMATION"),
            b.add_tanh("out", "g", "out"),
        ),
        lambda x: np.tanh(x / 64 / (1 + np.exp(-1.702 * x / 64))),
    ),
    "matmul": (
        lambda b: (
            b.add_load_constant_nd("c", "c", numbers(WIDTH, 9), (WIDTH, 9)),
            b.add_batched_mat_mul("out", ["image", "c"], "out"),
        ),
        lambda x: x @ numbers(WIDTH, 9),
    ),
    "upsample by centres": (
        lambda b: b.add_upsample("u", 2, 3, "image", "out", "BILINEAR", "ALIGN_CORNERS_FALSE"),
        lambda x: bilinear(
            x,
            2 * HEIGHT,
            3 * WIDTH,
            lambda a, b: np.clip((np.arange(b) + 0.5) * a / b - 0.5, 0, a - 1),
        ),
    ),
}


@pytest.mark.parametrize("name", EXACT)
def test_layers_with_axes_as_mil_counts_them(tmp_path, name):
    body, definition = EXACT[name]
    levels = load(make_network(tmp_path, body, exact=True)).predict_levels(picture())
    expected = definition(planes()).transpose(1, 2, 0)
    assert levels.shape == expected.shape
    assert np.abs(levels - expected).max() < AGREEMENT_LEVELS


def test_a_scaler_knows_the_order_of_the_colors(tmp_path):
    """The bias goes by the color's name, whatever the order; the network sees blue first."""
    scaler = {"channelScale": 2.0, "redBias": -10.0, "greenBias": -20.0, "blueBias": -30.0}
    only_first = np.float32([1, 0, 0])
    path = make_network(
        tmp_path,
        lambda b: b.add_scale("s", only_first, None, False, "image", "out", [3]),
        bgr=True,
        scaler=scaler,
    )
    levels = load(path).predict_levels(picture())
    assert np.array_equal(levels[..., 2], picture()[..., 2] * 2.0 - 30)
    assert not levels[..., :2].any()


def edit(path, change):
    """Change a file's description in place."""
    spec = import_messages().Model()
    spec.ParseFromString(path.read_bytes())
    change(spec)
    path.write_bytes(spec.SerializeToString())


@pytest.mark.parametrize(("bits", "form", "worst"), [(16, "fp16", 1), (8, "int8", 12)])
def test_weights_in_fewer_bits_are_read(tmp_path, bits, form, worst):
    weight = numbers(8, 3, 3, 3, scale=0.2)

    def body(b):
        convolution(b, weight, output_name="wide")
        convolution(b, numbers(3, 8, 1, 1), input_name="wide", name="second")

    exact = load(make_network(tmp_path, body)).predict_levels(picture())
    model = load(make_network(tmp_path, body, bits=bits))
    assert model.program.kind == form
    difference = np.abs(exact - model.predict_levels(picture()))
    assert 0 < difference.max() < worst


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 6, 8])
def test_palettes_are_read_as_coremltools_packs_them(tmp_path, bits):
    import_coremltools()
    from coremltools.models.neural_network.quantization_utils import (
        _convert_array_to_nbit_quantized_bytes,
    )

    places = np.random.default_rng(bits).integers(0, 1 << bits, SMALL.shape)
    table = numbers(1 << bits, scale=0.2)
    path = make_network(tmp_path, lambda b: convolution(b, SMALL))

    def store(spec):
        weights = spec.neuralNetwork.layers[0].convolution.weights
        del weights.floatValue[:]
        weights.rawValue = bytes(_convert_array_to_nbit_quantized_bytes(places.ravel(), bits))
        weights.quantization.numberOfBits = bits
        weights.quantization.lookupTableQuantization.floatValue.extend(table.tolist())

    edit(path, store)
    model = load(path)
    assert model.program.kind == f"palette{bits}"
    expected = convolved(planes(), table[places]).transpose(1, 2, 0)
    assert np.abs(model.predict_levels(picture()) - expected).max() < AGREEMENT_LEVELS


def test_a_layer_that_is_not_known_is_named(tmp_path):
    path = make_network(tmp_path, lambda b: b.add_lrn("norm", "image", "out", 1.0, 1.0, 3))
    with pytest.raises(ModelLoadError, match=r"old\.mlmodel: .*a layer 'norm' of the kind lrn"):
        load(path)


def test_two_inputs_are_refused_by_what_they_are(tmp_path):
    import_coremltools()
    from coremltools.models import datatypes
    from coremltools.models.neural_network import NeuralNetworkBuilder

    builder = NeuralNetworkBuilder(
        [("image", datatypes.Array(3, 8, 8)), ("style", datatypes.Array(4))], [("out", None)]
    )
    builder.add_elementwise("sum", ["image"], "out", "ADD", alpha=1.0)
    path = tmp_path / "two.mlmodel"
    path.write_bytes(builder.spec.SerializeToString())
    with pytest.raises(ModelLoadError, match=r"takes an array 'image' \[3, 8, 8\] and an array"):
        load(path)


def several_styles(tmp_path, exact=False):
    """The form of Turi Create: a number for each style makes the factors of the channels."""
    factors = np.array([[1, 0.5, 0.25], [1, 0.25, 0.5], [1, 0.5, 0.5]], np.float32)

    def body(b):
        b.add_inner_product("gamma", factors, None, 3, 3, False, "index", "gamma")
        b.add_elementwise("product", ["image", "gamma"], "out", "MULTIPLY")

    path = make_network(tmp_path, body, exact)

    def add_index(spec):
        index = spec.description.input.add()
        index.name = "index"
        index.type.multiArrayType.shape.append(3)

    edit(path, add_index)
    return path, factors


def test_one_of_several_styles_is_selected_by_its_number(tmp_path):
    path, factors = several_styles(tmp_path)
    for number in (None, 1, 2, 3):
        model = PortableModel(path, reading=Reading(style_number=number))
        expected = picture() * factors[:, (number or 1) - 1]
        assert np.abs(model.predict_levels(picture()) - expected).max() < AGREEMENT_LEVELS
    assert str(model.package.choice) == "style 3 of 3"
    with pytest.raises(ConfigError, match="has no style 4; the last one is 3"):
        PortableModel(path, reading=Reading(style_number=4))


def test_a_model_of_one_style_has_no_numbers(tmp_path):
    path = make_network(tmp_path, lambda b: convolution(b, POINTWISE))
    with pytest.raises(ConfigError, match="holds one style"):
        PortableModel(path, reading=Reading(style_number=1))
    with pytest.raises(ConfigError, match="the first is 1"):
        Reading(style_number=0)


def test_a_picture_of_another_size_than_it_says_is_refused(tmp_path):
    path = make_network(tmp_path, lambda b: b.add_upsample("up", 2, 2, "image", "out"))

    def say(spec):
        image = spec.description.output[0].type.imageType
        image.width, image.height = WIDTH, HEIGHT

    edit(path, say)
    with pytest.raises(ModelLoadError, match=r"gives 40x24 for 20x12, though it says .* 20x12"):
        load(path).predict(picture())


def test_weights_must_be_as_many_as_the_layer_says(tmp_path):
    path = make_network(tmp_path, lambda b: convolution(b, SMALL))

    def claim(spec):
        spec.neuralNetwork.layers[0].convolution.outputChannels = 1 << 40

    edit(path, claim)
    with pytest.raises(ModelLoadError, match="at most 134217728 are read"):
        load(path)


def test_an_old_network_is_a_style(tmp_path):
    path = make_network(tmp_path, lambda b: convolution(b, POINTWISE))
    assert find_style(path) == path
