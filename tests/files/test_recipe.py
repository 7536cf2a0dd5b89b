"""Every setting says where it shows, and results of other recipes never serve."""

from dataclasses import dataclass, fields, make_dataclass

import pytest

from videostyle import EncodeConfig, StylizeConfig
from videostyle.files.recipe import Recipe, Shows, setting, shown_values
from videostyle.train.train_config import TrainConfig


@pytest.mark.parametrize("settings", [StylizeConfig, EncodeConfig, TrainConfig])
def test_every_setting_says_where_it_shows(settings):
    for each in fields(settings):
        if each.init:
            assert isinstance(each.metadata.get("shows"), Shows), each.name


def test_a_setting_that_does_not_say_is_an_error():
    silent = make_dataclass("Silent", [("rate", int, 15)])
    with pytest.raises(KeyError):
        shown_values(silent(), Shows.FRAME)


def test_two_ways_to_write_a_value_are_one():
    def values(**settings):
        return shown_values(StylizeConfig(**settings), Shows.FRAME, Shows.FILE)

    assert values(fps=15, start="1:30") == values(fps="15.0", start=90)
    assert values(fps=15) != values(fps=16)
    assert values(encode=EncodeConfig(crf=20)) != values()
    assert values(overwrite=True, threads=3, batch_size=2) == values()


def test_groups_of_settings_give_all_of_their_own():
    @dataclass(frozen=True)
    class Inner:
        deep: int = setting(1, Shows.FILE)
        free: int = setting(1, Shows.NOWHERE)

    @dataclass(frozen=True)
    class Outer:
        inner: Inner = setting(Inner, Shows.FILE)

    assert shown_values(Outer(), Shows.FILE) == {"deep": "1"}
    assert shown_values(Outer(), Shows.FRAME) == {}


def test_what_differs_is_named_with_its_values():
    then = Recipe({"fps": "15", "model": "a" * 64})
    assert then.differences(Recipe({"fps": "24", "model": "b" * 64})) == [
        "fps (15, now 24)",
        "model",
    ]
    assert then.differences(then) == []


def test_frames_of_a_damaged_clip_never_serve_a_run_that_wants_all():
    without, with_it = Recipe({"keep_going": "False"}), Recipe({"keep_going": "True"})
    assert without.differences(with_it) == []
    assert with_it.differences(without) == ["keep_going (True, now False)"]
    assert without.digest != with_it.digest
