"""Paint a video file and write the result to a new file."""

import argparse
import json
from typing import Any

from videostyle.cli.choice import add_choice, apply_choice
from videostyle.cli.options import add_printing
from videostyle.cli.progress import Status, show
from videostyle.cli.stylize_options import (
    HWACCEL,
    OVERWRITE,
    PICTURE,
    add_setting_options,
    make_config,
)
from videostyle.video.rate import format_rate

# What a choice file says instead of these options.
CHOSEN = ("fps", "size", "style", "strength", "keep_color")

HELP = "paint a video file (the default command)"

EXAMPLES = """\
examples:
  videostyle in.mp4 out.mp4
  videostyle in.mov out.mp4 --fps 12 --size 360p --style wave/reference
  videostyle in.mp4 out.mp4 --start 1:30 --duration 10 --strength 0.7
  videostyle in.mp4 out.mp4 --style wave.mlpackage
  videostyle in.mp4 out.mp4 --choice choice.json
  videostyle in.mp4 frames.mkv --codec ffv1 --out-size work
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        metavar="IN",
        help="video file, picture, or numbered pictures such as frames/%%04d.png",
    )
    parser.add_argument(
        "target",
        metavar="OUT",
        help="file to write: .mp4, .m4v, .mov, .mkv, .webm or .gif; .png or .jpg for one picture "
        "or, with %%04d in the name, for many",
    )
    add_choice(parser, "frame rate, size, style and strength")
    cut, encode = add_setting_options(parser)
    cut.add_argument(
        "--resume",
        action="store_true",
        help="save the work in pieces of 10 s, and continue an earlier run of the same command "
        "that was stopped",
    )
    HWACCEL.add_to(cut)
    OVERWRITE.add_to(encode)
    add_printing(parser)


def run(args: argparse.Namespace) -> int:
    if args.choice:
        apply_choice(args, PICTURE, CHOSEN)
    config = make_config(args, **HWACCEL.values(args), **OVERWRITE.values(args))
    from videostyle.pipeline.plan import prepare
    from videostyle.pipeline.resume import run_resumable
    from videostyle.pipeline.stylize import run_plan

    status = Status(args.quiet)
    # All problems with files are found before a network is loaded.
    plan = prepare(args.source, args.target, config)
    _describe(plan, status)
    with status.bar(plan.decode.expected_frames, " frames") as bar:
        result = (run_resumable if args.resume else run_plan)(
            plan,
            on_start=lambda backend: status.say(f"backend: {backend.description}"),
            on_progress=bar.show,
        )
    if args.json:
        print(json.dumps(result.as_json()))
    else:
        frames = "frame" if result.frames == 1 else "frames"
        show(
            f"{result.target}: {result.frames} {frames} at {format_rate(result.rate)} fps, "
            f"{result.output_size}, audio {result.audio}, {result.seconds:.1f} s "
            f"({result.frames_per_second:.1f} frames/s)"
        )
    for loss in result.notices[len(plan.notices) :]:
        status.say(f"note: {loss}")
    return 0


def _describe(plan: Any, status: Status) -> None:
    decode, encode = plan.decode, plan.encode
    status.say(
        f"size: {decode.info.size} -> network {decode.geometry.network} -> {encode.output} "
        f"(width x height)"
    )
    status.say(f"rate: {format_rate(decode.info.rate)} -> {format_rate(decode.rate)} fps")
    if encode.audio:
        status.say(f"audio: {encode.audio.codec}, {encode.audio_action}")
    else:
        status.say("audio: none")
    for notice in plan.notices:
        status.say(f"note: {notice}")
