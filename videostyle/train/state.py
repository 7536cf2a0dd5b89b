"""Everything that changes while training, so that it can be saved and restored."""

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from videostyle.errors import TrainError
from videostyle.train.schedule import Schedule
from videostyle.train.step import DIVERGED
from videostyle.train.train_config import LossWeights

Arrays = dict[str, list[np.ndarray]]


@dataclass
class Best:
    """The best state that was measured.

    Attributes:
        losses: on held-out photos; empty before the first measurement.
        weights: the network's.
    """

    losses: dict[str, float] = field(default_factory=dict)
    weights: list[np.ndarray] = field(default_factory=list)

    def keep(self, network: keras.Model, losses: dict[str, float], by: LossWeights) -> None:
        """Keep the network as it is now, if its weighted losses are the lowest so far.

        Raises:
            TrainError: a loss is NaN or infinite.
        """
        if not all(map(np.isfinite, losses.values())):
            raise TrainError(DIVERGED)
        if not self.losses or _score(losses, by) < _score(self.losses, by):
            self.losses, self.weights = losses, network.get_weights()

    def restore(self, network: keras.Model) -> None:
        if self.weights:
            network.set_weights(self.weights)


@dataclass
class TrainState:
    """One training, from its first step on.

    Attributes:
        network: what is trained.
        optimizer: built for the network's weights.
        schedule: its progress.
        best: the best state so far.
        random: draws the squares and all else that is random in a step.
    """

    network: keras.Model
    optimizer: keras.optimizers.Optimizer
    schedule: Schedule
    best: Best
    random: np.random.Generator

    def arrays(self) -> Arrays:
        """All weights, by name; the network must be in sync.

        Raises:
            TrainError: some are NaN or infinite, so there is nothing worth keeping.
        """
        arrays = {
            "network": self.network.get_weights(),
            "best": self.best.weights,
            "optimizer": [np.asarray(v.numpy()) for v in self.optimizer.variables],
        }
        if not all(np.isfinite(array).all() for array in arrays["network"]):
            raise TrainError(DIVERGED)
        return arrays

    def numbers(self) -> dict[str, Any]:
        """The rest, as plain values."""
        return {
            "schedule": self.schedule.state(),
            "best": self.best.losses,
            "random": self.random.bit_generator.state,
        }

    def restore(self, arrays: Arrays, numbers: dict[str, Any]) -> None:
        """Restore what `arrays` and `numbers` returned."""
        self.network.set_weights(arrays["network"])
        for variable, value in zip(self.optimizer.variables, arrays["optimizer"], strict=True):
            variable.assign(value)
        self.best.losses, self.best.weights = numbers["best"], arrays["best"]
        self.schedule.restore(numbers["schedule"])
        self.random.bit_generator.state = numbers["random"]


def _score(losses: dict[str, float], by: LossWeights) -> float:
    return by.style * losses["style"] + by.content * losses["content"]
