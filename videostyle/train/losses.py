"""The terms of the loss, each a plain function of arrays. Pictures are float32 in 0..1."""

from typing import Any

from keras import ops

LUMA = (0.2126, 0.7152, 0.0722)  # BT.709

# Columns: Y', Cb and Cr of BT.709.
YCBCR = ((0.2126, -0.1146, 0.5), (0.7152, -0.3854, -0.4542), (0.0722, 0.5, -0.0458))
COLOR_SPREAD = 8.0


def mean_square(difference: Any) -> Any:
    """Scalar mean of squares."""
    return ops.mean(ops.square(difference))


def sliced_wasserstein(features: Any, painting: Any, directions: Any) -> Any:
    """How unlike two clouds of feature vectors are, seen along random directions.

    Args:
        features: float32 [N, P, C], vectors at P positions of N pictures.
        painting: float32 [P, C], as many vectors of the painting.
        directions: float32 [C, K], unit columns, new ones at each step.

    Returns:
        Scalar: mean squared distance of the sorted projections.

    Source: Heitz et al. 2021, https://arxiv.org/abs/2006.07229
    """
    ours = ops.sort(ops.matmul(features, directions), axis=1)              # [N, P, K]
    theirs = ops.sort(ops.matmul(painting, directions), axis=0)            # [P, K]
    return mean_square(ours - theirs)


def color_features(pictures: Any) -> Any:
    """What a loss network overlooks: each pixel's colour and how it differs from its neighbours.

    A network whose first layer takes every second pixel can be pleased by stripes of red and green
    one pixel wide, which no painting has.

    Args:
        pictures: float32 [N, H, W, 3], RGB in 0..1.

    Returns:
        float32 [N, H-1, W-1, 9]: Y'CbCr and its steps to the right and down, spread to about the
        range of a network's features.
    """
    color = ops.matmul(pictures, ops.convert_to_tensor(YCBCR)) * COLOR_SPREAD  # [N, H, W, 3]
    here = color[:, :-1, :-1]
    return ops.concatenate([here, color[:, :-1, 1:] - here, color[:, 1:, :-1] - here], axis=-1)


def total_variation(pictures: Any) -> Any:
    """Scalar: mean squared difference of neighbouring pixels of float32 [N, H, W, 3]."""
    return (mean_square(pictures[:, 1:] - pictures[:, :-1])
            + mean_square(pictures[:, :, 1:] - pictures[:, :, :-1]))


def luminance_difference(output: Any, photo: Any) -> Any:
    """Scalar: how differently light and dark lie in two batches [N, H, W, 3].

    Both are averaged over 8 x 8 pixels and brought to one mean and contrast first, so that the
    painting may be darker or flatter as a whole.
    """
    return mean_square(_standard_luma(output) - _standard_luma(photo))


def _standard_luma(pictures: Any) -> Any:
    luma = ops.sum(pictures * ops.convert_to_tensor(LUMA), axis=-1, keepdims=True)  # [N, H, W, 1]
    small = ops.average_pool(luma, 8, 8)                                   # [N, H/8, W/8, 1]
    mean, variance = ops.moments(small, axes=[1, 2], keepdims=True)
    return (small - mean) * ops.rsqrt(variance + 1e-4)
