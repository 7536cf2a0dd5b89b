"""Training that starts from a finished network."""

import cv2
import pytest

from tests.models.variants import random_weights
from tests.train.conftest import TINY, running_without_graphs
from videostyle.errors import ConfigError
from videostyle.models.architectures import ARCHITECTURES
from videostyle.models.making.made_style import CACHE_VARIABLE
from videostyle.models.model_file import read_card, read_weights, save_weights
from videostyle.models.spec import FastSpec
from videostyle.samples import sample_frame
from videostyle.train.refine import choose_start, plan_refining
from videostyle.train.trainer import train_style


@pytest.fixture
def painting(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    cv2.imwrite(str(tmp_path / "p.png"), sample_frame()[:200, :300, ::-1])
    return tmp_path / "p.png"


def test_what_it_began_with_is_kept_if_training_makes_it_worse(config, tmp_path):
    start = tmp_path / "start.keras"
    save_weights(start, TINY, random_weights(TINY))
    harmful = config(start_from=start, steps=2, measure_every=1, learning_rate=0.9)
    with running_without_graphs():
        result = train_style(harmful, target=tmp_path / "out.keras")
    assert result.card["held_out"] == result.card["held_out_before"]
    before, after = read_weights(start), read_weights(tmp_path / "out.keras")
    assert all((before[name] == after[name]).all() for name in before)


def test_a_short_training_starts_from_the_made_or_the_nearest_network(painting):
    made = choose_start(painting, FastSpec(), 4000)
    assert read_card(made)["made_from"][0]["painting_file"] == "p.png"
    nearest = choose_start(painting, ARCHITECTURES["reference"], 400)
    assert nearest.name == "reference.keras"
    assert choose_start(painting, TINY, 400) is None


@pytest.mark.parametrize("style", ["wave", "wave:0.5+p.png:0.5"])
def test_only_one_painting_can_be_refined(painting, style, pictures):
    with pytest.raises(ConfigError, match="refined"):
        plan_refining(style, (pictures / "photos",), 60)
