"""Paint a video file and write it anew."""

import argparse
import json
from typing import Any

from videostyle.backends import BACKENDS, COMPUTE_UNITS, PRECISIONS
from videostyle.cli.progress import progress_bar, say
from videostyle.config import DEFAULT_SIZE, StylizeConfig
from videostyle.frames import Fit
from videostyle.video.codecs import CODECS, EncodeConfig
from videostyle.video.rate import format_rate

DEFAULTS = StylizeConfig()

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
        "stylize", help="paint a video file (the default command)", description=__doc__,
        epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="IN",
                        help="video file, picture, or numbered pictures such as frames/%%04d.png")
    parser.add_argument("target", metavar="OUT",
                        help="file to write: .mp4, .m4v, .mov, .mkv, .webm or .gif; .png or .jpg "
                             "for one picture or, with %%04d in the name, for many")
    _add_picture_options(parser.add_argument_group("rate, size and style"))
    _add_cut_options(parser.add_argument_group("part of the clip"))
    _add_encode_options(parser.add_argument_group("target file"))
    _add_output_options(parser.add_argument_group("what is printed"))
    parser.set_defaults(run=run)


def _add_picture_options(group: Any) -> None:
    group.add_argument("--fps", metavar="RATE", default=DEFAULTS.fps,
                       help="frames per second: 15, 29.97, 30000/1001 or source "
                            "(default: %(default)s)")
    group.add_argument("--size", metavar="BOX", default=DEFAULTS.size,
                       help="box in pixels that the network sees, laid along the clip's longer "
                            "side: 480x853, or 480p for the short side (default: the model's own, "
                            f"or {DEFAULT_SIZE})")
    group.add_argument("--fit", choices=[fit.value for fit in Fit], default=DEFAULTS.fit,
                       help="how a frame is brought into the box (default: contain, and pad for "
                            "a model of fixed size)")
    group.add_argument("--out-size", metavar="BOX", default=DEFAULTS.out_size,
                       help="what is encoded: source, work (the network's size), model (what a "
                            "model that scales up gives) or a box such as 1080p (default: model "
                            "if it scales up, else source)")
    group.add_argument("--style", metavar="STYLE", default=DEFAULTS.style,
                       help="a built-in style ('videostyle styles' lists them), one of its "
                            "networks such as wave/reference, or a .keras or .mlpackage file "
                            "(default: %(default)s)")
    group.add_argument("--strength", metavar="0..1", type=float, default=DEFAULTS.strength,
                       help="blend with the frame: 0 keeps it, 1 paints it (default: %(default)s)")
    group.add_argument("--keep-color", action="store_true",
                       help="paint the brightness only and keep the frame's colours")
    group.add_argument("--backend", choices=BACKENDS, default=DEFAULTS.backend,
                       help="what runs the network (default: %(default)s, the fastest "
                            "installed that runs the model)")
    group.add_argument("--precision", choices=PRECISIONS, default=DEFAULTS.precision,
                       help="what the network computes in (default: %(default)s, the fastest that "
                            "backend and processor have)")
    group.add_argument("--compute-units", choices=COMPUTE_UNITS, default=DEFAULTS.compute_units,
                       help="what Core ML may use, on a Mac (default: %(default)s)")
    group.add_argument("--batch-size", metavar="N", type=int, default=DEFAULTS.batch_size,
                       help="frames painted at once; more helps on a GPU (default: as many as "
                            "the backend paints side by side)")


def _add_cut_options(group: Any) -> None:
    group.add_argument("--start", metavar="TIME", default=DEFAULTS.start,
                       help="seconds to skip, or 1:30 (default: %(default)s)")
    group.add_argument("--duration", metavar="TIME", default=DEFAULTS.duration,
                       help="seconds to paint (default: to the end)")
    group.add_argument("--resume", action="store_true",
                       help="keep the work in pieces of 10 s beside the target, and go on where an "
                            "earlier run of the same command stopped")
    group.add_argument("--keep-going", action="store_true",
                       help="write what decodes of a damaged clip, and say what is lost")
    group.add_argument("--full-decode", action="store_true",
                       help="deblock every picture of the source, also where scaling it down hides "
                            "the difference (a seventh more work for the decoder)")
    group.add_argument("--sequence-rate", metavar="RATE", default=DEFAULTS.sequence_rate,
                       help="pictures per second of a source of numbered pictures "
                            "(default: %(default)s)")


