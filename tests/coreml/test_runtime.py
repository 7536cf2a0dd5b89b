"""The portable runtime against onnxruntime, on programs that our converter did not make."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.coreml.onnx_programs import run_with_onnxruntime
from videostyle.coreml import load
from videostyle.coreml.coremltools import import_coremltools, quiet
from videostyle.coreml.program import Operation, Value
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import ConfigError, FrameShapeError, ModelLoadError

# Between two libraries' float32, in levels of 0..255.
AGREEMENT_LEVELS = 0.01

HEIGHT, WIDTH = 22, 34


def picture(height=HEIGHT, width=WIDTH):
    return np.random.default_rng(2).integers(0, 256, (height, width, 3), np.uint8)


def weights(*shape, scale=None):
    random = np.random.default_rng(sum(shape))
    spread = scale or 1 / np.sqrt(np.prod(shape[1:]))
    return random.normal(0, spread, shape).astype(np.float32)


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """Build a package with MIL's own builder: `body(mb, x)` from levels to levels."""
    ct = import_coremltools()
    from coremltools.converters.mil import Builder as mb

    @cache
    def make(body, precision="fp32", target="iOS16", color="RGB"):
        @mb.program(
            input_specs=[mb.TensorSpec(shape=(1, 3, HEIGHT, WIDTH))],
            opset_version=ct.target[target],
        )
        def program(x):
            return body(mb, x)

        layout = ct.colorlayout[color]
        [output] = program.functions["main"].outputs
        image = ct.ImageType(name=output.name, color_layout=layout)
        program.functions["main"].set_output_types([image])
        path = tmp_path_factory.mktemp("foreign") / "foreign.mlpackage"
        with quiet():
            model = ct.convert(
                program,
                source="milinternal",
                convert_to="mlprogram",
                skip_model_load=True,
                minimum_deployment_target=ct.target[target],
                compute_precision=ct.precision(f"float{precision[2:]}"),
                inputs=[ct.ImageType(name="x", shape=(1, 3, HEIGHT, WIDTH), color_layout=layout)],
            )
            model.save(str(path))
        return path

    return make


def other_tools_network(mb, x):
    """The shape of other style networks: 9x9 ends, instance norm, prelu, a transposed way up."""
    x = mb.pad(x=mb.mul(x=x, y=np.float32(1 / 255)), pad=[4, 4, 4, 4], mode="reflect")
    x = mb.conv(x=x, weight=weights(8, 3, 9, 9), bias=weights(8, scale=0.1))
    x = mb.instance_norm(
        x=x, gamma=1 + weights(8, scale=0.2), beta=weights(8, scale=0.2), epsilon=np.float32(1e-5)
    )
    x = mb.prelu(x=x, alpha=np.float32([0, 1, 2, 3, 4, 5, 6, 7]) / 9)
    x = mb.conv(
        x=x, weight=weights(16, 8, 3, 3), strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1]
    )
    y = mb.conv(x=x, weight=weights(16, 1, 3, 3), groups=16, pad_type="same")
    y = mb.relu(x=mb.conv(x=y, weight=weights(16, 8, 1, 1), groups=2))
    x = mb.add(x=x, y=y)
    x = mb.conv_transpose(
        x=x, weight=weights(16, 8, 4, 4), strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1]
    )
    x = mb.conv(
        x=mb.leaky_relu(x=x, alpha=np.float32(0.1)), weight=weights(3, 8, 9, 9), pad_type="same"
    )
    x = mb.mul(x=mb.sigmoid(x=x), y=np.float32(255))
    return mb.resize_bilinear(
        x=x, target_size_height=50, target_size_width=77, sampling_mode="UNALIGN_CORNERS"
    )


def test_a_file_made_elsewhere_agrees_with_onnxruntime(build):
    model = load(build(other_tools_network))
    levels = model.predict_levels(picture())
    assert levels.shape == (50, 77, 3)
    assert levels.std() > 10
    expected = run_with_onnxruntime(model.program, picture())
    assert np.abs(levels - expected).max() < AGREEMENT_LEVELS
    assert np.array_equal(model.predict(picture()), np.round(levels).astype(np.uint8))


def scaled(mb, x, factor=1 / 127.5, shift=-1.0):
    return mb.add(x=mb.mul(x=x, y=np.float32(factor)), y=np.float32(shift))


