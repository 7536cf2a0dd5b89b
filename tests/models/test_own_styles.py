"""A user's own styles: beside the built-in ones, whole or not at all, and out again."""

import json
import shutil
from pathlib import Path

import pytest

from videostyle import StylizeConfig, list_styles, stylized_frames
from videostyle.cli.main import main
from videostyle.errors import ConfigError, ModelLoadError, TargetError, UnknownStyleError
from videostyle.models import own_styles
from videostyle.models.own_styles import add_style, remove_style
from videostyle.models.spec import FastSpec
from videostyle.models.styles import built_in_styles, find_style, user_folder


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch) -> Path:
    """An empty folder for the user's styles."""
    folder = tmp_path / "own"
    monkeypatch.setenv("VIDEOSTYLE_STYLES", str(folder))
    return folder


@pytest.fixture(scope="module")
def other_style(make_style) -> Path:
    return make_style(FastSpec(stem_filters=4, filters=8, residual_blocks=0), "other.keras")


def names() -> list[str]:
    return [info.name for info in list_styles() if not info.built_in]


def test_an_added_style_is_found_by_name_and_listed(tiny_style, own):
    info = add_style(tiny_style)
    assert (info.name, info.path) == ("tiny/fast", own / "tiny" / "fast.keras")
    assert info.path.read_bytes() == tiny_style.read_bytes()
    assert find_style("tiny") == find_style("tiny/fast") == info.path
    assert names() == ["tiny/fast"]
    assert list_styles()[0].built_in


def test_a_clip_is_painted_in_it(tiny_style, counting_clip):
    add_style(tiny_style, "mine")
    settings = {"size": "48x64", "backend": "tensorflow", "duration": "0.2"}
    by_name, by_file = (
        list(stylized_frames(counting_clip(10), StylizeConfig(style=str(style), **settings)))
        for style in ("mine", tiny_style)
    )
    assert len(by_name) == 3
    assert all((a == b).all() for a, b in zip(by_name, by_file, strict=True))


def test_a_style_may_have_several_networks(tiny_style, other_style):
    add_style(other_style, "mine/clear")
    assert find_style("mine").read_bytes() == other_style.read_bytes()
    add_style(tiny_style, "mine")
    # `fast` is what the name alone means, as of the built-in styles.
    assert find_style("mine").read_bytes() == tiny_style.read_bytes()
    assert names() == ["mine/fast", "mine/clear"]


def test_a_network_gets_the_name_of_its_architecture():
    for network in ("swift", "half", "reference"):
        assert add_style(find_style(f"wave/{network}"), "mine").name == f"mine/{network}"


def test_what_is_there_is_replaced_only_when_told(tiny_style, other_style, own):
    add_style(tiny_style, "mine")
    with pytest.raises(TargetError, match="mine/fast: is already a style of yours"):
        add_style(other_style, "mine")
    assert find_style("mine").read_bytes() == tiny_style.read_bytes()
    add_style(other_style, "mine", overwrite=True)
    assert find_style("mine").read_bytes() == other_style.read_bytes()
    assert [file.name for file in (own / "mine").iterdir()] == ["fast.keras"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wave", "'wave' is a built-in style"),
        ("Wave/mine", "'Wave' is a built-in style"),
        ("add", "'add' can't be a style's name: 'videostyle styles add' is a command"),
        ("remove/fast", "'remove' can't be a style's name"),
        ("../wave", r"'\.\.' can't be"),
        ("a/b/c", "'b/c' can't be"),
        (".hidden", "'.hidden' can't be"),
        ("a,b", "'a,b' can't be"),
        ("-y", "'-y' can't be"),
        ("a.keras", "'a.keras' can't be"),
    ],
)
def test_names_that_cannot_be_taken(tiny_style, own, name, words):
    with pytest.raises(ConfigError, match=words):
        add_style(tiny_style, name)
    assert not own.exists()


