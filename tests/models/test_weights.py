"""Weights of model files: the same arrays as Keras reads and writes, and nothing from elsewhere."""

import io
import zipfile

import h5py
import numpy as np
import pytest

from tests.models.variants import VARIANTS, random_weights
from videostyle.errors import ModelLoadError
from videostyle.models.model_file import load_model, read_weights, save_weights
from videostyle.models.spec import FastSpec, ReferenceSpec
from videostyle.models.topology import weight_shapes
from videostyle.models.weights import decode_weights, encode_weights

SPEC = VARIANTS["fast"]


@pytest.fixture(params=VARIANTS)
def spec(request):
    return VARIANTS[request.param]


@pytest.fixture
def network(spec):
    from videostyle.models.tensorflow import import_tensorflow

    import_tensorflow()
    from videostyle.models.network import build_network

    return build_network(spec)


def test_the_shapes_are_those_of_keras(spec, network):
    assert weight_shapes(spec) == {weight.path: tuple(weight.shape) for weight in network.weights}


def test_what_keras_has_written_is_read(spec, network, tmp_path):
    arrays = random_weights(spec)
    for weight in network.weights:
        weight.assign(arrays[weight.path])
    network.save_weights(tmp_path / "keras.weights.h5")
    found = decode_weights(spec, (tmp_path / "keras.weights.h5").read_bytes())
    assert_same(found, arrays)


def test_keras_reads_what_we_have_written(spec, network, tmp_path):
    arrays = random_weights(spec)
    (tmp_path / "ours.weights.h5").write_bytes(encode_weights(spec, arrays, "float32"))
    network.load_weights(tmp_path / "ours.weights.h5")
    assert_same({weight.path: np.asarray(weight) for weight in network.weights}, arrays)


def test_keras_opens_the_whole_file(spec, network, tmp_path):
    import keras

    arrays = random_weights(spec)
    save_weights(tmp_path / "m.keras", spec, arrays, {"title": "noise"}, "float32")
    opened = keras.saving.load_model(tmp_path / "m.keras")
    loaded = load_model(tmp_path / "m.keras").network
    assert [layer.name for layer in opened.layers] == [layer.name for layer in network.layers]
    picture = np.random.default_rng(1).uniform(0, 255, (1, 16, 24, 3)).astype("float32")
    assert np.array_equal(np.asarray(opened(picture)), np.asarray(loaded(picture)))
    assert_same(read_weights(tmp_path / "m.keras"), arrays)


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert np.array_equal(found[name], array), name


def test_the_same_network_gives_the_same_bytes(tmp_path):
    for name in ("a.keras", "b.keras"):
        save_weights(tmp_path / name, SPEC, random_weights(SPEC))
    assert (tmp_path / "a.keras").read_bytes() == (tmp_path / "b.keras").read_bytes()


def with_change(name, change):
    arrays = random_weights(SPEC)
    arrays[name] = change(arrays[name])
    return arrays


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "no array for conv1/kernel"),
        ({**random_weights(SPEC), "conv9/kernel": np.ones(1)}, "there is no conv9/kernel"),
        (with_change("conv1/kernel", lambda a: a[..., 1:]), r"shape \[3, 3, 3, 3\], expected"),
        (with_change("head/bias", lambda a: a * np.nan), "head/bias has values that are not"),
        (with_change("head/bias", lambda a: a + 1e6), "are not finite in float16"),
    ],
)
def test_arrays_that_are_not_the_networks_are_not_written(tmp_path, arrays, words):
    with pytest.raises(ModelLoadError, match=words) as caught:
        save_weights(tmp_path / "m.keras", SPEC, arrays)
    assert str(caught.value).startswith(f"{tmp_path / 'm.keras'}: ")
    assert list(tmp_path.iterdir()) == []


def hdf5(change):
    """The weights of a small network as an HDF5 file, changed."""
    buffer = io.BytesIO(encode_weights(SPEC, random_weights(SPEC), "float32"))
    with h5py.File(buffer, "r+") as file:
        change(file)
    return buffer.getvalue()


def swap(file, target, content):
    del file[target]
    file[target] = content


BIAS = "layers/conv2d_7/vars/1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.pop("layers/conv2d_1"), "it has no layers/conv2d_1/vars"),
        (lambda f: f.pop(BIAS), "it has no 1"),
        (lambda f: swap(f, BIAS, np.ones(11)), r"shape \[11\], expected \[12\]"),
        (lambda f: swap(f, BIAS, np.full(12, np.inf)), "not finite"),
        (lambda f: swap(f, BIAS, np.array([b"x"] * 12)), "can't be read"),
        (lambda f: swap(f, BIAS, h5py.ExternalLink("/tmp/other.h5", "/x")), "it has no 1"),
        (lambda f: swap(f, BIAS, h5py.SoftLink("/layers/conv2d/vars/0")), "it has no 1"),
        (lambda f: f["layers/conv2d/vars"].attrs.modify("name", "conv2"), "is the layer conv2"),
    ],
)
def test_weights_that_are_not_the_specs_are_refused(change, words):
    with pytest.raises(ModelLoadError, match=words):
        decode_weights(SPEC, hdf5(change))


def test_values_in_another_file_are_not_read(tmp_path):
    (tmp_path / "secret").write_bytes(bytes(48))

    def point_outside(file):
        del file[BIAS]
        file["layers/conv2d_7/vars"].create_dataset(
            "1", (12,), "f4", external=[(str(tmp_path / "secret"), 0, 48)]
        )

    with pytest.raises(ModelLoadError, match="is in another file"):
        decode_weights(SPEC, hdf5(point_outside))


def test_a_network_too_large_is_refused_before_it_is_read():
    with pytest.raises(ModelLoadError, match="at most 268435456 are read"):
        decode_weights(ReferenceSpec((1024, 1024, 1024), 64), b"")


def test_older_files_without_the_names_of_layers_are_read():
    def strip(file):
        file.visititems(lambda _, item: item.attrs.clear())

    assert_same(decode_weights(SPEC, hdf5(strip)), random_weights(SPEC))


def test_a_damaged_archive_is_one_line(tmp_path):
    path = tmp_path / "m.keras"
    save_weights(path, FastSpec(4, 4, 0), random_weights(FastSpec(4, 4, 0)))
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("model.weights.h5").header_offset
    data = bytearray(path.read_bytes())
    data[offset + 2000] ^= 255
    path.write_bytes(data)
    with pytest.raises(ModelLoadError, match=r"m\.keras: is not a model file, or is") as found:
        read_weights(path)
    assert "\n" not in str(found.value)
