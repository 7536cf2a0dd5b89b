"""From a style to a package and its proof: small networks, real conversions."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.coreml.onnx_programs import run_with_onnxruntime
from videostyle.coreml import load, parity
from videostyle.coreml.check import check_package
from videostyle.coreml.convert import convert_style
from videostyle.coreml.convert_config import ConvertConfig
from videostyle.coreml.coremltools import import_coremltools
from videostyle.coreml.parity import Floor, Status
from videostyle.coreml.report import Verdict
from videostyle.errors import (
    ConfigError,
    ModelLoadError,
    ParityError,
    TargetError,
    TargetExistsError,
)
from videostyle.files.digest import digest_path
from videostyle.models.own_styles import add_style
from videostyle.models.spec import FastSpec, ReferenceSpec

TINY = {"filters": (4, 6, 8), "residual_blocks": 1}

# Odd on purpose: no multiple of 4, as 853.
SMALL = ConvertConfig(size="54x101")

# Between the runtime and onnxruntime, in levels of 0..255.
AGREEMENT_LEVELS = 0.01

SPECS = {
    "fast": FastSpec(stem_filters=4, filters=6, residual_blocks=1),
    "fast, batch norm": FastSpec(stem_filters=4, filters=6, residual_blocks=1, norm="batch"),
    "reference": ReferenceSpec(**TINY),
    "batch norm": ReferenceSpec(norm="batch", **TINY),
    "separable": ReferenceSpec(separable=True, **TINY),
    "imported": ReferenceSpec(
        upsample="transposed",
        end_kernel=9,
        head_norm=True,
        padding="zero",
        input_scaling="none",
        output_gain=150.0,
        norm_epsilon=1e-3,
        **TINY,
    ),
}

# Arithmetic that comes before the first convolution.
STEPS = {"mul": np.multiply, "add": np.add}


@pytest.fixture(scope="module")
def converted(make_style, tmp_path_factory):
    """The report on the package of each spec, made once."""
    done = {}

    def get(name):
        if name not in done:
            target = tmp_path_factory.mktemp("packages") / "style.mlpackage"
            done[name] = convert_style(
                make_style(SPECS[name]), target, replace(SMALL, upscale="120x225")
            )
        return done[name]

    return get


@pytest.mark.parametrize("name", SPECS)
def test_every_kind_of_network_passes_its_floors(converted, name):
    report = converted(name)
    assert report.passed
    assert [c.status for c in report.comparisons[:2]] == [Status.PASSED] * 2
    assert report.comparisons[0].psnr_db >= 60
    assert (report.inputs, report.output, report.frames) == (("101x54",), "225x120", 3)


@pytest.mark.parametrize("name", SPECS)
def test_the_program_is_what_a_phone_wants(converted, name):
    counts = converted(name).operations
    assert counts.get("transpose", 0) == 0
    assert counts["resize_bilinear"] == 1
    batch = SPECS[name].norm == "batch"
    assert ("instance_norm" in counts) is not batch
    assert not {"reduce_mean", "batch_norm", "reshape"} & set(counts)


@pytest.mark.parametrize("name", SPECS)
def test_levels_reach_the_first_convolution_without_rounding(converted, name):
    """Half precision rounds levels / 127.5 - 1, which alone cost a network 4 levels."""
    model = load(converted(name).package)
    exact, half = (np.arange(256, dtype=kind) for kind in (np.float64, np.float16))
    for operation in model.program.operations:
        if operation.kind == "conv":
            break
        if operation.kind in STEPS:
            [constant] = [
                value.constant for value in operation.inputs.values() if value.constant is not None
            ]
            exact = STEPS[operation.kind](exact, np.float64(constant))
            half = STEPS[operation.kind](half, np.float16(constant))
    assert half.dtype == np.float16
    assert np.array_equal(exact, half)
    scaled = getattr(SPECS[name], "input_scaling", "unit") == "unit"
    assert exact[0] == (-127.5 / 128 if scaled else 0)


@pytest.mark.parametrize("name", ["fast", "separable", "imported"])
def test_onnxruntime_paints_the_same(converted, name):
    model = load(converted(name).package)
    image = np.random.default_rng(1).integers(0, 256, (54, 101, 3), np.uint8)
    expected = run_with_onnxruntime(model.program, image)
    assert np.abs(model.predict_levels(image) - expected).max() < AGREEMENT_LEVELS


def test_the_imported_kind_of_model_is_warned_of(converted):
    warnings = converted("imported").warnings
    assert any("2 transposed convolutions" in warning for warning in warnings)
    assert not converted("reference").warnings


def test_unfused_norms_are_warned_of(tiny_model, tmp_path):
    """A fresh norm has nothing to scale by, and what is left of it is not recognised."""
    report = convert_style(tiny_model, tmp_path / "x.mlpackage", SMALL)
    assert any("unfused norms: " in warning for warning in report.warnings)


def test_coremltools_itself_opens_the_package(converted):
    report = converted("fast")
    ct = import_coremltools()
    spec = ct.models.MLModel(str(report.package), skip_model_load=True).get_spec()
    [source], [result] = spec.description.input, spec.description.output
    assert (source.name, result.name) == ("image", "stylized")
    for feature, size in ((source, (101, 54)), (result, (225, 120))):
        image = feature.type.imageType
        assert (image.width, image.height) == size
        assert image.ColorSpace.Name(image.colorSpace) == "RGB"
    metadata = spec.description.metadata
    assert "Noise by Chance" in metadata.shortDescription
    assert (metadata.author, metadata.license) == ("videostyle", "CC0")
    assert json.loads(metadata.userDefined["videostyle.card"])["painter"] == "Chance"
    assert metadata.userDefined["videostyle.style"] == "random.keras"  # no folder of ours


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "kind", "version"),
    [
        ({"precision": "fp32"}, "fp32", 7),
        ({"target": "iOS15"}, "fp16", 6),
        ({"compress": "int8"}, "int8", 7),
        ({"compress": "palette6", "target": "iOS18"}, "palette6", 9),
        ({"compress": "palette8"}, "palette8", 7),
        ({"compress": "int8", "target": "iOS18"}, "int8", 9),
    ],
)
def test_precision_compression_and_target_are_what_was_asked_for(
    make_style, tmp_path, settings, kind, version
):
    """Weights under 2048 numbers are left as they are, so the network is a little larger."""
    style = make_style(FastSpec(stem_filters=8, filters=24, residual_blocks=1))
    report = convert_style(style, tmp_path / "x.mlpackage", replace(SMALL, **settings))
    assert (report.kind, report.specification) == (kind, version)
    assert report.passed
    if kind != "fp32":
        plain = convert_style(style, tmp_path / "plain.mlpackage", SMALL)
        assert (report.size_bytes < plain.size_bytes) is (kind != "fp16")


def test_several_sizes_are_all_taken_and_compared(make_style, tmp_path):
    config = ConvertConfig(sizes=("48x64", "56x96"), upscale="120x224", portrait=True)
    report = convert_style(make_style(SPECS["reference"]), tmp_path / "x.mlpackage", config)
    assert report.inputs == ("48x64", "56x96")
    assert report.output == "120x224"
    assert report.frames == 4
    assert any("2 sizes" in warning for warning in report.warnings)
    model = load(tmp_path / "x.mlpackage")
    assert model.predict(np.zeros((96, 56, 3), np.uint8)).shape == (224, 120, 3)


@pytest.fixture
def floor_out_of_reach(monkeypatch):
    monkeypatch.setitem(parity.FLOORS, "fp16", Floor(199, 2))


def test_under_the_floor_nothing_is_kept(tiny_style, tmp_path, floor_out_of_reach):
    target = tmp_path / "x.mlpackage"
    with pytest.raises(ParityError, match=r"not kept: float: .* floor of 199 dB") as caught:
        convert_style(tiny_style, target, SMALL)
    assert not caught.value.report.passed
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_an_existing_package_is_kept_until_a_proven_one_replaces_it(
    tiny_style, tmp_path, monkeypatch
):
    target = tmp_path / "x.mlpackage"
    convert_style(tiny_style, target, SMALL)
    made = digest_path(target / "Manifest.json")
    with pytest.raises(TargetExistsError, match="exists already"):
        convert_style(tiny_style, target, SMALL)
    with monkeypatch.context() as patch:
        patch.setitem(parity.FLOORS, "fp16", Floor(199, 2))
        with pytest.raises(ParityError):
            convert_style(tiny_style, target, replace(SMALL, overwrite=True))
    assert digest_path(target / "Manifest.json") == made
    convert_style(tiny_style, target, replace(SMALL, overwrite=True))
    assert digest_path(target / "Manifest.json") != made
    assert [path.name for path in tmp_path.iterdir()] == ["x.mlpackage"]


def test_a_package_of_other_weights_fails_the_check(converted, make_style):
    package = converted("fast").package
    again = check_package(package, against=str(make_style(SPECS["fast"])))
    assert again.passed
    other = check_package(package, against=str(make_style(SPECS["fast"], seed=8)))
    assert not other.passed
    assert "under the floor of 60 dB" in other.problem


def test_what_names_no_style_here_runs_and_no_more(converted):
    report = check_package(converted("fast").package)
    assert (report.verdict, report.passed) == (Verdict.RUNS, False)
    assert not report.comparisons
    assert report.alone == "it was made from random.keras, which isn't here"


def test_apples_runtime_is_never_said_to_have_passed(converted):
    apple = [c for c in converted("fast").comparisons if c.run.startswith("Apple")]
    assert len(apple) == 4
    assert {(c.status, c.reason) for c in apple} == {
        (Status.NOT_RUN, "Core ML predicts on macOS only")
    }
    assert json.loads(json.dumps(converted("fast").as_json()))["passed"] is True


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"size": "480p"}, "needs both sides"),
        ({"precision": "fp8"}, "choose one of fp16, fp32"),
        ({"compress": "int8", "target": "iOS15"}, "need iOS16"),
        ({"target": "iOS9"}, "choose one of"),
        ({"sizes": ("480x853", "480x640")}, "multiple of 4"),
        ({"sizes": ("8x8", "8x8")}, "differ"),
        ({"compress": "zip"}, "choose one of"),
        ({"compress": "int8", "precision": "fp32"}, "fp16"),
    ],
)
def test_settings_that_do_not_work_are_refused(settings, words):
    with pytest.raises(ConfigError, match=words):
        ConvertConfig(**settings)


def test_names_that_do_not_work_are_refused(tiny_style, tiny_package, tmp_path):
    with pytest.raises(ConfigError, match=r"must end in \.mlpackage"):
        convert_style(tiny_style, tmp_path / "x.mlmodel")
    with pytest.raises(TargetError, match="there is no folder"):
        convert_style(tiny_style, tmp_path / "no" / "x.mlpackage")
    with pytest.raises(ConfigError, match=r"is no \.keras model file"):
        convert_style(tiny_package, tmp_path / "x.mlpackage")
    (tmp_path / "mine.mlpackage").mkdir()
    with pytest.raises(TargetError, match="is no Core ML package"):
        convert_style(tiny_style, tmp_path / "mine.mlpackage", ConvertConfig(overwrite=True))
    with pytest.raises(ModelLoadError, match="no such file"):
        convert_style(tmp_path / "none.keras", tmp_path / "x.mlpackage")


def test_half_precision_is_given_a_level_more_with_instance_norm():
    assert parity.floor_of("fp16", "instance") == Floor(60, 3)
    assert parity.floor_of("fp16", "batch") == Floor(60, 2)
    assert parity.floor_of("palette2", "batch") is None


def test_a_broken_result_is_no_pass():
    image, expected = np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8, 3), np.float32)
    broken = parity.compare(
        "half", lambda _: np.full((8, 8, 3), np.nan), [image], [expected], Floor(60, 2)
    )
    assert broken.status is Status.FAILED
    one_pixel = expected.copy()
    one_pixel[0, 0, 0] = 9
    spot = parity.compare(
        "half",
        lambda _: one_pixel,
        [np.zeros((900, 900, 3), np.uint8)],
        [np.zeros((8, 8, 3))],
        Floor(20, 2),
    )
    assert (spot.status, spot.largest_8bit) == (Status.FAILED, 9)
    assert "9 levels are above the limit of 2" in spot.reason


@pytest.mark.slow
def test_a_package_of_a_users_style_is_checked_against_it(tiny_style, tmp_path, monkeypatch):
    monkeypatch.setenv("VIDEOSTYLE_STYLES", str(tmp_path / "own"))
    add_style(tiny_style, "mine")
    convert_style("mine", tmp_path / "mine.mlpackage", SMALL)
    report = check_package(tmp_path / "mine.mlpackage")
    assert (report.against, report.passed) == ("mine/fast", True)
