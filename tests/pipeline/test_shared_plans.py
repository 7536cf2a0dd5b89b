"""Several rates at once: each target must be what its own run would have made."""

from fractions import Fraction

import numpy as np
import pytest

from tests.conftest import numbers_of
from tests.pipeline.test_pipeline import LOSSLESS, Inverting, identity, read
from videostyle import StylizeConfig, stylize
from videostyle.errors import ConfigError, DecodeError
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.stylize import run_plans

RATES = ("10", "15", "24", "30", "30000/1001", "60")

# Hold times that vary between 20 and 130 ms, as a screen recording's do.
VARIABLE = "settb=1/1000,setpts='floor(N*41+mod(N*N,7)*9+if(gt(N,20),200,0))'"
PASSED = (
    "-fps_mode",
    "passthrough",
    "-enc_time_base",
    "1:1000",
    "-c:v",
    "libx264",
    "-qp",
    "0",
    "-pix_fmt",
    "yuv444p",
)
INTERLACED = (
    "-vf",
    "setfield=tff",
    "-c:v",
    "libx264",
    "-qp",
    "0",
    "-pix_fmt",
    "yuv420p",
    "-flags",
    "+ildct+ilme",
)


def run_together(clip, folder, backend=None, **settings):
    """Each rate's frames from one shared run."""
    plans = [
        prepare(clip, folder / f"{n}.mkv", identity(fps=rate, encode=LOSSLESS, **settings))
        for n, rate in enumerate(RATES)
    ]
    results = run_plans(plans, backend or plans[0].open_backend())
    return [read(result.target) for result in results]


def run_alone(clip, folder, rate, **settings):
    stylize(
        clip, folder / "alone.mkv", identity(fps=rate, encode=LOSSLESS, overwrite=True, **settings)
    )
    return read(folder / "alone.mkv")


@pytest.mark.parametrize(
    "make",
    [
        {"rate": 30},
        {"rate": 25},
        {"rate": Fraction(24000, 1001)},
        {"rate": 60},
        {"name": "clip.mkv", "rate": 30},
        {"name": "clip.mkv", "rate": Fraction(30000, 1001)},
        {"filters": VARIABLE, "options": PASSED},
        {"name": "clip.mkv", "filters": VARIABLE, "options": PASSED},
        {"name": "clip.avi", "rate": 25, "options": ("-c:v", "ffv1", "-pix_fmt", "yuv444p")},
        {"rate": 25, "options": INTERLACED},
    ],
    ids=[
        "30",
        "25",
        "23.976",
        "60",
        "mkv-30",
        "mkv-29.97",
        "variable",
        "mkv-variable",
        "avi",
        "interlaced",
    ],
)
def test_a_shared_run_shows_what_each_run_alone_shows(counting_clip, tmp_path, make):
    """Also the number of frames at the clip's end, which is not cut off here."""
    clip = counting_clip(40, **make)
    for rate, together in zip(RATES, run_together(clip, tmp_path, size="48x64"), strict=True):
        alone = run_alone(clip, tmp_path, rate, size="48x64")
        assert numbers_of(together) == numbers_of(alone), rate
        assert np.array_equal(np.stack(together), np.stack(alone))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(("start", "duration"), [("0.51", "0.5"), ("1.0", None), ("1.37", "9")])
def test_a_part_of_a_clip_is_shared_as_well(counting_clip, tmp_path, suffix, start, duration):
    clip = counting_clip(60, f"clip{suffix}", rate=25)
    part = {"start": start, "duration": duration, "size": "48x64"}
    for rate, together in zip(RATES, run_together(clip, tmp_path, **part), strict=True):
        assert numbers_of(together) == numbers_of(run_alone(clip, tmp_path, rate, **part)), rate


def test_a_picture_that_starts_late_is_shared_as_well(counting_clip, run_ffmpeg, tmp_path):
    late = tmp_path / "late.mkv"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "sine=duration=2",
        "-itsoffset",
        "0.4",
        "-i",
        counting_clip(30),
        "-map",
        "1:v",
        "-map",
        "0:a",
        "-c:v",
        "copy",
        late,
    )
    for rate, together in zip(RATES, run_together(late, tmp_path, size="48x64"), strict=True):
        assert numbers_of(together) == numbers_of(run_alone(late, tmp_path, rate, size="48x64"))


@pytest.mark.parametrize("batch_size", [1, 4])
def test_a_frame_is_painted_once_for_all_rates(counting_clip, tmp_path, batch_size):
    """10, 15, 24 and 30 of a clip of 30 together need no more than 30 alone."""
    backend = Inverting()
    plans = [
        prepare(
            counting_clip(30),
            tmp_path / f"{rate}.mkv",
            StylizeConfig(fps=rate, size="48x64", batch_size=batch_size, encode=LOSSLESS),
        )
        for rate in (10, 15, 24, 30)
    ]
    counts = []
    results = run_plans(plans, backend, on_painted=lambda each: counts.append(each.counts))
    assert sum(shape[0] for shape in backend.shapes) == 30
    assert [result.frames for result in results] == [10, 15, 24, 30]
    assert np.array_equal(np.sum(counts, axis=0), [10, 15, 24, 30])


def test_frames_that_no_rate_shows_are_not_painted(counting_clip, tmp_path):
    backend = Inverting()
    plans = [
        prepare(
            counting_clip(60, rate=60),
            tmp_path / f"{rate}.mkv",
            StylizeConfig(fps=rate, size="48x64", encode=LOSSLESS),
        )
        for rate in (10, 15)
    ]
    run_plans(plans, backend)
    assert len(backend.shapes) == 20  # every 6th and every 4th; every 12th is both


def test_plans_that_paint_different_pictures_do_not_run_together(counting_clip, tmp_path):
    clip = counting_clip(4)
    plans = [
        prepare(clip, tmp_path / f"{size}.mkv", identity(size=size)) for size in ("48x64", "24x32")
    ]
    with pytest.raises(ConfigError, match="rate and target only"):
        run_plans(plans, Inverting())
    with pytest.raises(ConfigError, match="nothing to carry out"):
        run_plans([], Inverting())


def test_a_clip_that_is_cut_short_is_found_out(make_clip, tmp_path):
    noise = np.random.default_rng(5).integers(0, 256, (60, 48, 64, 3), np.uint8)
    whole = make_clip(noise, options=("-c:v", "libx264", "-movflags", "+faststart"))
    broken = tmp_path / "cut.mp4"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(DecodeError, match=r"cut\.mp4: only \d+ of 120 frames decode"):
        run_together(broken, tmp_path, size="48x64")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "cut.mp4"]
