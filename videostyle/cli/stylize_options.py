"""The options of a stylization, for every command that paints clips."""

import argparse
from typing import Any

from videostyle.backends import BACKENDS, COMPUTE_UNITS, PRECISIONS
from videostyle.cli.reading import add_reading_options
from videostyle.frames import Fit
from videostyle.pipeline.stylize_config import DEFAULT_SIZE, StylizeConfig
from videostyle.video.codecs import CODECS, EncodeConfig

DEFAULTS = StylizeConfig()


def add_setting_options(parser: argparse.ArgumentParser) -> tuple[Any, Any]:
    """Add every option of a `StylizeConfig` but `--overwrite`.

    Returns:
        The groups for the part of the clip and for the target file, to add more to.
    """
    _add_picture_options(parser.add_argument_group("rate, size and style"))
    cut = parser.add_argument_group("part of the clip")
    _add_cut_options(cut)
    encode = parser.add_argument_group("target file")
    _add_encode_options(encode)
    return cut, encode


def _add_picture_options(group: Any) -> None:
    group.add_argument(
        "--fps",
        metavar="RATE",
        default=DEFAULTS.fps,
        help="frames per second: 15, 29.97, 30000/1001 or source (default: %(default)s)",
    )
    group.add_argument(
        "--size",
        metavar="BOX",
        default=DEFAULTS.size,
        help="box in pixels that the network sees, laid along the clip's longer "
        "side: 480x853, or 480p for the short side (default: the model's own, "
        f"or {DEFAULT_SIZE})",
    )
    group.add_argument(
        "--fit",
        choices=[fit.value for fit in Fit],
        default=DEFAULTS.fit,
        help="how a frame is brought into the box (default: contain, and pad for "
        "a model of fixed size)",
    )
    group.add_argument(
        "--out-size",
        metavar="BOX",
        default=DEFAULTS.out_size,
        help="what is encoded: source, work (the network's size), model (what a "
        "model that scales up gives) or a box such as 1080p (default: model "
        "if it scales up, else source)",
    )
    group.add_argument(
        "--style",
        metavar="STYLE",
        default=DEFAULTS.style,
        help="a style ('videostyle styles' lists them), one of its "
        "networks such as wave/reference, or a .keras, .mlpackage, .mlmodel or .onnx "
        "file (default: %(default)s)",
    )
    add_reading_options(group)
    group.add_argument(
        "--strength",
        metavar="0..1",
        type=float,
        default=DEFAULTS.strength,
        help="blend with the frame: 0 keeps it, 1 paints it (default: %(default)s)",
    )
    group.add_argument(
        "--keep-color",
        action="store_true",
        help="paint the brightness only and keep the frame's colours",
    )
    group.add_argument(
        "--backend",
        choices=BACKENDS,
        default=DEFAULTS.backend,
        help="what runs the network (default: %(default)s, the fastest "
        "installed that runs the model)",
    )
    group.add_argument(
        "--precision",
        choices=PRECISIONS,
        default=DEFAULTS.precision,
        help="what the network computes in (default: %(default)s, the fastest that "
        "backend and processor have)",
    )
    group.add_argument(
        "--compute-units",
        choices=COMPUTE_UNITS,
        default=DEFAULTS.compute_units,
        help="what Core ML may use, on a Mac (default: %(default)s)",
    )
    group.add_argument(
        "--batch-size",
        metavar="N",
        type=int,
        default=DEFAULTS.batch_size,
        help="frames painted at once; more helps on a GPU (default: as many as "
        "the backend paints side by side)",
    )
    group.add_argument(
        "--threads",
        metavar="N",
        type=int,
        default=DEFAULTS.threads,
        help="of the processor, for the network and for each ffmpeg (default: as "
        "many as they like)",
    )


def _add_cut_options(group: Any) -> None:
    group.add_argument(
        "--start",
        metavar="TIME",
        default=DEFAULTS.start,
        help="seconds to skip, or 1:30 (default: %(default)s)",
    )
    group.add_argument(
        "--duration",
        metavar="TIME",
        default=DEFAULTS.duration,
        help="seconds to paint (default: to the end)",
    )
    group.add_argument(
        "--keep-going",
        action="store_true",
        help="write what decodes of a damaged clip, and say what is lost",
    )
    group.add_argument(
        "--full-decode",
        action="store_true",
        help="deblock every picture of the source, also where scaling it down hides "
        "the difference (a seventh more work for the decoder)",
    )
    group.add_argument(
        "--sequence-rate",
        metavar="RATE",
        default=DEFAULTS.sequence_rate,
        help="pictures per second of a source of numbered pictures (default: %(default)s)",
    )


def _add_encode_options(group: Any) -> None:
    group.add_argument(
        "--codec",
        choices=list(CODECS),
        help="default: h264, and av1 in .webm; ffv1 in .mkv is lossless RGB",
    )
    group.add_argument(
        "--crf",
        metavar="N",
        type=int,
        help=f"quality, lower is better and larger (default: {CODECS['h264'].crf} for h264)",
    )
    group.add_argument(
        "--preset",
        metavar="NAME",
        help=f"the encoder's speed against size (default: {CODECS['h264'].preset} for h264)",
    )
    group.add_argument("--no-audio", action="store_true", help="leave the sound away")
    group.add_argument(
        "--audio-track",
        metavar="N",
        type=int,
        help="which sound, counted from 1 (default: the clip's own default)",
    )
    group.add_argument(
        "--keep-location", action="store_true", help="carry over where the clip was taken"
    )
    group.add_argument(
        "--verify",
        action="store_true",
        help="decode the finished file and compare count, size, length and tags",
    )


def add_output_options(group: Any) -> None:
    group.add_argument("--json", action="store_true", help="print the result as one JSON object")
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")


def make_config(args: argparse.Namespace) -> StylizeConfig:
    return StylizeConfig(
        fps=args.fps,
        size=args.size,
        fit=args.fit,
        out_size=args.out_size,
        style=args.style,
        levels=args.levels,
        function=args.function,
        backend=args.backend,
        precision=args.precision,
        compute_units=args.compute_units,
        start=args.start,
        duration=args.duration,
        strength=args.strength,
        keep_color=args.keep_color,
        batch_size=args.batch_size,
        threads=args.threads,
        overwrite=args.overwrite,
        keep_going=args.keep_going,
        full_decode=args.full_decode,
        sequence_rate=args.sequence_rate,
        encode=EncodeConfig(
            codec=args.codec,
            crf=args.crf,
            preset=args.preset,
            audio=not args.no_audio,
            audio_track=args.audio_track,
            keep_location=args.keep_location,
            verify=args.verify,
        ),
    )
