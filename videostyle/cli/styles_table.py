"""Printing the styles as a table, and one style's card."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from videostyle.cli.progress import columns_of, show
from videostyle.cli.table import table_lines

if TYPE_CHECKING:
    from videostyle.models.styles import StyleInfo

CARD_NAMES = {"gmac_at_480x853": "billion multiply-adds at 480x853", "held_out": "held-out losses"}

HEADS = ("style", "parameters", "GMAC", "painting")


def show_styles(infos: "Sequence[StyleInfo]") -> None:
    """Print a row for each network."""
    origins = [_origin(info) for info in infos]
    rows = [HEADS]
    for info, origin, above in zip(infos, origins, ["", *origins], strict=False):
        parameters = f"{info.card.get('parameters', 0) / 1e6:.2f} M"
        gmac = f"{info.card.get('gmac_at_480x853', 0):.1f}"
        rows.append((info.name, parameters, gmac, "" if origin == above else origin))
    print("\n".join(table_lines(rows, columns_of(sys.stdout), "<>>")))


def _origin(info: "StyleInfo") -> str:
    parts = [str(info.card[key]) for key in ("painter", "title", "year") if key in info.card]
    made_from = [one.get("painting_file") or one["style"] for one in info.card.get("made_from", [])]
    parts = parts or [f"made from {' + '.join(made_from)}"] * bool(made_from)
    return " ".join([", ".join(parts), *([] if info.built_in else ["(yours)"])]).strip()


def show_card(card: Mapping[str, Any]) -> None:
    """Print a line for each entry of a model's card."""
    for key, value in card.items():
        name = CARD_NAMES.get(key, key.replace("_", " "))
        if isinstance(value, list):
            show("\n".join([f"{name}:", *(f"  {_as_text(part)}" for part in value)]))
        else:
            show(f"{name}: {_as_text(value)}")


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{key} ({text})" if isinstance(part, dict) else f"{key} {text}"
            for key, part in value.items()
            for text in [_as_text(part)]
        )
    if isinstance(value, list):
        return " ".join(map(_as_text, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
