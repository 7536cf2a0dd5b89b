"""Time a Core ML package on this Mac or an attached phone, and write every sample to a file.

Needs macOS, and Xcode for a phone. It follows coremltools' documentation and has not been run yet.
"""

import argparse
from pathlib import Path

from videostyle.backends import COMPUTE_UNITS
from videostyle.cli.options import Option, Options, add_debug, add_overwrite
from videostyle.cli.progress import show
from videostyle.coreml.measure_config import MeasureConfig
from videostyle.errors import ConfigError
from videostyle.files.target import check_target

HELP = "time a Core ML package on a Mac or an attached phone"

EXAMPLES = """\
examples:
  videostyle measure wave.mlpackage -o mac.json
  videostyle measure wave.mlpackage -o phone.json --device iPhone --team ABC123
"""

SETTINGS = Options(
    MeasureConfig,
    samples=Option("frames to time", metavar="N"),
    compute_units=Option("what Core ML may use", choices=COMPUTE_UNITS),
    device=Option("an attached phone", metavar="NAME", default="this Mac"),
    team=Option("development team that signs the measuring app", metavar="ID"),
    profile=Option("provisioning profile instead of a team", metavar="UUID"),
    bundle=Option("bundle identifier of the profile", metavar="ID"),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="FILE", help="package, ending in .mlpackage")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        required=True,
        help="latency file to write, ending in .json",
    )
    SETTINGS.add_to(parser)
    add_overwrite(parser)
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    from videostyle.coreml.measure import measure_latency

    config = SETTINGS.make(args)
    if args.output.suffix != ".json":
        raise ConfigError(f"{args.output}: a latency file's name must end in .json")
    check_target(args.output, overwrite=args.overwrite)
    record = measure_latency(Path(args.package), config)
    record.write(args.output)
    ordered = sorted(record.samples_ms)
    show(
        f"{args.output}: {len(ordered)} samples on {record.device}, "
        f"median {ordered[len(ordered) // 2]:.1f} ms, largest {ordered[-1]:.1f} ms"
    )
    return 0
