"""How much of a picture's outlines a painting keeps, and how sharp it is."""

import cv2
import numpy as np


def edge_agreement(source: np.ndarray, painting: np.ndarray) -> float:
    """Correlate the edges of two pictures.

    Args:
        source: uint8 [H, W, 3], RGB.
        painting: uint8 of the same shape.

    Returns:
        Pearson's correlation of the two gradient magnitudes of brightness, -1..1: 1 where every
        edge is where it was, about 0 where they have nothing in common or one picture has none.

    Source: the edge preservation index, Sattar et al. 1997, with Sobel's gradient for the
    Laplacian.
    """
    ours, theirs = (_edges(picture).ravel() for picture in (source, painting))
    if ours.std() == 0 or theirs.std() == 0:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])


# What Sobel's 3x3 filter answers to a brightness that rises by one level a pixel.
SOBEL_GAIN = 8


def mean_gradient(picture: np.ndarray) -> float:
    """How sharp a picture uint8 [H, W, 3], RGB, is: mean gradient of brightness, levels a pixel."""
    return float(_edges(picture).mean()) / SOBEL_GAIN


def _edges(picture: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down))
