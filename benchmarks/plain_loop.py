"""The loop that the field's scripts have: OpenCV reads, TensorFlow paints, OpenCV writes.

    python benchmarks/plain_loop.py in.mp4 out.mp4 field        # 5 blocks, 9x9 ends, random weights
    python benchmarks/plain_loop.py in.mp4 out.mp4 reference    # wave/reference

Prints frames per second of the loop alone, and on stderr the processor; loading TensorFlow and
building the graph don't count.
"""

import sys
import time

from videostyle.bench.processor import describe_processor
from videostyle.models.model_file import load_model
from videostyle.models.spec import ReferenceSpec
from videostyle.models.styles import find_style
from videostyle.models.tensorflow import import_tensorflow

FIELD = ReferenceSpec(residual_blocks=5, end_kernel=9, upsample="transposed", norm="instance")


def main(source: str, target: str, name: str) -> None:
    tf = import_tensorflow()
    import cv2
    import numpy as np

    from videostyle.models.network import build_network

    network = (
        build_network(FIELD)
        if name == "field"
        else load_model(find_style("wave/reference")).network
    )
    paint = tf.function(network)
    reader = cv2.VideoCapture(source)
    width, height = (
        int(reader.get(each)) for each in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    )
    width, height = width // 4 * 4, height // 4 * 4  # the network needs multiples of 4
    writer = cv2.VideoWriter(
        target, cv2.VideoWriter_fourcc(*"mp4v"), reader.get(cv2.CAP_PROP_FPS), (width, height)
    )
    paint(tf.zeros((1, height, width, 3)))
    began, count = time.perf_counter(), 0
    while True:
        there, frame = reader.read()
        if not there:
            break
        levels = cv2.cvtColor(frame[:height, :width], cv2.COLOR_BGR2RGB).astype(np.float32)
        painted = paint(levels[np.newaxis])[0].numpy()
        picture = np.clip(painted, 0, 255).astype(np.uint8)
        writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        count += 1
    writer.release()
    print(describe_processor(), file=sys.stderr)
    print(count / (time.perf_counter() - began))


if __name__ == "__main__":
    main(*sys.argv[1:])
