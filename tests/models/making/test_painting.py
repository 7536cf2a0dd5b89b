"""Pictures of every kind become a painting, or one clear line."""

import os

import numpy as np
import pytest
from PIL import Image

from videostyle.errors import PaintingError
from videostyle.models.making.painting import read_painting

SIDE = 96


def texture(height=80, width=120):
    random = np.random.default_rng(1)
    return random.integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture
def save(tmp_path):
    def save(picture, name="p.png", **options):
        picture.save(tmp_path / name, **options)
        return tmp_path / name

    return save


@pytest.mark.parametrize("name", ["p.png", "p.jpg", "p.webp", "p.bmp", "p.gif", "p.tif"])
def test_each_kind_is_read_at_the_size_asked_for(save, name):
    painting = read_painting(save(Image.fromarray(texture()), name), SIDE)
    assert painting.shape == (SIDE, 144, 3)
    assert painting.dtype == np.uint8


def test_what_is_transparent_is_white(save):
    layer = np.dstack([texture(), np.zeros((80, 120), np.uint8)])
    layer[:40, :, 3] = 255
    painting = read_painting(save(Image.fromarray(layer)), SIDE)
    assert painting[-20:].min() == 255
    assert painting[:20].std() > 20


def test_a_camera_held_upright_gives_an_upright_picture(save):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right
    pixels = np.zeros((80, 120, 3), np.uint8)
    pixels[:, :60] = 255  # left becomes the top
    painting = read_painting(save(Image.fromarray(pixels), "p.jpg", exif=exif), SIDE)
    assert painting.shape == (144, SIDE, 3)
    assert painting[:60].mean() > 200 > 50 > painting[-60:].mean()


def test_sixteen_bits_keep_their_light_and_dark(save):
    ramp = np.linspace(0, 65535, 80 * 120).reshape(80, 120).astype("uint16")
    painting = read_painting(save(Image.fromarray(ramp)), SIDE)
    assert painting[0].mean() < 10
    assert painting[48].mean() == pytest.approx(128, abs=5)
    assert painting[-1].mean() > 245


def test_ink_colours_are_screen_colours(save):
    cmyk = Image.fromarray(texture()).convert("CMYK")
    painting = read_painting(save(cmyk, "p.jpg", quality=95), SIDE)
    again = read_painting(save(Image.fromarray(texture()), "q.png"), SIDE)
    assert np.abs(painting.astype(int) - again).mean() < 12


def test_the_first_frame_counts(save):
    first, second = Image.fromarray(texture()), Image.new("RGB", (120, 80))
    path = save(first, "p.gif", save_all=True, append_images=[second], duration=100)
    assert read_painting(path, SIDE).std() > 20


def test_a_long_strip_is_cut_to_its_middle(save):
    assert read_painting(save(Image.fromarray(texture(70, 2000))), SIDE).shape == (SIDE, 288, 3)


@pytest.mark.parametrize(
    ("size", "reason"),
    [((1, 1), "1x1"), ((20000, 10), "20000x10"), ((120, 80), "one colour")],
)
def test_what_can_be_no_style_is_refused(save, size, reason):
    with pytest.raises(PaintingError, match=rf"p\.png: .*{reason}"):
        read_painting(save(Image.new("RGB", size, "red")), SIDE)


def test_one_too_large_is_refused_before_it_is_unpacked(save, monkeypatch):
    monkeypatch.setattr("videostyle.models.making.painting.MOST_PIXELS", 25000)
    with pytest.raises(PaintingError, match="megapixels"):
        read_painting(save(Image.fromarray(texture(200, 300))), SIDE)
    assert read_painting(save(Image.fromarray(texture(512, 768)), "p.jpg"), 40).shape[0] == 40


@pytest.mark.parametrize("data", [b"", b"just text", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_another_file_is_refused(tmp_path, data):
    (tmp_path / "p.png").write_bytes(data)
    with pytest.raises(PaintingError, match=r"p\.png: "):
        read_painting(tmp_path / "p.png", SIDE)


def test_one_cut_short_is_refused(save):
    path = save(Image.fromarray(texture()))
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(PaintingError, match=r"p\.png: can't be read"):
        read_painting(path, SIDE)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_pipe_is_refused_at_once(tmp_path, make):
    make(tmp_path / "p.png")
    with pytest.raises(PaintingError, match=r"p\.png: is not a file"):
        read_painting(tmp_path / "p.png", SIDE)
