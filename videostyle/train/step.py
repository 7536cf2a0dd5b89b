"""One update of the weights, on each library that Keras computes with.

Only this module and `precision.py` know them apart.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from videostyle.errors import TrainError

# Steps one after another whose gradients overflowed, before the training counts as failed.
MOST_OVERFLOWS = 50

DIVERGED = "training diverged: its numbers became too large; use a lower learning rate"

# (paint, data) -> (loss, its terms)
Loss = Callable[[Callable[[Any], Any], Any], tuple[Any, dict[str, Any]]]


class Step:
    """Call it with data to make one update; it returns the terms of the loss."""

    def __init__(
        self, network: keras.Model, optimizer: keras.optimizers.Optimizer, loss: Loss
    ) -> None:
        self._network, self._optimizer, self._loss = network, optimizer, loss
        self._overflows = 0
        optimizer.build(network.trainable_variables)  # does nothing if it was built or restored
        makers = {
            "tensorflow": self._make_tensorflow,
            "jax": self._make_jax,
            "torch": self._make_torch,
        }
        self._update = makers[keras.backend.backend()]()

    def __call__(self, data: Any, learning_rate: float) -> dict[str, float]:
        """Make one update.

        Raises:
            TrainError: no gradient was finite for a long time.
        """
        is_finite, terms = self._update(data, learning_rate)
        self._overflows = 0 if is_finite else self._overflows + 1
        if self._overflows > MOST_OVERFLOWS:
            raise TrainError(DIVERGED)
        return {name: float(value) for name, value in terms.items()}

    def sync(self) -> None:
        """Bring the network's and the optimizer's own variables up to date (JAX keeps them
        outside)."""

    def _make_tensorflow(self) -> Callable[[Any, float], Any]:
        import tensorflow as tf

        variables = self._network.trainable_variables

        @tf.function
        def compute(data: Any) -> Any:
            with tf.GradientTape() as tape:
                loss, terms = self._loss(lambda x: _paint(self._network, x), data)
            gradients, is_finite = usable(tape.gradient(loss, variables))
            self._optimizer.apply(gradients, variables)
            return is_finite, terms

        def update(data: Any, learning_rate: float) -> Any:
            self._optimizer.learning_rate = learning_rate
            return compute(data)

        return update

    def _make_torch(self) -> Callable[[Any, float], Any]:
        variables = self._network.trainable_variables

        def update(data: Any, learning_rate: float) -> Any:
            self._optimizer.learning_rate = learning_rate
            self._network.zero_grad()
            data = keras.tree.map_structure(ops.convert_to_tensor, data)
            loss, terms = self._loss(lambda x: _paint(self._network, x), data)
            loss.backward()
            gradients, is_finite = usable([v.value.grad for v in variables])
            self._optimizer.apply(gradients, variables)
            return is_finite, {name: ops.stop_gradient(term) for name, term in terms.items()}

        return update

    def _make_jax(self) -> Callable[[Any, float], Any]:
        import jax

        network, optimizer = self._network, self._optimizer

        def loss(trainable: Any, fixed: Any, data: Any) -> Any:
            kept = []

            def paint(x: Any) -> Any:
                levels, updated = network.stateless_call(trainable, fixed, x * 255.0, training=True)
                kept.append(updated)
                return ops.cast(levels, "float32") / 255.0

            total, terms = self._loss(paint, data)
            return total, (terms, kept[-1])

        @jax.jit
        def update(state: Any, data: Any) -> Any:
            trainable, fixed, memory = state
            (_, (terms, fixed)), gradients = jax.value_and_grad(loss, has_aux=True)(
                trainable, fixed, data
            )
            gradients, is_finite = usable(gradients)
            trainable, memory = optimizer.stateless_apply(memory, gradients, trainable)
            return (trainable, fixed, memory), (is_finite, terms)

        groups = (network.trainable_variables, network.non_trainable_variables, optimizer.variables)
        state = tuple([v.value for v in group] for group in groups)

        # Outside the network the rate is one of the optimizer's own numbers.
        rate_at = [v is optimizer.learning_rate for v in optimizer.variables].index(True)

        def step(data: Any, learning_rate: float) -> Any:
            nonlocal state
            state[2][rate_at] = np.float32(learning_rate)
            state, result = update(state, data)
            return result

        def sync() -> None:
            for group, values in zip(groups, state, strict=True):
                for variable, value in zip(group, values, strict=True):
                    variable.assign(value)

        self.sync = sync  # type: ignore[method-assign]
        return step


def usable(gradients: Sequence[Any]) -> tuple[list[Any], Any]:
    """Gradients, or zeros if one overflowed; and whether none did.

    Instance norms enlarge the gradient of a picture that is flat, such as a clip's black frame,
    each by hundreds.
    """
    is_finite = ops.isfinite(sum(ops.sum(ops.square(each)) for each in gradients))
    return [ops.where(is_finite, each, ops.zeros_like(each)) for each in gradients], is_finite


def _paint(network: keras.Model, pictures: Any) -> Any:
    """Run a network on pictures in 0..1."""
    return ops.cast(network(pictures * 255.0, training=True), "float32") / 255.0
