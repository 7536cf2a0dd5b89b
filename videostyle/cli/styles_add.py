"""Add a style of your own, so that you can use it by name.

The model file is copied, so the original may be deleted.
"""

import argparse

from videostyle.cli.options import add_debug, add_overwrite
from videostyle.cli.progress import show

HELP = "add a style of your own"

EXAMPLES = """\
examples:
  videostyle styles add my_style.keras
  videostyle styles add small.keras --name my_style/small
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="FILE", help="model file, ending in .keras")
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="what to call it, such as my_style, or my_style/small for one of its networks "
        "(default: the file's name)",
    )
    add_overwrite(parser, "replace a style of yours with the same name")
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    from videostyle.models.own_styles import add_style

    info = add_style(args.model, args.name, overwrite=args.overwrite)
    show(f"{info.name}: {info.path}")
    return 0
