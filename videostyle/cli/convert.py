"""Convert a style to a Core ML package, and check that it paints the same picture.

Or turn a checkpoint that lengstrom/fast-style-transfer saved with TensorFlow 1 into a model file.
"""

import argparse
import json
from pathlib import Path

from videostyle.cli.check import add_clip_option, read_frames
from videostyle.cli.choice import add_choice, apply_choice
from videostyle.cli.options import Option, Options, add_printing, overwrite_option, split_words
from videostyle.cli.package_report import show_report
from videostyle.cli.progress import Status, show
from videostyle.cli.stroke import add_stroke
from videostyle.coreml.convert_config import COMPRESSIONS, PRECISIONS, TARGETS, ConvertConfig
from videostyle.errors import ConfigError, ModelError, ParityError
from videostyle.models.making.ingredients import with_stroke

HELP = "convert a style to a Core ML package, or a checkpoint to a style"

EXAMPLES = """\
examples:
  videostyle convert wave -o wave.mlpackage --upscale 1080x1920
  videostyle convert wave/reference -o small.mlpackage --compress int8
  videostyle convert mine.keras -o mine.mlpackage --sizes 480x856,360x640
  videostyle convert fns.ckpt -o mine.keras
"""

PICTURES = Options(
    ConvertConfig,
    size=Option("size of the pictures that go in, in pixels", metavar="BOX"),
    sizes=Option(
        "several sizes that go in, the default one first; all sides multiples of 4",
        metavar="A,B,C",
        parse=split_words,
    ),
    upscale=Option(
        "size of the pictures that come out, scaled up inside the model, such as 1080x1920",
        metavar="BOX",
        default="as what goes in",
    ),
    portrait=Option("portrait instead of landscape"),
)

NUMBERS = Options(
    ConvertConfig,
    precision=Option("numbers that the network computes with", choices=PRECISIONS),
    compress=Option(
        "store the weights in fewer bits", choices=COMPRESSIONS, default="as the precision"
    ),
    target=Option("oldest system that must run it", choices=TARGETS),
)

OVERWRITE = Options(ConvertConfig, overwrite=overwrite_option())


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        help="a style ('videostyle styles' lists them), one of its networks, a picture of a "
        "painting, or a .keras file; or a checkpoint: its folder or the common start of its files' "
        "names",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help="file to write: a package for a style, ending in .mlpackage; a model file for a "
        "checkpoint, ending in .keras",
    )
    add_choice(parser, "style and size")
    PICTURES.add_to(parser.add_argument_group("pictures of a package"))
    NUMBERS.add_to(parser.add_argument_group("numbers of a package"))
    add_stroke(parser)
    add_clip_option(parser)
    OVERWRITE.add_to(parser)
    add_printing(parser, "the report")


def run(args: argparse.Namespace) -> int:
    from videostyle.models.model_file import SUFFIX as MODEL_SUFFIX

    if args.choice:
        if args.source:
            raise ConfigError(f"{args.source} and --choice both name a style; leave one out")
        args.source = apply_choice(args, PICTURES, ("portrait",), size="phone").style
    elif not args.source:
        raise ConfigError("name a style, or give --choice")
    args.source = with_stroke(args.source, args.stroke)
    return (_import_checkpoint if args.output.endswith(MODEL_SUFFIX) else _make_package)(args)


def _import_checkpoint(args: argparse.Namespace) -> int:
    given = [*PICTURES.given(args), *NUMBERS.given(args), *(["--on"] if args.on else [])]
    if given:
        raise ConfigError(f"{given[0]} is for packages; {args.output} isn't a .mlpackage")
    from videostyle.models.tf1_checkpoint import import_checkpoint

    Status(args.quiet).say("reading the checkpoint ...")
    model = import_checkpoint(args.source, args.output, overwrite=args.overwrite)
    if args.json:
        print(json.dumps({"model": args.output, "card": model.card}))
    else:
        show(
            f"{args.output}: {model.card['parameters'] / 1e6:.2f} M parameters, from "
            f"{model.card['origin']}"
        )
    return 0


def _make_package(args: argparse.Namespace) -> int:
    config = PICTURES.make(args, **NUMBERS.values(args), **OVERWRITE.values(args))
    from videostyle.coreml.convert import check_names, convert_style

    check_names(_find_style(args.source), Path(args.output), config)
    frames = read_frames(args.on, config.inputs[0]) if args.on else None
    status = Status(args.quiet)
    try:
        report = convert_style(
            args.source,
            args.output,
            config,
            frames=frames,
            on_stage=lambda stage: status.say(f"{stage} ..."),
        )
    except ParityError as error:
        show_report(error.report, args.json)
        raise
    show_report(report, args.json)
    return 0


def _find_style(source: str) -> Path:
    from videostyle.models.checkpoint_files import is_checkpoint
    from videostyle.models.styles import find_style

    try:
        return find_style(source)
    except ModelError as error:
        if is_checkpoint(source):
            raise ConfigError(
                f"{source}: is a checkpoint; make a model file of it first: "
                f"videostyle convert {source} -o model.keras"
            ) from error
        raise
