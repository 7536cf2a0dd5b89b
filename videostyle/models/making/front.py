"""Weights of the first layers of EfficientNet-Lite0, as plain arrays.

They come with videostyle (`efficientnet-lite0.npz`, float16, batch norms folded in), so that
neither making a style nor training one needs another package.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FRONT_FILE = Path(__file__).parent / "efficientnet-lite0.npz"

# Strides of the blocks in use, by number; the expansion of block 6 is the deepest feature.
STRIDES = (1, 2, 1, 2, 1, 2, 1)
LAST_BLOCK = len(STRIDES) - 1

# Where features are taken: the stem (half size, 32 channels) and the expansions of these blocks
# (1: half size, 96; 2: a quarter, 144; 4: an eighth, 240; 6: a sixteenth, 480).
FEATURE_BLOCKS = (1, 2, 4, 6)
FEATURE_CHANNELS = (32, 96, 144, 240, 480)


@dataclass(frozen=True)
class FoldedConv:
    """A convolution with its batch norm folded in.

    Attributes:
        kernel: float32 [kh, kw, in, out], or [kh, kw, C, 1] if depthwise.
        bias: float32 [out].
        depthwise: each channel has its own kernel.
    """

    kernel: np.ndarray
    bias: np.ndarray
    depthwise: bool = False


def read_front(path: Path = FRONT_FILE) -> dict[str, FoldedConv]:
    """Read the convolutions by name, such as `stem` and `block1.expand`, in order."""
    with np.load(path, allow_pickle=False) as arrays:
        return {
            name: FoldedConv(
                arrays[f"{name}.kernel"].astype("float32"),
                arrays[f"{name}.bias"].astype("float32"),
                name.endswith(".depthwise"),
            )
            for name in conv_names()
        }


def conv_names() -> Iterator[str]:
    """The convolutions in order.

    Block 0 has no expansion, and nothing after the last block's expansion is used.
    """
    yield "stem"
    yield from ("block0.depthwise", "block0.project")
    for number in range(1, LAST_BLOCK):
        yield from (f"block{number}.{step}" for step in ("expand", "depthwise", "project"))
    yield f"block{LAST_BLOCK}.expand"
