"""Damaged and hostile model files: refused in one line, quickly and within bounds, or painted.

Files are changed at random and tried in one process, where a crash, a hang or a file that takes all
memory would show.
"""

import io
import os
import random
import resource
import shutil
import time
import zipfile

import numpy as np
import pytest

from tests.coreml.test_neural_network import SMALL, convolution, make_network, numbers
from tests.onnx.networks import transformer_net
from videostyle.backends import open_backend
from videostyle.coreml.any_model import open_any_model
from videostyle.coreml.findings import find_trouble
from videostyle.coreml.messages import import_messages
from videostyle.errors import ModelLoadError, VideoStyleError
from videostyle.graphs.reading import Reading
from videostyle.models.model_file import read_card
from videostyle.models.styles import find_style

LONGEST_S = 15
MOST_MEGABYTES = 300  # more than at the start
FEW, MANY = 25, 200

EXTREMES = (0, 1, 2, 7, 255, 65_536, 2**31 - 1)

# A model may be made for pictures that are larger than a test should paint.
MOST_PIXELS = 1 << 18


GOOD = {"painted", "refused", "warned", "too large for a test"}


def old_network(tmp_path):
    def body(b):
        convolution(b, numbers(8, 3, 3, 3, scale=0.2), output_name="a", border_mode="same")
        b.add_activation("relu", "RELU", "a", "r")
        b.add_padding("pad", 1, 1, 1, 1, padding_type="reflection", input_name="r", output_name="p")
        convolution(b, numbers(8, 8, 3, 3), name="second", input_name="p", output_name="c")
        b.add_elementwise("sum", ["c", "r"], "e", "ADD")
        b.add_upsample("up", 2, 2, "e", "u")
        b.add_crop("crop", 0, 0, 0, 0, [3, 5], ["u", "image"], "back")
        convolution(b, numbers(3, 8, 1, 1), name="third", input_name="back")

    return make_network(tmp_path, body)


def onnx_network(tmp_path):
    return transformer_net(tmp_path / "new.onnx", (1, 3, 48, 64))


def package(tmp_path, tiny_package):
    return shutil.copytree(tiny_package, tmp_path / "package.mlpackage")


@pytest.fixture(params=["mlmodel", "onnx", "mlpackage", "keras"])
def model(request, tmp_path, tiny_package, tiny_style):
    if request.param == "mlpackage":
        return package(tmp_path, tiny_package)
    if request.param == "keras":
        return shutil.copy(tiny_style, tmp_path / "own.keras")
    return {"mlmodel": old_network, "onnx": onnx_network}[request.param](tmp_path)