# Each takes levels and gives levels, by way of one operation or one of its ways of working.
BODIES = {
    "conv same, stride 2": lambda mb, x: mb.conv(
        x=x, weight=weights(3, 3, 3, 3), strides=[2, 2], pad_type="same"
    ),
    "conv same lower": lambda mb, x: mb.conv(
        x=x, weight=weights(3, 3, 4, 4), pad_type="same_lower"
    ),
    "conv dilated": lambda mb, x: mb.conv(x=x, weight=weights(3, 3, 3, 3), dilations=[2, 3]),
    "conv uneven pad": lambda mb, x: mb.conv(
        x=x, weight=weights(3, 3, 3, 3), pad_type="custom", pad=[0, 1, 2, 3], strides=[2, 1]
    ),
    "depthwise": lambda mb, x: mb.conv(x=x, weight=weights(3, 1, 3, 3), groups=3, strides=[2, 2]),
    "conv_transpose valid": lambda mb, x: mb.conv_transpose(
        x=x, weight=weights(3, 3, 3, 3), strides=[2, 2]
    ),
    "conv_transpose odd pad": lambda mb, x: mb.conv_transpose(
        x=x, weight=weights(3, 3, 3, 3), strides=[2, 2], pad_type="custom", pad=[1, 0, 1, 0]
    ),
    "instance_norm": lambda mb, x: mb.instance_norm(
        x=x, gamma=weights(3, scale=50), beta=weights(3, scale=50), epsilon=np.float32(1e-3)
    ),
    "batch_norm": lambda mb, x: mb.batch_norm(
        x=x,
        mean=weights(3, scale=50),
        variance=np.float32([4, 9, 1]),
        gamma=np.float32([1, 2, 3]),
        beta=weights(3, scale=9),
        epsilon=np.float32(1e-3),
    ),
    "unfused norm": lambda mb, x: mb.real_div(
        x=mb.sub(x=x, y=mb.reduce_mean(x=x, axes=[2, 3], keep_dims=True)),
        y=mb.sqrt(x=mb.reduce_max(x=x, axes=[-1, 2], keep_dims=True)),
    ),
    "reduce without keeping": lambda mb, x: mb.mul(
        x=x, y=mb.expand_dims(x=mb.reduce_sum(x=x, axes=[1], keep_dims=False), axes=[1])
    ),
    "channels first constant": lambda mb, x: mb.maximum(
        x=x, y=np.float32([100, 150, 200]).reshape(3, 1, 1)
    ),
    "pad constant": lambda mb, x: mb.pad(
        x=x, pad=[1, 2, 3, 4], mode="constant", constant_val=np.float32(77)
    ),
    "pad replicate": lambda mb, x: mb.pad(x=x, pad=[0, 5, 6, 0], mode="replicate"),
    "pad reflect": lambda mb, x: mb.pad(x=x, pad=[1, 2, 3, 4], mode="reflect"),
    "slice": lambda mb, x: mb.slice_by_index(
        x=x,
        begin=[0, 0, 3, 1],
        end=[0, 0, 0, -1],
        stride=[1, 1, 2, 1],
        begin_mask=[True, True, False, False],
        end_mask=[True, True, True, False],
    ),
    "slice by size": lambda mb, x: mb.slice_by_size(x=x, begin=[0, 0, 2, 5], size=[1, 3, 9, -1]),
    "split, concat": lambda mb, x: mb.concat(
        values=list(reversed(mb.split(x=x, num_splits=3, axis=1))), axis=1
    ),
    "transposes that meet": lambda mb, x: mb.transpose(
        x=mb.add(x=mb.transpose(x=x, perm=[0, 2, 3, 1]), y=np.float32([1, 2, 3])), perm=[0, 3, 1, 2]
    ),
    "a turn on its side": lambda mb, x: mb.transpose(x=x, perm=[0, 1, 3, 2]),
    "reshape": lambda mb, x: mb.squeeze(
        x=mb.expand_dims(x=mb.reshape(x=x, shape=[1, 3, WIDTH, HEIGHT]), axes=[0]), axes=[0]
    ),
    "tile": lambda mb, x: mb.tile(x=x, reps=[1, 1, 2, 3]),
    "depth_to_space": lambda mb, x: mb.depth_to_space(
        x=mb.conv(x=x, weight=weights(12, 3, 1, 1)), block_size=2
    ),
    "space_to_depth": lambda mb, x: mb.conv(
        x=mb.space_to_depth(x=x, block_size=2), weight=weights(3, 12, 1, 1)
    ),
    "pixel_shuffle": lambda mb, x: mb.pixel_shuffle(
        x=mb.conv(x=x, weight=weights(12, 3, 1, 1)), upscale_factor=2
    ),
    "upsample_nearest": lambda mb, x: mb.upsample_nearest_neighbor(
        x=x, scale_factor_height=2, scale_factor_width=3
    ),
    "upsample_bilinear corners": lambda mb, x: mb.upsample_bilinear(
        x=x, scale_factor_height=2, scale_factor_width=3, align_corners=True
    ),
    "upsample_bilinear half pixel": lambda mb, x: mb.upsample_bilinear(
        x=x, scale_factor_height=2.0, scale_factor_width=1.5, align_corners=False
    ),
    "resize_bilinear legacy": lambda mb, x: mb.resize_bilinear(
        x=x, target_size_height=51, target_size_width=40, sampling_mode="DEFAULT"
    ),
    "resize_bilinear corners": lambda mb, x: mb.resize_bilinear(
        x=x, target_size_height=51, target_size_width=40, sampling_mode="STRICT_ALIGN_CORNERS"
    ),
    "max_pool": lambda mb, x: mb.max_pool(
        x=x, kernel_sizes=[3, 3], strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1]
    ),
    "avg_pool": lambda mb, x: mb.avg_pool(
        x=x,
        kernel_sizes=[3, 2],
        strides=[1, 2],
        pad_type="custom",
        pad=[1, 1, 0, 0],
        exclude_padding_from_average=True,
    ),
    "avg_pool with its padding": lambda mb, x: mb.avg_pool(
        x=x, kernel_sizes=[3, 3], strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1]
    ),
    "elu": lambda mb, x: mb.elu(x=scaled(mb, x), alpha=np.float32(0.5)),
    "sigmoid_hard": lambda mb, x: mb.sigmoid_hard(
        x=scaled(mb, x, 0.05), alpha=np.float32(0.3), beta=np.float32(0.4)
    ),
    "clip": lambda mb, x: mb.clip(x=x, alpha=np.float32(50), beta=np.float32(99.5)),
    "softplus, pow": lambda mb, x: mb.pow(x=mb.softplus(x=scaled(mb, x)), y=np.float32(3)),
    "softsign, exp, abs": lambda mb, x: mb.abs(x=mb.softsign(x=mb.exp(x=scaled(mb, x)))),
    "tanh, minimum": lambda mb, x: mb.minimum(x=mb.tanh(x=scaled(mb, x)), y=np.float32(0.5)),
}


