"""Convert a style to a Core ML package, and prove that it paints the same picture.

Or make a model file of a checkpoint that lengstrom/fast-style-transfer saved with TensorFlow 1.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from videostyle.cli.check import add_output_options, read_frames, show
from videostyle.cli.progress import say
from videostyle.coreml.convert_config import COMPRESSIONS, PRECISIONS, TARGETS, ConvertConfig
from videostyle.errors import ConfigError, ModelError, ParityError

DEFAULTS = ConvertConfig()

# What says how a package is made, and has no meaning for a model file.
PACKAGE_OPTIONS = {
    "size": DEFAULTS.size,
    "sizes": DEFAULTS.sizes,
    "upscale": None,
    "portrait": False,
    "precision": DEFAULTS.precision,
    "compress": None,
    "target": DEFAULTS.target,
    "on": None,
}

EXAMPLES = """\
examples:
  videostyle convert wave -o wave.mlpackage --upscale 1080x1920
  videostyle convert wave/reference -o small.mlpackage --compress int8 --target iOS17
  videostyle convert mine.keras -o mine.mlpackage --sizes 480x856,360x640 --on clip.mp4
  videostyle convert fns.ckpt -o mine.keras
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "convert",
        help="convert a style to a Core ML package, with proof; or a checkpoint to a style",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a style ('videostyle styles' lists them), one of its networks, or a "
        ".keras file; or a checkpoint: the prefix of its files or its folder",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help="what to write: of a style a package, ending in .mlpackage; of a "
        "checkpoint a model file, ending in .keras",
    )
    _add_shape_options(parser.add_argument_group("pictures of a package"))
    _add_storage_options(parser.add_argument_group("arithmetic and weights of a package"))
    parser.add_argument(
        "--on",
        metavar="CLIP",
        help="compare on frames of this video instead of the program's own picture",
    )
    parser.add_argument("-y", "--overwrite", action="store_true", help="replace an existing file")
    add_output_options(parser)
    parser.set_defaults(run=run)


def _add_shape_options(group: Any) -> None:
    group.add_argument(
        "--size",
        metavar="BOX",
        default=DEFAULTS.size,
        help="picture that goes in, in pixels (default: %(default)s)",
    )
    group.add_argument(
        "--sizes",
        metavar="A,B,C",
        type=lambda text: tuple(text.split(",")),
        default=(),
        help="several that go in; the first is the default one; sides in multiples of 4",
    )
    group.add_argument(
        "--upscale",
        metavar="BOX",
        help="picture that comes out, scaled bilinearly inside the model, such as "
        "1080x1920 (default: as what goes in)",
    )
    group.add_argument(
        "--portrait", action="store_true", help="pictures stand upright instead of lying"
    )


def _add_storage_options(group: Any) -> None:
    group.add_argument(
        "--precision",
        choices=PRECISIONS,
        default=DEFAULTS.precision,
        help="of the arithmetic (default: %(default)s)",
    )
    group.add_argument(
        "--compress",
        choices=COMPRESSIONS,
        help="store the weights in fewer bits (default: as the arithmetic)",
    )
    group.add_argument(
        "--target",
        choices=TARGETS,
        default=DEFAULTS.target,
        help="oldest system to run it (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    from videostyle.models.model_file import SUFFIX as MODEL_SUFFIX

    return (_import_checkpoint if args.output.endswith(MODEL_SUFFIX) else _make_package)(args)


def _import_checkpoint(args: argparse.Namespace) -> int:
    given = [name for name, default in PACKAGE_OPTIONS.items() if getattr(args, name) != default]
    if given:
        raise ConfigError(f"--{given[0]} is for packages; {args.output} is no .mlpackage")
    from videostyle.models.tf1_checkpoint import import_checkpoint

    say("reading the checkpoint ...", args.quiet)
    model = import_checkpoint(args.source, args.output, overwrite=args.overwrite)
    if args.json:
        print(json.dumps({"model": args.output, "card": model.card}))
    else:
        print(
            f"{args.output}: {model.card['parameters'] / 1e6:.2f} M parameters, from "
            f"{model.card['origin']}"
        )
    return 0


def _make_package(args: argparse.Namespace) -> int:
    config = ConvertConfig(
        size=args.size,
        sizes=args.sizes,
        upscale=args.upscale,
        portrait=args.portrait,
        precision=args.precision,
        compress=args.compress,
        target=args.target,
        overwrite=args.overwrite,
    )
    from videostyle.coreml.convert import check_names, convert_style

    check_names(_find_style(args.source), Path(args.output), config)
    frames = read_frames(args.on, config.inputs[0]) if args.on else None
    try:
        report = convert_style(
            args.source,
            args.output,
            config,
            frames=frames,
            on_stage=lambda stage: say(f"{stage} ...", args.quiet),
        )
    except ParityError as error:
        show(error.report, args.json)
        raise
    show(report, args.json)
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
