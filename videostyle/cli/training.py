"""Carrying out a training with its forecast, progress and losses on the terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from videostyle.cli.progress import Status
from videostyle.cores import usable_cores
from videostyle.errors import VideoStyleError
from videostyle.files.whole import is_disk_full

if TYPE_CHECKING:
    from videostyle.train.plan import TrainPlan
    from videostyle.train.progress import TrainProgress, TrainStart
    from videostyle.train.train_config import TrainConfig

# The speed is known after so many steps, the first of which compiles.
FORECAST_STEPS = 4

# After so many seconds the forecast is checked, and told again if it changed by more than a share.
CHECKED_AFTER_S = 60
MOST_CHANGE = 0.15

# A forecast longer than this names shorter ways.
LONG_S = 20 * 60

# So many of the photos that were left out are named.
MOST_NAMED = 5


def carry_out(plan: "TrainPlan", status: Status) -> None:
    """Train, and tell how it goes."""
    from videostyle.models.tensorflow import import_keras

    import_keras()
    from videostyle.train.trainer import run_training

    config, forecast = plan.config, Forecast(plan.config)
    # With --minutes the number of steps is unknown, so the bar shows the share of the time.
    by_steps = config.minutes is None
    bar_of = status.bar(config.steps, " steps") if by_steps else status.bar(1)
    with _told_how_to_go_on(plan), bar_of as bar:

        def describe(start: "TrainStart") -> None:
            for line in _describe(plan, start):
                status.say(line)
            forecast.device = start.device
            bar.begin(start.steps_made if by_steps else start.done)

        def tell(progress: "TrainProgress") -> None:
            if progress.is_first:  # it compiled, which takes up to a minute
                bar.begin(progress.step if by_steps else progress.done)
            if line := forecast.told(progress):
                status.say(line)
            loss = f"style {progress.terms['style']:.3f}"
            if by_steps:
                bar.show(progress.step, loss)
            else:
                speed = f"{progress.steps_per_s:.2f} steps/s"
                bar.show(progress.done, f"step {progress.step}, {speed}, {loss}")
            if progress.held_out:
                losses = _losses(progress.held_out)
                status.say(f"step {progress.step}: held-out photos: {losses}")

        result = run_training(plan, tell, describe)
    status.say(f"kept: the best state measured, {_losses(result.card['held_out'])}")


class Forecast:
    """How long a training will take, told once its speed is known, and again if it changes.

    Attributes:
        device: what it runs on.
    """

    def __init__(self, config: "TrainConfig") -> None:
        self._config = config
        self._steps, self._speed = 0, 0.0
        self._began, self._is_checked = time.monotonic(), False
        self.device = "CPU"

    def told(self, progress: "TrainProgress") -> str | None:
        self._steps += 1
        if progress.is_first:
            self._began = time.monotonic()
        if self._steps < FORECAST_STEPS or not progress.steps_per_s:
            return None
        if not self._speed:
            self._speed = progress.steps_per_s
            return f"forecast: {self._words(progress)}"
        if self._is_checked or time.monotonic() - self._began < CHECKED_AFTER_S:
            return None
        self._is_checked = True
        if abs(progress.steps_per_s / self._speed - 1) <= MOST_CHANGE:
            return None
        return f"forecast: after the first minute, {self._words(progress)}"

    def _words(self, progress: "TrainProgress") -> str:
        if self._config.minutes is not None:
            left_s = (1 - progress.done) * self._config.minutes * 60
            steps = progress.step + left_s * progress.steps_per_s
            return f"about {steps:.0f} steps in {in_words(left_s)}, on {self._place}"
        left_s = (self._config.steps - progress.step) / progress.steps_per_s
        line = f"about {in_words(left_s)} to step {self._config.steps}, on {self._place}"
        if left_s < LONG_S or self.device != "CPU":
            return line
        return f"{line}; --minutes 10 gives a first look, and a GPU takes minutes"

    @property
    def _place(self) -> str:
        if self.device != "CPU":
            return f"this {self.device}"
        cores = usable_cores()
        return f"these {cores} cores" if cores > 1 else "this one core"


def in_words(seconds: float) -> str:
    """Such as `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@contextmanager
def _told_how_to_go_on(plan: "TrainPlan") -> Iterator[None]:
    """After Ctrl-C, SIGTERM, a full disk or an unexpected error, tell the user what is kept."""
    try:
        yield
    except BaseException as error:
        checkpoint = plan.checkpoint
        can_go_on = not isinstance(error, VideoStyleError) or is_disk_full(error.__cause__)
        if checkpoint and can_go_on and checkpoint.exists():
            with suppress(VideoStyleError):  # an older training's, which -y would have replaced
                Status().say(
                    f"kept: {checkpoint.path}, {checkpoint.steps()} steps; run again "
                    "with --resume to continue"
                )
        raise


def _describe(plan: "TrainPlan", start: "TrainStart") -> Iterator[str]:
    pictures, clips = len(plan.photos.pictures), len(plan.photos.clips)
    yield (
        f"photos: {start.photos} to train on and {start.held_out} held out, from "
        f"{pictures} picture{'s' * (pictures != 1)} and {clips} clip{'s' * (clips != 1)}"
    )
    if plan.photos.left_out:
        yield f"note: {plan.photos.left_out} files are not used; they would not fit into memory"
    if start.bad:
        named, more = start.bad[:MOST_NAMED], len(start.bad) - MOST_NAMED
        rest = f"; and {more} more" if more > 0 else ""
        yield f"left out: {len(start.bad)} that can't be read: {'; '.join(named)}{rest}"
    for notice in start.notices:
        yield f"note: {notice}"
    yield f"network: computes in {start.precision} on {start.device}"
    if start.steps_made:
        yield f"resume: from step {start.steps_made}"
    else:
        yield f"start: {plan.start.label}"
    if start.losses:
        yield f"at the start: held-out photos: {_losses(start.losses)}"
    yield "preparing: compiling the network takes up to a minute, then a forecast follows"


def _losses(losses: dict[str, float]) -> str:
    return f"style {losses['style']:.3f}, content {losses['content']:.3f}"
