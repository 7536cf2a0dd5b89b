"""Pictures of a network on its way."""

import cv2
import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

import keras  # noqa: E402  (Keras needs its library chosen first)

from videostyle.errors import TargetError, TrainError  # noqa: E402
from videostyle.train.samples import GAP, Samples  # noqa: E402
from videostyle.train.train_config import LossWeights  # noqa: E402
from videostyle.train.trainer import train_style  # noqa: E402

# Levels that JPEG changes flat colours by.
TOLERANCE = 4

PHOTO = np.full((42, 63, 3), (200, 40, 90), np.uint8)
PAINTING = np.full((30, 60, 3), (10, 220, 30), np.uint8)


@pytest.fixture(scope="module")
def inverting():
    levels = keras.Input((None, None, 3))
    return keras.Model(levels, 255 - levels)


def test_photo_painted_and_painting_stand_side_by_side(tmp_path, inverting):
    path = Samples(tmp_path / "deep" / "look", PHOTO, PAINTING).write(inverting, 1250)
    assert path == tmp_path / "deep" / "look" / "0001250.jpg"
    row = cv2.imread(str(path))[..., ::-1].astype(int)
    assert row.shape == (40, 60 + GAP + 60 + GAP + 80, 3)
    for left, color in (
        (0, PHOTO[0, 0]),
        (60 + GAP, 255 - PHOTO[0, 0]),
        (120 + 2 * GAP, PAINTING[0, 0]),
    ):
        assert np.abs(row[5:35, left + 8 : left + 50] - color).max() <= TOLERANCE


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(TrainError, match="look: can't be made: Not a directory"):
        Samples(tmp_path / "file" / "look", PHOTO, PAINTING)


def test_a_full_disk_is_said_and_leaves_nothing(small_disk, inverting):
    samples = Samples(small_disk, PHOTO, PAINTING)
    filling = small_disk / "filling"
    with filling.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(b"\0" * 4096)
    with pytest.raises(TargetError, match=r"0000001\.jpg: can't be written: No space left"):
        samples.write(inverting, 1)
    assert list(small_disk.iterdir()) == [filling]


def test_a_training_writes_one_at_each_measurement_and_the_last_of_what_it_keeps(
    config, without_graphs, monkeypatch, tmp_path
):
    """Measured worse at its second step, it keeps the first, and the last picture shows that."""
    losses = iter([1.0, 2.0])
    monkeypatch.setattr(
        "videostyle.train.trainer.Likeness",
        lambda *_: lambda network: {"style": next(losses), "content": 1.0},
    )
    train_style(
        config(
            steps=2,
            measure_every=1,
            learning_rate=0.9,
            samples=tmp_path,
            weights=LossWeights(stability=0),
        )
    )
    paths = [tmp_path / f"000000{number}.jpg" for number in (1, 2)]
    assert sorted(tmp_path.iterdir()) == paths
    first, last = (cv2.imread(str(path)).astype(int) for path in paths)
    assert np.abs(last - first).max() <= TOLERANCE
