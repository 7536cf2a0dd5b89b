"""The warping error, on motion that is known."""

import cv2
import numpy as np
import pytest

from videostyle.metrics.flicker import measure_flicker


def texture(seed=8, height=120, width=200):
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def moving(picture, step=2, count=5):
    """A window that slides over a picture."""
    return [picture[:, n * step : n * step + 160] for n in range(count)]


def test_a_still_clip_does_not_flicker():
    clip = [texture()] * 4
    flicker = measure_flicker(clip, clip)
    assert flicker.warping_error < 1e-6
    assert flicker.pairs == 3
    assert flicker.valid_share > 0.95
    assert flicker.contrast == pytest.approx(float(texture().std()))


def test_a_painting_that_moves_with_the_picture_hardly_flickers():
    source, painted = moving(texture()), moving(255 - texture())
    still_painted = [painted[0]] * len(source)
    along = measure_flicker(source, painted).warping_error
    assert along < 1e-3
    assert measure_flicker(source, still_painted).warping_error > 5 * along


def test_noise_counts_by_its_square():
    """Two frames with independent noise of deviation s differ by 2 s^2 on average."""
    source = [texture()] * 4
    random = np.random.default_rng(9)
    grey = np.full(source[0].shape, 128.0)
    painted = [
        np.clip(grey + random.normal(0, 20, grey.shape), 0, 255).astype(np.uint8) for _ in source
    ]
    expected = 2 * (20 / 255) ** 2
    assert measure_flicker(source, painted).warping_error == pytest.approx(expected, rel=0.2)


def test_a_softer_painting_has_a_smaller_gradient():
    ramp = np.repeat(np.arange(0, 200, dtype=np.uint8)[None, :, None], 120, 0).repeat(3, 2)
    source = [texture()] * 2
    assert measure_flicker(source, [ramp] * 2).gradient == pytest.approx(1, abs=0.02)
    soft = [cv2.GaussianBlur(frame, (0, 0), 3) for frame in source]
    assert measure_flicker(source, soft).gradient < 0.8 * measure_flicker(source, source).gradient


def test_a_pair_across_a_cut_is_left_out():
    source = moving(texture(), count=3) + moving(texture(seed=10), count=3)
    painted = source[:3] + [255 - frame for frame in source[3:]]
    assert measure_flicker(source, painted).pairs == 4


def test_clips_of_different_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        measure_flicker([texture()] * 3, [texture()] * 2)