def spoil(data, rng):
    """Cut bytes short, change some, write others over them, or push them apart."""
    data, kind = bytearray(data), rng.randrange(5)
    place = rng.randrange(len(data))
    if kind == 0:
        return bytes(data[:place])
    if kind == 1:
        for _ in range(rng.randrange(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 2:
        data[place : place + 100] = rng.randbytes(100)
    elif kind == 3:
        data[place:place] = data[place : place + 300]
    else:
        # Where names, shapes and numbers of the description are.
        for _ in range(rng.randrange(1, 8)):
            data[rng.randrange(min(len(data), 6000))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(data)


def spoil_inside(data, rng):
    """Spoil one member of an archive, whose checksums fit again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(list(members))
    spoilt = io.BytesIO()
    with zipfile.ZipFile(spoilt, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, spoil(content, rng) if each == name else content)
    return spoilt.getvalue()


def whole_numbers(message):
    """Every field of a message that holds a whole number, and where it is."""
    for field, value in message.ListFields():
        if field.message_type is None:
            if field.cpp_type in (field.CPPTYPE_UINT64, field.CPPTYPE_INT64):
                yield message, field.name, hasattr(value, "append")
        elif field.message_type.GetOptions().map_entry:
            for inner in value.values():
                if hasattr(inner, "ListFields"):
                    yield from whole_numbers(inner)
        elif hasattr(value, "append") or hasattr(value, "add"):
            for inner in value:
                yield from whole_numbers(inner)
        else:
            yield from whole_numbers(value)


def exaggerate(data, rng):
    """Set some whole numbers of a Core ML description to what they can't be."""
    spec = import_messages().Model()
    spec.ParseFromString(data)
    places = list(whole_numbers(spec))
    for message, name, is_list in rng.sample(places, min(len(places), rng.randrange(1, 4))):
        extreme = rng.choice(EXTREMES)
        if is_list:
            numbers_ = getattr(message, name)
            numbers_[rng.randrange(len(numbers_))] = extreme
        else:
            setattr(message, name, extreme)
    return spec.SerializeToString()


def files_of(model):
    return sorted(model.rglob("*.*")) if model.is_dir() else [model]


def paint_or_refuse(path):
    """What happens to a picture: painted, refused or warned of."""
    if path.suffix == ".keras":
        return paint_own_or_refuse(path)
    try:
        model = open_any_model(path, Reading(levels="255") if path.suffix == ".onnx" else None)
        size = model.sizes[0]
        if size.pixels > MOST_PIXELS:
            return "too large for a test"
        image = np.random.default_rng(0).integers(0, 256, (size.height, size.width, 3), np.uint8)
        painted = model.predict_levels(image)
    except VideoStyleError as error:
        return "refused" if is_one_clear_line(error, path) else str(error)
    if np.isfinite(painted).all():
        return "painted"
    return "warned" if find_trouble([model.activations(image)], [painted]) else "NaN"


def paint_own_or_refuse(path):
    """As `paint_or_refuse`, of a file of videostyle's own; its weights are never NaN."""
    try:
        backend = open_backend("openvino", find_style(path))
        painted = backend.stylize(np.full((1, 48, 64, 3), 99, np.uint8))
        read_card(path)
    except VideoStyleError as error:
        return "refused" if is_one_clear_line(error, path) else str(error)
    return "painted" if painted.dtype == np.uint8 else "odd"


def is_one_clear_line(error, path):
    return "\n" not in str(error) and str(path) in str(error)


def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def try_many(model, change, count):
    originals = {path: path.read_bytes() for path in files_of(model) if path.is_file()}
    assert paint_or_refuse(model) == "painted"
    before, seen = megabytes(), set()
    for seed in range(count):
        rng = random.Random(seed)
        path = rng.choice(list(originals))
        path.write_bytes(change(originals[path], rng))
        began = time.monotonic()
        seen.add(paint_or_refuse(model))
        assert time.monotonic() - began < LONGEST_S, seed
        assert megabytes() - before < MOST_MEGABYTES, seed
        path.write_bytes(originals[path])
    assert "refused" in seen
    assert seen <= GOOD
    assert paint_or_refuse(model) == "painted"


def test_damaged_files_do_no_harm(model):
    try_many(model, spoil, FEW)


@pytest.mark.slow
def test_many_damaged_files_do_no_harm(model):
    try_many(model, spoil, MANY)


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_damaged_members_of_an_archive_do_no_harm(tmp_path, tiny_style, count):
    try_many(shutil.copy(tiny_style, tmp_path / "own.keras"), spoil_inside, count)


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["mlmodel", "mlpackage"])
def test_numbers_that_can_not_be_do_no_harm(tmp_path, tiny_package, kind, count):
    path = old_network(tmp_path) if kind == "mlmodel" else package(tmp_path, tiny_package)
    [description] = [path] if kind == "mlmodel" else path.rglob("*.mlmodel")
    original = description.read_bytes()
    assert paint_or_refuse(path) == "painted"
    before = megabytes()
    for seed in range(count):
        description.write_bytes(exaggerate(original, random.Random(seed)))
        began = time.monotonic()
        assert paint_or_refuse(path) in GOOD
        assert time.monotonic() - began < LONGEST_S, seed
        assert megabytes() - before < MOST_MEGABYTES, seed


def weights_file(path):
    return path / "Data" / "com.apple.CoreML" / "weights" / "weight.bin"


def link_outside(path, tmp_path):
    kept = tmp_path / "elsewhere.bin"
    weights_file(path).rename(kept)
    weights_file(path).symlink_to(kept)


def link_folder(path, tmp_path):
    kept = weights_file(path).parent.rename(tmp_path / "elsewhere")
    weights_file(path).parent.symlink_to(kept)


def link_zeros(path, tmp_path):
    weights_file(path).unlink()
    weights_file(path).symlink_to("/dev/zero")


def make_pipe(path, tmp_path):
    weights_file(path).unlink()
    os.mkfifo(weights_file(path))


def pipe_description(path, tmp_path):
    [description] = path.rglob("*.mlmodel")
    description.unlink()
    os.mkfifo(description)


def pipe_manifest(path, tmp_path):
    (path / "Manifest.json").unlink()
    os.mkfifo(path / "Manifest.json")


@pytest.mark.parametrize(
    "trick",
    [link_outside, link_folder, link_zeros, make_pipe, pipe_description, pipe_manifest],
)
def test_nothing_outside_a_package_is_read(tmp_path, tiny_package, trick):
    path = package(tmp_path, tiny_package)
    trick(path, tmp_path)
    with pytest.raises(ModelLoadError, match=r"are missing|names no model"):
        open_any_model(path)


@pytest.mark.parametrize("suffix", [".mlmodel", ".onnx"])
def test_a_pipe_is_no_model(tmp_path, suffix):
    os.mkfifo(tmp_path / f"a{suffix}")
    with pytest.raises(ModelLoadError, match=r"is no file|is no Core ML model"):
        open_any_model(tmp_path / f"a{suffix}")


def test_weights_that_are_not_finite_are_refused(tmp_path):
    spoilt = SMALL.copy()
    spoilt.flat[5] = np.inf
    path = make_network(tmp_path, lambda b: convolution(b, spoilt))
    with pytest.raises(ModelLoadError, match="conv 'conv' has a 'weight' that is not finite"):
        open_any_model(path)


def test_a_network_that_grows_beyond_any_picture_is_refused(tmp_path):
    def body(b):
        for number in range(4):
            source = f"u{number - 1}" if number else "image"
            b.add_upsample(f"u{number}", 30, 30, source, f"u{number}")
        b.add_activation("end", "RELU", "u3", "out")

    with pytest.raises(ModelLoadError, match="more than any network needs"):
        open_any_model(make_network(tmp_path, body)).predict_levels(np.zeros((12, 20, 3), np.uint8))
