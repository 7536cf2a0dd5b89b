"""Our own layers against the same equations in NumPy."""

import numpy as np
import pytest

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from keras import ops  # noqa: E402  (Keras needs its library chosen first)

from videostyle.models.layers import InstanceNorm  # noqa: E402


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-4), ("bfloat16", 2**-7)])
def test_instance_norm_computes_its_sums_in_float32(dtype, tolerance):
    """In bfloat16 only the result is rounded: to 8 bits, so half a step at 2 to 4 is 2 ** -7."""
    x = 3 + np.random.default_rng(1).uniform(-0.5, 0.5, (2, 96, 96, 3)).astype("float32")
    given = ops.cast(x, dtype)
    exact = np.asarray(ops.cast(given, "float32"), "float64")
    expected = (exact - exact.mean((1, 2), keepdims=True)) / np.sqrt(
        exact.var((1, 2), keepdims=True) + 1e-5
    )
    layer = InstanceNorm(dtype="mixed_bfloat16" if dtype == "bfloat16" else dtype)
    found = np.asarray(ops.cast(layer(given), "float32"))
    assert np.abs(found - expected).max() < tolerance
