"""Scaling pictures, by MIL's own description of where each output pixel is read."""

from typing import Any

import numpy as np
import openvino.opset15 as op

from videostyle.coreml.ops.arguments import Arguments, operation, whole

HALF_PIXEL, CORNERS, LEGACY, OFFSET = "half_pixel", "align_corners", "asymmetric", "offset"

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
    """[N, C, H, W] to [N, C, *size]."""
    if kind != OFFSET and min(size) > 1:
        return op.interpolate(
            x,
            whole(size),
            "linear_onnx",
            "sizes",
            coordinate_transformation_mode=kind,
            axes=whole([2, 3]),
        )
    # OpenVINO knows no such grid. Rows first, since that is the smaller picture.
    for axis, after in enumerate(size, start=2):
        before = x.get_shape()[axis]
        places = sampling_grid(before, after, kind)
        low = np.floor(places).astype(np.int64)
        high = np.minimum(low + 1, before - 1)
        share = (places - low).astype(np.float32)
        share = share[:, None] if axis == 2 else share
        lower, upper = (op.gather(x, each, np.int64(axis)) for each in (low, high))
        x = op.add(lower, op.multiply(op.subtract(upper, lower), share)).output(0)
    return x


def _scaled_size(a: Arguments) -> tuple[int, int]:
    factors = (float(a.constant(f"scale_factor_{side}", 1)) for side in ("height", "width"))
    height, width = (
        int(np.floor(side * factor)) for side, factor in zip(a.shape()[2:], factors, strict=True)
    )
    return height, width


def _target_size(a: Arguments) -> tuple[int, int]:
    return int(a.constant("target_size_height")), int(a.constant("target_size_width"))


@operation("upsample_bilinear")
def _upsample_bilinear(a: Arguments) -> Any:
    corners = bool(a.constant("align_corners", True))
    half = bool(a.constant("half_pixel_centers", not corners))
    kind = CORNERS if corners else HALF_PIXEL if half else LEGACY
    return _bilinear(a.picture(), _scaled_size(a), kind)


@operation("resize_bilinear")
def _resize_bilinear(a: Arguments) -> Any:
    return _bilinear(a.picture(), _target_size(a), _MODES[a.constant("sampling_mode", "DEFAULT")])


@operation("upsample_nearest_neighbor", "resize_nearest_neighbor")
def _nearest(a: Arguments) -> Any:
    size = _target_size(a) if "target_size_height" in a else _scaled_size(a)
    return _nearest_to(a, size)


def _nearest_to(a: Arguments, size: tuple[int, int]) -> Any:
    before = a.shape()[2:]
    if any(after % side for after, side in zip(size, before, strict=True)):
        # Which pixel is the nearest one is written down nowhere then.
        raise a.refuse(
            f"scales {before[1]}x{before[0]} to {size[1]}x{size[0]}, not by whole factors"
        )
    return op.interpolate(
        a.picture(),
        whole(size),
        "nearest",
        "sizes",
        coordinate_transformation_mode=LEGACY,
        nearest_mode="floor",
        axes=whole([2, 3]),
    )


@operation("resize")
def _resize(a: Arguments) -> Any:
    """Of iOS17: the last sides of the shape, 0 for those that are kept."""
    height, width = a.numbers("shape")[-2:]
    size = (height or a.shape()[2], width or a.shape()[3])
    if a.constant("interpolation_mode", "LINEAR") == "LINEAR":
        return _bilinear(a.picture(), size, _MODES[a.constant("sampling_mode", "DEFAULT")])
    return _nearest_to(a, size)


@operation("depth_to_space")
def _depth_to_space(a: Arguments) -> Any:
    return op.depth_to_space(a.picture(), "blocks_first", int(a.constant("block_size")))


@operation("space_to_depth")
def _space_to_depth(a: Arguments) -> Any:
    return op.space_to_depth(a.picture(), "blocks_first", int(a.constant("block_size")))


@operation("pixel_shuffle")
def _pixel_shuffle(a: Arguments) -> Any:
    """As PyTorch lays pixels out: the channel is the slowest index, not the fastest."""
    return op.depth_to_space(a.picture(), "depth_first", int(a.constant("upscale_factor")))


@operation("pixel_unshuffle")
def _pixel_unshuffle(a: Arguments) -> Any:
    return op.space_to_depth(a.picture(), "depth_first", int(a.constant("downscale_factor")))