def _add_encode_options(group: Any) -> None:
    group.add_argument("--codec", choices=list(CODECS),
                       help="default: h264, and av1 in .webm; ffv1 in .mkv is lossless RGB")
    group.add_argument("--crf", metavar="N", type=int,
                       help="quality, lower is better and larger "
                            f"(default: {CODECS['h264'].crf} for h264)")
    group.add_argument("--preset", metavar="NAME",
                       help="the encoder's speed against size "
                            f"(default: {CODECS['h264'].preset} for h264)")
    group.add_argument("--no-audio", action="store_true", help="leave the sound away")
    group.add_argument("--audio-track", metavar="N", type=int,
                       help="which sound, counted from 1 (default: the clip's own default)")
    group.add_argument("--keep-location", action="store_true",
                       help="carry over where the clip was taken")
    group.add_argument("--verify", action="store_true",
                       help="decode the finished file and compare count, size, length and tags")
    group.add_argument("-y", "--overwrite", action="store_true", help="replace an existing target")


def _add_output_options(group: Any) -> None:
    group.add_argument("--json", action="store_true", help="print the result as one JSON object")
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")


def run(args: argparse.Namespace) -> int:
    config = _make_config(args)
    from videostyle.pipeline import prepare, run_plan
    from videostyle.segments.run import run_segments

    # Everything that can be wrong with files is found before a network is loaded.
    plan = prepare(args.source, args.target, config)
    _describe(plan, args.quiet)
    with progress_bar(plan.decode.expected_frames, " frames", args.quiet) as bar:
        result = (run_segments if args.resume else run_plan)(
            plan,
            on_start=lambda backend: say(f"backend: {backend.description}", args.quiet),
            on_progress=lambda done: bar.update(done - bar.n),
        )
    if args.json:
        print(json.dumps(result.as_json()))
    else:
        print(f"{result.target}: {result.frames} frames at {format_rate(result.rate)} fps, "
              f"{result.output_size}, audio {result.audio}, {result.seconds:.1f} s "
              f"({result.frames_per_second:.1f} frames/s)")
    for loss in result.notices[len(plan.notices):]:
        say(f"note: {loss}", args.quiet)
    return 0


def _make_config(args: argparse.Namespace) -> StylizeConfig:
    return StylizeConfig(
        fps=args.fps, size=args.size, fit=args.fit, out_size=args.out_size, style=args.style,
        backend=args.backend, precision=args.precision, compute_units=args.compute_units,
        start=args.start, duration=args.duration, strength=args.strength,
        keep_color=args.keep_color, batch_size=args.batch_size, overwrite=args.overwrite,
        keep_going=args.keep_going, full_decode=args.full_decode,
        sequence_rate=args.sequence_rate,
        encode=EncodeConfig(codec=args.codec, crf=args.crf, preset=args.preset,
                            audio=not args.no_audio, audio_track=args.audio_track,
                            keep_location=args.keep_location, verify=args.verify),
    )


def _describe(plan: Any, quiet: bool) -> None:
    decode, encode = plan.decode, plan.encode
    say(f"size: {decode.info.size} -> network {decode.geometry.network} -> {encode.output} "
        f"(width x height)", quiet)
    say(f"rate: {format_rate(decode.info.rate)} -> {format_rate(decode.rate)} fps", quiet)
    sound = encode.audio.codec if encode.audio else "no sound"
    say(f"audio: {sound}, {encode.audio_action}" if encode.audio else f"audio: {sound}", quiet)
    for notice in plan.notices:
        say(f"note: {notice}", quiet)
