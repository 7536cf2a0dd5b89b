"""Checkpoints of TensorFlow 1 as their program wrote them, and what their network computes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from videostyle.models.tensorflow import import_tensorflow


def random_variables(
    filters: tuple[int, int, int] = (32, 64, 128), blocks: int = 5, seed: int = 5
) -> list[np.ndarray]:
    """Weights, shift and scale of each layer, float32, in the order they are made."""
    random = np.random.default_rng(seed)
    a, b, c = filters
    layers = [
        ((9, 9, 3, a), a),
        ((3, 3, a, b), b),
        ((3, 3, b, c), c),
        *[((3, 3, c, c), c)] * 2 * blocks,
        ((3, 3, b, c), b),
        ((3, 3, a, b), a),
        ((9, 9, a, 3), 3),
    ]
    # Far from the ones and zeros of a fresh norm, which would hide a shift taken for a scale.
    return [
        values.astype(np.float32)
        for kernel, channels in layers
        for values in (
            random.normal(0, 0.1, kernel),
            random.normal(0, 0.2, channels),
            random.uniform(0.3, 0.9, channels),
        )
    ]


def write_checkpoint(
    prefix: Path,
    variables: Sequence[np.ndarray],
    version: int = 2,
    more: Sequence[str] = ("global_step",),
) -> Path:
    """Save variables that were given no names, with the slots of an optimizer.

    Args:
        prefix: of the files.
        variables: their values, in order.
        version: of the format, 1 or 2.
        more: names of further variables, each one number.
    """
    v1 = import_tensorflow().compat.v1
    with v1.Graph().as_default(), v1.Session() as session:
        made = [v1.Variable(values) for values in variables]
        for name in more:
            v1.get_variable(name, initializer=0)
        loss = v1.add_n([v1.reduce_sum(v1.cast(one, "float32")) for one in made[:2]])
        v1.train.AdamOptimizer().minimize(loss, var_list=made[:2])
        session.run(v1.global_variables_initializer())
        v1.train.Saver(write_version=version).save(session, str(prefix))
    return prefix


def paint(variables: Sequence[np.ndarray], picture: np.ndarray) -> np.ndarray:
    """The network's equation in plain operations and float64, as its authors wrote it down.

    Args:
        variables: as `random_variables` gives them.
        picture: float32 [1, H, W, 3] in 0..255, H and W multiples of 4.

    Returns:
        float64 [1, H, W, 3], in levels and beyond them: -22.5 to 277.5.
    """
    tf = import_tensorflow()
    rest = iter([tf.constant(values, tf.float64) for values in variables])

    def norm(x, shift, scale):
        mean = tf.reduce_mean(x, [1, 2], keepdims=True)
        variance = tf.reduce_mean((x - mean) ** 2, [1, 2], keepdims=True)
        return scale * (x - mean) / (variance + 0.001) ** 0.5 + shift

    def conv(x, stride=1):
        return norm(tf.nn.conv2d(x, next(rest), stride, "SAME"), next(rest), next(rest))

    def transposed(x):
        weights = next(rest)
        shape = [1, x.shape[1] * 2, x.shape[2] * 2, weights.shape[2]]
        x = tf.nn.conv2d_transpose(x, weights, shape, 2, "SAME")
        return norm(x, next(rest), next(rest))

    x = tf.nn.relu(conv(tf.constant(picture, tf.float64)))
    x = tf.nn.relu(conv(x, 2))
    x = tf.nn.relu(conv(x, 2))
    for _ in range((len(variables) // 3 - 6) // 2):
        inner = tf.nn.relu(conv(x))
        x = x + conv(inner)
    x = tf.nn.relu(transposed(x))
    x = tf.nn.relu(transposed(x))
    return (tf.tanh(conv(x)) * 150 + 127.5).numpy()
