"""What it saves to double the size and convolve in one step, as the OpenVINO graph does.

    python benchmarks/graph.py wave/reference wave/half

CPU milliseconds of one frame at 480x853 in one thread, against a graph that repeats pixels and then
convolves, as the network is written down; frame by frame in turn, so that other work on the machine
meets both. Prints Markdown.
"""

import argparse
import statistics
import time

import numpy as np
from openvino import Core, Model
from openvino import opset13 as ops

from videostyle.backends import openvino_graph, precisions_of
from videostyle.bench.processor import describe_processor
from videostyle.frames import Size
from videostyle.models.model_file import read_spec, read_weights
from videostyle.models.styles import find_style

SIZE = Size(853, 480)
HINTS = {"fp32": "f32", "bf16": "bf16"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("styles", metavar="STYLE", nargs="+")
    parser.add_argument("--frames", type=int, default=10)
    args = parser.parse_args()
    print(f"{describe_processor()}\n")
    print("| network | | two steps, CPU ms | one step, CPU ms | ratio | levels apart, at most |")
    print("|---|---|---:|---:|---:|---:|")
    for style in args.styles:
        graphs = build_both(style)
        for precision in precisions_of("openvino"):
            print(f"| {style} | {precision} | {compare(graphs, precision, args.frames)} |")


def build_both(style: str) -> tuple[Model, Model]:
    path = find_style(style)
    spec, weights = read_spec(path), read_weights(path)
    one_step = openvino_graph.build_graph(spec, weights, SIZE)
    merged = openvino_graph._merged
    openvino_graph._merged = lambda layers: layers
    openvino_graph._BUILDERS["NearestUpsample"] = _repeat_pixels
    try:
        return openvino_graph.build_graph(spec, weights, SIZE), one_step
    finally:
        openvino_graph._merged = merged
        del openvino_graph._BUILDERS["NearestUpsample"]


def _repeat_pixels(layer, arrays, x):
    return ops.interpolate(
        x,
        ops.constant(np.array([2, 2], np.float32)),
        "nearest",
        "scales",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
        axes=ops.constant(np.array([2, 3], np.int64)),
    )


def compare(graphs: tuple[Model, Model], precision: str, frames: int) -> str:
    settings = {"INFERENCE_PRECISION_HINT": HINTS[precision], "INFERENCE_NUM_THREADS": 1}
    core = Core()
    requests = [
        core.compile_model(graph, "CPU", settings).create_infer_request() for graph in graphs
    ]
    frame = np.random.default_rng(1).integers(0, 256, (1, SIZE.height, SIZE.width, 3), np.uint8)
    times, painted = [], []
    for _ in range(frames):
        times.append([time_ms(request, frame) for request in requests])
        painted = [request.get_output_tensor(0).data.astype(int) for request in requests]
    two_steps, one_step = zip(*times, strict=True)
    ratio = statistics.median(after / before for before, after in times)
    return (
        f"{statistics.median(two_steps):.0f} | {statistics.median(one_step):.0f} | "
        f"{ratio:.2f} | {np.abs(painted[0] - painted[1]).max()}"
    )


def time_ms(request, frame: np.ndarray) -> float:
    began = time.process_time()
    request.infer({0: frame}, share_inputs=True)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
