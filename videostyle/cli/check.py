"""Report on a Core ML or ONNX model, whoever made it, and compare it with a style or another model.

The exit status is 0 if the two are close enough, or if the model runs here and there is nothing to
compare it with; the report says which.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from videostyle.cli.options import Options, add_printing
from videostyle.cli.package_report import show_report
from videostyle.cli.progress import Status
from videostyle.cli.reading import READING
from videostyle.errors import ConfigError, ParityError
from videostyle.graphs.reading import Reading
from videostyle.pictures.proof import DIFFERENCE_GAIN, check_new_folder, write_pictures

if TYPE_CHECKING:
    import numpy as np

    from videostyle.frames import Size

# How many frames of a clip are compared, spread over its whole length.
CLIP_FRAMES = 6

OPTIONS = Options(Reading, **READING)

HELP = "report on a Core ML or ONNX model and compare it with a style"

EXAMPLES = """\
examples:
  videostyle check wave.mlpackage
  videostyle check wave.mlpackage --against my.keras --on clip.mp4
  videostyle check theirs.onnx --pictures seen
  videostyle check theirs.mlmodel --against theirs.onnx
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "package", metavar="FILE", help="model, ending in .mlpackage, .mlmodel or .onnx"
    )
    parser.add_argument(
        "--against",
        metavar="STYLE",
        help="style, .keras file or other model to compare with (default: the style that the "
        "package names)",
    )
    parser.add_argument(
        "--pictures",
        metavar="DIR",
        help="write the pictures into this new folder: source, painting, and the difference from "
        f"what it was compared with, times {DIFFERENCE_GAIN}",
    )
    OPTIONS.add_to(parser)
    add_clip_option(parser)
    add_printing(parser, "the report")


def add_clip_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on",
        metavar="CLIP",
        help="compare on frames of this video instead of the built-in picture",
    )


def run(args: argparse.Namespace) -> int:
    from videostyle.coreml.any_model import open_any_model
    from videostyle.coreml.check import FREE_SIZE, check_package
    from videostyle.coreml.report import Verdict

    frames, reading = None, OPTIONS.make(args)
    if args.pictures:
        check_new_folder(Path(args.pictures))
    if args.on:
        sizes = open_any_model(args.package, reading).sizes
        frames = read_frames(args.on, (*sizes, FREE_SIZE)[0])
    status = Status(args.quiet)
    report = check_package(
        args.package,
        args.against,
        frames,
        on_stage=lambda stage: status.say(f"{stage} ..."),
        reading=reading,
    )
    if args.pictures:
        write_pictures(report, Path(args.pictures))
    show_report(report, args.json)
    if report.verdict is Verdict.DIFFERS:
        raise ParityError(f"{args.package}: not proven: {report.problem}", report)
    return 0


def read_frames(clip: str, size: "Size") -> "list[np.ndarray]":
    """A few frames of a clip, cropped to the size: uint8 [H, W, 3] each.

    Raises:
        ConfigError: the clip's length is unknown.
        MediaError: it can't be read.
    """
    from fractions import Fraction

    from videostyle.coreml.check import fill
    from videostyle.pipeline.stylize import stylized_frames
    from videostyle.pipeline.stylize_config import StylizeConfig
    from videostyle.video.probe import probe

    end_s = probe(Path(clip)).end_s
    if not end_s:
        raise ConfigError(f"{clip}: its length is unknown; use another clip for --on")
    config = StylizeConfig(
        fps=Fraction(CLIP_FRAMES) / end_s,
        size=f"{size.width}x{size.height}",
        fit="cover",
        backend="identity",
    )
    return [fill(frame, size) for frame in stylized_frames(clip, config)]
