"""What a style is made from, as the user writes it: `painting.jpg`, `painting.jpg@large`,
`wave:0.6+udnie:0.4`."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from videostyle.errors import ConfigError
from videostyle.models.making.painting import PAINTING_SUFFIXES

# Short side of the painting in pixels: a larger painting gives larger strokes on a frame of 480
# lines. The maker was trained on 256 to 640.
STROKES = {"small": 300, "medium": 400, "large": 560}
DEFAULT_STROKE = STROKES["medium"]
STROKE_BOUNDS = (256, 640)

_STROKE = re.compile(r"(.+)@([a-z]+|\d+)")
_SHARE = re.compile(r"(.+):(\d*\.?\d+)")


@dataclass(frozen=True)
class Ingredient:
    """One style in a mix.

    Attributes:
        source: a painting's path, or the name of a built-in style.
        share: of the whole, 0..1; those of a mix sum up to 1.
        stroke: short side in pixels to which a painting is scaled.
    """

    source: str
    share: float = 1.0
    stroke: int = DEFAULT_STROKE

    @property
    def is_painting(self) -> bool:
        return is_painting(self.source)


def is_painting(source: str | Path) -> bool:
    """Whether a name has the suffix of a picture file."""
    return Path(source).suffix.lower() in PAINTING_SUFFIXES


def read_ingredients(text: str) -> tuple[Ingredient, ...]:
    """Parse what the user wrote.

    Returns:
        The ingredients; none if it is neither a picture file's name nor a mix.

    Raises:
        ConfigError: a stroke or share is not valid.
    """
    if Path(text).exists():  # even if its name has @, : or +
        return (Ingredient(text),) if is_painting(text) else ()
    if (match := _STROKE.fullmatch(text)) and Path(match[1]).exists() and is_painting(match[1]):
        return (Ingredient(match[1], stroke=read_stroke(match[2])),)
    found = [_read_one(word) for word in text.split("+")]
    if len(found) == 1 and not found[0].is_painting:
        return ()
    total = math.fsum(one.share for one in found)
    if not total:
        raise ConfigError(f"'{text}': at least one share of a mix must be above 0")
    return tuple(Ingredient(one.source, one.share / total, one.stroke) for one in found)


def with_stroke(text: str, stroke: str | None) -> str:
    """Write a stroke size behind every painting of a style that has none of its own.

    Args:
        text: a style, as the user writes it.
        stroke: as `read_stroke` takes it; None leaves the text as it is.

    Raises:
        ConfigError: the stroke is not valid, or there is no painting in the style.
    """
    if stroke is None:
        return text
    read_stroke(stroke)
    words = [text] if Path(text).exists() else text.split("+")
    if not any(_read_one(word).is_painting for word in words):
        raise ConfigError(f"a stroke size is for paintings; '{text}' is not made from one")
    return "+".join(_with_stroke(word, stroke) for word in words)


def _with_stroke(word: str, stroke: str) -> str:
    if not _read_one(word).is_painting:
        return word
    share = None if Path(word).exists() else _SHARE.fullmatch(word)
    source, end = (share[1], f":{share[2]}") if share else (word, "")
    has_own = not Path(source).exists() and _STROKE.fullmatch(source)
    return f"{source}{end}" if has_own else f"{source}@{stroke}{end}"


def _read_one(word: str) -> Ingredient:
    share, stroke = 1.0, DEFAULT_STROKE
    if (match := _SHARE.fullmatch(word)) and not Path(word).exists():
        word, share = match[1], float(match[2])
    if (match := _STROKE.fullmatch(word)) and not Path(word).exists():
        word, stroke = match[1], read_stroke(match[2])
    return Ingredient(word, share, stroke)


def read_stroke(text: str) -> int:
    """A stroke size, by name or in pixels.

    Raises:
        ConfigError: it is neither.
    """
    low, high = STROKE_BOUNDS
    pixels = STROKES.get(text) or (int(text) if text.isdigit() else 0)
    if not low <= pixels <= high:
        raise ConfigError(
            f"stroke '{text}' is not valid; use {', '.join(STROKES)}, or {low} to {high} pixels"
        )
    return pixels
