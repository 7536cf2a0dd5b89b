"""Packages of other tools: arrays instead of images, several functions, no scaling up."""

import numpy as np
import pytest

from videostyle.coreml import load
from videostyle.coreml.coremltools import import_coremltools, quiet
from videostyle.coreml.runtime import PortableModel
from videostyle.errors import ConfigError
from videostyle.graphs.reading import Reading
from videostyle.samples import sample_frame

HEIGHT, WIDTH = 48, 64


def picture():
    return np.ascontiguousarray(sample_frame()[100 : 100 + HEIGHT, 200 : 200 + WIDTH])


def save(path, body, shape=(1, 3, HEIGHT, WIDTH)):
    """A package that takes and gives an array."""
    ct = import_coremltools()
    from coremltools.converters.mil import Builder as mb

    @mb.program(input_specs=[mb.TensorSpec(shape=shape)], opset_version=ct.target.iOS18)
    def program(x):
        return body(mb, x)

    with quiet():
        model = ct.convert(
            program,
            source="milinternal",
            convert_to="mlprogram",
            skip_model_load=True,
            minimum_deployment_target=ct.target.iOS18,
            compute_precision=ct.precision.FLOAT32,
        )
        model.save(str(path))
    return path


def darker(mb, x):
    """For values of -1 to 1."""
    return mb.tanh(x=mb.sub(x=x, y=np.float32(0.1)))


@pytest.mark.parametrize(
    "shape", [(1, 3, HEIGHT, WIDTH), (1, HEIGHT, WIDTH, 3), (HEIGHT, WIDTH, 3)]
)
def test_arrays_are_read_by_their_shape(tmp_path, shape):
    model = load(save(tmp_path / "a.mlpackage", darker, shape))
    assert (model.levels, model.levels_guessed) == ("-1..1", True)
    expected = (np.tanh(picture() / 127.5 - 1 - 0.1) + 1) * 127.5
    assert np.abs(model.predict_levels(picture()) - expected).max() < 0.01
    assert str(model.output_size(model.sizes[0])) == "64x48"


def test_the_user_says_the_range_of_arrays(tmp_path):
    path = save(tmp_path / "a.mlpackage", lambda mb, x: mb.mul(x=x, y=np.float32(0.5)))
    for levels, shift in (("255", 0), ("1", 0), ("-1..1", 63.75)):
        model = PortableModel(path, reading=Reading(levels=levels))
        expected = picture() * 0.5 + shift
        assert np.abs(model.predict_levels(picture()) - expected).max() < 0.01


def test_one_of_several_functions_is_chosen(tmp_path):
    ct = import_coremltools()
    half, tenth = (
        save(tmp_path / f"{name}.mlpackage", lambda mb, x, by=by: mb.mul(x=x, y=np.float32(by)))
        for name, by in (("half", 0.5), ("tenth", 0.1))
    )
    descriptor = ct.utils.MultiFunctionDescriptor()
    descriptor.add_function(str(half), "main", "half")
    descriptor.add_function(str(tenth), "main", "tenth")
    descriptor.default_function_name = "tenth"
    path = tmp_path / "both.mlpackage"
    with quiet():
        ct.utils.save_multifunction(descriptor, str(path))
    for name, factor in ((None, 0.1), ("half", 0.5), ("tenth", 0.1)):
        model = PortableModel(path, reading=Reading(levels="255", function=name))
        expected = picture() * np.float32(factor)
        assert np.abs(model.predict_levels(picture()) - expected).max() < 0.01
    with pytest.raises(ConfigError, match="has no function 'x'; choose one of half, tenth"):
        PortableModel(path, reading=Reading(function="x"))


def test_a_package_that_keeps_the_size_leaves_the_film_as_large(tiny_package, make_clip, tmp_path):
    from videostyle import StylizeConfig
    from videostyle.pipeline.plan import prepare

    clip = make_clip(np.zeros((3, 120, 160, 3), np.uint8))
    plan = prepare(clip, tmp_path / "o.mp4", StylizeConfig(style=str(tiny_package)))
    assert str(plan.decode.geometry.network) == "64x48"
    assert str(plan.encode.output) == "160x120"
