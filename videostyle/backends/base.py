"""The one interface between the pipeline and whatever runs a network.

A *backend* here runs a style network on frames. What Keras calls its backend, the library that
Keras computes with, is something else.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from videostyle.errors import FrameShapeError
from videostyle.frames import Size

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class ModelSizes:
    """The sizes that a model takes and returns.

    Attributes:
        taken: the only sizes it takes, its default first; empty if it takes any.
        given: the size it always returns, or None if that follows from `factor`.
        factor: how many times longer the sides of the result are.
    """

    taken: tuple[Size, ...] = ()
    given: Size | None = None
    factor: int = 1

    def given_for(self, size: Size) -> Size:
        """What it gives for a picture of a size."""
        return self.given or Size(size.width * self.factor, size.height * self.factor)


class Backend(Protocol):
    """Runs one open network.

    A backend that is faster with several frames at a time has an attribute `frames_at_once`.

    Attributes:
        name: what the user calls it, such as `tensorflow`.
        description: with version and device, for the user to read.
    """

    name: str
    description: str

    def stylize(self, frames: "np.ndarray") -> "np.ndarray":
        """Paint frames.

        Args:
            frames: uint8 [N, H, W, 3], RGB, any N from 1, any H and W from 8 unless the model has
                fixed sizes.

        Returns:
            uint8 [N, H, W, 3] in the same order; of the same size unless the model scales up.

        Raises:
            FrameShapeError: the frames have another shape or dtype.
            BackendError: the network could not be run.
        """
        ...


def frames_at_once(backend: Backend) -> int:
    """How many frames a backend wants at once: its `frames_at_once`, otherwise one."""
    wished: int = getattr(backend, "frames_at_once", 1)
    return wished


def margins(length: int, multiple: int) -> tuple[int, int]:
    """Pixels to add before and after, so that `length` becomes a multiple."""
    missing = -length % multiple
    return missing // 2, missing - missing // 2


def check_frames(frames: "np.ndarray") -> None:
    """Refuse anything that is not a batch of frames.

    Raises:
        FrameShapeError: not uint8 [N, H, W, 3] with N from 1, and H and W from 8.
    """
    import numpy as np

    from videostyle.frames import SMALLEST_SIDE

    is_batch = frames.ndim == 4 and frames.shape[0] > 0 and frames.shape[3] == 3
    if frames.dtype != np.uint8 or not is_batch or min(frames.shape[1:3]) < SMALLEST_SIDE:
        raise FrameShapeError(
            f"a backend takes uint8 [N, H, W, 3] frames with sides of {SMALLEST_SIDE} or more, "
            f"not {frames.dtype} {list(frames.shape)}"
        )