@pytest.mark.parametrize("name", BODIES)
def test_every_operation_agrees_with_onnxruntime(build, name):
    model = load(build(BODIES[name]))
    levels = model.predict_levels(picture())
    expected = run_with_onnxruntime(model.program, picture())
    assert levels.shape == expected.shape
    assert np.abs(levels - expected).max() < AGREEMENT_LEVELS
    assert levels.std() > 0


LINEAR = weights(3, 3)
TURN = weights(HEIGHT, 20)


def gelu_by_tanh(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


# Beside what onnxruntime knows: by their definition.
FORMULAS = {
    "relu6": (lambda mb, x: mb.relu6(x=scaled(mb, x, 0.1)), lambda x: np.clip(x * 0.1 - 1, 0, 6)),
    "silu": (
        lambda mb, x: mb.silu(x=scaled(mb, x)),
        lambda x: (x / 127.5 - 1) / (1 + np.exp(1 - x / 127.5)),
    ),
    "square, rsqrt": (
        lambda mb, x: mb.rsqrt(x=mb.square(x=x), epsilon=np.float32(4)),
        lambda x: 1 / np.sqrt(np.square(x) + 4),
    ),
    "inverse": (lambda mb, x: mb.inverse(x=x, epsilon=np.float32(2)), lambda x: 1 / (x + 2)),
    "log": (lambda mb, x: mb.log(x=x, epsilon=np.float32(2)), lambda x: np.log(x + 2)),
    "erf, atan, sign": (
        lambda mb, x: mb.mul(
            x=mb.mul(x=mb.erf(x=scaled(mb, x)), y=mb.atan(x=scaled(mb, x))),
            y=mb.sign(x=scaled(mb, x)),
        ),
        lambda x: np.vectorize(math.erf)(x / 127.5 - 1) * np.arctan(np.abs(x / 127.5 - 1)),
    ),
    "sin, cos": (
        lambda mb, x: mb.mul(x=mb.sin(x=scaled(mb, x)), y=mb.cos(x=scaled(mb, x))),
        lambda x: np.sin(2 * (x / 127.5 - 1)) / 2,
    ),
    "floor, ceil, round": (
        lambda mb, x: mb.add(
            x=mb.add(x=mb.floor(x=scaled(mb, x, 0.1)), y=mb.ceil(x=scaled(mb, x, 0.1))),
            y=mb.round(x=scaled(mb, x, 0.1)),
        ),
        lambda x: sum(
            f(np.float32(x * np.float32(0.1) - 1)) for f in (np.floor, np.ceil, np.round)
        ),
    ),
    "gelu": (
        lambda mb, x: mb.gelu(x=scaled(mb, x), mode="EXACT"),
        lambda x: (
            (x / 127.5 - 1) * np.vectorize(math.erf)((x / 127.5 - 1) / 2**0.5) / 2
            + (x / 127.5 - 1) / 2
        ),
    ),
    "gelu by sigmoid": (
        lambda mb, x: mb.gelu(x=scaled(mb, x), mode="SIGMOID_APPROXIMATION"),
        lambda x: (x / 127.5 - 1) / (1 + np.exp(-1.702 * (x / 127.5 - 1))),
    ),
    "gelu by tanh": (
        lambda mb, x: mb.gelu(x=scaled(mb, x), mode="TANH_APPROXIMATION"),
        lambda x: gelu_by_tanh(x / 127.5 - 1),
    ),
    "thresholded_relu": (
        lambda mb, x: mb.thresholded_relu(x=x, alpha=np.float32(100)),
        lambda x: x * (x >= 100),
    ),
    "clamped_relu": (
        lambda mb, x: mb.clamped_relu(x=scaled(mb, x), alpha=np.float32(0.5), beta=np.float32(0.7)),
        lambda x: np.minimum(0.7, np.where(x < 127.5, (x / 127.5 - 1) * 0.5, x / 127.5 - 1)),
    ),
    "softplus_parametric": (
        lambda mb, x: mb.softplus_parametric(
            x=scaled(mb, x), alpha=np.float32([1, 2, 3]), beta=np.float32([3, 2, 1])
        ),
        lambda x: np.log1p(np.exp((x / 127.5 - 1) * [3, 2, 1])) * [1, 2, 3],
    ),
    "softmax": (
        lambda mb, x: mb.softmax(x=scaled(mb, x), axis=1),
        lambda x: np.exp(x / 127.5) / np.exp(x / 127.5).sum(axis=-1, keepdims=True),
    ),
    "select, comparisons": (
        lambda mb, x: mb.select(
            cond=mb.greater(x=x, y=np.float32(100)),
            a=x,
            b=mb.select(
                cond=mb.less_equal(x=x, y=np.float32(50)), a=mb.mul(x=x, y=np.float32(2)), b=x
            ),
        ),
        lambda x: np.where(x > 50, x, 2 * x),
    ),
    "less, greater_equal, equal": (
        lambda mb, x: mb.add(
            x=mb.cast(x=mb.less(x=x, y=np.float32(9)), dtype="fp32"),
            y=mb.add(
                x=mb.cast(x=mb.greater_equal(x=x, y=np.float32(99)), dtype="fp32"),
                y=mb.cast(x=mb.equal(x=x, y=np.float32(77)), dtype="fp32"),
            ),
        ),
        lambda x: (x < 9) + 1.0 * (x >= 99) + (x == 77),
    ),
    "floor_div, mod": (
        lambda mb, x: mb.add(x=mb.floor_div(x=x, y=np.float32(7)), y=mb.mod(x=x, y=np.float32(11))),
        lambda x: x // 7 + x % 11,
    ),
    "layer_norm over colors": (
        lambda mb, x: mb.layer_norm(
            x=x, axes=[1], gamma=np.float32([1, 2, 3]), beta=np.float32([3, 2, 1])
        ),
        lambda x: (
            (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * [1, 2, 3]
            + [3, 2, 1]
        ),
    ),
    "linear": (
        lambda mb, x: mb.transpose(
            x=mb.linear(
                x=mb.transpose(x=x, perm=[0, 2, 3, 1]), weight=LINEAR, bias=np.float32([3, 2, 1])
            ),
            perm=[0, 3, 1, 2],
        ),
        lambda x: x @ LINEAR.T + [3, 2, 1],
    ),
    "matmul": (
        lambda mb, x: mb.matmul(x=TURN, y=x, transpose_x=True),
        lambda x: np.einsum("ij,ikc->jkc", TURN, x),
    ),
    "squares, l1, l2, products": (
        lambda mb, x: mb.add(
            x=mb.add(
                x=mb.reduce_sum_square(x=scaled(mb, x), axes=[1], keep_dims=True),
                y=mb.reduce_l1_norm(x=scaled(mb, x), axes=[1], keep_dims=True),
            ),
            y=mb.mul(
                x=mb.reduce_l2_norm(x=scaled(mb, x), axes=[1], keep_dims=True),
                y=mb.mul(
                    x=mb.reduce_prod(x=x, axes=[1], keep_dims=True),
                    y=np.zeros((1, 3, 1, 1), np.float32),
                ),
            ),
        ),
        lambda x: np.repeat(
            (np.square(x / 127.5 - 1) + np.abs(x / 127.5 - 1)).sum(-1, keepdims=True), 3, -1
        ),
    ),
    "reduce_log_sum": (
        lambda mb, x: mb.add(
            x=mb.mul(x=x, y=np.float32(0)),
            y=mb.reduce_log_sum(x=mb.add(x=x, y=np.float32(1)), axes=[1], keep_dims=True),
        ),
        lambda x: np.log((x + 1).sum(-1, keepdims=True)) + 0 * x,
    ),
    "crop": (
        lambda mb, x: mb.crop(x=x, crop_height=[1, 2], crop_width=[3, 4]),
        lambda x: x[1:-2, 3:-4],
    ),
    "stack, gather": (
        lambda mb, x: mb.gather(
            x=mb.squeeze(x=mb.stack(values=[x, x], axis=0), axes=[1]), indices=[1], axis=0
        ),
        lambda x: x,
    ),
    "pixel_unshuffle": (
        lambda mb, x: mb.pixel_shuffle(
            x=mb.pixel_unshuffle(x=x, downscale_factor=np.uint32(2)), upscale_factor=2
        ),
        lambda x: x,
    ),
    "linear_activation": (
        lambda mb, x: mb.linear_activation(x=x, alpha=np.float32(0.5), beta=np.float32(3)),
        lambda x: x * 0.5 + 3,
    ),
    "scaled_tanh": (
        lambda mb, x: mb.scaled_tanh(x=x, alpha=np.float32(100), beta=np.float32(0.01)),
        lambda x: 100 * np.tanh(0.01 * x),
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_operations_follow_their_formulas(build, name):
    body, formula = FORMULAS[name]
    levels = load(build(body)).predict_levels(picture())
    assert np.abs(levels - formula(picture().astype(np.float64))).max() < AGREEMENT_LEVELS


@pytest.mark.slow
def test_every_known_operation_is_tested(build):
    from videostyle.coreml.ops import OPERATIONS, load_operations

    load_operations()
    bodies = [*BODIES.values(), *(body for body, _ in FORMULAS.values()), other_tools_network]
    seen = {kind for body in bodies for kind in load(build(body)).program.counts}
    # Made by the converter, and compared with the network in test_convert.
    elsewhere = {"cast", "identity", "resize_nearest_neighbor", "reduce_min"}
    elsewhere |= {"crop_like"}  # of old networks: test_neural_network
    elsewhere |= {"resize", "shape"}  # below
    assert set(OPERATIONS) - seen <= elsewhere


@pytest.mark.parametrize("mode", ["LINEAR", "NEAREST_NEIGHBOR"])
def test_the_resize_of_ios17_is_as_the_older_ones(build, mode):
    def newer(mb, x):
        return mb.resize(
            x=x,
            shape=[2 * HEIGHT, 0],
            resized_dims=np.uint32(2),
            interpolation_mode=mode,
            sampling_mode="UNALIGN_CORNERS",
        )

    def older(mb, x):
        sides = {"target_size_height": 2 * HEIGHT, "target_size_width": WIDTH}
        if mode == "LINEAR":
            return mb.resize_bilinear(x=x, sampling_mode="UNALIGN_CORNERS", **sides)
        return mb.resize_nearest_neighbor(x=x, **sides)

    painted = [
        load(build(body, target=target)).predict_levels(picture())
        for body, target in ((newer, "iOS17"), (older, "iOS16"))
    ]
    assert np.array_equal(*painted)


def test_a_program_may_ask_for_a_shape(build):
    """As packages with free sizes do."""
    path = build(lambda mb, x: mb.square(x=mb.mul(x=x, y=np.float32(0.5))))
    model = load(path)
    [first, second] = model.program.operations
    shape = Operation("shape", "s", {"x": first.inputs["x"]}, (Value("s", "int32", (4,)),))
    flat = Value("flat", "fp32", ())
    lay = Operation(
        "reshape",
        "flat",
        {"x": first.outputs[0], "shape": Value("", "int32", (2,), np.int32([1, -1]))},
        (flat,),
    )
    back = Operation(
        "reshape", "back", {"x": flat, "shape": shape.outputs[0]}, (Value("back", "fp32", ()),)
    )
    again = replace(second, inputs=dict.fromkeys(second.inputs, back.outputs[0]))
    expected = model.predict_levels(picture())
    model = load(path)
    model.program = replace(model.program, operations=(first, shape, lay, back, again))
    assert np.array_equal(model.predict_levels(picture()), expected)


def test_offset_corners_lie_where_mil_says():
    from videostyle.coreml.ops.resampling import CORNERS, OFFSET, sampling_grid

    assert sampling_grid(5, 2, OFFSET).tolist() == [1.0, 3.0]
    assert sampling_grid(4, 1, CORNERS).tolist() == [1.5]


def test_half_arithmetic_rounds_what_is_stored_in_half(build):
    """2049 is not in half precision: 2048 is next to it."""
    path = build(
        lambda mb, x: mb.sub(x=mb.add(x=x, y=np.float32(2049)), y=np.float32(2049)),
        precision="fp16",
    )
    exact = PortableModel(path).predict_levels(picture())
    half = PortableModel(path, arithmetic="half").predict_levels(picture())
    assert np.abs(exact - picture()).max() <= 1
    assert set(np.unique(half % 2)) == {0.0}
    assert PortableModel(path).largest_activation(picture()) > 2049
    with pytest.raises(ConfigError, match="choose one of float, half"):
        PortableModel(path, arithmetic="bfloat16")


def test_channels_in_the_other_order_are_turned(build):
    path = build(
        lambda mb, x: mb.mul(x=x, y=np.float32([1, 0.5, 0]).reshape(1, 3, 1, 1)), color="BGR"
    )
    painted = load(path).predict(picture())
    assert np.array_equal(painted[..., 2], picture()[..., 2])  # blue comes first in the file
    assert not painted[..., 0].any()


def test_an_operation_that_is_not_known_is_named(build):
    path = build(lambda mb, x: mb.tan(x=mb.acos(x=x)))
    with pytest.raises(ModelLoadError, match=r"foreign\.mlpackage: .*doesn't know .* acos, tan$"):
        load(path)


def test_a_size_by_no_whole_factor_is_refused(build):
    path = build(
        lambda mb, x: mb.resize_nearest_neighbor(x=x, target_size_height=30, target_size_width=50)
    )
    with pytest.raises(ModelLoadError, match="not by whole factors"):
        load(path).predict(picture())


@pytest.mark.parametrize(
    "wrong", [picture()[None], picture().astype(float), picture(8, 8), picture()[..., :2]]
)
def test_pictures_of_another_form_are_refused(build, wrong):
    with pytest.raises(FrameShapeError, match="uint8"):
        load(build(lambda mb, x: mb.relu(x=x))).predict(wrong)
