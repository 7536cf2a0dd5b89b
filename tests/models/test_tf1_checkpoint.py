"""Checkpoints of TensorFlow 1: the imported network paints what its authors' equation says."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.models.checkpoints import paint, random_variables, write_checkpoint
from videostyle import PreviewConfig, StylizeConfig, import_checkpoint, preview_clip
from videostyle.backends import open_backend
from videostyle.cli.main import main
from videostyle.errors import ConfigError, ModelLoadError, TargetError
from videostyle.models.checkpoint_files import find_checkpoint
from videostyle.models.model_file import load_model, read_spec
from videostyle.models.spec import ReferenceSpec
from videostyle.models.tensorflow import import_tensorflow

# 1e-3 of full scale, in levels.
LARGEST_DIFFERENCE = 0.255

TINY = (4, 6, 8)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A checkpoint of full width, its variables, and the model file made of it."""
    folder = tmp_path_factory.mktemp("full")
    variables = random_variables()
    write_checkpoint(folder / "fns.ckpt", variables)
    import_checkpoint(folder / "fns.ckpt", folder / "fns.keras")
    return folder, variables


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """A folder with one checkpoint of 4, 6 and 8 filters and one residual block."""
    folder = tmp_path_factory.mktemp("tiny")
    write_checkpoint(folder / "fns.ckpt", random_variables(TINY, 1))
    return folder


@pytest.fixture(scope="module")
def tiny_import(tiny, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("models") / "tiny.keras"
    import_checkpoint(tiny, target)
    return target


def picture(height, width):
    """Smooth colours and some noise, float32 [1, height, width, 3] in whole levels."""
    random = np.random.default_rng(8)
    rows, columns = np.mgrid[:height, :width]
    smooth = np.stack([rows * 3 % 256, columns * 2 % 256, (rows + columns) % 256], axis=-1)
    return np.clip(smooth + random.normal(0, 20, smooth.shape), 0, 255).round()[None].astype("f")


def test_the_model_file_paints_what_the_equation_says(full):
    folder, variables = full
    frame = picture(48, 64)
    expected = paint(variables, frame)
    painted = np.asarray(load_model(folder / "fns.keras").network(frame))
    assert expected.min() < 0
    assert expected.max() > 255
    assert np.abs(painted - expected).max() < LARGEST_DIFFERENCE


def test_its_description_is_the_known_network(full):
    folder, _ = full
    assert read_spec(folder / "fns.keras") == ReferenceSpec(
        residual_blocks=5,
        upsample="transposed",
        end_kernel=9,
        head_norm=True,
        padding="zero",
        norm_epsilon=1e-3,
        output_gain=150.0,
        input_scaling="none",
    )


@pytest.mark.parametrize(("backend", "levels"), [("tensorflow", 0.75), ("openvino", 1.25)])
def test_backends_paint_it_at_any_size(full, backend, levels):
    """Rounding costs half a level; what is above is the backend's."""
    folder, variables = full
    frame = picture(50, 63)
    margins = ((0, 0), (1, 1), (0, 1), (0, 0))
    expected = paint(variables, np.pad(frame, margins, mode="reflect"))[:, 1:-1, :-1]
    painted = open_backend(
        backend, folder / "fns.keras", "auto" if backend == "tensorflow" else "fp32"
    ).stylize(frame.astype(np.uint8))
    assert painted.shape == (1, 50, 63, 3)
    assert np.abs(painted - np.clip(expected, 0, 255)).max() < levels


def test_fewer_filters_and_blocks_are_counted(tiny_import):
    spec = read_spec(tiny_import)
    assert (spec.filters, spec.residual_blocks) == (TINY, 1)


def test_the_first_version_of_the_format_is_read(tmp_path):
    variables = random_variables(TINY, 1)
    write_checkpoint(tmp_path / "old.ckpt", variables, version=1)
    assert (tmp_path / "old.ckpt").is_file()
    for source in (tmp_path / "old.ckpt", tmp_path):
        import_checkpoint(source, tmp_path / "m.keras", overwrite=True)
        frame = picture(16, 24)
        painted = np.asarray(load_model(tmp_path / "m.keras").network(frame))
        assert np.abs(painted - paint(variables, frame)).max() < LARGEST_DIFFERENCE


def test_prefix_parts_and_folder_lead_to_one_checkpoint(tiny):
    names = ["fns.ckpt", *(file.name for file in tiny.glob("fns.ckpt.*"))]
    assert len(names) == 4
    for path in (tiny, *(tiny / name for name in names)):
        assert find_checkpoint(path) == tiny / "fns.ckpt"


def test_of_several_the_one_that_the_folder_names_is_taken(tiny, tmp_path):
    for file in tiny.glob("fns.ckpt.*"):
        for name in ("a.ckpt-100", "a.ckpt-200"):
            shutil.copy(file, tmp_path / file.name.replace("fns.ckpt", name))
    with pytest.raises(ModelLoadError, match=r"has 2 checkpoints, a\.ckpt-100, a\.ckpt-200; na"):
        find_checkpoint(tmp_path)
    # As training left it, with a path of the machine where it ran.
    (tmp_path / "checkpoint").write_text(
        'model_checkpoint_path: "/home/someone/saver/a.ckpt-100"\n'
        'all_model_checkpoint_paths: "/home/someone/saver/a.ckpt-200"\n'
    )
    assert find_checkpoint(tmp_path) == tmp_path / "a.ckpt-100"


def changed(number, shape):
    variables = random_variables(TINY, 1)
    variables[number] = np.ones(shape, np.float32)
    return variables


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (random_variables(TINY, 1)[:-1], "it has 23 numbered variables; one with five"),
        (random_variables(TINY, 1)[:-3], "it has 21 numbered variables"),
        (random_variables(TINY, 1)[:6], "it has 6 numbered variables"),
        (
            changed(0, (3, 3, 3, 4)),
            "Variable should be the weights of conv1, 9x9x3x4, but is 3x3x3x4",
        ),
        (changed(1, ()), "Variable_1 should be the shift of conv1, 4, but is one number"),
        (changed(0, ()), "filters must be a whole number from 1 to 1024, not 0"),
        (
            changed(15, (3, 3, 8, 6)),
            "Variable_15 should be the weights of up1, 3x3x6x8, but is 3x3x8x6",
        ),
        (changed(23, ()), "Variable_23 should be the scale of head, 3, but is one number"),
    ],
)
def test_another_network_is_one_line_that_says_what_does_not_fit(tmp_path, variables, words):
    write_checkpoint(tmp_path / "other.ckpt", variables)
    with pytest.raises(ModelLoadError, match=words) as caught:
        import_checkpoint(tmp_path / "other.ckpt", tmp_path / "m.keras")
    assert str(caught.value).startswith(f"{tmp_path / 'other.ckpt'}: is of another network")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "m.keras").exists()


