"""The network with weights of its own for each picture paints what the ordinary network paints."""

import numpy as np

from videostyle.models.tensorflow import import_tensorflow

import_tensorflow()

from videostyle.models.making.maker_spec import MakerSpec  # noqa: E402  (Keras needs its library chosen first)
from videostyle.models.network import build_network  # noqa: E402
from videostyle.models.spec import FastSpec  # noqa: E402
from videostyle.train.made_network import paint_made  # noqa: E402

SPEC = MakerSpec(network=FastSpec(stem_filters=4, filters=8, residual_blocks=1), bank=2, groups=2)


def random_weights(random, count):
    """Weights as the maker gives them, and the same as Keras wants them, for each network."""
    made, lists = {}, [[] for _ in range(count)]
    for conv in SPEC.convs:
        names = ("gamma", "beta") if conv.has_norm else ("bias",)
        weights = {"kernel": random.normal(0, 0.3, (count, conv.kernel_size, conv.outputs))}
        weights |= {name: random.normal(0.5, 0.3, (count, conv.outputs)) for name in names}
        made[conv.name] = {name: array.astype("float32") for name, array in weights.items()}
        for number, one in enumerate(lists):
            kernel = made[conv.name]["kernel"][number]
            one.append(kernel.reshape(3, 3, conv.inputs, conv.outputs))
            one += [made[conv.name][name][number] for name in names]
    return made, lists


def test_it_paints_what_keras_network_paints():
    random = np.random.default_rng(1)
    made, lists = random_weights(random, 2)
    pictures = random.random((2, 3, 24, 32, 3), np.float32)
    painted = np.asarray(paint_made(made, SPEC, pictures))
    network = build_network(SPEC.network)
    for number, weights in enumerate(lists):
        network.set_weights(weights)
        expected = np.asarray(network(pictures[number] * 255)) / 255
        assert np.abs(painted[number] - expected).max() < 2e-5
