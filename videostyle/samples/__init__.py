"""One real picture for checks that need one: a frame of Big Buck Bunny.

(c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0; unchanged but for JPEG.
"""

from pathlib import Path

import numpy as np

PATH = Path(__file__).with_name("bigbuckbunny.jpg")


def sample_frame() -> np.ndarray:
    """The frame: uint8 [720, 1280, 3], RGB."""
    import cv2

    picture = np.asarray(cv2.imdecode(np.fromfile(PATH, np.uint8), cv2.IMREAD_COLOR))
    return np.ascontiguousarray(picture[..., ::-1])
