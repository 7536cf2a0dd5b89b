"""Noticing a network that paints nothing: black, white or one color, whatever it is shown."""

import numpy as np

from videostyle.pipeline.painting import Painted

# Below this spread of its levels a picture shows nothing.
FLAT_LEVELS = 1.0
STEP = 8  # of the rows and columns that are looked at, one in so many


class FlatWatch:
    """Watches paintings until one of them shows something."""

    def __init__(self) -> None:
        self._flat: Painted | None = None
        self._shows = False

    def see(self, painted: Painted) -> None:
        """Look at one painting; those of flat frames say nothing."""
        if self._shows or _is_flat(painted.frame):
            return
        if _is_flat(painted.painting):
            self._flat = self._flat or painted
        else:
            self._shows = True

    @property
    def notices(self) -> tuple[str, ...]:
        """One line if everything was painted flat."""
        if self._shows or self._flat is None:
            return ()
        mean = self._flat.painting.mean()
        look = "black" if mean < 2 else "white" if mean > 253 else "one flat color"
        return (
            f"the network painted every frame {look}: perhaps its values are of another range; "
            "checking its model tells more",
        )


def _is_flat(picture: np.ndarray) -> bool:
    return bool(picture[::STEP, ::STEP].std(axis=(0, 1)).max() < FLAT_LEVELS)
