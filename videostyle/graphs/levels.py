"""Finding out which range of values a network means by black and white, by trying."""

from collections.abc import Callable
from typing import Protocol

import cv2
import numpy as np

from videostyle.frames import Size
from videostyle.graphs.picture_form import RANGES
from videostyle.samples import sample_frame

# A painting in the right range is neither flat nor mostly outside of it.
LEAST_CONTRAST = 6.0  # standard deviation, in levels
MOST_OUTSIDE = 0.35  # share of the values, further outside than a tenth of the range


def guess_levels(paint: Callable[[str, np.ndarray], np.ndarray], size: Size) -> str:
    """The range, one of `RANGES`, in which what a network gives is most like what it was given.

    Args:
        paint: a range and a picture uint8 [H, W, 3] to levels, float32 [H', W', 3].
        size: of the picture.
    """
    picture = cv2.resize(sample_frame(), (size.width, size.height), interpolation=cv2.INTER_AREA)
    scores = {levels: _likeness(picture, paint(levels, picture), levels) for levels in RANGES}
    return max(scores, key=lambda levels: scores[levels])


class HasLevels(Protocol):
    """A model that says, or of which was found out, which range its values have."""

    @property
    def levels(self) -> str: ...

    @property
    def levels_guessed(self) -> bool: ...


def levels_words(model: HasLevels) -> str:
    """What a user should know of a model's range of values; nothing if it is as usual and sure."""
    if not model.levels_guessed:
        return "" if model.levels == "255" else f", levels {model.levels}"
    return f", levels {model.levels} (guessed by trying)"


def _likeness(picture: np.ndarray, painted: np.ndarray, levels: str) -> float:
    """From 1, alike, to -1; less for what can't be a painting in that range."""
    if not np.isfinite(painted).all():
        return -4.0
    outside = float(np.mean((painted < -25.5) | (painted > 280.5)))
    if outside > MOST_OUTSIDE or painted.clip(0, 255).std() < LEAST_CONTRAST:
        return -3.0 - outside
    if levels == "-1..1" and painted.min() > 120:
        return -2.0  # never below the middle: it counts from 0
    before, after = (_small_grey(each) for each in (picture, painted.clip(0, 255)))
    if before.std() == 0 or after.std() == 0:
        return -1.0
    return float(np.corrcoef(before.ravel(), after.ravel())[0, 1]) - outside


def _small_grey(picture: np.ndarray) -> np.ndarray:
    grey = picture.astype(np.float32).mean(axis=2)
    return np.asarray(cv2.resize(grey, (16, 16), interpolation=cv2.INTER_AREA))
