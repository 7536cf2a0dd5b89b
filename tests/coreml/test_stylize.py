"""A package in the main command: the file's own size, its upscaling, and the same input."""

import json
import subprocess
import sys

import av
import numpy as np
import pytest

from videostyle import EncodeConfig, StylizeConfig, stylize, stylized_frames
from videostyle.coreml.convert import convert_style
from videostyle.coreml.convert_config import ConvertConfig
from videostyle.errors import ConfigError
from videostyle.pipeline.plan import plan_frames

# After rounding to 8 bits; float arithmetic with the same weights.
SAME_LEVELS = 1


@pytest.fixture(scope="module")
def upscaling(tiny_style, tmp_path_factory):
    """64x48 in, 160x120 out."""
    path = tmp_path_factory.mktemp("packages") / "up.mlpackage"
    convert_style(tiny_style, path, ConvertConfig(size="48x64", upscale="120x160"))
    return path


@pytest.fixture
def clip(make_clip):
    """Noise of 128x72: another shape than the packages'."""
    frames = np.random.default_rng(7).integers(0, 256, (4, 72, 128, 3), np.uint8)
    return make_clip(frames, "noise.mkv", options=("-c:v", "ffv1", "-pix_fmt", "bgr0"))


@pytest.mark.parametrize("fit", [None, "pad", "cover", "stretch"])
def test_both_backends_see_the_same_input(clip, tiny_style, tiny_package, fit):
    of_package = stylized_frames(clip, StylizeConfig(style=str(tiny_package), fit=fit))
    of_style = stylized_frames(
        clip,
        StylizeConfig(style=str(tiny_style), size="48x64", fit=fit or "pad", backend="tensorflow"),
    )
    for mine, theirs in zip(of_package, of_style, strict=True):
        assert mine.shape == theirs.shape
        assert mine.std() > 5
        assert np.abs(mine.astype(int) - theirs).max() <= SAME_LEVELS


@pytest.mark.parametrize(
    ("out_size", "expected"),
    [
        (None, (160, 90)),
        ("model", (160, 90)),
        ("work", (64, 36)),
        ("source", (128, 72)),
        ("54p", (96, 54)),
    ],
)
def test_what_the_model_gives_is_encoded_unless_told(clip, upscaling, tmp_path, out_size, expected):
    config = StylizeConfig(
        style=str(upscaling), out_size=out_size, encode=EncodeConfig(codec="ffv1")
    )
    result = stylize(clip, tmp_path / "out.mkv", config)
    with av.open(str(tmp_path / "out.mkv")) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == expected
    assert "not Apple's" in result.backend
    assert str(result.work_size) == "64x48"


def test_the_upscaled_picture_lies_where_the_frame_lay(clip, upscaling, tiny_style):
    """36 of 48 rows are the frame's; after scaling by 2.5 these are rows 15 to 105."""
    import cv2

    up = next(stylized_frames(clip, StylizeConfig(style=str(upscaling))))
    small = next(
        stylized_frames(
            clip,
            StylizeConfig(style=str(tiny_style), size="48x64", fit="pad", backend="tensorflow"),
        )
    )
    inner = cv2.resize(small, (160, 90), interpolation=cv2.INTER_LINEAR)[4:-4].astype(int)
    assert np.abs(up[4:-4] - inner).max() <= 2
    assert np.abs(up[3:-5] - inner).mean() > 2


def test_strength_blends_with_the_enlarged_frame(clip, upscaling):
    kept = next(stylized_frames(clip, StylizeConfig(style=str(upscaling), strength=0)))
    plain = next(stylized_frames(clip, StylizeConfig(size="36x64", backend="identity")))
    assert kept.shape == (90, 160, 3)
    assert abs(kept.mean() - plain.mean()) < 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"size": "480x854"}, "takes 64x48 or 128x96, not 480x854"),
        ({"fit": "contain"}, "the fit contain would make a 128x72 frame 64x36; use pad"),
        ({"backend": "tensorflow"}, "the coreml backend runs packages"),
    ],
)
def test_what_contradicts_the_file_is_refused(clip, tiny_package, settings, words):
    with pytest.raises(ConfigError, match=words):
        plan_frames(clip, StylizeConfig(style=str(tiny_package), **settings))


def test_a_size_that_the_file_has_is_taken(clip, tiny_package):
    plan = plan_frames(clip, StylizeConfig(style=str(tiny_package), size="128x96"))
    assert str(plan.decode.geometry.network) == "128x96"
    assert any("is extended to the model's" in notice for notice in plan.notices)


def test_an_upright_clip_needs_an_upright_model(make_clip, tiny_package):
    upright = make_clip(np.zeros((2, 128, 72, 3), np.uint8))
    with pytest.raises(ConfigError, match=r"takes landscape frames of 64x48 .* is portrait"):
        plan_frames(upright, StylizeConfig(style=str(tiny_package)))


def test_compute_units_are_a_macs(clip, tiny_package):
    config = StylizeConfig(style=str(tiny_package), compute="npu")
    with pytest.raises(ConfigError, match="can be chosen on macOS only"):
        next(stylized_frames(clip, config))


@pytest.mark.slow
def test_the_command_line_converts_checks_and_paints(clip, tiny_style, tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "videostyle", *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )

    made = run("convert", tiny_style, "-o", "t.mlpackage", "--size", "48x64", "--on", clip)
    assert made.returncode == 0, made.stderr
    assert "t.mlpackage: fp16, 64x48 in, as the input out" not in made.stdout
    assert "t.mlpackage: fp16, 64x48 in, 64x48 out" in made.stdout
    assert "Apple all          not run" in made.stdout
    report = run("check", "t.mlpackage", "--against", tiny_style, "--json")
    assert report.returncode == 0
    assert json.loads(report.stdout)["transposes"] == 0
    alone = run("check", "t.mlpackage")
    assert alone.returncode == 0
    assert "it was made from tiny.keras, which isn't here" in alone.stdout
    painted = run(clip, "out.mp4", "--style", "t.mlpackage")
    assert painted.returncode == 0, painted.stderr
    assert "portable runtime" in painted.stderr
    timed = run("measure", "t.mlpackage", "-o", "t.json")
    assert timed.returncode == 1
    assert "run this on a Mac" in timed.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["noise.mkv", "out.mp4", "t.mlpackage"]
