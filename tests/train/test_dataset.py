"""The squares of photos to train on."""

import numpy as np

from videostyle.train.dataset import PhotoCrops, centre_squares


def test_crops_come_from_the_photos_and_half_are_mirrored():
    photo = np.arange(40 * 50, dtype=np.uint16).reshape(40, 50, 1).astype(np.uint8)
    photo = np.repeat(np.tile(np.arange(50, dtype=np.uint8)[None, :, None], (40, 1, 1)), 3, -1)
    crops = PhotoCrops([photo], 16, np.random.default_rng(1)).draw(200)
    assert crops.shape == (200, 16, 16, 3)
    steps = np.diff(crops[:, 0, :, 0].astype(int), axis=1)
    assert set(np.unique(steps)) == {-1, 1}
    assert 60 < (steps[:, 0] == -1).sum() < 140


def test_centre_squares_are_always_the_same_middle():
    photo = np.zeros((40, 60, 3), np.uint8)
    photo[20, 30] = 255
    assert centre_squares([photo], 16)[0, 8, 8, 0] == 255
