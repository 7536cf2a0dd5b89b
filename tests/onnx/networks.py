"""Small ONNX networks of the forms that the public has, with random weights."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FREE = (1, 3, "height", "width")


class Network:
    """Nodes in a row; each method adds some and gives the name of what comes out."""

    def __init__(self, seed=0):
        self.nodes, self.weights = [], []
        self._random = np.random.default_rng(seed)

    def weight(self, *shape, scale=None):
        spread = scale or 1 / np.sqrt(np.prod(shape[1:]))
        return self.constant(self._random.normal(0, spread, shape).astype(np.float32))

    def constant(self, array):
        name = f"weight{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def add(self, kind, *inputs, **attributes):
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def numbers(self, *numbers):
        return self.constant(np.array(numbers, np.int64))

    def pad(self, x, by):
        return self.add("Pad", x, self.numbers(0, 0, by, by, 0, 0, by, by), mode="reflect")

    def conv(self, x, inputs, outputs, kernel, stride=1, padded=True):
        x = self.pad(x, kernel // 2) if padded else x
        return self.add(
            "Conv",
            x,
            self.weight(outputs, inputs, kernel, kernel),
            self.weight(outputs, scale=0.1),
            strides=[stride, stride],
        )

    def norm(self, x, channels):
        gamma = self.constant(np.full(channels, 1.1, np.float32))
        return self.add("InstanceNormalization", x, gamma, self.weight(channels, scale=0.2))

    def save(self, path, result, shape=FREE, given=None, opset=14):
        given = given or [shape[0], shape[1], *(None,) * 2]
        graph = helper.make_graph(
            self.nodes,
            "network",
            [helper.make_tensor_value_info("input1", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, given)],
            self.weights,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8
        )
        onnx.checker.check_model(model)
        onnx.save(model, path)
        return path


def transformer_net(path, shape=FREE):
    """As pytorch/examples' fast_neural_style: levels in and out, without any bound."""
    n = Network(1)
    x = n.add("Relu", n.norm(n.conv("input1", 3, 8, 9), 8))
    x = n.add("Relu", n.norm(n.conv(x, 8, 16, 3, 2), 16))
    y = n.norm(n.conv(n.add("Relu", n.norm(n.conv(x, 16, 16, 3), 16)), 16, 16, 3), 16)
    x = n.add("Add", x, y)
    scales = n.constant(np.float32([1, 1, 2, 2]))
    x = n.add(
        "Resize",
        x,
        "",
        scales,
        mode="nearest",
        nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    )
    x = n.conv(n.add("Relu", n.norm(n.conv(x, 16, 8, 3), 8)), 8, 3, 9)
    # A trained one ends around the levels that it was given.
    painted = n.add("Add", n.add("Mul", x, n.constant(np.float32(40))), "input1")
    return n.save(path, n.add("Add", painted, n.constant(np.float32(3))), shape)


def cyclegan_generator(path, shape=FREE):
    """As junyanz's ResNet generator: -1..1 in and out, two transposed ways up, tanh."""
    n = Network(2)
    x = n.add("Relu", n.norm(n.conv("input1", 3, 8, 7), 8))
    for inputs, outputs in ((8, 16), (16, 32)):
        down = n.add(
            "Conv",
            x,
            n.weight(outputs, inputs, 3, 3),
            n.weight(outputs, scale=0.1),
            strides=[2, 2],
            pads=[1, 1, 1, 1],
        )
        x = n.add("Relu", n.norm(down, outputs))
    x = n.add("Add", x, n.norm(n.conv(x, 32, 32, 3), 32))
    for inputs, outputs in ((32, 16), (16, 8)):
        up = n.add(
            "ConvTranspose",
            x,
            n.weight(inputs, outputs, 3, 3),
            strides=[2, 2],
            pads=[1, 1, 1, 1],
            output_padding=[1, 1],
        )
        x = n.add("Relu", n.norm(up, outputs))
    detail = n.add("Mul", n.conv(x, 8, 3, 7), n.constant(np.float32(0.3)))
    return n.save(path, n.add("Tanh", n.add("Add", detail, "input1")), shape)


def espcn(path, shape=FREE, factor=2):
    """Sub-pixel super-resolution: 0..1 in, twice as large out."""
    n = Network(3)
    x = n.add("Tanh", n.conv("input1", 3, 16, 5))
    x = n.add("Tanh", n.conv(x, 16, 8, 3))
    x = n.conv(x, 8, 3 * factor**2, 3)
    x = n.add("DepthToSpace", x, blocksize=factor, mode="CRD")
    scales = n.constant(np.float32([1, 1, factor, factor]))
    base = n.add("Resize", "input1", "", scales, mode="linear")
    detail = n.add("Mul", n.add("Tanh", x), n.constant(np.float32(0.1)))
    return n.save(path, n.add("Clip", n.add("Add", base, detail), *_bounds(n)), shape)


def anime_gan(path, shape=(1, "height", "width", 3)):
    """As AnimeGAN from TensorFlow: colors last, -1..1, tanh."""
    n = Network(4)
    x = n.add("Transpose", "input1", perm=[0, 3, 1, 2])
    deep = n.add("LeakyRelu", n.norm(n.conv(x, 3, 12, 7), 12), alpha=0.2)
    detail = n.add("Mul", n.conv(deep, 12, 3, 3), n.constant(np.float32(0.4)))
    x = n.add("Tanh", n.add("Add", detail, x))
    x = n.add("Transpose", x, perm=[0, 2, 3, 1])
    return n.save(path, x, shape, [1, None, None, 3])


def _bounds(n):
    return n.constant(np.float32(0)), n.constant(np.float32(1))
