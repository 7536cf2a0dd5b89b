"""How choppy motion looks on a screen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Judder:
    """How choppy motion is.

    Attributes:
        step_percent: how far the picture moves between two shown frames, in percent of its width,
            on average.
        hold_ms: how long a frame stays, on average.
        hold_spread_ms: standard deviation of that; 0 is even, 24 fps on 60 Hz has 8.3.
    """

    step_percent: float
    hold_ms: float
    hold_spread_ms: float


def measure_judder(holds_ms: Sequence[float], speed_percent: float) -> Judder:
    """Measure how choppy motion is.

    Args:
        holds_ms: how long each frame stays, one or more.
        speed_percent: how fast the picture moves, in percent of its width per second.

    Raises:
        ValueError: there are no frames.
    """
    if not len(holds_ms):
        raise ValueError("no frame stands")
    hold_ms = float(np.mean(holds_ms))
    return Judder(speed_percent * hold_ms / 1000, hold_ms, float(np.std(holds_ms)))


def speed_of(flow: np.ndarray, valid: np.ndarray, interval_s: float) -> float:
    """How fast a picture moves.

    Args:
        flow: float32 [H, W, 2], pixels.
        valid: bool [H, W], where the flow can be trusted.
        interval_s: seconds between the two frames.

    Returns:
        Mean length of the flow in percent of the width per second; 0 where nothing is valid.
    """
    if not valid.any():
        return 0.0
    lengths = np.sqrt(np.square(flow).sum(-1))[valid]
    return float(lengths.mean() / flow.shape[1] * 100 / interval_s)
