"""A mix baked into one network paints what mixing the two networks' weights while painting does."""

import numpy as np

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from keras import ops  # noqa: E402  (Keras needs its library chosen first)

from videostyle.backends import open_backend  # noqa: E402
from videostyle.models.making.made_style import CACHE_VARIABLE, CODES_FILE  # noqa: E402
from videostyle.models.making.make import shipped_maker  # noqa: E402
from videostyle.models.making.maker import make_weights  # noqa: E402
from videostyle.models.styles import find_style  # noqa: E402
from videostyle.samples import sample_frame  # noqa: E402
from videostyle.train.made_network import paint_made  # noqa: E402

LEVELS = 1


def test_a_baked_mix_paints_what_weights_mixed_at_run_time_paint(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    maker, frame = shipped_maker(), sample_frame()[:120, :160]
    with np.load(CODES_FILE) as codes:
        pair = np.stack([codes["wave"], codes["udnie"]]).astype("float32")
    apart = make_weights(maker.arrays, maker.spec, pair, ops)
    shares = np.array([0.6, 0.4], "float32")
    mixed = {
        conv: {name: ops.tensordot(shares, values, 1)[None] for name, values in weights.items()}
        for conv, weights in apart.items()
    }
    pictures = frame[None, None].astype("float32") / 255
    expected = np.asarray(paint_made(mixed, maker.spec, pictures))[0] * 255
    baked = open_backend("openvino", find_style("wave:0.6+udnie:0.4"), "fp32")
    painted = baked.stylize(frame[None])
    assert expected.std() > 20
    assert np.abs(painted - np.rint(expected)).max() <= LEVELS
