"""What a training reports on the way and at its end."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TrainStart:
    """The start of a training.

    Attributes:
        photos: how many are trained on, frames of clips included.
        held_out: how many are held out for measuring.
        device: what it runs on.
        precision: of the painting network, `fp32` or `bf16`.
        steps_made: by the earlier runs that this one continues.
        done: share of the whole training that they made.
        notices: what the user should know, one line each.
        bad: photos that were left out, each with the reason.
        losses: style and content loss of what it starts from; empty for random weights.
    """

    photos: int
    held_out: int
    device: str
    precision: str
    steps_made: int
    done: float
    notices: tuple[str, ...]
    bad: tuple[str, ...]
    losses: dict[str, float]


@dataclass(frozen=True)
class TrainProgress:
    """The progress of a training.

    Attributes:
        step: updates made so far.
        done: share of the whole training, 0 to 1.
        terms: of the loss, at this step.
        steps_per_s: in this run, without its first step, which compiles.
        is_first: of this run.
        held_out: style and content loss on held-out photos, when they were just measured.
    """

    step: int
    done: float
    terms: dict[str, float]
    steps_per_s: float
    is_first: bool = False
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
