"""What a user writes for a made style."""

import pytest

from videostyle.errors import ConfigError
from videostyle.models.making.ingredients import Ingredient, read_ingredients, with_stroke


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("wave", ()),
        ("wave/fast", ()),
        ("my.keras", ()),
        ("a.jpg", (Ingredient("a.jpg"),)),
        ("a.JPG@large", (Ingredient("a.JPG", stroke=560),)),
        ("a.jpg@480", (Ingredient("a.jpg", stroke=480),)),
        ("wave:0.6+udnie:0.4", (Ingredient("wave", 0.6), Ingredient("udnie", 0.4))),
        ("wave+udnie", (Ingredient("wave", 0.5), Ingredient("udnie", 0.5))),
        ("wave:3+a.png@small:1", (Ingredient("wave", 0.75), Ingredient("a.png", 0.25, 300))),
    ],
)
def test_ingredients_are_read(text, found):
    assert read_ingredients(text) == found


def test_a_file_that_is_there_is_meant_whatever_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a+b.jpg", "a@2x.png"):
        (tmp_path / name).touch()
        assert read_ingredients(name) == (Ingredient(name),)


@pytest.mark.parametrize("text", ["a.jpg@huge", "a.jpg@20", "a.jpg@9999", "wave:0+udnie:0"])
def test_what_can_not_be_is_refused(text):
    with pytest.raises(ConfigError):
        read_ingredients(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a.jpg", "a.jpg@large"),
        ("a.jpg@small", "a.jpg@small"),
        ("wave:3+a.png:1+b.png@300:1", "wave:3+a.png@large:1+b.png@300:1"),
    ],
)
def test_a_stroke_size_is_for_every_painting_without_its_own(text, written):
    assert with_stroke(text, "large") == written
    assert with_stroke(text, None) == text


def test_a_stroke_size_works_for_a_file_of_any_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a+b@2x.jpg").touch()
    written = with_stroke("a+b@2x.jpg", "large")
    assert read_ingredients(written) == (Ingredient("a+b@2x.jpg", stroke=560),)


@pytest.mark.parametrize(("text", "stroke"), [("wave", "large"), ("a.jpg", "huge")])
def test_a_stroke_size_that_means_nothing_is_refused(text, stroke):
    with pytest.raises(ConfigError):
        with_stroke(text, stroke)
