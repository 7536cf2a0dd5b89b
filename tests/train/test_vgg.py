"""VGG-16 as the loss network, with random weights: the trained ones are a download."""

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

import keras  # noqa: E402  (Keras needs its library chosen first)

from videostyle.errors import ConfigError, TrainError  # noqa: E402
from videostyle.samples import sample_frame  # noqa: E402
from videostyle.train.loss_network import open_loss_network  # noqa: E402
from videostyle.train.objective import Objective  # noqa: E402
from videostyle.train.train_config import LossWeights  # noqa: E402
from videostyle.train.vgg import FEATURE_LAYERS, Vgg16  # noqa: E402

# Of full scale; both sides compute in float32.
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(1)
    return keras.applications.VGG16(include_top=False, weights=None)


def picture():
    return sample_frame()[None, :64, :96].astype("float32") / 255


def test_features_are_those_of_kerass_own_preprocessing_and_layers(network):
    """In the order blue, green, red with ImageNet's means taken off, as `preprocess_input` does."""
    levels = keras.applications.vgg16.preprocess_input(picture() * 255)
    features = Vgg16(network).features(picture())
    assert [f.shape for f in features] == [
        (1, 64, 96, 64),
        (1, 32, 48, 128),
        (1, 16, 24, 256),
        (1, 8, 12, 512),
    ]
    for name, feature in zip(FEATURE_LAYERS, features, strict=True):
        layer = keras.Model(network.input, network.get_layer(name).output)
        expected = np.asarray(layer(levels))
        assert np.abs(np.asarray(feature) - expected).max() < TOLERANCE * np.abs(expected).max()


def test_only_what_is_asked_for_is_computed(network):
    assert [f.shape[-1] for f in Vgg16(network).features(picture(), 2)] == [64, 128]
    assert [f.shape[-1] for f in Vgg16(network).features(picture(), 1)] == [64]


def test_the_objective_judges_by_it(network):
    """Its own painting is nearer than another picture, and a photo to itself than to another."""
    photo = sample_frame()[:64, :64]
    other = sample_frame()[400:464, 600:664]
    objective = Objective(
        Vgg16(network), photo.astype("float32") / 255, np.stack([photo, other]), LossWeights()
    )
    draws = {**objective.draw_projections(np.random.default_rng(1)), "photos": photo[None]}
    same, another = (
        objective.likeness(p[None].astype("float32") / 255, objective.painting, draws)
        for p in (photo, other)
    )
    assert float(same[0]) < 0.2 * float(another[0])
    assert float(same[1]) < 1e-9 < float(another[1])


def test_weights_are_read_from_a_file(network, tmp_path):
    network.save_weights(tmp_path / "vgg.weights.h5")
    again = open_loss_network("vgg16", tmp_path / "vgg.weights.h5")
    assert np.allclose(again.features(picture(), 1)[0], Vgg16(network).features(picture(), 1)[0])


def test_another_file_is_refused(tmp_path):
    (tmp_path / "v.h5").write_bytes(b"nothing")
    for name in ("v.h5", "none.h5"):
        with pytest.raises(TrainError, match=rf"{name}: has no weights of VGG-16"):
            open_loss_network("vgg16", tmp_path / name)


def test_a_download_that_fails_is_one_line(monkeypatch, capsys, tmp_path):
    """A port that nobody listens at stands for a missing connection."""
    monkeypatch.setattr(
        "keras.src.applications.vgg16.WEIGHTS_PATH_NO_TOP", "http://127.0.0.1:9/vgg16.h5"
    )
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))
    with pytest.raises(TrainError, match=r"cannot download .*refused.*lite0") as caught:
        open_loss_network("vgg16")
    assert "\n" not in str(caught.value)
    assert capsys.readouterr().out == ""


def test_an_unknown_name_is_refused():
    with pytest.raises(ConfigError, match="choose one of efficientnet-lite0, vgg16"):
        open_loss_network("vgg19")
