"""Training, from reading the pictures to the model file: the file to read first."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import keras
import numpy as np

from videostyle.models.making.painting import read_painting
from videostyle.models.model_file import load_model, save_model
from videostyle.models.network import build_network
from videostyle.models.precision import BF16
from videostyle.train.card import make_card
from videostyle.train.dataset import HELD_OUT_EVERY, PhotoCrops, centre_squares
from videostyle.train.likeness import Likeness
from videostyle.train.loss_network import open_loss_network
from videostyle.train.objective import Objective
from videostyle.train.photos import read_photos
from videostyle.train.plan import TrainPlan, prepare_training
from videostyle.train.precision import choose_precision, find_device
from videostyle.train.progress import TrainProgress, TrainResult, TrainStart
from videostyle.train.samples import Samples
from videostyle.train.schedule import Schedule
from videostyle.train.state import Best, TrainState
from videostyle.train.step import Step
from videostyle.train.train_config import TrainConfig

GRADIENT_NORM = 5.0
STATISTICS_PHOTOS = 32
MOST_HELD_OUT = 16

# Photos are read a little larger than the squares cut from them.
PHOTO_TO_CROP = 1.18


def train_style(
    config: TrainConfig,
    on_progress: Callable[[TrainProgress], None] | None = None,
    *,
    target: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
) -> TrainResult:
    """Train a network to paint like a painting.

    Args:
        config: the settings.
        on_progress: called after every step.
        target: a `.keras` file to write; without one there are no checkpoints either.
        resume: continue from the checkpoint beside the target, if there is one.
        overwrite: replace an existing target and, without `resume`, a checkpoint.

    Raises:
        ConfigError: the checkpoint belongs to other settings, which are named.
        TrainError: the painting or photos can't be read, a disk is full, or training diverged.
        MediaError: a clip can't be read, or another run has the same target.
        MissingDependencyError: the loss network's weights aren't installed.
    """
    plan = prepare_training(
        config, None if target is None else Path(target), resume=resume, overwrite=overwrite
    )
    return run_training(plan, on_progress)


def run_training(
    plan: TrainPlan,
    on_progress: Callable[[TrainProgress], None] | None = None,
    on_start: Callable[[TrainStart], None] | None = None,
) -> TrainResult:
    """Carry out a plan; `on_start` is called when everything is read, before the first step.

    Raises:
        As `train_style`.
    """
    with plan.checkpoint.alone() if plan.checkpoint else nullcontext():
        return _train(plan, on_progress or (lambda _: None), on_start or (lambda _: None))


def _train(
    plan: TrainPlan,
    on_progress: Callable[[TrainProgress], None],
    on_start: Callable[[TrainStart], None],
) -> TrainResult:
    config, device = plan.config, find_device()
    precision = choose_precision(config.precision, device)
    keras.utils.set_random_seed(config.seed)
    read, notices, bad = read_photos(plan.photos, round(config.crop * PHOTO_TO_CROP))
    held_out, photos = read[::HELD_OUT_EVERY], _all_but_every(read, HELD_OUT_EVERY)
    painting = read_painting(config.painting, config.stroke)
    objective = Objective(
        open_loss_network(config.features, config.loss_network),
        painting.astype("float32") / 255.0,
        centre_squares(photos[:STATISTICS_PHOTOS], config.crop),
        config.weights,
    )
    measure = Likeness(objective, centre_squares(held_out[:MOST_HELD_OUT], config.crop))
    samples = Samples(config.samples, held_out[0], painting) if config.samples else None

    state = _begin(plan, precision)
    network, schedule, best, random = state.network, state.schedule, state.best, state.random
    if plan.checkpoint and plan.steps_made:
        plan.checkpoint.load(state)
    elif plan.start.path:  # the result is never worse than what it started from
        best.keep(network, measure(network), config.weights)
    crops = PhotoCrops(photos, config.crop, random)
    step = Step(
        network, state.optimizer, lambda paint, data: objective.loss(paint, data["painting"], data)
    )
    on_start(
        TrainStart(
            len(photos),
            len(held_out),
            device.name,
            precision,
            schedule.steps,
            schedule.done,
            tuple(notices),
            tuple(bad),
            dict(best.losses),
        )
    )
    saved = time.monotonic()
    while not schedule.is_over:
        data = objective.draw(random, config.batch_size)
        terms = step(
            {**data, "photos": crops.draw(config.batch_size), "painting": objective.painting},
            schedule.learning_rate,
        )
        number, losses = schedule.count_step(), None
        if schedule.is_milestone:
            step.sync()
            losses = measure(network)
            best.keep(network, losses, config.weights)
            if samples:
                samples.write(network, number)
        if plan.checkpoint and time.monotonic() - saved >= config.checkpoint_s:
            step.sync()
            plan.checkpoint.save(state)
            saved = time.monotonic()
        on_progress(
            TrainProgress(
                number,
                schedule.done,
                terms,
                schedule.steps_per_s,
                schedule.is_first,
                losses,
            )
        )
    if not best.losses:  # resumed with fewer steps than were made
        best.keep(network, measure(network), config.weights)
    best.restore(network)
    if samples:
        samples.write(network, schedule.steps)  # what is saved, which may be an earlier state
    card = make_card(plan, state, len(photos), precision)
    if plan.target and plan.checkpoint:
        save_model(plan.target, network, config.spec, card)
        plan.checkpoint.remove()
    return TrainResult(network, card)


def _begin(plan: TrainPlan, precision: str) -> TrainState:
    """A network with random weights or those to start from, and an optimizer without memory."""
    config = plan.config
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == BF16 else "float32")
    try:
        network = build_network(config.spec)
    finally:
        keras.config.set_dtype_policy(before)
    if plan.start.path is not None:
        network.set_weights(load_model(plan.start.path).network.get_weights())
    optimizer = keras.optimizers.Adam(config.learning_rate, global_clipnorm=GRADIENT_NORM)
    optimizer.build(network.trainable_variables)
    return TrainState(
        network, optimizer, Schedule(config), Best(), np.random.default_rng(config.seed)
    )


def _all_but_every(photos: list[np.ndarray], every: int) -> list[np.ndarray]:
    return [photo for number, photo in enumerate(photos) if number % every]
