"""Report on a Core ML package, and compare it with the style that it was made from.

Exit status 0 only if it was compared and passed its floors.
"""

import argparse
import json
from typing import TYPE_CHECKING, Any

from videostyle.cli.progress import say
from videostyle.errors import ConfigError, ParityError

if TYPE_CHECKING:
    import numpy as np

    from videostyle.coreml.check import PackageReport
    from videostyle.coreml.parity import Comparison
    from videostyle.frames import Size

# How many frames of a clip are compared, spread over its whole length.
CLIP_FRAMES = 6


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "check",
        help="report on a Core ML package and compare it with its style",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("package", metavar="FILE", help="package, ending in .mlpackage")
    parser.add_argument(
        "--against",
        metavar="STYLE",
        help="style or .keras file to compare with (default: the style that the package names)",
    )
    parser.add_argument(
        "--on",
        metavar="CLIP",
        help="compare on frames of this video instead of the program's own picture",
    )
    add_output_options(parser)
    parser.set_defaults(run=run)


def add_output_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def run(args: argparse.Namespace) -> int:
    from videostyle.coreml.check import FREE_SIZE, check_package
    from videostyle.coreml.package import read_package

    frames = None
    if args.on:
        frames = read_frames(args.on, (*read_package(args.package).sizes, FREE_SIZE)[0])
    report = check_package(
        args.package, args.against, frames, on_stage=lambda stage: say(f"{stage} ...", args.quiet)
    )
    show(report, args.json)
    if not report.passed:
        raise ParityError(f"{args.package}: not proven: {report.problem}", report)
    return 0


def read_frames(clip: str, size: "Size") -> "list[np.ndarray]":
    """A few frames of a clip, filling the size: uint8 [H, W, 3] each.

    Raises:
        ConfigError: the clip says nowhere how long it is.
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
        raise ConfigError(f"{clip}: doesn't say how long it is; take another clip for --on")
    config = StylizeConfig(
        fps=Fraction(CLIP_FRAMES) / end_s,
        size=f"{size.width}x{size.height}",
        fit="cover",
        backend="identity",
    )
    return [fill(frame, size) for frame in stylized_frames(clip, config)]


def show(report: "PackageReport", as_json: bool) -> None:
    """Print a report on stdout."""
    if as_json:
        print(json.dumps(report.as_json()))
        return
    print(
        f"{report.package}: {report.kind}, {' or '.join(report.inputs)} in, {report.output} out, "
        f"specification {report.specification}, {report.size_bytes / 1e6:.2f} MB"
    )
    counts = ", ".join(f"{kind} {count}" for kind, count in report.operations.items())
    print(
        f"operations: {sum(report.operations.values())} ({counts}); "
        f"transposes: {report.operations.get('transpose', 0)}"
    )
    print(f"largest activation: {report.largest_activation:.1f} of half precision's 65504")
    for warning in report.warnings:
        print(f"warning: {warning}")
    if report.against:
        print(f"compared with {report.against} on {report.frames} frames:")
    for comparison in report.comparisons:
        print(f"  {comparison.run:<18} {comparison.status.value:<8} {_numbers(comparison)}")


def _numbers(comparison: "Comparison") -> str:
    if comparison.psnr_db is None:
        return comparison.reason
    text = (
        f"PSNR {comparison.psnr_db:.1f} dB, at most {comparison.largest:.3f} levels, "
        f"{comparison.largest_8bit} after rounding to 8 bits"
    )
    return f"{text}: {comparison.reason}" if comparison.reason else text
