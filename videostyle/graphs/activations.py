"""How large the values of a graph become on a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from videostyle.graphs.painter import Painter


@dataclass(frozen=True)
class Activation:
    """What one operation gave for a picture.

    Attributes:
        kind, name: the operation's.
        peak: the largest absolute value; NaN if any value is not finite.
    """

    kind: str
    name: str
    peak: float


def measure_activations(
    owner: str, parameter: Any, watched: Sequence[tuple[str, str, Any]], image: np.ndarray
) -> list[Activation]:
    """The largest absolute value of each node on one picture.

    Args:
        owner: the model file, for errors.
        parameter: the graph's, for one frame.
        watched: kind, name and node of each operation; those of whole numbers are left out.
        image: uint8 [H, W, 3].
    """
    import openvino as ov
    import openvino.opset15 as op

    peaks, names = [], []
    for kind, name, node in watched:
        if node.get_element_type() == ov.Type.f32:
            axes = np.arange(len(node.get_partial_shape()), dtype=np.int64)
            peak = op.reduce_max(op.abs(node), axes, False)
            # A maximum may hide NaN; a sum doesn't.
            odd = op.multiply(op.reduce_sum(node, axes, False), np.float32(0))
            peaks.append(op.reshape(op.add(peak, odd), np.array([1, 1]), False))
            names.append((kind, name))
    if not peaks:
        return []
    row = op.concat(peaks, 1)
    found = Painter(owner, lambda size: ov.Model([row], [parameter])).paint(image[None])[0]
    return [
        Activation(kind, name, float(peak)) for (kind, name), peak in zip(names, found, strict=True)
    ]
