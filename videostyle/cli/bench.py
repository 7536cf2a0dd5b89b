"""Time the article's ladder of networks on this machine, or the stages of a real run.

Without --profile: a table of how fast each network is on 100 frames of 480x853 (the first is not
counted), with its cost and the quality of its pictures. With --profile CLIP: the speed of decoder,
network and encoder, each alone and all at once, and which of them to make faster.
"""

import argparse
import json
import tempfile
from pathlib import Path

from videostyle.backends import PRECISIONS
from videostyle.bench.bench_config import CHOICES, BenchConfig
from videostyle.cli.bench_table import show_timings
from videostyle.cli.options import Option, Options, add_debug, add_json, add_overwrite
from videostyle.cli.progress import Status
from videostyle.cli.stylize_options import CUT, ENCODE, PICTURE
from videostyle.errors import ConfigError
from videostyle.files.target import check_target
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.codecs import EncodeConfig

# Seconds that --profile paints by default: enough to fill the queues.
PROFILE_S = 20

HELP = "time networks, or the stages of a run, on this machine"

EXAMPLES = """\
examples:
  videostyle bench
  videostyle bench --backend all --markdown
  videostyle bench --profile clip.mp4 --size 480x853
"""

NETWORKS = Options(
    BenchConfig,
    backend=Option(
        "what runs the networks; all: every backend installed, in every precision",
        choices=CHOICES,
        default="auto, the fastest one installed",
    ),
    precision=Option(
        PICTURE["precision"].help, choices=PRECISIONS, default=PICTURE["precision"].default
    ),
    size=Option("size of the frames that the network sees, in pixels", metavar="BOX"),
    style=Option(
        "built-in style whose networks are timed; with --profile any style or model file",
        metavar="STYLE",
    ),
    iterations=Option("frames for each network; the first is not counted", metavar="N"),
)

PROFILE = Options(
    StylizeConfig,
    fps=PICTURE["fps"],
    out_size=Option("size of the finished video", metavar="BOX", default="source"),
    duration=Option(CUT["duration"].help, metavar="TIME", value=PROFILE_S),
    full_decode=CUT["full_decode"],
)

ENCODER = Options(EncodeConfig, preset=ENCODE["preset"])


def add_options(parser: argparse.ArgumentParser) -> None:
    NETWORKS.add_to(parser)
    parser.add_argument(
        "--profile", metavar="CLIP", type=Path, help="time the stages of painting this clip instead"
    )
    profile = parser.add_argument_group("with --profile")
    PROFILE.add_to(profile)
    ENCODER.add_to(profile)
    group = parser.add_argument_group("what is printed")
    form = group.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print Markdown")
    add_json(form)
    group.add_argument(
        "--plot", metavar="FILE", type=Path, help="draw speed against quality: .png, .svg or .pdf"
    )
    add_overwrite(group, "replace an existing plot")
    add_debug(group)


def run(args: argparse.Namespace) -> int:
    if args.profile:
        return _profile(args)
    config = NETWORKS.make(args)
    if args.plot:
        _check_plot(args.plot, args.overwrite)
    with tempfile.TemporaryDirectory(prefix="videostyle-") as folder:
        return _time_ladder(args, config, Path(folder))


def _time_ladder(args: argparse.Namespace, config: BenchConfig, folder: Path) -> int:
    from videostyle.bench.measure import count_frames, measure_ladder
    from videostyle.bench.table import as_json, as_markdown

    status = Status(args.quiet)
    with status.bar(count_frames(config), " frames") as bar:
        done = 0

        def tell(label: str) -> None:
            nonlocal done
            done += 1
            bar.show(done, label)

        timings = list(measure_ladder(config, folder, tell))
    if args.json:
        print(json.dumps(as_json(timings)))
    elif args.markdown:
        print("\n".join(as_markdown(timings)).rstrip())
    else:
        show_timings(timings)
    if args.plot:
        from videostyle.bench.plot import draw_plot

        draw_plot(timings, args.plot)
        status.say(f"plot: {args.plot}")
    return 0


def _check_plot(path: Path, overwrite: bool) -> None:
    """Check the plot's name before minutes are spent on timing."""
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

    if args.backend == "all" or args.plot:
        raise ConfigError("--profile works with one backend and without --plot")
    config = PROFILE.make(
        args,
        size=args.size,
        style=args.style,
        backend=args.backend,
        precision=args.precision,
        encode=ENCODER.make(args),
    )
    status = Status(args.quiet)
    profile = profile_run(args.profile, config, lambda stage: status.say(f"timing: {stage}"))
    if args.json:
        print(json.dumps(profile_as_json(profile)))
    else:
        form = profile_as_markdown if args.markdown else profile_as_text
        print("\n".join(form(profile)))
    return 0
