"""Options that say how a model file of others is read."""

from typing import Any

from videostyle.graphs.picture_form import RANGES


def add_reading_options(group: Any) -> None:
    """Add `--levels` and `--function`."""
    group.add_argument(
        "--levels",
        choices=list(RANGES),
        help="of a model file that others made: its values for black and white, 0 and 255, 0 and "
        "1, or -1 and 1 (default: what the file says, else guessed)",
    )
    group.add_argument(
        "--function",
        metavar="NAME",
        help="of a Core ML package with several functions: the one to run (default: its own)",
    )
