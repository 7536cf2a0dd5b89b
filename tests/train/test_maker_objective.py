"""What the maker is shown while it is trained is what it is shown afterwards."""

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.models.making.eye import look_at  # noqa: E402  (Keras needs its library chosen first)
from videostyle.samples import sample_frame  # noqa: E402
from videostyle.train.loss_network import open_loss_network  # noqa: E402
from videostyle.train.maker_objective import TILES, MakerObjective  # noqa: E402
from videostyle.train.train_config import LossWeights  # noqa: E402

SIDE = 96


@pytest.fixture(scope="module")
def objective():
    photos = np.stack([sample_frame()[top : top + SIDE, :SIDE] for top in (0, 100)])
    return MakerObjective(open_loss_network(), photos, LossWeights())


def tiles():
    """Two paintings of two squares each."""
    frame = sample_frame()[:, :, ::-1].astype("float32") / 255
    places = np.array([(0, 0), (100, 200), (50, 300), (200, 100)])
    squares = [frame[top : top + SIDE, left : left + SIDE] for top, left in places]
    paintings = np.stack(squares).reshape(2, TILES, SIDE, SIDE, 3)
    paintings[1] = 1 - paintings[1]
    return paintings


def test_a_painting_looks_the_same_to_the_maker_in_training_and_after(objective):
    """One square twice is the square itself; OpenVINO against Keras, float32."""
    square = tiles()[:1, :1]
    twice = np.repeat(square, TILES, 1)
    draws = objective.draw(np.random.default_rng(1), 1)
    trained = np.asarray(objective.look_at(twice, draws)[0])
    used = look_at(square[0, 0])
    assert trained.shape == used.shape
    assert np.abs(trained - used).max() < 2e-3


def test_every_photo_has_its_own_painting(objective):
    """Each against its own is better than each against the other's."""
    paintings = tiles()
    draws = objective.draw(np.random.default_rng(1), 2)
    _, clouds, palette = objective.look_at(paintings, draws)
    assert palette.shape == (2, 128, 3)
    photos = 255 * paintings[:, 0]
    style, swapped = (
        float(objective.compare(pictures / 255, clouds, {**draws, "photos": photos})[0])
        for pictures in (photos, photos[::-1].copy())
    )
    assert style < swapped / 1.5
