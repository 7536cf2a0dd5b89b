"""The terms of the loss, against the same equations in NumPy."""

from dataclasses import replace

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.train.losses import (  # noqa: E402  (Keras needs its library chosen first)
    SAME_COLOR,
    Clouds,
    grid_pattern,
    luminance_difference,
    sliced_wasserstein,
    strange_colors,
    total_variation,
)

TOLERANCE = 1e-5


def random(*shape, seed=1):
    return np.random.default_rng(seed).random(shape, np.float32)


def test_sliced_wasserstein_by_its_definition():
    ours, theirs = random(2, 50, 3), random(50, 3, seed=2)
    directions = np.linalg.qr(random(3, 3, seed=3))[0]
    expected = np.mean(
        [
            (np.sort(picture @ d) - np.sort(theirs @ d)) ** 2
            for picture in ours
            for d in directions.T
        ]
    )
    found = float(sliced_wasserstein([Clouds(ours, theirs, directions)]))
    assert found == pytest.approx(expected, rel=1e-4)


def test_where_features_lie_does_not_matter_to_style():
    cloud = random(40, 5)
    shuffled = np.random.default_rng(4).permutation(cloud)
    assert float(sliced_wasserstein([Clouds(shuffled[None], cloud, random(5, 7))])) < TOLERANCE
    moved = Clouds(shuffled[None] + 0.1, cloud, random(5, 7))
    assert float(sliced_wasserstein([moved])) > 0.01


def test_clouds_sorted_together_add_up():
    """Two of one size and one of another, and each counts as much as its weight says."""
    pairs = [(40, 3, 2.0), (40, 5, 1.0), (20, 5, 0.5)]
    clouds = [
        Clouds(random(2, p, c, seed=p), random(p, c, seed=c), random(c, 6, seed=7), weight)
        for p, c, weight in pairs
    ]
    alone = [float(sliced_wasserstein([cloud])) for cloud in clouds]
    unweighted = [float(sliced_wasserstein([replace(cloud, weight=1.0)])) for cloud in clouds]
    assert float(sliced_wasserstein(clouds)) == pytest.approx(sum(alone), rel=1e-4)
    assert alone == pytest.approx(
        [w * u for (_, _, w), u in zip(pairs, unweighted, strict=True)], rel=1e-4
    )


def test_total_variation_by_hand():
    """One bright column among five: 2 of the 4 steps across are 1, none down."""
    picture = np.zeros((1, 6, 5, 3), np.float32)
    picture[:, :, 2] = 1
    assert float(total_variation(picture)) == pytest.approx(2 / 4)


def test_luminance_ignores_brightness_and_contrast_but_not_a_swap():
    photo = np.repeat(np.repeat(random(1, 8, 8, 1), 8, 1), 8, 2).repeat(3, -1)
    assert float(luminance_difference(photo * 0.5 + 0.2, photo)) < 0.01
    assert float(luminance_difference(1 - photo, photo)) > 2


def test_a_grid_is_told_from_strokes():
    """A pattern of period 4, of 2 levels; as much noise leaves an 8th, and a ramp nothing."""
    fine = 2 / 255 * np.tile([1.0, -1.0, 1.0, -1.0], 18)[None, None, :, None]
    grid = np.broadcast_to(0.5 + fine, (1, 72, 72, 3)).astype("float32")
    noise = np.where(random(1, 72, 72, 3) < 0.5, 0.5 + 2 / 255, 0.5 - 2 / 255).astype("float32")
    ramp = np.broadcast_to(np.linspace(0, 1, 72)[None, :, None, None], (1, 72, 72, 3))
    # Of five in a row, the two kinds alternate: their mean is a fifth of the middle one's.
    assert float(grid_pattern(grid)) == pytest.approx((2 / 255 * 4 / 5) ** 2, rel=1e-3)
    assert float(grid_pattern(noise)) == pytest.approx((2 / 255) ** 2 * 24 / 25 / 64, rel=0.2)
    assert float(grid_pattern(ramp.astype("float32"))) < 1e-9


def test_colors_that_a_painting_lacks():
    """Black and white are in the palette; one pixel of four is red, 1 away from black."""
    palette = np.array([[0, 0, 0], [1, 1, 1]], np.float32)
    picture = np.zeros((1, 2, 2, 3), np.float32)
    picture[0, 0, 1], picture[0, 1, 0] = (1, 0, 0), (0.97, 0.97, 1)
    assert float(strange_colors(picture, palette)) == pytest.approx((1 - SAME_COLOR) / 4)
