"""Training, small: it learns, it says where it stands, and every library computes the same step."""

import importlib.util
import os
import subprocess
import sys

import cv2
import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.errors import ConfigError, TrainError  # noqa: E402  (Keras needs its library)
from videostyle.models.model_file import save_model  # noqa: E402
from videostyle.models.spec import FastSpec, ReferenceSpec  # noqa: E402
from videostyle.samples import sample_frame  # noqa: E402
from videostyle.train.config import LossWeights, TrainConfig  # noqa: E402
from videostyle.train.trainer import train_style  # noqa: E402

TINY = FastSpec(stem_filters=4, filters=8, residual_blocks=1)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A drawn painting of stripes, and photos cut from the sample frame."""
    folder = tmp_path_factory.mktemp("train")
    stripes = np.zeros((128, 160, 3), np.uint8)
    stripes[:, ::16] = stripes[:, 1::16] = (200, 60, 20)
    cv2.imwrite(str(folder / "stripes.png"), stripes)
    frame = sample_frame()
    (folder / "photos").mkdir()
    for number in range(24):
        top, left = 20 * number, 40 * number
        cv2.imwrite(str(folder / "photos" / f"{number:02d}.png"),
                    frame[top : top + 160, left : left + 200, ::-1])
    return folder


def config(pictures, **settings):
    defaults = {"spec": TINY, "steps": 30, "batch_size": 2, "crop": 64, "stroke": 96,
                "measure_every": 10, "learning_rate": 1e-2}
    return TrainConfig(painting=pictures / "stripes.png", photos=(pictures / "photos",),
                       **{**defaults, **settings})


def test_training_brings_the_painting_closer(pictures):
    seen = []
    result = train_style(config(pictures), seen.append)
    assert [p.step for p in seen] == list(range(1, 31))
    assert seen[-1].done == 1
    measured = [p.held_out for p in seen if p.held_out]
    assert len(measured) == 3
    assert result.card["held_out"]["style"] < 0.95 * measured[0]["style"]
    assert (result.card["steps"], result.card["photos"]) == (30, 22)
    assert result.network.count_params() > 0


@pytest.mark.parametrize("spec", [ReferenceSpec((4, 4, 8), 1, norm="batch")])
def test_other_networks_train_too(pictures, spec):
    result = train_style(config(pictures, spec=spec, steps=3))
    assert result.card["network"]["norm"] == "batch"


def test_the_clock_can_end_a_training(pictures):
    seen = []
    train_style(config(pictures, minutes=0.02, steps=10**6), seen.append)
    assert seen[-1].done == 1
    assert 1 <= len(seen) < 10_000


@pytest.mark.slow
def test_the_same_seed_gives_the_same_network(pictures):
    first, second = (train_style(config(pictures, steps=3)).network for _ in range(2))
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-4)


def test_a_training_goes_on_from_a_model_file(pictures, tmp_path):
    """At a learning rate near zero the network stays what it was."""
    first = train_style(config(pictures, steps=3)).network
    save_model(tmp_path / "first.keras", first, TINY)
    again = config(pictures, steps=1, learning_rate=1e-9, seed=1,
                   start_from=tmp_path / "first.keras")
    for a, b in zip(train_style(again).network.get_weights(), first.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-2)
    with pytest.raises(TrainError, match=r"first\.keras: holds another network"):
        train_style(config(pictures, spec=FastSpec(), start_from=tmp_path / "first.keras"))


def test_a_training_that_diverges_says_so(pictures):
    with pytest.raises(TrainError, match="training diverged"):
        train_style(config(pictures, learning_rate=0.9, steps=60,
                           weights=LossWeights(smoothness=1e38)))


@pytest.mark.parametrize("settings", [
    {"steps": 0}, {"crop": 100}, {"crop": 32}, {"stroke": 1}, {"batch_size": 0},
    {"learning_rate": 0}, {"minutes": 0}, {"photos": ()}, {"minutes": float("nan")},
])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError):
        TrainConfig(**{"painting": "p.jpg", "photos": ("photos",), **settings})


def test_weights_below_zero_are_refused():
    with pytest.raises(ConfigError, match="style weight must be 0 or more"):
        LossWeights(style=-1)


SHORT_TRAINING = """
import sys, numpy as np
from pathlib import Path
from videostyle.models.model_file import save_model  # noqa: E402
from videostyle.models.spec import FastSpec
from videostyle.train.config import TrainConfig
from videostyle.train.trainer import train_style
folder = Path(sys.argv[1])
terms = []
train_style(TrainConfig(painting=folder / "stripes.png", photos=(folder / "photos",),
                        spec=FastSpec(4, 8, 1), steps=40, batch_size=2, crop=64, stroke=96,
                        measure_every=40, learning_rate=1e-2),
            lambda progress: terms.append(progress.terms["style"]))
print(np.mean(terms[:5]), np.mean(terms[-5:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("library", ["jax", "torch"])
def test_the_trainer_runs_on_other_libraries(pictures, library):
    """Random starts differ between libraries, so only the course is compared."""
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} isn't installed")
    out = subprocess.run([sys.executable, "-c", SHORT_TRAINING, str(pictures)], text=True,
                         check=True, capture_output=True,
                         env={**os.environ, "KERAS_BACKEND": library})
    first, last = map(float, out.stdout.split()[-2:])
    assert 0 < last < first