def test_files_that_cannot_be_used_are_not_added(tiny_style, own, tmp_path):
    broken = tmp_path / "broken.keras"
    broken.write_bytes(tiny_style.read_bytes()[:-100])
    spoilt = tmp_path / "spoilt.keras"
    data = bytearray(tiny_style.read_bytes())
    data[len(data) // 2] ^= 255  # in the weights, of which the description says nothing
    spoilt.write_bytes(data)
    (tmp_path / "clip.mp4").touch()
    for name, words in (
        ("broken.keras", "is not a model file, or is damaged"),
        ("spoilt.keras", r"damaged|don't fit"),
        ("none.keras", "no such file"),
        ("clip.mp4", r"is neither a \.keras model file nor a picture"),
    ):
        with pytest.raises(ModelLoadError, match=words) as caught:
            add_style(tmp_path / name)
        assert str(caught.value).startswith(str(tmp_path / name))
    assert not own.exists()


def test_a_copy_that_fails_leaves_nothing(tiny_style, other_style, own, monkeypatch):
    def fail(source, target):
        Path(target).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    add_style(tiny_style, "mine")
    monkeypatch.setattr(own_styles.shutil, "copyfile", fail)
    with pytest.raises(TargetError, match="can't be written: No space left"):
        add_style(other_style, "mine", overwrite=True)
    with pytest.raises(TargetError, match="can't be written: No space left"):
        add_style(other_style, "yours")
    assert [str(file.relative_to(own)) for file in own.rglob("*")] == ["mine", "mine/fast.keras"]
    assert find_style("mine").read_bytes() == tiny_style.read_bytes()


def test_a_style_is_removed_with_all_its_networks_or_one(tiny_style, other_style, own):
    for name in ("mine", "mine/small", "other"):
        add_style(tiny_style, name)
    assert [info.name for info in remove_style("mine/small")] == ["mine/small"]
    assert names() == ["mine/fast", "other/fast"]
    add_style(tiny_style, "mine/small")
    assert [info.name for info in remove_style("mine")] == ["mine/fast", "mine/small"]
    assert [file.name for file in own.iterdir()] == ["other"]
    with pytest.raises(UnknownStyleError, match="there is no style 'mine'"):
        find_style("mine")


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("wave", ConfigError, "'wave' is a built-in style; only your own can be removed"),
        ("wave/fast", ConfigError, "'wave/fast' is a built-in style"),
        ("none", UnknownStyleError, "you have no style 'none'; yours are: mine"),
        ("mine/none", UnknownStyleError, "you have no style 'mine/none'"),
    ],
)
def test_only_own_styles_are_removed(tiny_style, name, error, words):
    add_style(tiny_style, "mine")
    with pytest.raises(error, match=words):
        remove_style(name)
    assert names() == ["mine/fast"]
    assert all(info.path.exists() for info in built_in_styles())


def test_a_built_in_style_that_came_later_wins_and_the_listing_says_so(tiny_style, own, capsys):
    add_style(tiny_style, "mine")
    (own / "mine").rename(own / "wave")
    assert find_style("wave").read_bytes() != tiny_style.read_bytes()
    assert names() == []
    assert main(["styles"]) == 0
    assert "your style wave/fast is hidden by a built-in style" in capsys.readouterr().err
    remove_style("wave")
    assert not (own / "wave").exists()


def test_a_damaged_one_does_not_hide_the_others(tiny_style, own, capsys):
    add_style(tiny_style, "mine")
    (own / "bad").mkdir()
    (own / "bad" / "fast.keras").write_text("text")
    assert main(["styles"]) == 0
    streams = capsys.readouterr()
    assert "mine/fast" in streams.out
    assert "bad/fast" not in streams.out
    assert "your style bad/fast can't be used" in streams.err


def test_the_commands(tiny_style, own, capsys):
    assert main(["styles", "add", str(tiny_style), "--name", "mine"]) == 0
    assert capsys.readouterr().out == f"mine/fast: {own / 'mine' / 'fast.keras'}\n"
    assert main(["styles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.endswith("(yours)")] == ["mine/fast"]
    assert main(["styles", "--json"]) == 0
    listed = {one["name"]: one["built_in"] for one in json.loads(capsys.readouterr().out)}
    assert not listed["mine/fast"]
    assert listed["wave/fast"]
    assert main(["styles", "mine"]) == 0
    assert "painter: Chance" in capsys.readouterr().out
    assert main(["styles", "add", str(tiny_style), "--name", "mine"]) == 1
    assert "is already a style of yours" in capsys.readouterr().err
    assert main(["styles", "add", str(tiny_style), "--name", "mine", "-y", "-q"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["styles", "remove", "mine"]) == 0
    assert capsys.readouterr().out == "mine/fast: removed\n"
    assert main(["styles", "remove", "mine"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_is_being_written_is_no_style(tiny_style, own):
    add_style(tiny_style, "mine")
    shutil.copy(tiny_style, own / "mine" / ".fast.1.part.keras")
    shutil.copytree(own / "mine", own / ".old")
    assert names() == ["mine/fast"]


def test_the_folder_is_the_systems_unless_named(monkeypatch):
    monkeypatch.delenv("VIDEOSTYLE_STYLES")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")  # where the system is one that knows it
    assert user_folder().parts[-2:] == ("videostyle", "styles")
