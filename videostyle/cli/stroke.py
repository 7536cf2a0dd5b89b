"""`--stroke`, for every command that takes a painting as a style."""

from typing import Any

from videostyle.models.making.ingredients import STROKE_BOUNDS, STROKES


def add_stroke(group: Any) -> None:
    """Add `--stroke`; `ingredients.with_stroke` writes it into the style."""
    low, high = STROKE_BOUNDS
    group.add_argument(
        "--stroke",
        metavar="SIZE",
        help=f"stroke size of a style made from a picture: {', '.join(STROKES)}, or {low} to "
        f"{high}; as in painting.jpg@large (default: medium)",
    )
