"""A pattern replaces the pictures that its own run prints, and says so; no others."""

import pytest

from tests.pipeline.test_pipeline import identity
from videostyle import stylize
from videostyle.errors import SameFileError, TargetExistsError

OTHERS = ("IMG_20240101.png", "IMG_7.png", "IMG_0009.png.bak", "IMG_00009.png")


def paint(source, target, **settings):
    return stylize(source, target, identity(size="48x64", fps=30, **settings))


def names_in(folder):
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    for name in OTHERS:
        (folder / name).write_text("a photo")
    return folder


def test_photos_whose_names_fit_the_pattern_stay(counting_clip, album):
    paint(counting_clip(8), album / "IMG_%04d.png")
    paint(counting_clip(4), album / "IMG_%04d.png", overwrite=True)
    assert names_in(album) == {*OTHERS, *(f"IMG_{n:04d}.png" for n in range(1, 5))}
    assert all((album / name).read_text() == "a photo" for name in OTHERS)


def test_what_would_be_replaced_is_counted(counting_clip, album):
    (album / "IMG_0002.png").write_text("a photo")
    with pytest.raises(TargetExistsError, match=r"already: 1 picture, IMG_0002\.png"):
        paint(counting_clip(4), album / "IMG_%04d.png")
    assert (album / "IMG_0002.png").read_text() == "a photo"
    result = paint(counting_clip(4), album / "IMG_%04d.png", overwrite=True)
    assert "what is there is replaced: 1 picture, IMG_0002.png" in result.notices


def test_the_source_is_never_replaced(counting_clip, tmp_path):
    (tmp_path / "s").mkdir()
    paint(counting_clip(12), tmp_path / "s" / "%02d.png")
    before = {path: path.read_bytes() for path in (tmp_path / "s").iterdir()}
    with pytest.raises(SameFileError, match="names of the source's pictures"):
        paint(tmp_path / "s" / "%02d.png", tmp_path / "s" / "%d.png", overwrite=True)
    assert {path: path.read_bytes() for path in (tmp_path / "s").iterdir()} == before
