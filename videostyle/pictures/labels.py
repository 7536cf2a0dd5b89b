"""Text in pictures."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

INK = (214, 216, 222)


def draw_text(picture: np.ndarray, text: str, corner: tuple[int, int], size: int = 16) -> None:
    """Write text on a picture.

    Args:
        picture: uint8 [H, W, 3], RGB; changed in place.
        text: one line.
        corner: left and top of the first letter, in pixels.
        size: of the letters, in pixels.
    """
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text(corner, text, fill=INK, font=ImageFont.load_default(size))
    picture[:] = np.asarray(image)
