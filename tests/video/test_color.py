"""Colours that go in come out, when the file is read as its tags say."""

from fractions import Fraction

import av
import numpy as np
import pytest

from tests.video.test_sampling import decode
from videostyle.frames import Size
from videostyle.video.codecs import EncodeConfig
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.encoder import Encoder
from videostyle.video.probe import probe

PATCHES = np.array(
    [
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (128, 128, 128),
        (255, 255, 255),
        (0, 0, 0),
        (200, 120, 60),
    ],
    np.uint8,
)

# Levels lost in 8-bit Y'CbCr of half resolution; the wrong matrix costs 20 to 40.
TOLERANCE = 3


def flat(height: int = 64) -> np.ndarray:
    """One frame a patch, uint8 [N, H, H, 3].

    x265 4.1 writes a wrong black frame after a white one at 64x64, a single coding block; at
    128x128 it doesn't, so pictures that are encoded are that large.
    """
    return np.broadcast_to(PATCHES[:, None, None], (len(PATCHES), height, height, 3))


def encode(target, frames, rate=15, output=None, **settings):
    work = Size(frames.shape[2], frames.shape[1])
    plan = EncodePlan(
        target, work, output or work.made_even(), Fraction(rate), EncodeConfig(**settings)
    )
    with Encoder(plan) as encoder:
        for frame in frames:
            encoder.write(frame)


def read_as_tagged(path):
    """Decode by the file's own tags with PyAV's converter, which is not our filter graph."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24", src_colorspace=frame.colorspace)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("out.mp4", "h264"),
        ("out.mp4", "hevc"),
        ("out.mkv", "h264"),
        ("out.mp4", "av1"),
        ("out.webm", "av1"),
        ("out.mov", "prores"),
        ("out.mkv", "ffv1"),
    ],
)
def test_flat_colors_survive_encoding(tmp_path, name, codec):
    target = tmp_path / name
    encode(target, flat(128), codec=codec, crf=None if codec in ("prores", "ffv1") else 10)
    seen = np.array([frame[64, 64] for frame in read_as_tagged(target)])
    assert seen.shape == PATCHES.shape
    assert np.abs(seen.astype(int) - PATCHES).max() <= (0 if codec == "ffv1" else TOLERANCE)
    if codec != "ffv1":
        color = probe(target).color
        assert (color.matrix, color.range) == ("bt709", "tv")
        assert (color.transfer, color.primaries) == ("bt709", "bt709")


def test_hevc_in_mp4_is_tagged_for_apples_players(tmp_path):
    encode(tmp_path / "out.mp4", flat(), codec="hevc")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.video[0].codec_context.codec_tag == "hvc1"


def test_upscaling_is_bilinear_with_half_pixel_centres(tmp_path):
    """Against the same formula in NumPy: align-corners grids would be over 10 levels off."""
    small = np.random.default_rng(3).integers(0, 256, (1, 24, 32, 3), np.uint8)
    encode(tmp_path / "out.mkv", small, codec="ffv1", output=Size(80, 54))
    large = next(read_as_tagged(tmp_path / "out.mkv")).astype(float)
    rows = np.clip((np.arange(54) + 0.5) * 24 / 54 - 0.5, 0, 23)
    columns = np.clip((np.arange(80) + 0.5) * 32 / 80 - 0.5, 0, 31)
    expected = _lerp(_lerp(small[0].astype(float), rows, 0), columns, 1)
    assert np.abs(large - expected).max() <= 1.5


def _lerp(values, positions, axis):
    low = np.floor(positions).astype(int)
    high = np.minimum(low + 1, values.shape[axis] - 1)
    weight = (positions - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
    return np.take(values, low, axis) * (1 - weight) + np.take(values, high, axis) * weight


@pytest.mark.parametrize(
    ("height", "matrix", "levels", "tags"),
    [
        (64, "bt709", "tv", "colorspace=bt709:range=tv"),
        (64, "smpte170m", "tv", "colorspace=smpte170m:range=tv"),
        (720, "smpte170m", "tv", "colorspace=smpte170m:range=tv"),
        (64, "smpte170m", "tv", "colorspace=unknown:range=unknown"),  # untagged SD is BT.601
        (720, "bt709", "tv", "colorspace=unknown:range=unknown"),  # untagged HD is BT.709
        (64, "bt709", "pc", "colorspace=bt709:range=pc"),
    ],
)
def test_the_sources_matrix_and_range_are_honoured(make_clip, height, matrix, levels, tags):
    clip = make_clip(
        flat(height),
        filters=f"scale=out_color_matrix={matrix}:out_range={levels},"
        f"format=yuv444p,setparams={tags}",
        options=("-c:v", "libx264", "-qp", "0"),
    )
    seen = np.array([frame[32, 32] for frame in decode(clip, 30, size="64p")])
    assert np.abs(seen.astype(int) - PATCHES).max() <= TOLERANCE
