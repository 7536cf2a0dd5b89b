"""Delete a style that was put there with 'videostyle styles add'."""

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "styles remove", help="take a style of yours out again", description=__doc__
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        help="style, with all its networks, or one of them, such as my_style/small",
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from videostyle.models.own_styles import remove_style

    for info in remove_style(args.name):
        print(f"{info.name}: removed")
    return 0
