"""How much a painting flickers over a picture that moves: the warping error."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from videostyle.metrics.detail import mean_gradient

# Forward and backward flow agree where |fw + bw|^2 < 0.01 (|fw|^2 + |bw|^2) + 0.5, in pixels.
RELATIVE_TOLERANCE = 0.01
ABSOLUTE_TOLERANCE = 0.5

# If fewer pixels can be followed, there is a cut between the two frames.
LEAST_VALID_SHARE = 0.3


@dataclass(frozen=True)
class Flicker:
    """How steady a painted clip is.

    Attributes:
        warping_error: mean squared difference, levels in 0..1, between each painted frame and the
            one before it moved along with the source. Compare at one size and rate only.
        valid_share: share of pixels that could be followed.
        pairs: pairs of frames that were measured, without those across a cut.
        contrast: standard deviation of the painted frames in levels of 0..255. A washed-out
            picture flickers less, so quote both.
        gradient: mean gradient of the painted frames' brightness in levels per pixel; a soft
            picture flickers less, too.
    """

    warping_error: float
    valid_share: float
    pairs: int
    contrast: float
    gradient: float


def measure_flicker(source: Iterable[np.ndarray], painted: Iterable[np.ndarray]) -> Flicker:
    """Measure how a painted clip flickers against its source.

    Args:
        source: frames uint8 [H, W, 3], RGB.
        painted: as many frames of the same size.

    Raises:
        ValueError: their numbers of frames differ, or no pair of frames could be followed.

    Source: after Lai et al. 2018, https://arxiv.org/abs/1808.00449
    """
    errors: list[float] = []
    shares: list[float] = []
    looks: list[tuple[float, float]] = []
    both = zip(source, painted, strict=True)
    for (frame, painting), (next_frame, next_painting) in pairwise(_watch(both, looks)):
        flow, valid = follow(frame, next_frame)
        share = float(valid.mean())
        if share < LEAST_VALID_SHARE:
            continue
        errors.append(warping_error(painting, next_painting, flow, valid))
        shares.append(share)
    if not errors:
        raise ValueError("no pair of frames could be followed")
    contrast, gradient = np.mean(looks, axis=0).tolist()
    return Flicker(float(np.mean(errors)), float(np.mean(shares)), len(errors), contrast, gradient)


def _watch(
    pairs: Iterable[tuple[np.ndarray, np.ndarray]], looks: list[tuple[float, float]]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for frame, painting in pairs:
        looks.append((float(painting.std()), mean_gradient(painting)))
        yield frame, painting


def warping_error(
    painting: np.ndarray, next_painting: np.ndarray, flow: np.ndarray, valid: np.ndarray
) -> float:
    """Mean squared difference, levels in 0..1, between a frame moved along and the next one.

    Args:
        painting: uint8 [H, W, 3].
        next_painting: uint8 of the same shape.
        flow: float32 [H, W, 2], from `follow`.
        valid: bool [H, W], at least one of them true.
    """
    difference = _warp(painting, flow) - next_painting / np.float32(255)
    return float(np.square(difference)[valid].mean())


def follow(frame: np.ndarray, next_frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel of the next frame was.

    Args:
        frame: uint8 [H, W, 3], RGB.
        next_frame: uint8 of the same shape.

    Returns:
        flow, float32 [H, W, 2] in pixels, and bool [H, W], where it can be trusted.
    """
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey, next_grey = (cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in (frame, next_frame))
    backward = dis.calc(next_grey, grey, None)
    forward = dis.calc(grey, next_grey, None)
    returned = cv2.remap(forward, *_positions(backward), cv2.INTER_LINEAR)
    gap = np.square(returned + backward).sum(-1)
    lengths = np.square(returned).sum(-1) + np.square(backward).sum(-1)
    x, y = _positions(backward)
    height, width = grey.shape
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return backward, inside & (gap < RELATIVE_TOLERANCE * lengths + ABSOLUTE_TOLERANCE)


def _positions(flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return x + flow[..., 0], y + flow[..., 1]


def _warp(frame: np.ndarray, flow: np.ndarray) -> np.ndarray:
    levels = frame.astype(np.float32) / 255
    return np.asarray(cv2.remap(levels, *_positions(flow), cv2.INTER_LINEAR))
