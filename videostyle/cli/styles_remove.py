"""Delete a style that was added with 'videostyle styles add'."""

import argparse

from videostyle.cli.options import add_debug
from videostyle.cli.progress import show

HELP = "delete a style of your own"

EXAMPLES = """\
examples:
  videostyle styles remove my_style
  videostyle styles remove my_style/small
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        help="style, with all its networks, or one of them, such as my_style/small",
    )
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    from videostyle.models.own_styles import remove_style

    for info in remove_style(args.name):
        show(f"{info.name}: removed")
    return 0
