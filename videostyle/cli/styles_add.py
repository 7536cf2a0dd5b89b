"""Add a style of your own, so that you can use it by name.

A model file is copied, so the original may be deleted. From a picture a style is made; --refine
then trains it on your photos or clips for a while, which brings it closer to the picture.
"""

import argparse
import tempfile
from pathlib import Path

from videostyle.cli.options import add_debug, add_overwrite
from videostyle.cli.progress import Status, show
from videostyle.errors import ConfigError

HELP = "add a style of your own"

EXAMPLES = """\
examples:
  videostyle styles add painting.jpg --name mine
  videostyle styles add painting.jpg@large --name mine --refine 60 --photos holiday.mp4
  videostyle styles add small.keras --name my_style/small
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", metavar="FILE", help="a picture, a mix of styles, or a model file ending in .keras"
    )
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="what to call it, such as my_style, or my_style/small for one of its networks "
        "(default: the file's name)",
    )
    parser.add_argument(
        "--refine",
        metavar="TIME",
        help="then train it for so long: seconds, or 1:30; needs --photos",
    )
    parser.add_argument(
        "--photos",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="what to practise on: a folder of pictures and clips, a picture or a clip, best the "
        "clip that you want to paint; may be given again",
    )
    add_overwrite(parser, "replace a style of yours with the same name")
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    from videostyle.models.own_styles import add_style, plan_style

    if bool(args.refine) != bool(args.photos):
        raise ConfigError("--refine and --photos go together: how long to train, and on what")
    name = args.name or Path(args.model.rpartition("@")[0] or args.model).stem
    if not args.refine:
        info = add_style(args.model, name, overwrite=args.overwrite)
    else:
        plan_style(args.model, name, overwrite=args.overwrite)  # before the work, not after it
        with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
            refined = Path(folder) / "refined.keras"
            _refine(args, refined)
            info = add_style(refined, name, overwrite=args.overwrite)
    show(f"{info.name}: {info.path}")
    return 0


def _refine(args: argparse.Namespace, target: Path) -> None:
    """Train the style that is made from a painting, and write it."""
    from videostyle.cli.training import carry_out
    from videostyle.models.making.ingredients import read_ingredients
    from videostyle.train.plan import prepare_training
    from videostyle.train.train_config import TrainConfig
    from videostyle.video.rate import parse_seconds

    ingredients = read_ingredients(args.model)
    if len(ingredients) != 1 or not ingredients[0].is_painting:
        raise ConfigError(f"{args.model}: only a style from one picture can be refined")
    seconds = parse_seconds(args.refine.removesuffix("s"), "refine")
    config = TrainConfig(
        painting=Path(ingredients[0].source),
        photos=tuple(args.photos),
        stroke=ingredients[0].stroke,
        minutes=float(seconds) / 60,
        batch_size=1,  # in so short a time, more steps come closer than larger ones
    )
    carry_out(prepare_training(config, target), Status(getattr(args, "quiet", False)))
