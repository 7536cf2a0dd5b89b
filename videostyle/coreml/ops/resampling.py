"""Scaling pictures, by MIL's own description of where each output pixel is read.

Not by `tf.image.resize`: the runtime must not share its grid with the network it checks.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from videostyle.coreml.ops.arguments import Arguments, Held, operation

HALF_PIXEL, CORNERS, LEGACY, OFFSET = "half pixel", "corners", "legacy", "offset"

# MIL's names of `resize_bilinear`.
_MODES = {
    "DEFAULT": LEGACY,
    "STRICT_ALIGN_CORNERS": CORNERS,
    "ALIGN_CORNERS": CORNERS,
    "UNALIGN_CORNERS": HALF_PIXEL,
    "OFFSET_CORNERS": OFFSET,
}


def sampling_grid(before: int, after: int, kind: str) -> np.ndarray:
    """Where along one axis each output pixel lies in the input: float64 [after], in pixels.

    Source: MIL's documentation of `resize_bilinear`,
        https://apple.github.io/coremltools/source/coremltools.converters.mil.mil.ops.defs.html
    """
    steps = np.arange(after, dtype=np.float64)
    if kind == HALF_PIXEL:
        places = (steps + 0.5) * before / after - 0.5
    elif kind == CORNERS:
        places = steps * (before - 1) / (after - 1) if after > 1 else np.array([(before - 1) / 2])
    elif kind == OFFSET:
        places = (steps + 0.5) * max(1, before - 1) / after
    else:
        places = steps * before / after
    return np.clip(places, 0, before - 1)


def _bilinear(x: Any, size: tuple[int, int], kind: str) -> Any:
    """[N, H, W, C] to [N, *size, C]: rows first, since that is the smaller picture."""
    for axis, after in enumerate(size, start=1):
        places = sampling_grid(x.shape[axis], after, kind)
        low = np.floor(places).astype(np.int32)
        high = np.minimum(low + 1, x.shape[axis] - 1)
        share = (places - low).astype(np.float32)
        share = share[None, :, None, None] if axis == 1 else share[None, None, :, None]
        lower = tf.gather(x, low, axis=axis)
        x = lower + (tf.gather(x, high, axis=axis) - lower) * share
    return x


def _scaled_size(a: Arguments, x: Any) -> tuple[int, int]:
    factors = (float(a.constant(f"scale_factor_{side}", 1)) for side in ("height", "width"))
    height, width = (
        int(np.floor(side * factor)) for side, factor in zip(x.shape[1:3], factors, strict=True)
    )
    return height, width


def _target_size(a: Arguments) -> tuple[int, int]:
    return int(a.constant("target_size_height")), int(a.constant("target_size_width"))


@operation("upsample_bilinear")
def _upsample_bilinear(a: Arguments) -> Held:
    x = a.picture()
    corners = bool(a.constant("align_corners", True))
    half = bool(a.constant("half_pixel_centers", not corners))
    kind = CORNERS if corners else HALF_PIXEL if half else LEGACY
    return Held(_bilinear(x, _scaled_size(a, x), kind), channels_last=True)


@operation("resize_bilinear")
def _resize_bilinear(a: Arguments) -> Held:
    kind = _MODES[a.constant("sampling_mode", "DEFAULT")]
    return Held(_bilinear(a.picture(), _target_size(a), kind), channels_last=True)


@operation("upsample_nearest_neighbor", "resize_nearest_neighbor")
def _nearest(a: Arguments) -> Held:
    x = a.picture()
    height, width = _target_size(a) if "target_size_height" in a else _scaled_size(a, x)
    if height % x.shape[1] or width % x.shape[2]:
        # Which pixel is the nearest one is written down nowhere then.
        raise a.refuse(
            f"scales {x.shape[2]}x{x.shape[1]} to {width}x{height}, not by whole factors"
        )
    x = tf.repeat(x, height // x.shape[1], axis=1)
    return Held(tf.repeat(x, width // x.shape[2], axis=2), channels_last=True)


@operation("depth_to_space")
def _depth_to_space(a: Arguments) -> Held:
    return Held(
        tf.nn.depth_to_space(a.picture(), int(a.constant("block_size"))), channels_last=True
    )


@operation("space_to_depth")
def _space_to_depth(a: Arguments) -> Held:
    return Held(
        tf.nn.space_to_depth(a.picture(), int(a.constant("block_size"))), channels_last=True
    )


@operation("pixel_shuffle")
def _pixel_shuffle(a: Arguments) -> Held:
    """As PyTorch lays pixels out: the channel is the slowest index, not the fastest."""
    factor, x = int(a.constant("upscale_factor")), a.picture()
    n, height, width, channels = x.shape
    x = tf.reshape(x, (n, height, width, channels // factor**2, factor, factor))
    x = tf.transpose(x, (0, 1, 4, 2, 5, 3))  # [N, H, F, W, F, C]
    return Held(
        tf.reshape(x, (n, height * factor, width * factor, channels // factor**2)),
        channels_last=True,
    )
