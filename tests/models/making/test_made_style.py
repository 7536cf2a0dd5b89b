"""A picture file wherever a style goes."""

import cv2
import numpy as np
import pytest

from videostyle.errors import ConfigError, ModelLoadError, PaintingError
from videostyle.models.making.made_style import CACHE_VARIABLE, made_label
from videostyle.models.model_file import read_card, read_weights
from videostyle.models.own_styles import add_style
from videostyle.models.styles import FOLDER_VARIABLE, look_up_style
from videostyle.samples import sample_frame


@pytest.fixture
def painting(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "styles"))
    cv2.imwrite(str(tmp_path / "my painting.png"), sample_frame()[:200, :300, ::-1])
    return tmp_path / "my painting.png"


def test_a_painting_becomes_a_style_once(painting):
    made, again = look_up_style(painting), look_up_style(str(painting))
    assert made.path == again.path
    assert made.notices[0].startswith("style made from my painting.png in ")
    assert "cache" in again.notices[0]
    card = read_card(made.path)
    assert card["made_from"][0]["painting_file"] == "my painting.png"


def test_another_picture_under_the_same_name_is_another_style(painting):
    before = look_up_style(painting).path
    cv2.imwrite(str(painting), sample_frame()[200:400, :300, ::-1])
    assert look_up_style(painting).path != before


def test_a_mix_lies_between(painting):
    half, one, other = (
        read_weights(look_up_style(text).path)
        for text in ("wave+udnie", "wave:1+udnie:0", "wave:0+udnie:1")
    )
    for name, values in half.items():
        assert values == pytest.approx((one[name] + other[name]) / 2, rel=2e-3, abs=4e-3)
    assert np.abs(one["conv1/kernel"] - other["conv1/kernel"]).max() > 0.05


def test_what_can_not_be_made_is_one_clear_line(painting):
    with pytest.raises(ConfigError, match=r"'mine' can't be mixed; .*udnie"):
        look_up_style("wave:0.5+mine:0.5")
    with pytest.raises(PaintingError, match=r"gone\.jpg: no such file"):
        look_up_style(painting.with_name("gone.jpg"))
    painting.with_suffix(".txt").write_text("text")
    with pytest.raises(ModelLoadError, match="neither a model file"):
        look_up_style(painting.with_suffix(".txt"))


def test_a_made_style_is_kept_under_a_name(painting):
    info = add_style(painting, "mine")
    assert info.name == "mine/fast"
    assert look_up_style("mine").path == info.path
    card = read_card(info.path)
    assert card["made_from"][0]["stroke"] == 400
    assert card["parameters"] == 161_980


def test_a_made_style_is_called_by_what_it_was_made_from(painting):
    assert made_label(look_up_style(painting).path) == "my painting.png"
    assert made_label(look_up_style("wave:0.6+udnie:0.4").path) == "60% wave + 40% udnie"
    assert made_label(look_up_style("wave").path) is None
