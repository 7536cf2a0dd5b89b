"""A style from a painting: look, encode, mix the kernels. NumPy and OpenVINO, no TensorFlow."""

from functools import cache
from pathlib import Path

import numpy as np

from videostyle.models.making.eye import look_at
from videostyle.models.making.maker import encode, make_weights
from videostyle.models.making.maker_file import MakerModel, load_maker
from videostyle.models.making.maker_spec import MakerSpec

MAKER_FILE = Path(__file__).parent / "maker.npz"


@cache
def shipped_maker() -> MakerModel:
    """The maker that comes with videostyle."""
    return load_maker(MAKER_FILE)


def encode_painting(painting: np.ndarray) -> np.ndarray:
    """The code of a painting.

    Args:
        painting: uint8 [H, W, 3], RGB, scaled so that its strokes are as large as they should be
            on a frame of 480 lines.

    Returns:
        float32 [code].
    """
    maker = shipped_maker()
    look = look_at(painting.astype("float32") / 255.0)
    code: np.ndarray = encode(maker.arrays, maker.spec, look)[0]
    return code


def decode_style(code: np.ndarray) -> dict[str, np.ndarray]:
    """The weights for a code, by name, as `save_weights` takes them."""
    maker = shipped_maker()
    return _named(make_weights(maker.arrays, maker.spec, code[None]), maker.spec)


def _named(made: dict[str, dict[str, np.ndarray]], spec: MakerSpec) -> dict[str, np.ndarray]:
    arrays = {}
    for conv in spec.convs:
        for name, values in made[conv.name].items():
            if name == "kernel":
                arrays[f"{conv.name}/kernel"] = values[0].reshape(3, 3, conv.inputs, conv.outputs)
            else:
                layer = f"{conv.name}_norm" if conv.has_norm else conv.name
                arrays[f"{layer}/{name}"] = values[0]
    return arrays
