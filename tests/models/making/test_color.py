"""Colours as numbers."""

import numpy as np
import pytest

from videostyle.models.making.color import COLOR_SPREAD, color_features, color_quantiles


def test_colour_features_tell_thin_stripes_of_colour_from_grey_ones():
    """Red and green stripes one pixel wide: all of Cr, hardly any Y'."""
    grey = np.full((1, 8, 8, 3), 0.5, np.float32)
    striped = grey.copy()
    striped[:, :, ::2, 0] += 0.2
    striped[:, :, 1::2, 1] += 0.2
    steps_right = np.asarray(color_features(striped))[0, :, :, 3:6] / COLOR_SPREAD
    assert np.abs(steps_right[..., 2]).min() == pytest.approx(0.2 * (0.5 + 0.4542), rel=1e-3)
    assert np.asarray(color_features(grey))[..., 3:].max() == 0


def test_colour_features_by_hand():
    """White is Y' 1 without colour; a step down is seen in the last three channels."""
    picture = np.zeros((1, 2, 2, 3), np.float32)
    picture[:, 1] = 1
    features = np.asarray(color_features(picture))[0, 0, 0] / COLOR_SPREAD
    assert features == pytest.approx([0, 0, 0, 0, 0, 0, 1, 0, 0], abs=1e-4)


def test_quantiles_of_a_picture_half_black_and_half_white():
    """Along Y' half of them are 0 and half 1; along Cb and Cr all are 0."""
    pixels = np.repeat([[[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]], 50, axis=1).astype("float32")
    found = color_quantiles(pixels)
    assert found.shape == (1, 208)
    assert found[0, :16] == pytest.approx([0] * 8 + [1] * 8, abs=1e-4)
    assert np.abs(found[0, 16:48]).max() < 1e-3
