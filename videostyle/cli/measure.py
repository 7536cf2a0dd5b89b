"""Time a Core ML package on this Mac or an attached phone, and write every sample to a file.

Needs macOS (and Xcode for a phone). Written after coremltools' documentation; not run so far.
"""

import argparse
from pathlib import Path
from typing import Any

from videostyle.backends import COMPUTE_UNITS
from videostyle.errors import ConfigError
from videostyle.files.target import check_target

DEFAULT_SAMPLES = 100


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "measure",
        help="time a Core ML package on a Mac or an attached phone",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("package", metavar="FILE", help="package, ending in .mlpackage")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        required=True,
        help="latency file to write, ending in .json",
    )
    parser.add_argument(
        "--samples",
        metavar="N",
        type=int,
        default=DEFAULT_SAMPLES,
        help="frames to time (default: %(default)s)",
    )
    parser.add_argument(
        "--compute-units",
        choices=COMPUTE_UNITS,
        default="all",
        help="what Core ML may use (default: %(default)s)",
    )
    parser.add_argument("--device", metavar="NAME", help="an attached phone (default: this Mac)")
    parser.add_argument("--team", metavar="ID", help="development team that signs the probing app")
    parser.add_argument("--profile", metavar="UUID", help="provisioning profile instead of a team")
    parser.add_argument("--bundle", metavar="ID", help="bundle identifier of the profile")
    parser.add_argument("-y", "--overwrite", action="store_true", help="replace an existing file")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from videostyle.coreml.measure import MeasureConfig, measure_latency

    config = MeasureConfig(
        samples=args.samples,
        compute_units=args.compute_units,
        device=args.device,
        team=args.team,
        profile=args.profile,
        bundle=args.bundle,
    )
    if args.output.suffix != ".json":
        raise ConfigError(f"{args.output}: a latency file's name must end in .json")
    check_target(args.output, overwrite=args.overwrite)
    record = measure_latency(Path(args.package), config)
    record.write(args.output)
    ordered = sorted(record.samples_ms)
    print(
        f"{args.output}: {len(ordered)} samples on {record.device}, "
        f"median {ordered[len(ordered) // 2]:.1f} ms, largest {ordered[-1]:.1f} ms"
    )
    return 0
