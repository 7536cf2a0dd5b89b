"""Programs as ONNX models, run by onnxruntime: a path that shares no kernel with the runtime.

It shares the reading of packages (`program.py`), and nothing of `ops/`. Everything is channels
first, in float32.
"""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET = 18

SAME_NAME = {
    "add": "Add",
    "sub": "Sub",
    "mul": "Mul",
    "real_div": "Div",
    "maximum": "Max",
    "minimum": "Min",
    "pow": "Pow",
    "relu": "Relu",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "abs": "Abs",
    "sqrt": "Sqrt",
    "exp": "Exp",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "identity": "Identity",
    "cast": "Identity",
}
REDUCTIONS = {f"reduce_{name}": f"Reduce{name.title()}" for name in ("mean", "sum", "max", "min")}
COORDINATES = {
    "UNALIGN_CORNERS": "half_pixel",
    "STRICT_ALIGN_CORNERS": "align_corners",
    "DEFAULT": "asymmetric",
}


def run_with_onnxruntime(program, image: np.ndarray) -> np.ndarray:
    """Levels that a program gives for uint8 [H, W, 3]: float32 [H', W', 3]."""
    session = onnxruntime.InferenceSession(
        _Translation(program, image.shape).model(), providers=["CPUExecutionProvider"]
    )
    levels = image.astype(np.float32).transpose(2, 0, 1)[None]
    [result] = session.run(None, {program.inputs[0].name: levels})
    return result[0].transpose(1, 2, 0)


