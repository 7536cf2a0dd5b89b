"""Options that say how a model file of others is read, by the names of their fields."""

from videostyle.cli.options import Option
from videostyle.graphs.picture_form import RANGES

READING = {
    "levels": Option(
        "the values for black and white in a model file that others made: 0 and 255, 0 and 1, or "
        "-1 and 1",
        choices=list(RANGES),
        default="what the file says, else guessed by trying",
    ),
    "function": Option(
        "which function of a Core ML package with several to run",
        metavar="NAME",
        default="the package's own",
    ),
    "style_number": Option(
        "which style of a Core ML model that holds several to paint; the first is 1",
        metavar="N",
        default="1",
    ),
}
