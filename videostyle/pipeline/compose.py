"""What is done to a frame just before and just after the network."""

import cv2
import numpy as np

from videostyle.frames import Size


def pad_to(frames: np.ndarray, size: Size) -> np.ndarray:
    """Reflect frames around their centre until they fill a larger size.

    Args:
        frames: uint8 [N, H, W, 3].
        size: at least as large as the frames; the border may be wider than the frame.

    Returns:
        uint8 [N, size.height, size.width, 3]; the frames themselves if they have that size already.
    """
    height, width = frames.shape[1:3]
    if (width, height) == (size.width, size.height):
        return frames
    top, left = (size.height - height) // 2, (size.width - width) // 2
    rows, columns = (top, size.height - height - top), (left, size.width - width - left)
    return np.pad(frames, ((0, 0), rows, columns, (0, 0)), mode="reflect")


def crop_at(frames: np.ndarray, corner: tuple[int, int], size: Size) -> np.ndarray:
    """Cut off what `pad_to` added.

    Args:
        frames: uint8 [N, H, W, 3].
        corner: left and top of the part to keep.
        size: of the part to keep.

    Returns:
        uint8 [N, size.height, size.width, 3], a view.
    """
    left, top = corner
    return frames[:, top : top + size.height, left : left + size.width]


def enlarge_to(frame: np.ndarray, painting: np.ndarray) -> np.ndarray:
    """Scale a frame bilinearly to the size of a painting that the model scaled up.

    Args:
        frame: uint8 [H, W, 3].
        painting: uint8 [H', W', 3].

    Returns:
        uint8 [H', W', 3]; the frame itself if it has that size already.
    """
    height, width = painting.shape[:2]
    if frame.shape[:2] == (height, width):
        return frame
    return np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_LINEAR))


def blend(styled: np.ndarray, frame: np.ndarray, strength: float) -> np.ndarray:
    """Mix two frames.

    Args:
        styled: uint8 [H, W, 3], RGB.
        frame: uint8 [H, W, 3], RGB, what it was painted from.
        strength: 0 gives the frame, 1 the painting.

    Returns:
        uint8 [H, W, 3].
    """
    return np.asarray(cv2.addWeighted(styled, strength, frame, 1 - strength, 0))


def keep_color(styled: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """The painting's brightness with the frame's own colours.

    Args:
        styled: uint8 [H, W, 3], RGB.
        frame: uint8 [H, W, 3], RGB, what it was painted from.

    Returns:
        uint8 [H, W, 3].
    """
    mixed = cv2.cvtColor(frame, cv2.COLOR_RGB2YCrCb)
    mixed[..., 0] = cv2.cvtColor(styled, cv2.COLOR_RGB2YCrCb)[..., 0]
    return np.asarray(cv2.cvtColor(mixed, cv2.COLOR_YCrCb2RGB))