def test_a_checkpoint_of_named_variables_is_of_another_network(tmp_path):
    v1 = import_tensorflow().compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        v1.get_variable("conv1/kernel", initializer=1.0)
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(tmp_path / "named.ckpt"))
    with pytest.raises(ModelLoadError, match=r"no variables called Variable.*it has conv1/kernel"):
        import_checkpoint(tmp_path, tmp_path / "m.keras")


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    variables = random_variables(TINY, 1)
    variables[4][1] = np.nan
    write_checkpoint(tmp_path / "nan.ckpt", variables)
    with pytest.raises(ModelLoadError, match="Variable_4 contains NaN or infinity"):
        import_checkpoint(tmp_path, tmp_path / "m.keras")


DATA, INDEX = "fns.ckpt.data-00000-of-00001", "fns.ckpt.index"


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (DATA, lambda data: data[:-100]),
        (DATA, lambda data: data[:50] + b"?" + data[51:]),
        (DATA, None),
        (INDEX, lambda data: data[:-100]),
        (INDEX, lambda data: b""),
    ],
)
def test_a_damaged_checkpoint_is_one_clear_line(tiny, tmp_path, name, damage):
    for file in tiny.glob("fns.ckpt.*"):
        shutil.copy(file, tmp_path)
    broken = tmp_path / name
    broken.write_bytes(damage(broken.read_bytes())) if damage else broken.unlink()
    with pytest.raises(ModelLoadError, match="is not a checkpoint, or is damaged") as caught:
        import_checkpoint(tmp_path, tmp_path / "m.keras")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "m.keras").exists()


def test_no_checkpoint_at_all(tmp_path):
    (tmp_path / "text.ckpt").write_text("this is a text\n" * 100)
    for source, words in (
        (tmp_path / "none.ckpt", "there is no such checkpoint"),
        (tmp_path / "text.ckpt", "is not a checkpoint, or is damaged"),
    ):
        with pytest.raises(ModelLoadError, match=words):
            import_checkpoint(source, tmp_path / "m.keras")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelLoadError, match="no checkpoint in this folder"):
        import_checkpoint(tmp_path / "empty", tmp_path / "m.keras")


def test_the_target_is_looked_at_first(tmp_path):
    (tmp_path / "there.keras").write_text("precious")
    with pytest.raises(TargetError, match="exists already"):
        import_checkpoint(tmp_path / "none", tmp_path / "there.keras")
    with pytest.raises(TargetError, match="there is no folder"):
        import_checkpoint(tmp_path / "none", tmp_path / "no" / "m.keras")
    with pytest.raises(ConfigError, match=r"must end in \.keras"):
        import_checkpoint(tmp_path / "none", tmp_path / "m.h5")
    assert (tmp_path / "there.keras").read_text() == "precious"


@pytest.mark.slow
def test_preview_takes_an_imported_style(tiny_import, counting_clip, tmp_path):
    config = PreviewConfig(
        fps=(10,),
        size=("24x32",),
        style=(str(tiny_import),),
        start=0,
        duration=1,
        stylize=StylizeConfig(backend="tensorflow"),
    )
    [cell] = preview_clip(counting_clip(40), tmp_path / "preview", config)
    assert cell.frames == 10


def test_the_command_imports_and_says_so(tiny, tmp_path, capsys):
    target = tmp_path / "m.keras"
    assert main(["convert", str(tiny), "-o", str(target)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{target}: 0.00 M parameters, from the TensorFlow 1 checkpoint fns.ckpt")
    assert len(out.splitlines()) == 1
    assert target.is_file()


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["{tiny}", "-o", "m.keras", "--upscale", "96x128"], 2, "--upscale is for packages"),
        (["{tiny}", "-o", "m.mlpackage"], 2, "is a checkpoint; make a model file of it first"),
        (["{tiny}/fns.ckpt", "-o", "m.mlpackage"], 2, "is a checkpoint; make a model file of it"),
        (["wave", "-o", "m.keras"], 1, "wave: there is no such checkpoint"),
        (["{tiny}", "-o", "there.keras"], 1, "exists already"),
    ],
)
def test_the_suffix_of_the_target_decides(
    tiny, tmp_path, monkeypatch, capsys, words, status, message
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.keras").touch()
    assert main(["convert", *(word.format(tiny=tiny) for word in words)]) == status
    streams = capsys.readouterr()
    assert message in streams.err.splitlines()[-1]
    assert streams.out == ""
    assert [file.name for file in tmp_path.iterdir()] == ["there.keras"]
