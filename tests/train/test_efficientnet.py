"""EfficientNet-Lite0: the real weights give features of the right form that know pictures apart."""

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.errors import TrainError  # noqa: E402  (Keras needs its library chosen first)
from videostyle.samples import sample_frame  # noqa: E402
from videostyle.train.efficientnet import EfficientNetLite0  # noqa: E402


@pytest.fixture(scope="module")
def network():
    return EfficientNetLite0()


def as_pictures(frame):
    return frame[None, :256, :320].astype("float32") / 255


def test_features_halve_and_stay_in_their_range(network):
    features = network.features(as_pictures(sample_frame()))
    shapes = [tuple(feature.shape) for feature in features]
    assert shapes == [
        (1, 128, 160, 32),
        (1, 128, 160, 96),
        (1, 64, 80, 144),
        (1, 32, 40, 240),
        (1, 16, 20, 480),
    ]
    for feature in map(np.asarray, features):
        assert feature.min() >= 0
        assert 1 < feature.max() <= 6


def test_only_what_is_asked_for_is_computed(network):
    assert len(network.features(as_pictures(sample_frame()), 2)) == 2


def test_a_trained_eye_responds_to_pictures_more_than_to_their_pixels_shuffled(network):
    """In trained features a picture differs from noise of the same colours, in every layer."""
    picture = as_pictures(sample_frame())
    pixels = picture.reshape(-1, 3)
    noise = np.random.default_rng(1).permutation(pixels).reshape(picture.shape)
    for real, random in zip(network.features(picture), network.features(noise), strict=True):
        real, random = np.asarray(real), np.asarray(random)
        assert np.abs(real.mean((0, 1, 2)) - random.mean((0, 1, 2))).mean() > 0.05


def test_another_file_is_refused(tmp_path):
    (tmp_path / "w.pth").write_bytes(b"nothing")
    with pytest.raises(TrainError, match=r"w\.pth"):
        EfficientNetLite0(tmp_path / "w.pth")
