"""What is done to a frame around the network."""

import numpy as np
import pytest

from videostyle.frames import Size
from videostyle.pipeline.compose import blend, crop_at, keep_color, pad_to

RANDOM = np.random.default_rng(2)


def picture(height=12, width=17):
    return RANDOM.integers(0, 256, (height, width, 3), np.uint8)


def test_strength_runs_from_the_frame_to_the_painting():
    frame, painting = picture(), picture()
    assert np.array_equal(blend(painting, frame, 0.0), frame)
    assert np.array_equal(blend(painting, frame, 1.0), painting)
    half = (painting.astype(int) + frame) / 2
    assert np.abs(blend(painting, frame, 0.5) - half).max() <= 0.5


def test_kept_colors_are_the_frames_and_the_brightness_is_the_paintings():
    frame = np.full((8, 8, 3), (150, 100, 90), np.uint8)
    painting = np.full((8, 8, 3), 180, np.uint8)
    mixed = keep_color(painting, frame)[0, 0].astype(int)
    weights = np.array([0.299, 0.587, 0.114])
    assert mixed @ weights == pytest.approx(180, abs=1)
    assert mixed[0] - mixed[1] == pytest.approx(50, abs=2)
    assert mixed[0] - mixed[2] == pytest.approx(60, abs=2)


@pytest.mark.parametrize("size", [Size(17, 12), Size(18, 12), Size(64, 13), Size(17, 90)])
def test_padding_reflects_and_cropping_undoes_it(size):
    frames = np.stack([picture(), picture()])
    padded = pad_to(frames, size)
    assert padded.shape == (2, size.height, size.width, 3)
    corner = (size.width - 17) // 2, (size.height - 12) // 2
    assert np.array_equal(crop_at(padded, corner, Size(17, 12)), frames)
    if size.width > 40:
        left = (size.width - 17) // 2
        assert np.array_equal(padded[:, :12, left - 1], frames[:, :, 1])
