"""The backend that paints nothing: it shows what the pipeline alone does to a clip."""

import numpy as np

from videostyle.backends.base import check_frames


class IdentityBackend:
    """Returns frames unchanged."""

    name = "identity"
    description = "identity (no network: frames pass unchanged)"

    def stylize(self, frames: np.ndarray) -> np.ndarray:
        check_frames(frames)
        return frames
