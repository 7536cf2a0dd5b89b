"""Sample pictures from a training: the photo, the same photo painted, and the painting."""

from pathlib import Path

import cv2
import keras
import numpy as np

from videostyle.errors import TrainError
from videostyle.pictures.picture import write_picture

GAP = 8  # pixels of white between the pictures

QUALITY = 92  # of JPEG, where 100 is the best


class Samples:
    """A folder of pictures, numbered by step."""

    def __init__(self, folder: Path, photo: np.ndarray, painting: np.ndarray) -> None:
        """Make the folder if it is missing.

        Args:
            folder: for the pictures.
            photo: uint8 [H, W, 3], RGB, not trained on.
            painting: uint8 [H, W, 3], RGB.

        Raises:
            TrainError: the folder can't be made.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainError(f"{folder}: can't be made: {error.strerror}") from error
        height, width = (side - side % 4 for side in photo.shape[:2])  # networks halve twice
        self._folder, self._photo = folder, photo[:height, :width]
        across = round(painting.shape[1] * height / painting.shape[0])
        self._painting = cv2.resize(painting, (across, height), interpolation=cv2.INTER_AREA)

    def write(self, network: keras.Model, step: int) -> Path:
        """Paint the photo and write `0001250.jpg`.

        Raises:
            TrainError: it can't be written.
        """
        levels = keras.ops.cast(self._photo[None], "float32")
        painted = keras.ops.convert_to_numpy(network(levels, training=False))[0]
        gap = np.full((len(self._photo), GAP, 3), 255, np.uint8)
        row = np.concatenate(
            [
                self._photo,
                gap,
                np.clip(np.rint(painted), 0, 255).astype(np.uint8),
                gap,
                self._painting,
            ],
            axis=1,
        )
        path = self._folder / f"{step:07d}.jpg"
        write_picture(path, row, QUALITY)
        return path
