"""Add a style of your own, so that you can use it by name.

It is a model file, which is copied, or a picture of a painting, from which a style is made. The
original may be deleted. With --refine the style is then trained for a minute or so, which brings it
closer to the painting; this needs TensorFlow.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from videostyle.cli.options import add_debug, add_overwrite
from videostyle.cli.progress import Status, show
from videostyle.cli.stroke import add_stroke
from videostyle.errors import ConfigError

HELP = "add a style of your own"

EXAMPLES = """\
examples:
  videostyle styles add painting.jpg --name mine
  videostyle styles add painting.jpg --name mine --refine 60s --on clip.mp4
  videostyle styles add painting.jpg --name mine --stroke large
  videostyle styles add my_style.keras
  videostyle styles add small.keras --name my_style/small
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", metavar="FILE", help="picture of a painting, or a model file ending in .keras"
    )
    parser.add_argument(
        "--name",
        metavar="NAME",
        help="what to call it, such as my_style, or my_style/small for one of its networks "
        "(default: the file's name)",
    )
    add_stroke(parser)
    add_overwrite(parser, "replace a style of yours with the same name")
    group = parser.add_argument_group("refining a painting's style")
    group.add_argument(
        "--refine", metavar="TIME", help="train it for this long: 60s, 2m or 1:30, plus loading"
    )
    group.add_argument(
        "--on",
        "--photos",
        dest="photos",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="what to practise on: the clip that you want to paint, or a picture or a folder of "
        "either; may be given again",
    )
    group.add_argument(
        "--samples",
        metavar="DIR",
        type=Path,
        help="write a picture into DIR at each measurement: a frame, the same frame painted, and "
        "the painting",
    )
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    from videostyle.models.making.ingredients import with_stroke
    from videostyle.models.own_styles import add_style

    style = with_stroke(args.model, args.stroke)
    if args.refine:
        info = _add_refined(style, args)
    else:
        if args.photos or args.samples:
            raise ConfigError("--on, --photos and --samples are for refining, which needs --refine")
        info = add_style(style, args.name, overwrite=args.overwrite)
    show(f"{info.name}: {info.path}")
    return 0


def _add_refined(style: str, args: argparse.Namespace) -> Any:
    seconds = _read_seconds(args.refine)
    from videostyle.models.own_styles import add_style, default_name, name_style
    from videostyle.models.spec import FastSpec
    from videostyle.train.refine import plan_refining, refine_style

    status, name = Status(args.quiet), args.name or default_name(style)
    name_style(name, FastSpec().architecture, overwrite=args.overwrite)
    plan = plan_refining(style, tuple(args.photos), seconds, args.samples)
    from videostyle.models.tensorflow import import_keras

    import_keras()
    with tempfile.TemporaryDirectory() as folder, status.bar(1) as bar:
        refined = Path(folder) / "refined.keras"

        def tell(progress: Any) -> None:
            bar.show(progress.done, f"step {progress.step}, style {progress.terms['style']:.3f}")

        losses = refine_style(plan, refined, tell, lambda _: bar.begin(0))
        info = add_style(refined, name, overwrite=args.overwrite)
    before, after = (losses[when]["style"] for when in ("before", "after"))
    status.say(f"refined: style loss on held-out frames {before:.3f} -> {after:.3f}")
    return info


def _read_seconds(text: str) -> float:
    """Seconds from `60s`, `2m`, `90` or `1:30`."""
    from videostyle.video.rate import parse_seconds

    if text.endswith("m"):
        seconds = 60 * float(parse_seconds(text.removesuffix("m"), "--refine"))
    else:
        seconds = float(parse_seconds(text.removesuffix("s"), "--refine"))
    if not seconds:
        raise ConfigError("--refine must be above 0 s")
    return seconds
