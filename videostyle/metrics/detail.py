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
        edge is where it was, about 0 if they have nothing in common or one picture has none.

    Source: the edge preservation index, Sattar et al. 1997, with Sobel's gradient for the
    Laplacian.
    """
    ours, theirs = (_edges(picture).ravel() for picture in (source, painting))
    if ours.std() == 0 or theirs.std() == 0:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])


# Standard deviations, in pixels, of the blurs in `detail_kept`; and what is added to a local mean,
# in Sobel's units, so that flat areas count less than outlines.
GRAIN_BLUR = 0.7
NEIGHBOURHOOD = 12.0
FLAT = 4.0


def detail_kept(source: np.ndarray, painting: np.ndarray) -> float:
    """How much of a picture's detail is still there: faces, windows, thin things.

    Local contrast is divided out, so that a faint antenna counts as much as a dark contour, and a
    paler painting as much as a stronger one. It depends on the size: compare at one size only.

    Args:
        source: uint8 [H, W, 3], RGB.
        painting: uint8 of the same shape.

    Returns:
        Pearson's correlation of the two gradient magnitudes, each divided by its local mean, -1..1;
        0 if a picture has no edges.
    """
    ours, theirs = (_local_edges(picture).ravel() for picture in (source, painting))
    if ours.std() == 0 or theirs.std() == 0:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])


def _local_edges(picture: np.ndarray) -> np.ndarray:
    edges = _edges(cv2.GaussianBlur(picture, None, GRAIN_BLUR))
    local: np.ndarray = edges / (cv2.GaussianBlur(edges, None, NEIGHBOURHOOD) + FLAT)
    return local


# Response of Sobel's 3x3 filter to a brightness that rises by one level per pixel.
SOBEL_GAIN = 8


def mean_gradient(picture: np.ndarray) -> float:
    """How sharp a picture uint8 [H, W, 3], RGB, is: mean gradient in levels per pixel."""
    return float(_edges(picture).mean()) / SOBEL_GAIN


def _edges(picture: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down))
