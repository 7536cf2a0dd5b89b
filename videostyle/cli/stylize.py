"""Paint a video file and write it anew."""

import argparse
import json
from typing import Any

from videostyle.cli.progress import progress_bar, say
from videostyle.cli.stylize_options import add_output_options, add_setting_options, make_config
from videostyle.video.rate import format_rate

EXAMPLES = """\
examples:
  videostyle in.mp4 out.mp4
  videostyle in.mov out.mp4 --fps 12 --size 360p --style wave/reference
  videostyle in.mp4 out.mp4 --start 1:30 --duration 10 --strength 0.7
  videostyle in.mp4 out.mp4 --style wave.mlpackage
  videostyle in.mp4 frames.mkv --codec ffv1 --out-size work
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "stylize",
        help="paint a video file (the default command)",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "source",
        metavar="IN",
        help="video file, picture, or numbered pictures such as frames/%%04d.png",
    )
    parser.add_argument(
        "target",
        metavar="OUT",
        help="file to write: .mp4, .m4v, .mov, .mkv, .webm or .gif; .png or .jpg "
        "for one picture or, with %%04d in the name, for many",
    )
    cut, encode = add_setting_options(parser)
    cut.add_argument(
        "--resume",
        action="store_true",
        help="keep the work in pieces of 10 s beside the target, and go on where an "
        "earlier run of the same command stopped",
    )
    encode.add_argument("-y", "--overwrite", action="store_true", help="replace an existing target")
    add_output_options(parser.add_argument_group("what is printed"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    config = make_config(args)
    from videostyle.pipeline.plan import prepare
    from videostyle.pipeline.resume import run_resumable
    from videostyle.pipeline.stylize import run_plan

    # Everything that can be wrong with files is found before a network is loaded.
    plan = prepare(args.source, args.target, config)
    _describe(plan, args.quiet)
    with progress_bar(plan.decode.expected_frames, " frames", args.quiet) as bar:
        result = (run_resumable if args.resume else run_plan)(
            plan,
            on_start=lambda backend: say(f"backend: {backend.description}", args.quiet),
            on_progress=lambda done: bar.update(done - bar.n),
        )
    if args.json:
        print(json.dumps(result.as_json()))
    else:
        print(
            f"{result.target}: {result.frames} frames at {format_rate(result.rate)} fps, "
            f"{result.output_size}, audio {result.audio}, {result.seconds:.1f} s "
            f"({result.frames_per_second:.1f} frames/s)"
        )
    for loss in result.notices[len(plan.notices) :]:
        say(f"note: {loss}", args.quiet)
    return 0


def _describe(plan: Any, quiet: bool) -> None:
    decode, encode = plan.decode, plan.encode
    say(
        f"size: {decode.info.size} -> network {decode.geometry.network} -> {encode.output} "
        f"(width x height)",
        quiet,
    )
    say(f"rate: {format_rate(decode.info.rate)} -> {format_rate(decode.rate)} fps", quiet)
    sound = encode.audio.codec if encode.audio else "no sound"
    say(f"audio: {sound}, {encode.audio_action}" if encode.audio else f"audio: {sound}", quiet)
    for notice in plan.notices:
        say(f"note: {notice}", quiet)
