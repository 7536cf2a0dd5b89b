"""The two ends of a graph: from 8-bit frames to what a model takes, and back from what it gives."""

from typing import Any

import numpy as np

from videostyle.frames import Size
from videostyle.graphs.picture_form import PictureForm


def frame_input(size: Size) -> Any:
    """A parameter for one frame: uint8 [1, H, W, 3]."""
    import openvino as ov
    import openvino.opset15 as op

    return op.parameter([1, size.height, size.width, 3], ov.Type.u8, name="frame")


def to_model(frame: Any, form: PictureForm) -> Any:
    """What a model takes, as float32 in its form, of a frame uint8 [1, H, W, 3]."""
    import openvino.opset15 as op

    values = op.convert(frame, "f32")
    if form.is_bgr:
        values = _reversed_colors(values)
    values = _scaled(values, (form.white - form.black) / 255.0, form.black)
    values = op.transpose(values, _numbers(["NHWC".index(axis) for axis in _four(form.layout)]))
    if "N" not in form.layout:
        values = op.squeeze(values, _numbers([0]))
    return values


def to_levels(values: Any, form: PictureForm) -> Any:
    """Levels, float32 [1, H, W, 3] RGB, of what a model gives."""
    import openvino.opset15 as op

    if values.get_element_type().get_type_name() != "f32":
        values = op.convert(values, "f32")
    if "N" not in form.layout:
        values = op.unsqueeze(values, _numbers([0]))
    values = op.transpose(values, _numbers([_four(form.layout).index(axis) for axis in "NHWC"]))
    gain = 255.0 / (form.white - form.black)
    values = _scaled(values, gain, -form.black * gain)
    return _reversed_colors(values) if form.is_bgr else values


def to_frame(levels: Any) -> Any:
    """A frame, uint8 [1, H, W, 3], of levels: cut to 0..255 and rounded."""
    import openvino.opset15 as op

    return op.convert(op.round(op.clamp(levels, 0.0, 255.0), "half_to_even"), "u8")


def _four(layout: str) -> str:
    return layout if "N" in layout else f"N{layout}"


def _scaled(values: Any, gain: float, shift: float) -> Any:
    import openvino.opset15 as op

    if gain != 1.0:
        values = op.multiply(values, np.float32(gain))
    return op.add(values, np.float32(shift)) if shift else values


def _reversed_colors(values: Any) -> Any:
    import openvino.opset15 as op

    return op.gather(values, _numbers([2, 1, 0]), np.int64(3))


def _numbers(numbers: list[int]) -> Any:
    return np.array(numbers, np.int64)


def pad_frame(frame: Any, size: Size, padded: Size) -> Any:
    """Fill a frame up to a larger size by reflection, more behind than before by one at most."""
    import openvino.opset15 as op

    if padded == size:
        return frame
    rows, columns = padded.height - size.height, padded.width - size.width
    before = _numbers([0, rows // 2, columns // 2, 0])
    behind = _numbers([0, rows - rows // 2, columns - columns // 2, 0])
    return op.pad(frame, before, behind, "reflect")


def crop_levels(levels: Any, size: Size, padded: Size, factor: int) -> Any:
    """Cut out what `pad_frame` was given, `factor` times as large."""
    import openvino.opset15 as op

    if padded == size:
        return levels
    top, left = (padded.height - size.height) // 2, (padded.width - size.width) // 2
    begins = _numbers([top * factor, left * factor])
    ends = _numbers([(top + size.height) * factor, (left + size.width) * factor])
    return op.slice(levels, begins, ends, _numbers([1, 1]), _numbers([1, 2]))
