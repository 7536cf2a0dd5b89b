"""Tone mapping against the equations of BT.2100, worked out in NumPy."""

import numpy as np
import pytest

from tests.pipeline.test_pipeline import identity, read
from tests.video.test_sampling import decode
from videostyle import EncodeConfig, stylize
from videostyle.video.filters import HDR_KNEE, HDR_PEAK, HDR_WHITE

# Levels of the 8-bit picture; the reference works with doubles, ffmpeg with 10-bit 4:2:0.
TOLERANCE = 3

# Linear light of R, G, B in cd/m2 on a BT.2020 screen: greys from shade to highlight, skin,
# foliage, a blue sky and a saturated red.
PATCHES = np.array(
    [
        (0.5, 0.5, 0.5),
        (5, 5, 5),
        (26, 26, 26),
        (60, 60, 60),
        (203, 203, 203),
        (400, 400, 400),
        (1000, 1000, 1000),
        (120, 80, 60),
        (20, 45, 15),
        (90, 140, 260),
        (180, 30, 20),
    ]
)

TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)


def pq_signal(light):
    """BT.2100 table 4, inverse EOTF; cd/m2 to 0..1."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    y = (light / 10_000) ** m1
    return ((c1 + c2 * y) / (1 + c3 * y)) ** m2


def hlg_signal(light):
    """BT.2100 table 5, inverse OOTF (1000 cd/m2, gamma 1.2) and OETF; cd/m2 to 0..1."""
    luma = light @ [0.2627, 0.6780, 0.0593]
    scene = light / 1000 * (luma[:, None] / 1000) ** ((1 - 1.2) / 1.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(
        scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    )


def mobius(x):
    """What docs/media.md says; nothing changes up to the knee."""
    j, peak = HDR_KNEE, HDR_PEAK / HDR_WHITE
    a = -j * j * (peak - 1) / (j * j - 2 * j + peak)
    b = (j * j - 2 * j * peak + peak) / (peak - 1)
    return np.where(x <= j, x, (b * b + 2 * b * j + j * j) / (b - a) * (x + a) / (x + b))


def expected_levels(light):
    """8-bit levels of the tone-mapped patches."""
    linear = light / HDR_WHITE @ TO_BT709.T
    brightest = np.maximum(linear.max(axis=1, keepdims=True), 1e-6)
    mapped = np.clip(linear * mobius(brightest) / brightest, 0, 1)
    return mapped ** (1 / 2.4) * 255  # BT.1886: what a BT.709 screen makes of it


def to_ycbcr10(signal):
    """BT.2020 non-constant luminance, limited range, 10 bits: planes Y, Cb, Cr of each patch."""
    luma = signal @ [0.2627, 0.6780, 0.0593]
    cb, cr = (signal[:, 2] - luma) / 1.8814, (signal[:, 0] - luma) / 1.4746
    return np.rint([64 + 876 * luma, 512 + 896 * cb, 512 + 896 * cr]).astype("<u2")


@pytest.mark.parametrize(
    ("transfer", "signal"), [("smpte2084", pq_signal), ("arib-std-b67", hlg_signal)]
)
def test_patches_come_out_as_the_equation_says(run_ffmpeg, tmp_path, transfer, signal):
    planes = to_ycbcr10(signal(PATCHES.astype(float)))
    raw = b"".join(
        np.full(size, plane[n], "<u2").tobytes()
        for n in range(len(PATCHES))
        for plane, size in zip(planes, (128 * 128, 64 * 64, 64 * 64), strict=True)
    )
    clip = tmp_path / "hdr.mp4"
    tags = f"setparams=colorspace=bt2020nc:color_primaries=bt2020:color_trc={transfer}:range=tv"
    run_ffmpeg(
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p10le",
        "-video_size",
        "128x128",
        "-framerate",
        10,
        "-i",
        "pipe:0",
        "-vf",
        tags,
        "-c:v",
        "libx265",
        "-x265-params",
        "lossless=1:log-level=error",
        clip,
        stdin=raw,
    )
    seen = np.array([frame[64, 64] for frame in decode(clip, 10, size="128p")])
    error = np.abs(seen - expected_levels(PATCHES.astype(float)))
    assert error.max() <= TOLERANCE, np.c_[seen, expected_levels(PATCHES.astype(float))].round(1)


def test_shade_and_faces_keep_their_light():
    """The curve's own claim: what is under 60 cd/m2 looks as it was graded, and white is white."""
    dark, white = np.full((1, 3), 26.0), np.full((1, 3), 1000.0)
    graded = (26 / HDR_WHITE) ** (1 / 2.4)
    assert expected_levels(dark)[0, 0] == pytest.approx(255 * graded, abs=1)
    assert expected_levels(white)[0, 0] == pytest.approx(255, abs=1)


@pytest.mark.parametrize("start", [0, 0.5])
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_tags_that_stand_in_the_container_alone_count(run_ffmpeg, tmp_path, suffix, start):
    """As Apple's editors write them; the same film with its tags in the stream is the measure."""
    grey = ("-f", "lavfi", "-i", "color=gray:size=128x128:rate=25:duration=1")
    x265 = ("-c:v", "libx265", "-x265-params", "log-level=error")
    tags = {"color_primaries": "bt2020", "color_trc": "smpte2084", "colorspace": "bt2020nc"}
    params = ":".join(f"{name}={value}" for name, value in tags.items())
    inside, bare, tagged = (tmp_path / f"{name}.{suffix}" for name in ("inside", "bare", "tagged"))
    run_ffmpeg(*grey, "-vf", f"format=yuv420p10le,setparams={params}:range=tv", *x265, inside)
    run_ffmpeg(*grey, "-vf", "format=yuv420p10le", *x265, bare)
    words = [word for name, value in tags.items() for word in (f"-{name}", value)]
    run_ffmpeg("-i", bare, "-c", "copy", *words, "-color_range", "tv", tagged)
    frames = []
    for source in (inside, tagged, bare):
        target = source.with_suffix(".out.mkv")
        config = identity(size="128x128", start=start, encode=EncodeConfig(codec="ffv1"))
        stylize(source, target, config)
        frames.append(read(target)[2].astype(int))
    assert abs(frames[0] - frames[1]).max() <= 1
    assert abs(frames[0] - frames[2]).min() > 20  # without tags it is another picture
