"""Report on a Core ML package, and compare it with the style that it was made from.

The exit status is 0 only if the two were compared and are close enough.
"""

import argparse
from typing import TYPE_CHECKING

from videostyle.cli.options import add_printing
from videostyle.cli.package_report import show_report
from videostyle.cli.progress import Status
from videostyle.errors import ConfigError, ParityError

if TYPE_CHECKING:
    import numpy as np

    from videostyle.frames import Size

# How many frames of a clip are compared, spread over its whole length.
CLIP_FRAMES = 6

HELP = "report on a Core ML package and compare it with its style"

EXAMPLES = """\
examples:
  videostyle check wave.mlpackage
  videostyle check wave.mlpackage --against my.keras --on clip.mp4
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="FILE", help="package, ending in .mlpackage")
    parser.add_argument(
        "--against",
        metavar="STYLE",
        help="style or .keras file to compare with (default: the style that the package names)",
    )
    add_clip_option(parser)
    add_printing(parser, "the report")


def add_clip_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on",
        metavar="CLIP",
        help="compare on frames of this video instead of the built-in picture",
    )


def run(args: argparse.Namespace) -> int:
    from videostyle.coreml.check import FREE_SIZE, check_package
    from videostyle.coreml.package import read_package

    frames = None
    if args.on:
        frames = read_frames(args.on, (*read_package(args.package).sizes, FREE_SIZE)[0])
    status = Status(args.quiet)
    report = check_package(
        args.package, args.against, frames, on_stage=lambda stage: status.say(f"{stage} ...")
    )
    show_report(report, args.json)
    if not report.passed:
        hint = "" if report.against else "; name the style with --against STYLE"
        raise ParityError(f"{args.package}: not proven: {report.problem}{hint}", report)
    return 0


def read_frames(clip: str, size: "Size") -> "list[np.ndarray]":
    """A few frames of a clip, cropped to the size: uint8 [H, W, 3] each.

    Raises:
        ConfigError: the clip's length is unknown.
        MediaError: it can't be read.
    """
    from fractions import Fraction
    from pathlib import Path

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
