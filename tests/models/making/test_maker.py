"""The maker: its file, and what it makes."""

import numpy as np
import pytest

from videostyle.errors import ModelLoadError
from videostyle.models.making.make import decode_style, encode_painting, shipped_maker
from videostyle.models.making.maker import encode, make_weights
from videostyle.models.making.maker_file import load_maker, save_maker
from videostyle.models.making.maker_spec import MakerSpec
from videostyle.models.spec import FastSpec
from videostyle.models.topology import weight_shapes
from videostyle.samples import sample_frame

SMALL = MakerSpec(
    network=FastSpec(stem_filters=4, filters=8, residual_blocks=1),
    look=5,
    hidden=(6,),
    code=4,
    bank=3,
    groups=2,
)


def small_arrays():
    random = np.random.default_rng(1)
    return {name: random.normal(1, 0.3, shape) for name, shape in SMALL.shapes().items()}


def test_a_kernel_is_the_sum_of_its_bank_for_each_group_apart():
    arrays = small_arrays()
    code = np.array([[1.0, -1.0, 0.5, 2.0]])
    made = make_weights(arrays, SMALL, code)["conv2"]
    mix = (code @ arrays["conv2.mix.kernel"] + arrays["conv2.mix.bias"])[0].reshape(3, 2)
    bank = arrays["conv2.bank"]  # [K, 9 * in, out]
    first, second = (sum(mix[k, g] * bank[k] for k in range(3)) for g in (0, 1))
    assert made["kernel"][0, :, :4] == pytest.approx(first[:, :4])
    assert made["kernel"][0, :, 4:] == pytest.approx(second[:, 4:])


def test_mixed_codes_make_mixed_weights():
    """So a mix that is baked equals one of two networks' weights."""
    arrays, random = small_arrays(), np.random.default_rng(2)
    one, other = random.normal(size=(2, 1, 4))
    mixed, *apart = (
        make_weights(arrays, SMALL, code)["head"]
        for code in (0.25 * one + 0.75 * other, one, other)
    )
    for name in ("kernel", "bias"):
        assert mixed[name] == pytest.approx(0.25 * apart[0][name] + 0.75 * apart[1][name])


def test_a_maker_is_read_as_it_was_written(tmp_path):
    arrays = small_arrays()
    save_maker(tmp_path / "m.npz", arrays, SMALL, {"steps": 3})
    maker = load_maker(tmp_path / "m.npz")
    assert maker.spec == SMALL
    assert maker.card == {"steps": 3}
    looks = np.random.default_rng(3).normal(size=(2, 5))
    assert encode(maker.arrays, SMALL, looks) == pytest.approx(
        encode(arrays, SMALL, looks), abs=0.02
    )


@pytest.mark.parametrize("data", [b"", b"no maker", b"PK\x05\x06" + bytes(18)])
def test_another_file_is_refused(tmp_path, data):
    (tmp_path / "m.npz").write_bytes(data)
    with pytest.raises(ModelLoadError, match=r"m\.npz"):
        load_maker(tmp_path / "m.npz")


def test_a_maker_with_other_weights_than_it_says_is_refused(tmp_path):
    arrays = {**small_arrays(), "head.bank": np.zeros((3, 9, 12))}
    save_maker(tmp_path / "m.npz", arrays, SMALL, {})
    with pytest.raises(ModelLoadError, match="don't fit"):
        load_maker(tmp_path / "m.npz")


def test_the_shipped_maker_makes_what_a_model_file_takes():
    frame = sample_frame()[:256, :320]
    arrays = decode_style(encode_painting(frame))
    expected = weight_shapes(shipped_maker().spec.network)
    assert {name: array.shape for name, array in arrays.items()} == dict(expected)


def test_a_larger_stroke_and_other_colours_are_another_style():
    frame = sample_frame()[:300, :300]
    codes = [
        encode_painting(picture)
        for picture in (frame, frame.copy(), frame[:128, :128], frame[..., ::-1])
    ]
    assert (codes[0] == codes[1]).all()
    assert np.abs(codes[0] - codes[2]).max() > 0.05
    assert np.abs(codes[0] - codes[3]).max() > 0.2
