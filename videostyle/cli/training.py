"""Carrying out a training with its forecast, progress and losses on the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from videostyle.cli.progress import Status
from videostyle.errors import VideoStyleError

if TYPE_CHECKING:
    from videostyle.train.plan import TrainPlan
    from videostyle.train.progress import TrainProgress, TrainStart
    from videostyle.train.train_config import TrainConfig

# The speed is known after so many steps, the first of which compiles.
FORECAST_STEPS = 4

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
    """How long a training will take, told once its speed is known."""

    def __init__(self, config: "TrainConfig") -> None:
        self._config, self._steps = config, 0

    def told(self, progress: "TrainProgress") -> str | None:
        self._steps += 1
        if self._steps != FORECAST_STEPS or not progress.steps_per_s:
            return None
        if self._config.minutes is not None:
            left = (1 - progress.done) * self._config.minutes * 60
            return f"forecast: about {progress.step + left * progress.steps_per_s:.0f} steps"
        left = (self._config.steps - progress.step) / progress.steps_per_s
        line = f"forecast: {in_words(left)} for {self._config.steps} steps"
        if left < LONG_S:
            return line
        return f"{line}; --minutes 10 gives a first look, and a GPU needs minutes"


def in_words(seconds: float) -> str:
    """Such as `about 3 h 20 min`."""
    if seconds < 90:
        return f"about {seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"about {hours} h {minutes} min" if hours else f"about {minutes} min"


@contextmanager
def _told_how_to_go_on(plan: "TrainPlan") -> Iterator[None]:
    """After Ctrl-C, SIGTERM or an unexpected error, tell the user what is kept."""
    try:
        yield
    except BaseException as error:
        checkpoint = plan.checkpoint
        if checkpoint and not isinstance(error, VideoStyleError) and checkpoint.exists():
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