class _Translation:
    def __init__(self, program, shape):
        self.program, self.nodes, self.constants = program, [], {}
        self.shape = (1, 3, shape[0], shape[1])

    def model(self) -> bytes:
        for operation in self.program.operations:
            self._translate(operation)
        source, result = self.program.inputs[0].name, self.program.outputs[0].name
        graph = helper.make_graph(
            self.nodes,
            "program",
            [helper.make_tensor_value_info(source, TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, [None] * 4)],
            [numpy_helper.from_array(array, name) for name, array in self.constants.items()],
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10
        )
        onnx.checker.check_model(model)
        return model.SerializeToString()

    def _name(self, value) -> str:
        if value.constant is None:
            return value.name
        return self._constant(np.asarray(value.constant, np.float32))

    def _constant(self, array: np.ndarray) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants[name] = array
        return name

    def _numbers(self, numbers) -> str:
        return self._constant(np.asarray(numbers, np.int64))

    def _add(self, kind, inputs, outputs, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))

    def _translate(self, op):
        given = {name: value for name, value in op.inputs.items() if not isinstance(value, tuple)}
        const = {name: value.constant for name, value in given.items()}
        outputs = [value.name for value in op.outputs]
        x = self._name(given["x"]) if "x" in given else None
        if op.kind in SAME_NAME:
            names = [x] + ([self._name(given["y"])] if "y" in given else [])
            self._add(SAME_NAME[op.kind], names, outputs)
        elif op.kind in REDUCTIONS:
            self._add(
                REDUCTIONS[op.kind],
                [x, self._numbers(const["axes"])],
                outputs,
                keepdims=int(const["keep_dims"]),
            )
        else:
            getattr(self, f"_{op.kind}")(op, given, const, x, outputs)

    def _conv(self, op, given, const, x, outputs, kind="Conv", **more):
        names = [x, self._name(given["weight"])]
        names += [self._name(given["bias"])] if "bias" in given else []
        top, bottom, left, right = np.asarray(const["pad"]).tolist()
        pads = {
            "custom": {"pads": [top, left, bottom, right]},
            "valid": {},
            "same": {"auto_pad": "SAME_UPPER"},
            "same_lower": {"auto_pad": "SAME_LOWER"},
        }
        self._add(
            kind,
            names,
            outputs,
            strides=list(map(int, const["strides"])),
            dilations=list(map(int, const["dilations"])),
            group=int(const["groups"]),
            **pads[const["pad_type"]],
            **more,
        )

    def _conv_transpose(self, op, given, const, x, outputs):
        shape = {}
        if "output_shape" in const:
            shape = {"output_shape": [int(n) for n in const["output_shape"]][2:]}
        self._conv(op, given, const, x, outputs, "ConvTranspose", **shape)

    def _instance_norm(self, op, given, const, x, outputs):
        self._add(
            "InstanceNormalization",
            [x, self._name(given["gamma"]), self._name(given["beta"])],
            outputs,
            epsilon=float(const["epsilon"]),
        )

    def _batch_norm(self, op, given, const, x, outputs):
        names = [self._name(given[name]) for name in ("gamma", "beta", "mean", "variance")]
        self._add("BatchNormalization", [x, *names], outputs, epsilon=float(const["epsilon"]))

    def _pad(self, op, given, const, x, outputs):
        pairs = np.asarray(const["pad"]).reshape(-1, 2)
        pairs = np.concatenate([np.zeros((4 - len(pairs), 2), int), pairs])
        names = [x, self._numbers(pairs.T.reshape(-1))]
        names += [self._constant(np.float32(const.get("constant_val", 0)))]
        mode = {"replicate": "edge"}.get(const["mode"], const["mode"])
        self._add("Pad", names, outputs, mode=mode)

    def _leaky_relu(self, op, given, const, x, outputs):
        self._add("LeakyRelu", [x], outputs, alpha=float(const["alpha"]))

    def _elu(self, op, given, const, x, outputs):
        self._add("Elu", [x], outputs, alpha=float(const["alpha"]))

    def _prelu(self, op, given, const, x, outputs):
        slope = np.asarray(const["alpha"], np.float32).reshape(-1, 1, 1)
        self._add("PRelu", [x, self._constant(slope)], outputs)

    def _clip(self, op, given, const, x, outputs):
        bounds = [self._constant(np.float32(const[name])) for name in ("alpha", "beta")]
        self._add("Clip", [x, *bounds], outputs)

    def _sigmoid_hard(self, op, given, const, x, outputs):
        self._add(
            "HardSigmoid", [x], outputs, alpha=float(const["alpha"]), beta=float(const["beta"])
        )

    def _depth_to_space(self, op, given, const, x, outputs):
        self._add("DepthToSpace", [x], outputs, blocksize=int(const["block_size"]), mode="DCR")

    def _pixel_shuffle(self, op, given, const, x, outputs):
        self._add("DepthToSpace", [x], outputs, blocksize=int(const["upscale_factor"]), mode="CRD")

    def _space_to_depth(self, op, given, const, x, outputs):
        self._add("SpaceToDepth", [x], outputs, blocksize=int(const["block_size"]))

    def _transpose(self, op, given, const, x, outputs):
        self._add("Transpose", [x], outputs, perm=[int(n) for n in const["perm"]])

    def _reshape(self, op, given, const, x, outputs):
        self._add("Reshape", [x, self._numbers(const["shape"])], outputs)

    def _expand_dims(self, op, given, const, x, outputs):
        self._add("Unsqueeze", [x, self._numbers(const["axes"])], outputs)

    def _squeeze(self, op, given, const, x, outputs):
        self._add("Squeeze", [x, self._numbers(const["axes"])], outputs)

    def _tile(self, op, given, const, x, outputs):
        self._add("Tile", [x, self._numbers(const["reps"])], outputs)

    def _concat(self, op, given, const, x, outputs):
        self._add(
            "Concat",
            [self._name(value) for value in op.inputs["values"]],
            outputs,
            axis=int(const["axis"]),
        )

    def _split(self, op, given, const, x, outputs):
        self._add("Split", [x], outputs, axis=int(const["axis"]), num_outputs=len(outputs))

    def _slice_by_index(self, op, given, const, x, outputs):
        rank = len(const["begin"])
        no_begin = const.get("begin_mask", [False] * rank)
        no_end = const.get("end_mask", [False] * rank)
        begins = [0 if no else int(n) for n, no in zip(const["begin"], no_begin, strict=True)]
        ends = [2**31 if no else int(n) for n, no in zip(const["end"], no_end, strict=True)]
        steps = const.get("stride", [1] * rank)
        self._add("Slice", [x, *map(self._numbers, (begins, ends, range(rank), steps))], outputs)

    def _slice_by_size(self, op, given, const, x, outputs):
        begins, sizes = (np.asarray(const[name], np.int64) for name in ("begin", "size"))
        ends = np.where(sizes == -1, 2**31, begins + sizes)
        self._add("Slice", [x, *map(self._numbers, (begins, ends, range(len(sizes))))], outputs)

    def _resize(self, op, x, outputs, mode, coordinates):
        sizes = self._numbers(op.outputs[0].shape)
        self._add(
            "Resize",
            [x, "", "", sizes],
            outputs,
            mode=mode,
            nearest_mode="floor",
            coordinate_transformation_mode=coordinates,
        )

    def _resize_bilinear(self, op, given, const, x, outputs):
        self._resize(op, x, outputs, "linear", COORDINATES[const["sampling_mode"]])

    def _upsample_bilinear(self, op, given, const, x, outputs):
        kind = "align_corners" if const["align_corners"] else "half_pixel"
        self._resize(op, x, outputs, "linear", kind)

    def _resize_nearest_neighbor(self, op, given, const, x, outputs):
        self._resize(op, x, outputs, "nearest", "asymmetric")

    _upsample_nearest_neighbor = _resize_nearest_neighbor

    def _max_pool(self, op, given, const, x, outputs, kind="MaxPool", **more):
        top, bottom, left, right = np.asarray(const["pad"]).tolist()
        self._add(
            kind,
            [x],
            outputs,
            kernel_shape=[int(n) for n in const["kernel_sizes"]],
            strides=[int(n) for n in const["strides"]],
            pads=[top, left, bottom, right],
            **more,
        )

    def _avg_pool(self, op, given, const, x, outputs):
        self._max_pool(
            op,
            given,
            const,
            x,
            outputs,
            "AveragePool",
            count_include_pad=int(not const["exclude_padding_from_average"]),
        )
