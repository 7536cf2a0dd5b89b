"""Pictures to train on, and a training so small that it takes a second."""

from contextlib import contextmanager
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from videostyle.models.spec import FastSpec
from videostyle.samples import sample_frame
from videostyle.train.train_config import TrainConfig

TINY = FastSpec(stem_filters=4, filters=8, residual_blocks=1)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """A drawn painting of stripes, and photos cut from the sample frame."""
    folder = tmp_path_factory.mktemp("train")
    stripes = np.zeros((128, 160, 3), np.uint8)
    stripes[:, ::16] = stripes[:, 1::16] = (200, 60, 20)
    cv2.imwrite(str(folder / "stripes.png"), stripes)
    frame = sample_frame()
    (folder / "photos").mkdir()
    for number in range(24):
        top, left = 20 * number, 40 * number
        cv2.imwrite(
            str(folder / "photos" / f"{number:02d}.png"),
            frame[top : top + 160, left : left + 200, ::-1],
        )
    return folder


def small_config(pictures: Path, **settings) -> TrainConfig:
    """The settings of a small training."""
    defaults = {
        "spec": TINY,
        "steps": 30,
        "batch_size": 2,
        "crop": 64,
        "stroke": 96,
        "measure_every": 10,
        "learning_rate": 1e-2,
        "painting": pictures / "stripes.png",
        "photos": (pictures / "photos",),
    }
    return TrainConfig(**{**defaults, **settings})


@pytest.fixture
def config(pictures):
    """Make such settings."""
    return partial(small_config, pictures)


@contextmanager
def running_without_graphs():
    """Run steps as they come: tracing a step takes 5 s, a few of them 1 s."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


@pytest.fixture
def without_graphs():
    with running_without_graphs():
        yield
