"""What a training starts from."""

import numpy as np
import pytest

from videostyle.errors import UnknownStyleError
from videostyle.models.architectures import ARCHITECTURES
from videostyle.models.making.made_style import make_style
from videostyle.models.model_file import read_spec
from videostyle.models.styles import find_style
from videostyle.train.start import choose_start
from videostyle.train.train_config import TrainConfig


@pytest.fixture
def painting(tmp_path):
    from PIL import Image

    levels = np.random.default_rng(0).integers(0, 255, (70, 90, 3), np.uint8)
    Image.fromarray(levels).save(tmp_path / "painting.png")
    return tmp_path / "painting.png"


def config(painting, architecture, **settings):
    return TrainConfig(painting, (painting,), spec=ARCHITECTURES[architecture], **settings)


def test_fast_starts_as_the_network_made_from_the_painting(painting):
    start = choose_start(config(painting, "fast"))
    made = make_style(f"{painting}@400")
    assert start.path == made.path
    assert start.label == "the network made from painting.png"
    assert start.digest != choose_start(config(painting, "fast", stroke=300)).digest


def test_reference_starts_as_the_built_in_style_that_looks_most_alike(painting):
    start = choose_start(config(painting, "reference"))
    assert start.path is not None
    assert start.path.stem == "reference"
    assert read_spec(start.path) == ARCHITECTURES["reference"]


def test_nothing_and_a_style_by_name_can_be_asked_for(painting):
    assert choose_start(config(painting, "fast", start_from="nothing")).path is None
    start = choose_start(config(painting, "fast", start_from="udnie"))
    assert start.path == find_style("udnie")
    with pytest.raises(UnknownStyleError):
        choose_start(config(painting, "fast", start_from="nobody"))
