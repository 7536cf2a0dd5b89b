"""Descriptions of networks: read back as written, and refused when they can't be right."""

import pytest

from videostyle.errors import ModelLoadError
from videostyle.frames import Size
from videostyle.models.architectures import ARCHITECTURES
from videostyle.models.cost import count_macs, count_parameters
from videostyle.models.spec import FastSpec, ReferenceSpec, spec_from_json, spec_to_json

SPECS = [
    ReferenceSpec(),
    ReferenceSpec(residual_blocks=5, end_kernel=9),
    ReferenceSpec(separable=True),
    ReferenceSpec(filters=(16, 32, 64), norm="batch"),
    FastSpec(),
    FastSpec(24, 64, 4),
    ReferenceSpec(
        upsample="transposed",
        padding="zero",
        head_norm=True,
        input_scaling="none",
        output_gain=150.0,
        norm_epsilon=1e-3,
    ),
]


@pytest.mark.parametrize("spec", SPECS)
def test_a_spec_is_read_back_as_written(spec):
    assert spec_from_json(spec_to_json(spec)) == spec


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {"architecture": "vast"},
        {"architecture": "fast", "filters": 0},
        {"architecture": "fast", "filters": 10**9},
        {"architecture": "fast", "filters": True},
        {"architecture": "fast", "depth": 3},
        {"architecture": "fast", "norm": "layer"},
        {"architecture": "reference", "filters": [1, 2]},
        {"architecture": "reference", "filters": 3},
        {"architecture": "reference", "residual_blocks": 1000},
        {"architecture": "reference", "separable": "no"},
        {"architecture": ["fast"]},
        {"architecture": "fast", "norm_epsilon": "small"},
    ],
)
def test_a_spec_that_cannot_be_right_is_refused(record):
    with pytest.raises(ModelLoadError):
        spec_from_json(record)


def test_the_articles_network_by_hand():
    """Three blocks of two 3x3 convolutions of 128 filters, and what is around them."""
    kernels = 9 * (3 * 32 + 32 * 64 + 64 * 128 + 6 * 128 * 128 + 128 * 64 + 64 * 32 + 32 * 3)
    norms = 2 * (32 + 64 + 128 + 6 * 128 + 64 + 32)
    assert count_parameters(ReferenceSpec()) == kernels + norms + 3
    quarter = 120 * 214  # 853 columns are padded to 856
    blocks = 9 * 6 * 128 * 128 * quarter
    rest = 9 * (3 * 32 * 16 + 32 * 64 * 4 + 64 * 128 + 128 * 64 * 4 + 64 * 32 * 16 + 32 * 3 * 16)
    assert count_macs(ReferenceSpec(), Size(853, 480)) == blocks + rest * quarter


def test_separable_blocks_and_fewer_filters_cost_less():
    size = Size(853, 480)
    full = count_macs(ReferenceSpec(), size)
    assert count_macs(ReferenceSpec(separable=True), size) < 0.6 * full
    assert count_macs(FastSpec(), size) < 0.11 * full


def test_the_ladder_differs_from_the_articles_network_as_its_names_say():
    size = Size(853, 480)
    costs = {name: count_macs(spec, size) for name, spec in ARCHITECTURES.items()}
    assert (
        costs["swift"]
        < costs["fast"]
        < costs["half"]
        < costs["separable"]
        < costs["reference-1"]
        < costs["reference"]
        == costs["batch-norm"]
        < costs["reference-5"]
    )
    block = 9 * 2 * 128 * 128 * 120 * 214
    assert costs["reference-5"] - costs["reference"] == 2 * block
    assert costs["reference"] - costs["reference-1"] == 2 * block
    assert ARCHITECTURES["batch-norm"].norm == "batch"
    assert len(set(ARCHITECTURES.values())) == len(ARCHITECTURES)
