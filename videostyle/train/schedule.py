"""The progress of a training, and its learning rate."""

import math
import time

from videostyle.train.train_config import TrainConfig

# The learning rate rises for so many steps, or for so much of a training if that is shorter.
WARM_UP_STEPS = 50
WARM_UP_SHARE = 0.1

# By the clock, the number of steps is unknown: measure at least after each such share.
MEASURED_SHARES = 4


class Schedule:
    """Counts by steps or by the clock, over all runs of one training.

    Attributes:
        steps: made so far.
        done: share of the training after the last step, 0 at the start and 1 at the end.
        is_milestone: whether the last step is one to measure after.
    """

    def __init__(self, config: TrainConfig) -> None:
        self._config = config
        self._began = time.monotonic()
        self._first_step_ended: float | None = None
        self._earlier_s = self._earlier_trained_s = 0.0
        self._first = 0
        self.steps, self.done, self.is_milestone = 0, 0.0, False

    @property
    def seconds(self) -> float:
        """Seconds since training began, including compiling and measuring."""
        return self._earlier_s + time.monotonic() - self._began

    @property
    def steps_per_s(self) -> float:
        """Steps per second of this run, without its first step, which compiles."""
        counted, seconds = self.steps - self._first - 1, self._running_s
        return counted / seconds if counted > 0 and seconds > 0 else 0.0

    @property
    def is_first(self) -> bool:
        """Whether the last step was the first of this run."""
        return self.steps == self._first + 1

    @property
    def is_over(self) -> bool:
        return self.done >= 1

    @property
    def learning_rate(self) -> float:
        """Rises over the first steps, then falls to 0 along half a cosine."""
        risen = max((self.steps + 1) / WARM_UP_STEPS, self.done / WARM_UP_SHARE)
        warm_up = min(1.0, risen)
        return self._config.learning_rate * warm_up * (1 + math.cos(math.pi * self.done)) / 2

    def count_step(self) -> int:
        """A step was made; returns how many there are."""
        if self._first_step_ended is None:
            self._first_step_ended = time.monotonic()
        before = self.done
        self.steps += 1
        self.done = self._share()
        passed = self._config.minutes is not None and int(self.done * MEASURED_SHARES) > int(
            before * MEASURED_SHARES
        )
        self.is_milestone = passed or self.is_over or self.steps % self._config.measure_every == 0
        return self.steps

    def state(self) -> dict[str, float]:
        """What `restore` needs to continue from here."""
        return {
            "steps": self.steps,
            "seconds": self.seconds,
            "trained_s": self._earlier_trained_s + self._running_s,
        }

    def restore(self, state: dict[str, float]) -> None:
        self.steps = self._first = int(state["steps"])
        self._earlier_s, self._earlier_trained_s = state["seconds"], state["trained_s"]
        self.done = self._share()

    @property
    def _running_s(self) -> float:
        """Seconds of this run. Compiling takes a minute on some libraries and is not counted."""
        began = self._first_step_ended
        return 0.0 if began is None else time.monotonic() - began

    def _share(self) -> float:
        if self._config.minutes is None:
            return min(1.0, self.steps / self._config.steps)
        return min(1.0, (self._earlier_trained_s + self._running_s) / (60 * self._config.minutes))
