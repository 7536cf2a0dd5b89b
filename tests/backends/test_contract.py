"""What every backend promises, checked on every backend."""

from pathlib import Path

import numpy as np
import pytest

from videostyle.backends import BACKENDS, check_backend, model_sizes, open_backend, precisions_of
from videostyle.errors import ConfigError, FrameShapeError, MissingDependencyError
from videostyle.frames import Size
from videostyle.graphs.reading import Reading

ALL_BACKENDS = [name for name in BACKENDS if name != "auto"]

# Frames of one batch may be computed in another order than alone.
BATCH_LEVELS = 1


@pytest.fixture
def model(request, name, tiny_model) -> Path:
    """What the backend runs. Making a package takes seconds, so only where one is needed."""
    return request.getfixturevalue("tiny_package") if name == "coreml" else tiny_model


@pytest.fixture(params=ALL_BACKENDS)
def name(request) -> str:
    return request.param


@pytest.fixture
def backend(name, model):
    return open_backend(name, model)


def frames(count=2, height=48, width=64):
    random = np.random.default_rng(11)
    return random.integers(0, 256, (count, height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("height", "width"), [(48, 64), (57, 101), (8, 8), (9, 31), (480, 853), (96, 128)]
)
def test_what_comes_out_has_the_form_of_what_went_in(backend, name, model, height, width):
    taken = model_sizes(name, model).taken
    if taken and Size(width, height) not in taken:
        with pytest.raises(FrameShapeError, match=f"takes.*64x48 or 128x96, not {width}x{height}"):
            backend.stylize(frames(1, height, width))
        return
    painted = backend.stylize(frames(1, height, width))
    assert painted.shape == (1, height, width, 3)
    assert painted.dtype == np.uint8


def test_one_backend_takes_one_size_after_another(backend):
    """As a preview gives it: also both ways round, and back to a size it has seen."""
    sizes = [(48, 64), (57, 101), (64, 48), (48, 64), (30, 40)]
    if backend.name == "coreml":
        sizes = [(48, 64), (96, 128)]  # those that the package was made for
    first = backend.stylize(frames(1, *sizes[0]))
    for height, width in sizes[1:]:
        assert backend.stylize(frames(1, height, width)).shape == (1, height, width, 3)
    assert np.array_equal(backend.stylize(frames(1, *sizes[0])), first)


def test_a_batch_equals_its_frames_one_by_one_in_order(backend):
    batch = frames(3)
    together = backend.stylize(batch).astype(int)
    alone = np.concatenate([backend.stylize(frame[None]) for frame in batch])
    assert np.abs(together - alone).max() <= BATCH_LEVELS
    assert np.abs(together[0] - together[1]).max() > BATCH_LEVELS


def test_the_input_is_left_as_it_was(backend):
    batch = frames()
    before = batch.copy()
    backend.stylize(batch)
    assert np.array_equal(batch, before)


@pytest.mark.parametrize(
    "wrong",
    [
        frames()[0],
        frames()[..., :2],
        frames().astype(np.float32),
        frames(1, 4, 64),
        frames()[:0],
    ],
)
def test_frames_of_another_form_are_refused(backend, wrong):
    with pytest.raises(FrameShapeError, match="uint8"):
        backend.stylize(wrong)


def test_it_says_what_it_is(backend):
    assert backend.name in backend.description


@pytest.mark.parametrize(
    ("installed", "expected"),
    [({"openvino", "tensorflow"}, "openvino"), ({"tensorflow"}, "tensorflow")],
)
def test_auto_is_the_fastest_one_that_is_installed(monkeypatch, installed, expected):
    monkeypatch.setattr("videostyle.backends._is_installed", lambda package: package in installed)
    assert check_backend("auto") == expected


def test_what_is_not_installed_or_makes_no_sense_is_refused(monkeypatch):
    for words in (("magic",), ("tensorflow", "int4")):
        with pytest.raises(ConfigError, match="choose one of"):
            check_backend(*words)
    with pytest.raises(ConfigError, match="only openvino computes in bf16"):
        check_backend("tensorflow", "bf16")
    monkeypatch.setattr("videostyle.backends._is_installed", lambda package: False)
    for name, package in (
        ("auto", "openvino"),
        ("openvino", "openvino"),
        ("tensorflow", r"'videostyle\[tensorflow\]'"),
        ("coreml", r"'videostyle\[coreml\]'"),
    ):
        with pytest.raises(MissingDependencyError, match=f"pip install {package}$"):
            check_backend(name)
    assert precisions_of("openvino") == precisions_of("tensorflow") == ()


def test_a_backend_refuses_models_of_the_other_kind(tiny_model, tmp_path):
    package = tmp_path / "x.mlpackage"
    with pytest.raises(ConfigError, match="the coreml backend runs packages"):
        check_backend("tensorflow", model=package)
    with pytest.raises(ConfigError, match="make one with 'videostyle convert'"):
        check_backend("coreml", model=tiny_model)
    assert check_backend("auto", model=package) == "coreml"
    assert check_backend("auto", model=tiny_model) != "coreml"


def test_how_to_read_a_file_of_others_is_no_setting_of_our_own(tiny_model):
    with pytest.raises(ConfigError, match="is videostyle's own; levels, function and style"):
        model_sizes("openvino", tiny_model, Reading(levels="1"))


@pytest.mark.parametrize(("height", "width"), [(57, 101), (48, 61), (30, 64)])
def test_tensorflow_pads_by_reflection_and_crops_back_without_a_shift(tiny_model, height, width):
    """Against NumPy's own reflection around the network: a shift by one pixel would show."""
    from videostyle.models.model_file import load_model

    picture = frames(1, height, width)
    painted = open_backend("tensorflow", tiny_model).stylize(picture)
    rows, columns = -height % 4, -width % 4
    margins = (
        (0, 0),
        (rows // 2, rows - rows // 2),
        (columns // 2, columns - columns // 2),
        (0, 0),
    )
    levels = np.asarray(
        load_model(tiny_model).network(np.pad(picture, margins, mode="reflect").astype("float32"))
    )
    levels = levels[:, margins[1][0] :, margins[2][0] :][:, :height, :width]
    assert np.abs(painted - np.clip(np.round(levels), 0, 255)).max() <= 1
    shifted = np.roll(painted, 1, axis=2).astype(int)
    assert np.abs(shifted - levels).mean() > 5
