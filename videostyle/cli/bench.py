"""Time the article's ladder of networks on this machine, or the stages of a real run.

Without --profile: a table of 100 frames at 480x853 for each network, the first frame left out, with
what each costs and what its picture is worth. With --profile CLIP: decoder, network and encoder
alone and all at once, and which of them to make faster.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from videostyle.backends import PRECISIONS
from videostyle.bench.bench_config import CHOICES, BenchConfig
from videostyle.cli.progress import progress_bar, say
from videostyle.errors import ConfigError
from videostyle.files.target import check_target
from videostyle.pipeline.stylize_config import StylizeConfig

DEFAULTS = BenchConfig()

# What --profile paints unless --duration says otherwise: enough for the queues to fill.
PROFILE_S = 20


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "bench",
        help="time networks, or the stages of a run, on this machine",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--backend",
        choices=CHOICES,
        default=DEFAULTS.backend,
        help="what runs the networks; all: every one that is installed, in every "
        "precision (default: %(default)s, the fastest installed)",
    )
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default=DEFAULTS.precision,
        help="what the networks compute in (default: %(default)s)",
    )
    parser.add_argument(
        "--size",
        metavar="BOX",
        default=DEFAULTS.size,
        help="what the network sees, in pixels (default: %(default)s)",
    )
    parser.add_argument(
        "--style",
        metavar="STYLE",
        default=DEFAULTS.style,
        help="built-in style whose networks are timed (default: %(default)s); with "
        "--profile any style or model file",
    )
    parser.add_argument(
        "--iterations",
        metavar="N",
        type=int,
        default=DEFAULTS.iterations,
        help="frames per network; the first is left out (default: %(default)s)",
    )
    parser.add_argument(
        "--profile", metavar="CLIP", type=Path, help="time the stages of painting this clip instead"
    )
    _add_profile_options(parser.add_argument_group("with --profile"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print Markdown")
    form.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--plot", metavar="FILE", type=Path, help="draw speed against quality: .png, .svg or .pdf"
    )
    parser.add_argument("-y", "--overwrite", action="store_true", help="replace an existing plot")
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def _add_profile_options(group: Any) -> None:
    group.add_argument(
        "--fps",
        metavar="RATE",
        default=StylizeConfig.fps,
        help="frames per second (default: %(default)s)",
    )
    group.add_argument(
        "--out-size",
        metavar="BOX",
        default=StylizeConfig.out_size,
        help="what is encoded (default: source)",
    )
    group.add_argument("--preset", metavar="NAME", help="the encoder's (default: its own)")
    group.add_argument(
        "--duration",
        metavar="TIME",
        default=PROFILE_S,
        help="seconds of the clip (default: %(default)s)",
    )
    group.add_argument("--full-decode", action="store_true", help="as in videostyle stylize")


def run(args: argparse.Namespace) -> int:
    config = BenchConfig(
        args.iterations,
        args.size,
        args.backend,
        args.precision,
        DEFAULTS.style if args.profile else args.style,
    )
    if args.profile:
        return _profile(args)
    if args.plot:
        _check_plot(args.plot, args.overwrite)
    with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
        return _time_ladder(args, config, Path(folder))


def _time_ladder(args: argparse.Namespace, config: BenchConfig, folder: Path) -> int:
    from videostyle.bench.measure import count_frames, measure_ladder
    from videostyle.bench.table import as_json, as_markdown, as_text

    with progress_bar(count_frames(config), " frames", args.quiet) as bar:

        def show(label: str) -> None:
            bar.set_postfix_str(label, refresh=False)
            bar.update()

        timings = list(measure_ladder(config, folder, show))
    if args.json:
        print(json.dumps(as_json(timings)))
    else:
        print("\n".join((as_markdown if args.markdown else as_text)(timings)).rstrip())
    if args.plot:
        from videostyle.bench.plot import draw_plot

        draw_plot(timings, args.plot)
        say(f"plot: {args.plot}", args.quiet)
    return 0


def _check_plot(path: Path, overwrite: bool) -> None:
    """Before minutes are spent on timing."""
    import importlib.util

    from videostyle.bench.plot import SUFFIXES
    from videostyle.errors import MissingDependencyError

    if path.suffix not in SUFFIXES:
        raise ConfigError(f"{path}: a plot's name must end in one of {', '.join(SUFFIXES)}")
    check_target(path, overwrite=overwrite)
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingDependencyError("a plot needs: pip install 'videostyle[bench]'")


def _profile(args: argparse.Namespace) -> int:
    from videostyle.bench.profile import profile_run
    from videostyle.bench.profile_report import (
        profile_as_json,
        profile_as_markdown,
        profile_as_text,
    )
    from videostyle.video.codecs import EncodeConfig

    if args.backend == "all" or args.plot:
        raise ConfigError("--profile goes with one backend and without --plot")
    config = StylizeConfig(
        fps=args.fps,
        size=args.size,
        out_size=args.out_size,
        style=args.style,
        backend=args.backend,
        precision=args.precision,
        duration=args.duration,
        full_decode=args.full_decode,
        encode=EncodeConfig(preset=args.preset),
    )
    profile = profile_run(args.profile, config, lambda stage: say(f"timing: {stage}", args.quiet))
    if args.json:
        print(json.dumps(profile_as_json(profile)))
    else:
        form = profile_as_markdown if args.markdown else profile_as_text
        print("\n".join(form(profile)))
    return 0
