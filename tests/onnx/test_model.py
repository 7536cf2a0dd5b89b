"""ONNX networks against onnxruntime, and what is known of them without options."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, numpy_helper

from tests.onnx.networks import (
    Network,
    anime_gan,
    cyclegan_generator,
    espcn,
    transformer_net,
)
from videostyle.errors import ConfigError, FrameShapeError, ModelLoadError
from videostyle.graphs.reading import Reading
from videostyle.onnx.model import OnnxModel
from videostyle.samples import sample_frame

# Between two libraries' float32, in levels of 0..255.
AGREEMENT_LEVELS = 0.02

# Whose values mean black and white, and how its axes lie.
FORMS = {
    transformer_net: ("255", (0.0, 255.0), "NCHW"),
    cyclegan_generator: ("-1..1", (-1.0, 1.0), "NCHW"),
    espcn: ("1", (0.0, 1.0), "NCHW"),
    anime_gan: ("-1..1", (-1.0, 1.0), "NHWC"),
}
FIXED = {anime_gan: (1, 48, 64, 3)}


def picture(height=48, width=64):
    return np.ascontiguousarray(sample_frame()[100 : 100 + height, 200 : 200 + width])


def with_onnxruntime(path, image, ends, layout):
    """Levels of what onnxruntime gives: float32 [H', W', 3]."""
    black, white = ends
    values = image.astype(np.float32)[None] / 255 * (white - black) + black
    values = values.transpose(0, 3, 1, 2) if layout == "NCHW" else values
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    [given] = session.run(None, {"input1": values.astype(np.float32)})
    given = given.transpose(0, 2, 3, 1) if layout == "NCHW" else given
    return (given[0] - black) / (white - black) * 255


@pytest.mark.parametrize("make", FORMS)
@pytest.mark.parametrize("size", ["free", "fixed"])
def test_every_form_agrees_with_onnxruntime_without_options(tmp_path, make, size):
    levels, ends, layout = FORMS[make]
    shape = {"shape": FIXED.get(make, (1, 3, 48, 64))} if size == "fixed" else {}
    path = make(tmp_path / "a.onnx", **shape)
    model = OnnxModel(path)
    assert (model.levels, model.levels_guessed) == (levels, True)
    assert [str(each) for each in model.sizes] == (["64x48"] if size == "fixed" else [])
    painted = model.predict_levels(picture())
    expected = with_onnxruntime(path, picture(), ends, layout)
    assert painted.shape == expected.shape
    assert np.abs(painted - expected).max() < AGREEMENT_LEVELS
    assert painted.std() > 10
    rounded = np.round(np.clip(painted, 0, 255)).astype(np.uint8)
    assert np.array_equal(model.predict(picture()), rounded)


@pytest.mark.parametrize("make", [transformer_net, cyclegan_generator])
def test_any_size_comes_back_as_it_went_in(tmp_path, make):
    """Sides that the network can't halve are padded by reflection, and cut off again."""
    _, ends, layout = FORMS[make]
    path = make(tmp_path / "a.onnx")
    painted = OnnxModel(path).predict_levels(picture(45, 62))
    assert painted.shape == (45, 62, 3)
    multiple = 4 if make is cyclegan_generator else 2
    rows, columns = -45 % multiple, -62 % multiple
    padded = np.pad(
        picture(45, 62),
        ((rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2), (0, 0)),
        "reflect",
    )
    expected = with_onnxruntime(path, padded, ends, layout)
    expected = expected[rows // 2 :, columns // 2 :][:45, :62]
    assert np.abs(painted - expected).max() < AGREEMENT_LEVELS


def test_frames_side_by_side_are_each_their_own(tmp_path):
    model = OnnxModel(espcn(tmp_path / "a.onnx"))
    frames = np.stack([picture(), picture()[::-1], picture()[:, ::-1], picture(), 255 - picture()])
    painted = model.stylize(frames)
    assert painted.shape == (5, 96, 128, 3)
    assert model.factor == 2
    for frame, given in zip(frames, painted, strict=True):
        assert np.array_equal(model.predict(frame), given)


def test_the_user_says_which_levels(tmp_path):
    path = transformer_net(tmp_path / "a.onnx")
    model = OnnxModel(path, Reading(levels="1"))
    assert (model.levels, model.levels_guessed) == ("1", False)
    expected = with_onnxruntime(path, picture(), (0.0, 1.0), "NCHW")
    assert np.abs(model.predict_levels(picture()) - expected).max() < AGREEMENT_LEVELS * 255
    with pytest.raises(ConfigError, match=r"choose one of 255, 1, -1\.\.1"):
        Reading(levels="2")


def test_the_first_operation_that_leaves_the_numbers_is_known(tmp_path):
    n = Network()
    x = n.add("Relu", n.conv("input1", 3, 3, 3))
    x = n.add("Log", n.add("Sub", x, n.constant(np.float32(1e6))))
    model = OnnxModel(n.save(tmp_path / "a.onnx", x), Reading(levels="255"))
    found = model.activations(picture())
    odd = next(each for each in found if not np.isfinite(each.peak))
    assert odd.kind == "Log"
    assert all(np.isfinite(each.peak) for each in found[: found.index(odd)])


def save_edited(path, change):
    model = onnx.load(path)
    change(model.graph)
    onnx.save(model, path)


def test_weights_that_are_not_finite_are_refused(tmp_path):
    path = espcn(tmp_path / "a.onnx")

    def spoil(graph):
        array = np.array(numpy_helper.to_array(graph.initializer[1]))
        array.reshape(-1)[0] = np.nan
        graph.initializer[1].CopyFrom(numpy_helper.from_array(array, graph.initializer[1].name))

    save_edited(path, spoil)
    with pytest.raises(ModelLoadError, match=r"a\.onnx: its weight 'weight1' is not finite"):
        OnnxModel(path)


def test_two_inputs_and_what_is_no_picture_are_refused(tmp_path):
    path = espcn(tmp_path / "a.onnx")
    save_edited(
        path,
        lambda graph: graph.input.append(
            onnx.helper.make_tensor_value_info("style", onnx.TensorProto.FLOAT, [4])
        ),
    )
    with pytest.raises(ModelLoadError, match=r"takes 'input1' .* and 'style' \[4\]; a style takes"):
        OnnxModel(path)
    grey = Network()
    path = grey.save(tmp_path / "g.onnx", grey.add("Relu", "input1"), (1, 1, 48, 64))
    with pytest.raises(ModelLoadError, match=r"the shape \[1, 1, 48, 64\], which is not that of"):
        OnnxModel(path)


def test_pictures_of_another_size_are_refused(tmp_path):
    model = OnnxModel(espcn(tmp_path / "a.onnx", (1, 3, 48, 64)))
    with pytest.raises(FrameShapeError, match="takes pictures of 64x48, not 64x32"):
        model.predict(picture(32))


def claim_huge(graph):
    graph.initializer[0].dims[0] = 1 << 40


def cut_raw(graph):
    graph.initializer[0].raw_data = graph.initializer[0].raw_data[:-4]


def point_outside(graph):
    tensor = graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = 1
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../secret.bin"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (claim_huge, "at most 134217728 are read"),
        (cut_raw, "bytes for the shape"),
        (point_outside, "is not beside it"),
    ],
)
def test_hostile_files_are_refused_before_a_library_reads_them(tmp_path, change, words):
    path = espcn(tmp_path / "a.onnx")
    save_edited(path, change)
    from videostyle.onnx.model import check_onnx_file

    with pytest.raises(ModelLoadError, match=rf"a\.onnx: .*{words}"):
        check_onnx_file(path)


