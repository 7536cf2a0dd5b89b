"""Photos and paintings: read at the size asked for, refused in one line."""

import cv2
import numpy as np
import pytest

from videostyle.errors import TrainError
from videostyle.train.dataset import PhotoCrops, centre_squares, read_picture


def write(path, height=60, width=90, color=(0, 0, 255)):
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), np.full((height, width, 3), color, np.uint8))
    return path


@pytest.mark.parametrize(("short_side", "shape"), [(30, (30, 45, 3)), (120, (120, 180, 3))])
def test_a_picture_is_rgb_with_its_short_side_as_asked(tmp_path, short_side, shape):
    picture = read_picture(write(tmp_path / "red.png"), short_side)
    assert picture.shape == shape
    assert tuple(picture[5, 5]) == (255, 0, 0)


def test_what_cannot_be_read_is_named(tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    with pytest.raises(TrainError, match=r"text\.jpg: is not a picture"):
        read_picture(tmp_path / "text.jpg", 32)
    with pytest.raises(TrainError, match=r"none\.jpg: can't be read"):
        read_picture(tmp_path / "none.jpg", 32)


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
