"""List the built-in styles and their networks, or show one style's card."""

import argparse
import json
from typing import Any

CARD_NAMES = {"gmac_at_480x853": "billion multiply-adds at 480x853", "held_out": "held-out losses"}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("styles", help="list the built-in styles", description=__doc__)
    parser.add_argument("style", metavar="STYLE", nargs="?",
                        help="show the card of one style, such as wave or wave/reference")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.style:
        _show_card(args.style, args.json)
    else:
        _list(args.json)
    return 0


def _list(as_json: bool) -> None:
    from videostyle.models.spec import spec_to_json
    from videostyle.models.styles import list_styles

    infos = list_styles()
    if as_json:
        print(json.dumps([{"name": info.name, "style": info.style, "network": info.network,
                           "spec": spec_to_json(info.spec), "card": info.card}
                          for info in infos]))
        return
    for info in infos:
        card = info.card
        print(f"{info.name:<18} {card.get('parameters', 0) / 1e6:5.2f} M parameters  "
              f"{card.get('gmac_at_480x853', 0):5.1f} GMAC at 480x853  "
              f"{card.get('painter', '')}, {card.get('title', '')}, {card.get('year', '')}")


def _show_card(name: str, as_json: bool) -> None:
    from videostyle.models.model_file import read_card
    from videostyle.models.styles import find_style

    card = read_card(find_style(name))
    if as_json:
        print(json.dumps(card))
        return
    for key, value in card.items():
        print(f"{CARD_NAMES.get(key, key.replace('_', ' '))}: {_as_text(value)}")


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_as_text(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "; ".join(map(_as_text, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