def test_a_value_that_no_picture_needs_is_refused(tmp_path):
    n = Network()
    x = n.add("Tile", "input1", n.numbers(1, 1, 3000, 3000))
    with pytest.raises(ModelLoadError, match="more than any network needs"):
        OnnxModel(n.save(tmp_path / "a.onnx", x))


@pytest.mark.parametrize("data", [b"", b"\xff" * 50, b"not a model", b"\x3a\x7f"])
def test_what_is_no_onnx_file_is_one_clear_line(tmp_path, data):
    path = tmp_path / "a.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelLoadError, match=r"a\.onnx: "):
        OnnxModel(path)


def test_weights_in_a_file_beside_are_read(tmp_path):
    path = transformer_net(tmp_path / "a.onnx")
    expected = OnnxModel(path).predict(picture())
    model = onnx.load(path)
    onnx.save(model, path, save_as_external_data=True, location="w.data", size_threshold=0)
    assert np.array_equal(OnnxModel(path).predict(picture()), expected)


@pytest.mark.parametrize("kind", ["UINT8", "DOUBLE", "FLOAT16"])
def test_pictures_of_other_numbers(tmp_path, kind):
    n = Network()
    inside = n.add("Cast", "input1", to=TensorProto.FLOAT)
    darker = n.add("Mul", inside, n.constant(np.float32(0.5)))
    path = n.save(tmp_path / "a.onnx", n.add("Cast", darker, to=getattr(TensorProto, kind)))
    model = onnx.load(path)
    for end in (*model.graph.input, *model.graph.output):
        end.type.tensor_type.elem_type = getattr(TensorProto, kind)
    onnx.save(model, path)
    whole = kind == "UINT8"
    network = OnnxModel(path, None if whole else Reading("1"))
    picture = np.random.default_rng(0).integers(0, 128, (32, 48, 3), np.uint8) * 2
    assert np.abs(network.predict_levels(picture) - picture / 2).max() < 0.1
    assert (network.levels, network.levels_guessed) == ("255" if whole else "1", False)
