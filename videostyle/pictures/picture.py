"""Writing a picture."""

from pathlib import Path

import cv2
import numpy as np

from videostyle.errors import ConfigError
from videostyle.files.whole import writing

SUFFIXES = (".png", ".jpg", ".jpeg")

JPEG_QUALITY = 90


def check_picture_name(path: Path) -> None:
    """Check that a name ends in the suffix of a picture that can be written.

    Raises:
        ConfigError: it doesn't.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"{path}: a picture's name must end in {', '.join(SUFFIXES)}")


def write_picture(path: Path, picture: np.ndarray, quality: int = JPEG_QUALITY) -> None:
    """Write a picture as JPEG or PNG, as the suffix says; it appears whole or not at all.

    Args:
        path: the file.
        picture: uint8 [H, W, 3], RGB.
        quality: of a JPEG, 1 to 100.

    Raises:
        TargetError: it can't be written.
    """
    options = [] if path.suffix.lower() == ".png" else [cv2.IMWRITE_JPEG_QUALITY, quality]
    _, data = cv2.imencode(path.suffix.lower(), picture[..., ::-1], options)
    with writing(path) as part:
        part.write_bytes(data.tobytes())
