"""The squares of photos to train on."""

from typing import TypeVar

import numpy as np

T = TypeVar("T")

# Every n-th photo is held out from training, to measure on.
HELD_OUT_EVERY = 20


class PhotoCrops:
    """Random squares of photos in memory."""

    def __init__(self, photos: list[np.ndarray], crop: int, random: np.random.Generator) -> None:
        """Take photos uint8 [H, W, 3], each side at least `crop`."""
        self._photos, self._crop, self._random = photos, crop, random

    def draw(self, count: int) -> np.ndarray:
        """Draw `count` squares, half of them mirrored: uint8 [count, crop, crop, 3]."""
        return np.stack([self._draw_one() for _ in range(count)])

    def _draw_one(self) -> np.ndarray:
        random, crop = self._random, self._crop
        photo = self._photos[random.integers(len(self._photos))]
        top = random.integers(photo.shape[0] - crop + 1)
        left = random.integers(photo.shape[1] - crop + 1)
        square = photo[top : top + crop, left : left + crop]
        return square[:, ::-1] if random.random() < 0.5 else square


def centre_squares(photos: list[np.ndarray], crop: int) -> np.ndarray:
    """The middle of each photo, always the same: uint8 [N, crop, crop, 3]."""
    squares = []
    for photo in photos:
        top, left = (photo.shape[0] - crop) // 2, (photo.shape[1] - crop) // 2
        squares.append(photo[top : top + crop, left : left + crop])
    return np.stack(squares)


def spread(items: list[T], count: int) -> list[T]:
    """At most `count` of them, evenly spaced."""
    count = min(count, len(items))
    return [items[number * len(items) // count] for number in range(count)]
