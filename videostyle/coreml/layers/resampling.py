"""Scaling pictures."""

from typing import Any

from videostyle.coreml.layers.steps import Steps, layer

# MIL's names for where pixels are read, in the order of the old networks' numbers.
_SAMPLING = ("STRICT_ALIGN_CORNERS", "ALIGN_CORNERS", "DEFAULT", "OFFSET_CORNERS")


@layer("upsample")
def _upsample(params: Any, steps: Steps) -> None:
    factors = list(params.fractionalScalingFactor) or [int(each) for each in params.scalingFactor]
    height, width = factors or [1, 1]
    scales = {"scale_factor_height": height, "scale_factor_width": width}
    if params.mode == 0:
        steps.end("upsample_nearest_neighbor", x=steps.x, **scales)
        return
    # 0 is the grid without an offset, 1 by the corners, 2 by the pixels' centres.
    steps.end(
        "upsample_bilinear",
        x=steps.x,
        align_corners=params.linearUpsampleMode == 1,
        half_pixel_centers=params.linearUpsampleMode == 2,
        **scales,
    )


@layer("resizeBilinear")
def _resize_bilinear(params: Any, steps: Steps) -> None:
    height, width = (int(side) for side in params.targetSize)
    steps.end(
        "resize_bilinear",
        x=steps.x,
        target_size_height=height,
        target_size_width=width,
        sampling_mode=_SAMPLING[params.mode.samplingMethod],
    )


@layer("reorganizeData")
def _reorganize(params: Any, steps: Steps) -> None:
    kind = ("space_to_depth", "depth_to_space", "pixel_shuffle")[params.mode]
    name = "upscale_factor" if kind == "pixel_shuffle" else "block_size"
    steps.end(kind, x=steps.x, **{name: int(params.blockSize)})
