"""Running frames through the network, with the steps before and after it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from videostyle.backends.base import Backend, frames_at_once
from videostyle.errors import FrameShapeError
from videostyle.pipeline.compose import blend, crop_at, enlarge_to, keep_color, pad_to
from videostyle.pipeline.plan import FramesPlan
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.shown import Shown


@dataclass(frozen=True)
class Painted:
    """One frame that went through the network.

    Attributes:
        frame: uint8 [H, W, 3], as it was decoded.
        painting: uint8 [H, W, 3], the same frame painted; larger if the model scales up.
        counts: how many frames of each target show it, in the order of the plans.
    """

    frame: np.ndarray
    painting: np.ndarray
    counts: tuple[int, ...]


def paint(shown: Iterable[Shown], backend: Backend, plan: FramesPlan) -> Iterator[Painted]:
    """Run frames through the network, a batch at a time, and finish them as the settings say.

    Raises:
        FrameShapeError: the backend returned fewer or more frames than it was given.
        BackendError: the network could not be run.
    """
    geometry = plan.decode.geometry
    for group in _grouped(shown, plan.config.batch_size or frames_at_once(backend)):
        frames = _stack([each.frame for each in group])  # [N, H, W, 3]
        styled = backend.stylize(pad_to(frames, geometry.network))
        if len(styled) != len(group):
            raise FrameShapeError(
                f"backend {backend.name}: {len(group)} frames went in and {len(styled)} came out"
            )
        corner, size = geometry.painted(plan.sizes.given_for(geometry.network))
        for painting, each in zip(crop_at(styled, corner, size), group, strict=True):
            yield Painted(each.frame, _finish(painting, each.frame, plan.config), each.counts)


def _stack(frames: list[np.ndarray]) -> np.ndarray:
    return np.stack(frames) if len(frames) > 1 else frames[0][np.newaxis]


def _grouped(shown: Iterable[Shown], size: int) -> Iterator[list[Shown]]:
    iterator = iter(shown)
    while group := list(islice(iterator, size)):
        yield group


def _finish(painting: np.ndarray, frame: np.ndarray, config: StylizeConfig) -> np.ndarray:
    if config.keep_color or config.strength < 1:
        frame = enlarge_to(frame, painting)
    if config.keep_color:
        painting = keep_color(painting, frame)
    if config.strength < 1:
        painting = blend(painting, frame, config.strength)
    return painting
