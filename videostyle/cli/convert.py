"""Convert a style to a Core ML package, and prove that it paints the same picture."""

import argparse
from typing import Any

from videostyle.cli.check import add_output_options, read_frames, show
from videostyle.cli.progress import say
from videostyle.coreml.config import COMPRESSIONS, PRECISIONS, TARGETS, ConvertConfig
from videostyle.errors import ParityError

DEFAULTS = ConvertConfig()

EXAMPLES = """\
examples:
  videostyle convert wave -o wave.mlpackage --upscale 1080x1920
  videostyle convert wave/reference -o small.mlpackage --compress int8 --target iOS17
  videostyle convert mine.keras -o mine.mlpackage --sizes 480x856,360x640 --on clip.mp4
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "convert", help="convert a style to a Core ML package, with proof", description=__doc__,
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("style", metavar="STYLE",
                        help="a built-in style, one of its networks, or a .keras file")
    parser.add_argument("-o", "--output", metavar="FILE", required=True,
                        help="package to write, ending in .mlpackage")
    _add_shape_options(parser.add_argument_group("pictures"))
    _add_storage_options(parser.add_argument_group("arithmetic and weights"))
    parser.add_argument("--on", metavar="CLIP", help="compare on frames of this video instead of "
                                                     "the program's own picture")
    parser.add_argument("-y", "--overwrite", action="store_true",
                        help="replace an existing package")
    add_output_options(parser)
    parser.set_defaults(run=run)


def _add_shape_options(group: Any) -> None:
    group.add_argument("--size", metavar="BOX", default=DEFAULTS.size,
                       help="picture that goes in, in pixels (default: %(default)s)")
    group.add_argument("--sizes", metavar="A,B,C", type=lambda text: tuple(text.split(",")),
                       default=(), help="several that go in; the first is the default one; sides "
                                        "in multiples of 4")
    group.add_argument("--upscale", metavar="BOX",
                       help="picture that comes out, scaled bilinearly inside the model, such as "
                            "1080x1920 (default: as what goes in)")
    group.add_argument("--portrait", action="store_true",
                       help="pictures stand upright instead of lying")


def _add_storage_options(group: Any) -> None:
    group.add_argument("--precision", choices=PRECISIONS, default=DEFAULTS.precision,
                       help="of the arithmetic (default: %(default)s)")
    group.add_argument("--compress", choices=COMPRESSIONS,
                       help="store the weights in fewer bits (default: as the arithmetic)")
    group.add_argument("--target", choices=TARGETS, default=DEFAULTS.target,
                       help="oldest system to run it (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    config = ConvertConfig(
        size=args.size, sizes=args.sizes, upscale=args.upscale, portrait=args.portrait,
        precision=args.precision, compress=args.compress, target=args.target,
        overwrite=args.overwrite)
    from pathlib import Path

    from videostyle.coreml.convert import check_names, convert_style
    from videostyle.models.styles import find_style

    check_names(find_style(args.style), Path(args.output), config)
    frames = read_frames(args.on, config.inputs[0]) if args.on else None
    try:
        report = convert_style(args.style, args.output, config, frames=frames,
                               on_stage=lambda stage: say(f"{stage} ...", args.quiet))
    except ParityError as error:
        show(error.report, args.json)
        raise
    show(report, args.json)
    return 0
