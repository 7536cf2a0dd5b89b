"""Reading any picture file, and refusing what can't be a style."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.errors import PaintingError

if TYPE_CHECKING:
    import numpy as np

JPEG_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".jp2", ".j2k")
PAINTING_SUFFIXES = frozenset(
    {*JPEG_SUFFIXES, ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic", ".heif"}
)

# Sides in pixels: a smaller picture shows no strokes, a larger one takes seconds to read.
SMALLEST_SIDE = 64
MOST_PIXELS = 64_000_000

# A longer picture is cropped to its middle, since larger ones take longer.
LONGEST_ASPECT = 3.0

# Standard deviation in levels below which a picture counts as one colour.
FLATTEST = 1.5


def check_file(path: Path) -> None:
    """Refuse what is missing or a folder, and a pipe or device, which might never end.

    Raises:
        PaintingError: it is no ordinary file.
    """
    if not path.exists():
        raise PaintingError(f"{path}: no such file")
    if not path.is_file():
        raise PaintingError(f"{path}: is not a file but a folder, pipe or device")


def read_painting(path: Path, short_side: int) -> "np.ndarray":
    """Read a painting, as `read_picture`.

    Raises:
        PaintingError: it can't be read as a picture, or is too small, too large or of one colour.
    """
    pixels = read_picture(path, short_side)
    if pixels.reshape(-1, 3).std(axis=0).max() < FLATTEST:
        raise PaintingError(f"{path}: has only one colour, so it has no style")
    return pixels


def read_picture(path: Path, short_side: int) -> "np.ndarray":
    """Read a picture: upright, on white where it is transparent, the first of several frames.

    Args:
        path: a picture file; of one more than three times as long as wide, the middle is taken.
        short_side: pixels to which its shorter side is scaled.

    Returns:
        uint8 [H, W, 3], RGB.

    Raises:
        PaintingError: it can't be read as a picture, or is too small or too large.
    """
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    check_file(path)

    with warnings.catch_warnings():
        # Sizes are checked below; broken camera metadata doesn't matter.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as file:
                _check_size(path, file, short_side)
                picture = ImageOps.exif_transpose(_as_rgb(file))
        except UnidentifiedImageError as error:
            raise PaintingError(f"{path}: is not a picture that can be read") from error
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            reason = getattr(error, "strerror", None) or str(error) or "it is damaged"
            raise PaintingError(f"{path}: can't be read as a picture: {reason}") from error
    return np.asarray(_scaled(_cut(picture), short_side))


def _check_size(path: Path, file: Any, short_side: int) -> None:
    """Read a JPEG at a fraction of its size if that is enough."""
    if file.format == "JPEG":
        enough = 2 * short_side
        shrink = min(file.size) / enough
        if shrink > 1:
            file.draft("RGB", tuple(round(side / shrink) for side in file.size))
    width, height = file.size
    if min(file.size) < SMALLEST_SIDE:
        raise PaintingError(
            f"{path}: is {width}x{height}; a picture needs {SMALLEST_SIDE} pixels or more "
            "on its shorter side"
        )
    if width * height > MOST_PIXELS:
        raise PaintingError(
            f"{path}: is {width}x{height}; a picture may have at most {MOST_PIXELS // 10**6} "
            "megapixels; scale it down first"
        )


def _as_rgb(file: Any) -> Any:
    """The first frame with 8 bits per channel, on white."""
    import numpy as np
    from PIL import Image

    if file.mode.startswith(("I", "F")):  # 16 bits and more, grey
        levels = np.asarray(file).astype("float32")
        top = 65535.0 if file.mode.startswith("I;16") or levels.max() > 255 else 255.0
        grey = (levels * (255.0 / max(top, levels.max()))).clip(0, 255).astype("uint8")
        return Image.fromarray(grey).convert("RGB")
    if "A" in file.getbands() or "transparency" in file.info:
        layer = file.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        exif = file.getexif()
        flat = Image.alpha_composite(white, layer).convert("RGB")
        flat.info["exif"] = exif.tobytes()
        return flat
    return file.convert("RGB")


def _cut(picture: Any) -> Any:
    width, height = picture.size
    longest = round(LONGEST_ASPECT * min(width, height))
    left, top = max(0, width - longest) // 2, max(0, height - longest) // 2
    return picture.crop((left, top, width - left, height - top))


def _scaled(picture: Any, short_side: int) -> Any:
    from PIL import Image

    factor = short_side / min(picture.size)
    width, height = (max(short_side, round(side * factor)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)
