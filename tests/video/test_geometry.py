"""Sizes, turns and pixel aspect ratios of real files."""

import numpy as np
import pytest

from tests.video.test_sampling import decode
from videostyle.video.probe import probe

# Levels that H.264 and the way to BT.601 or BT.709 and back may cost, lossless though it is.
ROUNDING = 2


def corners(width: int, height: int) -> np.ndarray:
    """One frame with a different colour in each quarter: what is turned or mirrored shows."""
    frame = np.zeros((1, height, width, 3), np.uint8)
    frame[:, : height // 2, : width // 2] = (200, 40, 40)
    frame[:, : height // 2, width // 2 :] = (40, 200, 40)
    frame[:, height // 2 :, : width // 2] = (40, 40, 200)
    frame[:, height // 2 :, width // 2 :] = (200, 200, 200)
    return np.repeat(frame, 5, axis=0)


@pytest.mark.parametrize(
    ("option", "turn"),
    [
        (("-display_rotation", "90"), lambda f: np.rot90(f, 1)),
        (("-display_rotation", "-90"), lambda f: np.rot90(f, -1)),
        (("-display_rotation", "180"), lambda f: np.rot90(f, 2)),
        (("-display_hflip",), np.fliplr),
        (("-display_vflip",), np.flipud),
    ],
)
def test_a_display_matrix_is_obeyed(make_clip, run_ffmpeg, tmp_path, option, turn):
    picture = corners(96, 64)
    turned = tmp_path / "turned.mp4"
    run_ffmpeg(*option, "-i", make_clip(picture), "-c", "copy", turned)
    upright = turn(picture[0])
    assert str(probe(turned).size) == f"{upright.shape[1]}x{upright.shape[0]}"
    frame = next(iter(decode(turned, 10, size="64x96")))
    assert frame.shape == upright.shape
    assert np.abs(frame.astype(int) - upright).max() <= ROUNDING


@pytest.mark.parametrize(("width", "height"), [(853, 480), (101, 57), (480, 853), (57, 33)])
def test_odd_sizes_come_out_pixel_for_pixel(make_clip, width, height):
    """Random pixels: a shift by one, or a resize to an even size and back, would change all."""
    picture = np.random.default_rng(1).integers(0, 256, (2, height, width, 3), np.uint8)
    clip = make_clip(picture, "clip.mkv", options=("-c:v", "ffv1", "-pix_fmt", "bgr0"))
    frames = list(decode(clip, 30, size=f"{width}x{height}"))
    assert len(frames) == 2
    assert np.array_equal(frames[0], picture[0])


def test_anamorphic_pixels_become_square(make_clip):
    clip = make_clip(corners(72, 64), filters="setsar=4/3")
    assert str(probe(clip).size) == "96x64"
    frame = next(iter(decode(clip, 10, size="64x96")))
    assert frame.shape == (64, 96, 3)
    assert np.abs(frame[:24, :40].astype(int) - (200, 40, 40)).max() <= ROUNDING


def test_cover_art_is_not_taken_for_the_picture(make_clip, run_ffmpeg, tmp_path):
    cover = tmp_path / "cover.png"
    run_ffmpeg("-f", "lavfi", "-i", "color=red:size=400x400", "-frames:v", "1", cover)
    both = tmp_path / "both.mp4"
    run_ffmpeg(
        "-i",
        cover,
        "-i",
        make_clip(corners(96, 64)),
        "-map",
        "0",
        "-map",
        "1",
        "-c",
        "copy",
        "-disposition:v:0",
        "attached_pic",
        both,
    )
    assert str(probe(both).size) == "96x64"
    assert next(iter(decode(both, 10, size="64x96"))).shape == (64, 96, 3)
