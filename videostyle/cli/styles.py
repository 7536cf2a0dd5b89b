"""List the styles and their networks, show one style's card, or paint one frame in every style."""

import argparse
import json
from typing import Any

from videostyle.cli.options import Option, Options, add_printing, overwrite_option
from videostyle.cli.progress import Status, show
from videostyle.cli.styles_table import show_card, show_styles
from videostyle.errors import ConfigError
from videostyle.pictures.sheet_config import NETWORKS, SheetConfig
from videostyle.pipeline.stylize_config import DEFAULT_SIZE

HELP = "list the styles, or paint one frame in every style"

EXAMPLES = """\
examples:
  videostyle styles
  videostyle styles wave/reference
  videostyle styles --on clip.mp4 -o sheet.png
  videostyle styles --on clip.mp4 -o sheet.jpg --at 1:30 --networks all

'videostyle styles add' and 'videostyle styles remove' manage your own styles.
"""

SHEET = Options(
    SheetConfig,
    at=Option("which frame: seconds from the start, or 1:30", metavar="TIME", default="the middle"),
    size=Option(
        "size of the frame that the networks see, in pixels", metavar="BOX", default=DEFAULT_SIZE
    ),
    networks=Option("one network of each style, or all", choices=NETWORKS),
    overwrite=overwrite_option("replace an existing picture"),
)


def add_options(parser: argparse.ArgumentParser) -> None:
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
    SHEET.add_to(group)
    add_printing(parser)


def run(args: argparse.Namespace) -> int:
    if args.on:
        _paint_sheet(args)
        return 0
    given = [*(["-o"] if args.output else []), *SHEET.given(args)]
    if given:
        raise ConfigError(f"{given[0]} is for a contact sheet, which needs --on CLIP")
    if args.style:
        _show_card(args.style, args.json)
    else:
        _list(args.json, Status(args.quiet))
    return 0


def _paint_sheet(args: argparse.Namespace) -> None:
    if args.style:
        raise ConfigError(f"--on paints a frame in every style; leave out '{args.style}'")
    if not args.output:
        raise ConfigError("a contact sheet needs -o FILE")
    config = SHEET.make(args)
    from videostyle.pictures.contact_sheet import paint_sheet, plan_sheet

    plan = plan_sheet(args.on, args.output, config)
    frame, status = plan.frame, Status(args.quiet)
    status.say(
        f"frame: at {float(frame.start_s):.2f} s, {frame.info.size} -> network "
        f"{frame.geometry.network} (width x height)"
    )
    with status.bar(len(plan.paintings), " styles") as bar:
        sheet = paint_sheet(plan, on_progress=bar.show)
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
        show(
            f"{sheet.target}: {len(sheet.styles)} styles on the frame at "
            f"{float(sheet.at_s):.2f} s, {sheet.size}"
        )


def _list(as_json: bool, status: Status) -> None:
    from videostyle.models.spec import spec_to_json
    from videostyle.models.styles import list_styles, user_styles

    infos = list_styles()
    for info in user_styles():
        if info not in infos:
            Status().say(
                f"note: your style {info.name} is hidden by a built-in style of that name; to use "
                f"it, add {info.path} under another name"
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
    show_styles(infos)
    status.say("GMAC: billion multiply-adds for a frame of 480x853; fewer is faster")


def _is_readable(info: Any) -> bool:
    """Whether a style can be read; a damaged one of the user's must not hide the others."""
    from videostyle.errors import ModelLoadError

    try:
        return bool(info.spec)
    except ModelLoadError as error:
        if info.built_in:
            raise
        Status().say(f"note: your style {info.name} can't be used: {error}")
        return False


def _show_card(name: str, as_json: bool) -> None:
    from videostyle.models.model_file import read_card
    from videostyle.models.styles import find_style

    card = read_card(find_style(name))
    if as_json:
        print(json.dumps(card))
    else:
        show_card(card)
