"""Training, from the first picture read to the model file. Read this first."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from videostyle.errors import TrainError
from videostyle.frames import Size
from videostyle.models.cost import count_macs, count_parameters
from videostyle.models.model_file import load_model
from videostyle.models.network import build_network
from videostyle.models.spec import spec_to_json
from videostyle.train.config import TrainConfig
from videostyle.train.dataset import (
    HELD_OUT_EVERY,
    PhotoCrops,
    centre_squares,
    find_pictures,
    read_picture,
)
from videostyle.train.likeness import Likeness
from videostyle.train.loss_network import open_loss_network
from videostyle.train.objective import Objective
from videostyle.train.step import Step

WARM_UP_STEPS = 50
GRADIENT_NORM = 5.0
STATISTICS_PHOTOS = 32
MOST_HELD_OUT = 16

ARTICLE_SIZE = Size(853, 480)


@dataclass(frozen=True)
class TrainProgress:
    """Where a training stands.

    Attributes:
        step: updates made so far.
        done: share of the whole training, 0 to 1.
        terms: of the loss, at this step.
        held_out: style and content loss on held-out photos, when they were just measured.
    """

    step: int
    done: float
    terms: dict[str, float]
    held_out: dict[str, float] | None = None


@dataclass(frozen=True)
class TrainResult:
    """A trained style.

    Attributes:
        network: the `keras.Model` in the best state that was measured.
        card: where it comes from, for the model file.
    """

    network: Any
    card: dict[str, Any]


def train_style(config: TrainConfig,
                on_progress: Callable[[TrainProgress], None] | None = None) -> TrainResult:
    """Train a network to paint like a painting.

    Args:
        config: the settings.
        on_progress: called after every step.

    Raises:
        TrainError: the painting or photos can't be read, or training diverged.
        MissingDependencyError: the loss network's weights aren't installed.
    """
    random = np.random.default_rng(config.seed)
    keras.utils.set_random_seed(config.seed)
    photos, held_out = _read_photos(config)
    painting = read_picture(config.painting, config.stroke).astype("float32") / 255.0
    sample = centre_squares(photos[:STATISTICS_PHOTOS], config.crop)
    objective = Objective(open_loss_network(config.features, config.loss_network), painting, sample, config.weights)
    network = _build(config)
    optimizer = keras.optimizers.Adam(config.learning_rate, global_clipnorm=GRADIENT_NORM)
    step = Step(network, optimizer,
                lambda paint, data: objective.loss(paint, data["painting"], data))
    crops = PhotoCrops(photos, config.crop, random)
    measure = Likeness(objective, centre_squares(held_out[:MOST_HELD_OUT], config.crop))
    best, schedule = Best(), Schedule(config)
    while not schedule.is_over:
        data = objective.draw(random, config.batch_size)
        terms = step({**data, "photos": crops.draw(config.batch_size),
                      "painting": objective.painting}, schedule.learning_rate)
        number = schedule.count_step()
        losses = None
        if number % config.measure_every == 0 or schedule.is_over:
            step.sync()
            losses = measure(network)
            best.keep(network, losses, config)
        if on_progress:
            on_progress(TrainProgress(number, schedule.done, terms, losses))
    best.restore(network)
    return TrainResult(network, _card(config, schedule, len(photos), best.losses))


class Schedule:
    """How far a training is, by steps or by the clock, and its learning rate there."""

    def __init__(self, config: TrainConfig) -> None:
        self._config = config
        self._began = time.monotonic()
        self._first_step_ended: float | None = None
        self.steps = 0

    @property
    def seconds(self) -> float:
        """Since the first step began, its compilation included."""
        return time.monotonic() - self._began

    @property
    def done(self) -> float:
        """0 at the start, 1 at the end."""
        if self._config.minutes is None:
            return self.steps / self._config.steps
        # Compiling takes a minute on some libraries, which is no training.
        began = self._first_step_ended or time.monotonic()
        return min(1.0, (time.monotonic() - began) / (60 * self._config.minutes))

    @property
    def is_over(self) -> bool:
        return self.done >= 1

    @property
    def learning_rate(self) -> float:
        """Rises over the first steps, then falls to nothing along half a cosine."""
        warm_up = min(1.0, (self.steps + 1) / WARM_UP_STEPS)
        return self._config.learning_rate * warm_up * (1 + math.cos(math.pi * self.done)) / 2

    def count_step(self) -> int:
        self.steps += 1
        if self._first_step_ended is None:
            self._first_step_ended = time.monotonic()
        return self.steps


class Best:
    """The best state seen so far."""

    def __init__(self) -> None:
        self.losses: dict[str, float] = {}
        self._score = float("inf")
        self._weights: list[np.ndarray] | None = None

    def keep(self, network: keras.Model, losses: dict[str, float], config: TrainConfig) -> None:
        score = config.weights.style * losses["style"] + config.weights.content * losses["content"]
        if score < self._score:
            self._score, self.losses = score, losses
            self._weights = network.get_weights()

    def restore(self, network: keras.Model) -> None:
        if self._weights is not None:
            network.set_weights(self._weights)


def _read_photos(config: TrainConfig) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Photos to train on and photos held out."""
    files = find_pictures(config.photos)
    photos = [read_picture(file, max(config.crop, round(config.crop * 1.18))) for file in files]
    held_out = photos[::HELD_OUT_EVERY]
    return [p for n, p in enumerate(photos) if n % HELD_OUT_EVERY], held_out


def _build(config: TrainConfig) -> keras.Model:
    network = _build_fresh(config)
    if config.start_from is not None:
        start = load_model(config.start_from)
        if start.spec != config.spec:
            raise TrainError(f"{config.start_from}: holds another network than the one to train: "
                             f"{start.spec}")
        network.set_weights(start.network.get_weights())
    return network


def _build_fresh(config: TrainConfig) -> keras.Model:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if config.mixed_precision else "float32")
    try:
        return build_network(config.spec)
    finally:
        keras.config.set_dtype_policy(before)


def _card(config: TrainConfig, schedule: Schedule, photos: int,
          losses: dict[str, float]) -> dict[str, Any]:
    return {
        "painting_file": Path(config.painting).name, "photos": photos, "steps": schedule.steps,
        "batch_size": config.batch_size, "crop": config.crop, "stroke": config.stroke,
        "learning_rate": config.learning_rate, "weights": asdict(config.weights),
        "seconds": round(schedule.seconds, 1), "held_out": losses,
        "network": spec_to_json(config.spec),
        "parameters": count_parameters(config.spec),
        "gmac_at_480x853": round(count_macs(config.spec, ARTICLE_SIZE) / 1e9, 2),
    }
