"""Put a style of yours beside the built-in ones, found by its name from then on.

It is copied, so the file itself may go.
"""

import argparse
from typing import Any

EXAMPLES = """\
examples:
  videostyle styles add my_style.keras
  videostyle styles add small.keras --name my_style/small
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "styles add",
        help="put a style of yours beside the built-in ones",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", metavar="FILE", help="model file, ending in .keras")
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="what to call it, such as my_style, or my_style/small for one of its "
        "networks (default: the file's name)",
    )
    parser.add_argument(
        "-y", "--overwrite", action="store_true", help="replace a style of yours that has the name"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from videostyle.models.own_styles import add_style

    info = add_style(args.model, args.name, overwrite=args.overwrite)
    print(f"{info.name}: {info.path}")
    return 0
