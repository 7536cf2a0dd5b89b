"""What every painting has in common: the form of what a compiled step is given."""

import keras
import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.train.loss_network import open_loss_network  # noqa: E402
from videostyle.train.objective import (  # noqa: E402
    GRAINS,
    NOISE,
    Objective,
    _make_grain,
    find_palette,
)
from videostyle.train.train_config import LossWeights  # noqa: E402  (Keras needs its library chosen first)


def test_one_compiled_step_fits_every_painting():
    """Wide or tall, and smaller than the photos: all arrays have the same shapes."""
    network, random = open_loss_network(), np.random.default_rng(1)
    photos = random.integers(0, 256, (2, 64, 64, 3), np.uint8)

    def shapes(*side):
        objective = Objective(network, random.random((*side, 3), np.float32), photos, LossWeights())
        data = {**objective.draw(random, 2), "painting": objective.painting}
        return keras.tree.map_structure(lambda array: tuple(array.shape), data)

    assert shapes(64, 96) == shapes(130, 64) == shapes(40, 40)


def test_a_palette_holds_what_is_painted():
    painting = np.zeros((20, 30, 3), np.float32)
    painting[:, 10:20], painting[:, 20:] = (1, 0.5, 0), (0.2, 0.2, 0.9)
    palette = find_palette(painting + np.random.default_rng(2).normal(0, 0.005, painting.shape))
    assert palette.shape == (64, 3)
    for color in ((0, 0, 0), (1, 0.5, 0), (0.2, 0.2, 0.9)):
        assert np.abs(palette - color).max(axis=1).min() < 0.03


def test_the_weight_of_the_colours_is_within_the_style():
    """And it is data: a compiled step serves every weight."""
    random = np.random.default_rng(1)
    photos = random.integers(0, 256, (2, 64, 64, 3), np.uint8)
    network, painting = open_loss_network(), np.full((64, 64, 3), (0.9, 0.1, 0.1), np.float32)

    def style(color):
        objective = Objective(network, painting, photos, LossWeights(color=color))
        draws = objective.draw_projections(np.random.default_rng(2))
        pictures = photos / np.float32(255)
        return float(
            objective.compare(pictures, objective.painting, {**draws, "photos": photos})[0]
        )

    without, one, four = style(0), style(1), style(4)
    assert 0 < without < one
    assert four - without == pytest.approx(4 * (one - without), rel=1e-3)


def test_grain_is_fine_or_coarse_and_equally_strong():
    random = np.random.default_rng(3)
    fine, coarse = (_make_grain(random, 128, blur) for blur in GRAINS)
    likeness = [
        np.corrcoef(grain[:, 1:].ravel(), grain[:, :-1].ravel())[0, 1] for grain in (fine, coarse)
    ]
    assert abs(likeness[0]) < 0.05
    assert likeness[1] > 0.8
    for grain in (fine, coarse):
        assert grain.std() == pytest.approx(NOISE, rel=1e-3)
