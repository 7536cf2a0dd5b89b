"""A small training: it learns, reports its progress, and every library computes the same step."""

import importlib.util
import os
import subprocess
import sys

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.errors import ConfigError, TrainError  # noqa: E402  (Keras needs its library)
from videostyle.models.model_file import save_model  # noqa: E402
from videostyle.models.spec import FastSpec, ReferenceSpec  # noqa: E402
from videostyle.train.loss_network import open_loss_network  # noqa: E402
from videostyle.train.objective import Objective  # noqa: E402
from videostyle.train.step import usable  # noqa: E402
from videostyle.train.train_config import LossWeights, TrainConfig  # noqa: E402
from videostyle.train.trainer import train_style  # noqa: E402


def test_training_brings_the_painting_closer(config):
    seen = []
    result = train_style(config(), seen.append)
    assert [p.step for p in seen] == list(range(1, 31))
    assert seen[-1].done == 1
    measured = [p.held_out for p in seen if p.held_out]
    assert len(measured) == 3
    assert seen[-1].steps_per_s > 0
    assert result.card["held_out"]["style"] < 0.95 * measured[0]["style"]
    assert (result.card["steps"], result.card["photos"]) == (30, 22)
    assert result.card["held_out"] == min(
        measured, key=lambda losses: 10 * losses["style"] + losses["content"]
    )
    assert result.network.count_params() > 0


@pytest.mark.parametrize("spec", [ReferenceSpec((4, 4, 8), 1, norm="batch")])
def test_other_networks_train_too(config, without_graphs, spec):
    result = train_style(config(spec=spec, steps=2))
    assert result.card["network"]["norm"] == "batch"


def test_the_clock_can_end_a_training(config, without_graphs):
    """It is measured at the end, and in quarters before."""
    seen = []
    train_style(config(minutes=0.03, steps=10**6, measure_every=10**6), seen.append)
    assert seen[-1].done == 1
    assert seen[-1].held_out
    assert 1 < len(seen) < 10_000
    assert sum(bool(progress.held_out) for progress in seen) <= 4


@pytest.mark.slow
def test_the_same_seed_gives_the_same_network(config):
    first, second = (train_style(config(steps=3)).network for _ in range(2))
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-4)


def test_a_training_goes_on_from_a_model_file(config, without_graphs, tmp_path):
    """At a learning rate near zero the network stays what it was."""
    first = train_style(config(steps=2)).network
    save_model(tmp_path / "first.keras", first, config().spec)
    again = config(steps=1, learning_rate=1e-9, seed=1, start_from=tmp_path / "first.keras")
    for a, b in zip(train_style(again).network.get_weights(), first.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-2)
    with pytest.raises(TrainError, match=r"first\.keras: has another network"):
        train_style(config(spec=FastSpec(), start_from=tmp_path / "first.keras"))


def test_a_training_that_diverges_says_so(config, without_graphs):
    with pytest.raises(TrainError, match="training diverged"):
        train_style(config(learning_rate=0.9, steps=60, weights=LossWeights(smoothness=1e38)))


def test_a_gradient_that_overflows_changes_nothing():
    """As that of a clip's black frame may."""
    whole, overflown = np.ones(3, "float32"), np.array([1e30, np.inf], "float32")
    assert [float(each.numpy().sum()) for each in usable([whole, whole])[0]] == [3, 3]
    assert [float(each.numpy().sum()) for each in usable([whole, overflown])[0]] == [0, 0]


def test_without_stability_photos_are_painted_once(config, without_graphs):
    seen = []
    result = train_style(config(steps=1, weights=LossWeights(stability=0)), seen.append)
    assert "stability" not in seen[0].terms
    assert result.card["weights"]["stability"] == 0


@pytest.mark.parametrize(("stability", "painted"), [(0, 2), (1, 4)])
def test_what_a_step_paints(config, stability, painted):
    """Twice as many pictures with the moved ones."""
    photos = np.random.default_rng(1).integers(0, 256, (2, 64, 64, 3), np.uint8)
    objective = Objective(
        open_loss_network(), photos[0] / np.float32(255), photos, LossWeights(stability=stability)
    )
    data = {**objective.draw(np.random.default_rng(2), 2), "photos": photos}
    shapes = []
    loss, terms = objective.loss(lambda x: shapes.append(x.shape) or x, objective.painting, data)
    assert [shape[0] for shape in shapes] == [painted]
    assert ("stability" in terms) == bool(stability)
    assert float(loss) > 0


@pytest.mark.parametrize(
    "settings",
    [
        {"steps": 0},
        {"crop": 100},
        {"crop": 32},
        {"stroke": 1},
        {"batch_size": 0},
        {"learning_rate": 0},
        {"minutes": 0},
        {"photos": ()},
        {"minutes": float("nan")},
        {"checkpoint_s": -1},
        {"precision": "float16"},
        {"features": "vgg19"},
    ],
)
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
from videostyle.train.train_config import TrainConfig
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
    out = subprocess.run(
        [sys.executable, "-c", SHORT_TRAINING, str(pictures)],
        text=True,
        check=True,
        capture_output=True,
        env={**os.environ, "KERAS_BACKEND": library},
    )
    first, last = map(float, out.stdout.split()[-2:])
    assert 0 < last < first
