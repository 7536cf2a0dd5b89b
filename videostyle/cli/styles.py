"""List the styles and their networks, show one style's card, or paint one frame in every style."""

import argparse
import json
from typing import Any

from videostyle.cli.progress import progress_bar, say
from videostyle.errors import ConfigError
from videostyle.pipeline.stylize_config import DEFAULT_SIZE

CARD_NAMES = {"gmac_at_480x853": "billion multiply-adds at 480x853", "held_out": "held-out losses"}

EXAMPLES = """\
examples:
  videostyle styles
  videostyle styles wave/reference
  videostyle styles --on clip.mp4 -o sheet.png
  videostyle styles --on clip.mp4 -o sheet.jpg --at 1:30 --networks all

'videostyle styles add' and 'videostyle styles remove' look after styles of yours.
"""

# What only a contact sheet has a use for.
SHEET_OPTIONS = {
    "output": "-o",
    "at": "--at",
    "size": "--size",
    "networks": "--networks",
    "overwrite": "-y",
}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "styles",
        help="list the styles, or paint one frame in every style",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "style",
        metavar="STYLE",
        nargs="?",
        help="show the card of one style, such as wave or wave/reference",
    )
    group = parser.add_argument_group("contact sheet")
    group.add_argument("--on", metavar="CLIP", help="paint one frame of this video in every style")
    group.add_argument(
        "-o", "--output", metavar="FILE", help="picture to write, ending in .png or .jpg"
    )
    group.add_argument(
        "--at",
        metavar="TIME",
        help="which frame: seconds after the start, or 1:30 (default: the middle)",
    )
    group.add_argument(
        "--size",
        metavar="BOX",
        help=f"box in pixels that the networks see (default: {DEFAULT_SIZE})",
    )
    group.add_argument(
        "--networks",
        choices=("default", "all"),
        help="one network of each style, or all (default: default)",
    )
    group.add_argument("-y", "--overwrite", action="store_true", help="replace an existing picture")
    group = parser.add_argument_group("what is printed")
    group.add_argument("--json", action="store_true", help="print JSON")
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.on:
        _paint_sheet(args)
        return 0
    for name, option in SHEET_OPTIONS.items():
        if getattr(args, name):
            raise ConfigError(f"{option} is for a contact sheet, which needs --on CLIP")
    if args.style:
        _show_card(args.style, args.json)
    else:
        _list(args.json)
    return 0


def _paint_sheet(args: argparse.Namespace) -> None:
    if args.style:
        raise ConfigError(f"--on paints a frame in every style; leave '{args.style}' away")
    if not args.output:
        raise ConfigError("a contact sheet needs -o FILE")
    from videostyle.pictures.contact_sheet import SheetConfig, paint_sheet, plan_sheet

    plan = plan_sheet(
        args.on,
        args.output,
        SheetConfig(
            at=args.at,
            size=args.size,
            networks=args.networks or "default",
            overwrite=args.overwrite,
        ),
    )
    frame = plan.frame
    say(
        f"frame: at {float(frame.start_s):.2f} s, {frame.info.size} -> network "
        f"{frame.geometry.network} (width x height)",
        args.quiet,
    )
    with progress_bar(len(plan.paintings), " styles", args.quiet) as bar:
        sheet = paint_sheet(plan, on_progress=lambda done: bar.update(done - bar.n))
    if args.json:
        print(
            json.dumps(
                {
                    "target": str(sheet.target),
                    "at_s": float(sheet.at_s),
                    "work_size": str(sheet.work_size),
                    "size": str(sheet.size),
                    "styles": sheet.styles,
                }
            )
        )
    else:
        print(
            f"{sheet.target}: {len(sheet.styles)} styles on the frame at "
            f"{float(sheet.at_s):.2f} s, {sheet.size}"
        )


def _list(as_json: bool) -> None:
    from videostyle.models.spec import spec_to_json
    from videostyle.models.styles import list_styles, user_styles

    infos = list_styles()
    for info in user_styles():
        if info not in infos:
            say(
                f"note: your style {info.name} is hidden by the built-in one; {info.path} is its "
                "file: add it under another name"
            )
    infos = [info for info in infos if _is_readable(info)]
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "name": info.name,
                        "style": info.style,
                        "network": info.network,
                        "built_in": info.built_in,
                        "spec": spec_to_json(info.spec),
                        "card": info.card,
                    }
                    for info in infos
                ]
            )
        )
        return
    for info in infos:
        card = info.card
        origin = ", ".join(str(card[key]) for key in ("painter", "title", "year") if key in card)
        print(
            f"{info.name:<18} {card.get('parameters', 0) / 1e6:5.2f} M parameters  "
            f"{card.get('gmac_at_480x853', 0):5.1f} GMAC at 480x853  "
            f"{origin if info.built_in else f'{origin} (yours)'.strip()}"
        )


def _is_readable(info: Any) -> bool:
    """A damaged file of the user's must not hide the others from him."""
    from videostyle.errors import ModelLoadError

    try:
        return bool(info.spec)
    except ModelLoadError as error:
        if info.built_in:
            raise
        say(f"note: your style {info.name} can't be used: {error}")
        return False


def _show_card(name: str, as_json: bool) -> None:
    from videostyle.models.model_file import read_card
    from videostyle.models.styles import find_style

    card = read_card(find_style(name))
    if as_json:
        print(json.dumps(card))
        return
    for key, value in card.items():
        name = CARD_NAMES.get(key, key.replace("_", " "))
        if isinstance(value, list):
            print(f"{name}:", *map(_as_text, value), sep="\n  ")
        else:
            print(f"{name}: {_as_text(value)}")


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
