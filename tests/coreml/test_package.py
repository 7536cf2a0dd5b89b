"""Packages that are damaged or of another kind: one clear line each."""

import shutil

import pytest

from tests.cli.running import run
from videostyle.coreml import load
from videostyle.coreml.coremltools import import_coremltools
from videostyle.errors import ModelLoadError


@pytest.fixture
def package(tiny_package, tmp_path):
    return shutil.copytree(tiny_package, tmp_path / "copy.mlpackage")


def model_file(package):
    return package / "Data" / "com.apple.CoreML" / "model.mlmodel"


def weights_file(package):
    return package / "Data" / "com.apple.CoreML" / "weights" / "weight.bin"


def edit(package, change):
    """Change a package's description in place."""
    import_coremltools()
    from coremltools.proto import Model_pb2

    spec = Model_pb2.Model()
    spec.ParseFromString(model_file(package).read_bytes())
    change(spec)
    model_file(package).write_bytes(spec.SerializeToString())


def block_of(spec):
    [function] = spec.mlProgram.functions.values()
    [block] = function.block_specializations.values()
    return block


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_weights_cut_short_are_found(package, share):
    data = weights_file(package).read_bytes()
    weights_file(package).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ModelLoadError, match=r"copy\.mlpackage: its weight\.bin is cut short"):
        load(package)


def test_weights_that_are_missing_or_elsewhere_are_found(package):
    weights_file(package).unlink()
    with pytest.raises(ModelLoadError, match=r"its weights .*weight\.bin are missing"):
        load(package)

    def point_outside(spec):
        for operation in block_of(spec).operations:
            for value in operation.attributes.values():
                if value.HasField("blobFileValue"):
                    value.blobFileValue.fileName = "@model_path/../../../../etc/passwd"

    edit(package, point_outside)
    with pytest.raises(ModelLoadError, match="are missing"):
        load(package)


def test_a_classifier_is_no_style(package):
    edit(package, lambda spec: setattr(spec.description, "predictedFeatureName", "classLabel"))
    with pytest.raises(ModelLoadError, match=r"is a classifier \(its answer is 'classLabel'\)"):
        load(package)


def test_an_operation_that_nobody_knows_is_named(package):
    def rename(spec):
        [found] = [o for o in block_of(spec).operations if o.type == "sigmoid"]
        found.type = "frobnicate"

    edit(package, rename)
    with pytest.raises(ModelLoadError, match="doesn't know the operation frobnicate"):
        load(package)


def test_a_compiled_model_is_named_for_what_it_is(tmp_path):
    compiled = tmp_path / "a.mlmodelc"
    compiled.mkdir()
    with pytest.raises(ModelLoadError, match=r"a\.mlmodelc: is a compiled Core ML model"):
        load(compiled)


def test_something_else_than_pictures_is_refused(package):
    edit(package, lambda spec: spec.description.output[0].type.multiArrayType.shape.append(3))
    with pytest.raises(ModelLoadError, match="which is not that of a color picture"):
        load(package)
    edit(package, lambda spec: setattr(spec.description.input[0].type.imageType, "colorSpace", 10))
    with pytest.raises(ModelLoadError, match="image"):
        load(package)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda p: (p / "Manifest.json").unlink(), "Manifest.json names no model"),
        (lambda p: (p / "Manifest.json").write_text("{"), "Manifest.json names no model"),
        (lambda p: (p / "Manifest.json").write_text("[" * 5000), "Manifest.json names no model"),
        (lambda p: model_file(p).unlink(), "Manifest.json names no model"),
        (lambda p: model_file(p).write_bytes(b"\xff" * 99), "can't be read"),
        (lambda p: model_file(p).write_bytes(b""), "model of no known kind"),
        (lambda p: model_file(p).write_bytes(model_file(p).read_bytes()[:-500]), "can't be read"),
        (lambda p: shutil.rmtree(p), "no such file"),
    ],
)
def test_a_damaged_package_is_one_clear_line(package, damage, words):
    damage(package)
    with pytest.raises(ModelLoadError, match=rf"copy\.mlpackage: .*{words}"):
        load(package)


def test_a_file_is_no_package(tmp_path):
    (tmp_path / "a.mlpackage").write_text("")
    (tmp_path / "b").mkdir()
    for name in ("a.mlpackage", "b"):
        with pytest.raises(ModelLoadError, match="is no Core ML package"):
            load(tmp_path / name)


def test_the_command_line_says_it_in_one_line(package, counting_clip, tmp_path):
    data = weights_file(package).read_bytes()
    weights_file(package).write_bytes(data[:100])
    clip = counting_clip(4)
    for arguments in (["check", package], [clip, tmp_path / "o.mp4", "--style", package]):
        out = run(*arguments, cwd=tmp_path)
        assert out.returncode == 1
        assert out.stderr.splitlines() == [
            f"videostyle: {package}: its weight.bin is cut short or damaged (100 bytes); "
            "copy or convert it anew"
        ]
    assert not (tmp_path / "o.mp4").exists()
