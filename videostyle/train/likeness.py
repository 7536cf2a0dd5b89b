"""How well a network paints: style and content loss on photos that it was never trained on."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from videostyle.models.making.painting import read_painting, read_picture
from videostyle.train.dataset import centre_squares
from videostyle.train.loss_network import open_loss_network
from videostyle.train.objective import Objective
from videostyle.train.photos import find_photos
from videostyle.train.train_config import LossWeights

# As in docs/styles.md: whole pictures of the article's height.
MEASURED_SIDE = 480
STATISTICS_PHOTOS = 16

# Painted at once: more take more memory, fewer take more time if operations aren't compiled.
AT_ONCE = 4


class Likeness:
    """Measures any network against one painting, always on the same photos and directions."""

    def __init__(self, objective: Objective, photos: np.ndarray) -> None:
        """Keep photos uint8 [N, S, S, 3] to measure on."""
        self._objective, self._photos = objective, photos
        self._draws = objective.draw_projections(np.random.default_rng(0))

    def __call__(self, network: keras.Model) -> dict[str, float]:
        """Paint every photo; returns the mean `style` and `content` loss, lower is better.

        Content is that of the deepest content feature.
        """
        style = content = 0.0
        for first in range(0, len(self._photos), AT_ONCE):
            photos = self._photos[first : first + AT_ONCE]  # [up to 4, S, S, 3]
            painted = network(keras.ops.cast(photos, "float32"), training=False) / 255.0
            found, shown = self._objective.compare(
                painted, self._objective.painting, {**self._draws, "photos": photos}
            )
            share = len(photos) / len(self._photos)
            style += share * float(keras.ops.stop_gradient(found))
            content += share * float(keras.ops.stop_gradient(shown[max(shown)]))
        return {"style": style, "content": content}


def measure_likeness(
    networks: dict[str, Any], painting: Path, photos: Path, stroke: int
) -> dict[str, dict[str, float]]:
    """Compare networks that paint one painting.

    The features are standardised by the first 16 photos, so that the figures depend only on the
    painting and the photos.

    Args:
        networks: `keras.Model`s by name.
        painting: the picture file that they were trained on.
        photos: a folder of pictures; of each, scaled to a short side of 480, the middle square is
            used.
        stroke: short side of the painting in pixels.

    Returns:
        For each name the mean `style` and `content` loss.

    Raises:
        TrainError: a picture can't be read.
    """
    files = find_photos([photos]).pictures
    squares = centre_squares([read_picture(file, MEASURED_SIDE) for file in files], MEASURED_SIDE)
    picture = read_painting(painting, stroke).astype("float32") / 255.0
    sample = squares[:STATISTICS_PHOTOS]
    likeness = Likeness(Objective(open_loss_network(), picture, sample, LossWeights()), squares)
    return {name: likeness(network) for name, network in networks.items()}
