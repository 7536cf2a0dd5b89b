"""Compressed weights as coremltools stores them, read back as coremltools reads them."""

import numpy as np
import pytest

from videostyle.coreml.constexpr import decompress
from videostyle.coreml.coremltools import import_coremltools, quiet
from videostyle.coreml.package import read_package
from videostyle.coreml.runtime import load_program

HEIGHT, WIDTH = 16, 16
RANDOM = np.random.default_rng(8)
WEIGHT = RANDOM.normal(0, 0.1, (32, 3, 8, 8)).astype(np.float32)
BACK = RANDOM.normal(0, 0.1, (3, 32, 8, 8)).astype(np.float32)


def compressed(how, target):
    """A package of two convolutions, its weights compressed: `how(optimize)` gives the model."""
    ct = import_coremltools()
    import coremltools.optimize.coreml as optimize
    from coremltools.converters.mil import Builder as mb

    @mb.program(
        input_specs=[mb.TensorSpec(shape=(1, 3, HEIGHT, WIDTH))], opset_version=ct.target[target]
    )
    def program(x):
        x = mb.conv(x=x, weight=WEIGHT, pad_type="same")
        return mb.conv(x=x, weight=BACK, pad_type="same")

    image = ct.colorlayout.RGB
    [output] = program.functions["main"].outputs
    program.functions["main"].set_output_types([ct.ImageType(name=output.name, color_layout=image)])
    with quiet():
        model = ct.convert(
            program,
            source="milinternal",
            convert_to="mlprogram",
            skip_model_load=True,
            minimum_deployment_target=ct.target[target],
            inputs=[ct.ImageType(name="x", shape=(1, 3, HEIGHT, WIDTH), color_layout=image)],
        )
        return how(optimize, model)


def linear(dtype, granularity):
    def how(optimize, model):
        config = optimize.OpLinearQuantizerConfig(
            mode="linear", dtype=dtype, granularity=granularity, block_size=8
        )
        return optimize.linear_quantize_weights(model, optimize.OptimizationConfig(config))

    return how


def palette(bits, **more):
    def how(optimize, model):
        config = optimize.OpPalettizerConfig(mode="uniform", nbits=bits, **more)
        return optimize.palettize_weights(model, optimize.OptimizationConfig(config))

    return how


def pruned(optimize, model):
    config = optimize.OpMagnitudePrunerConfig(target_sparsity=0.6)
    return optimize.prune_weights(model, optimize.OptimizationConfig(config))


FORMS = {
    "int8 a channel": (linear("int8", "per_channel"), "iOS16", "int8"),
    "uint8 a tensor": (linear("uint8", "per_tensor"), "iOS16", "uint8"),
    "int8 of iOS18": (linear("int8", "per_channel"), "iOS18", "int8"),
    "int4 a block": (linear("int4", "per_block"), "iOS18", "int4"),
    "uint4 a block": (linear("uint4", "per_block"), "iOS18", "uint4"),
    "palette of 8 bits": (palette(8), "iOS16", "palette8"),
    "palette of 6 bits": (palette(6), "iOS16", "palette6"),
    "palette of 2 bits": (palette(2), "iOS16", "palette2"),
    "palette of iOS18": (palette(4), "iOS18", "palette4"),
    "palette of 3 bits of iOS18": (palette(3), "iOS18", "palette3"),
    "palette a group": (
        palette(4, granularity="per_grouped_channel", group_size=8),
        "iOS18",
        "palette4",
    ),
    "sparse": (pruned, "iOS16", "sparse_to_dense"),
    "sparse of iOS18": (pruned, "iOS18", "sparse_to_dense"),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_read_as_coremltools_reads_it(tmp_path, name):
    how, target, form = FORMS[name]
    path = tmp_path / "a.mlpackage"
    with quiet():
        model = compressed(how, target)
        model.save(str(path))
    program = load_program(read_package(path))
    assert program.kind == form
    weights = [
        operation.weight
        for operation in model._mil_program.functions["main"].operations
        if operation.op_type == "conv"
    ]
    # What its blocks or groups don't divide stays as it is.
    expected = [
        each.val if each.val is not None else each.op.materialized_val_inference()
        for each in weights
    ]
    found = [each.inputs["weight"].constant for each in program.operations if each.kind == "conv"]
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        assert np.abs(ours.astype(np.float32) - theirs.astype(np.float32)).max() < 2e-4
        assert np.std(ours.astype(np.float32)) > 0.01


def test_a_form_that_is_not_known_is_named():
    with pytest.raises(ValueError, match="weights in the form constexpr_magic"):
        decompress("constexpr_magic", {})
