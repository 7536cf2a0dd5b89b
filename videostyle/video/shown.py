"""What every decoder yields."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shown:
    """A source frame that the output shows.

    Attributes:
        frame: uint8 [H, W, 3], RGB.
        counts: how many output frames of each rate show it, in the order of the rates.
    """

    frame: np.ndarray
    counts: tuple[int, ...] = (1,)
