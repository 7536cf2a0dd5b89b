"""The options for painting, for every command that paints clips."""

import argparse
from typing import Any

from videostyle.backends import BACKENDS, COMPUTES, PRECISIONS
from videostyle.cli.options import Option, Options, overwrite_option
from videostyle.cli.reading import READING
from videostyle.cli.stroke import add_stroke
from videostyle.frames import Fit
from videostyle.models.making.ingredients import with_stroke
from videostyle.pipeline.stylize_config import DEFAULT_SIZE, StylizeConfig
from videostyle.video.codecs import CODECS, EncodeConfig

PICTURE = Options(
    StylizeConfig,
    fps=Option("frames per second: 15, 29.97, 30000/1001 or source", metavar="RATE"),
    size=Option(
        "size of the frames that the network sees, in pixels, turned to fit the clip: 480x853, "
        "or 480p for the short side",
        metavar="BOX",
        default=f"the model's own, or {DEFAULT_SIZE}",
    ),
    fit=Option(
        "how a frame is fitted into the size",
        choices=[fit.value for fit in Fit],
        default="contain, or pad for a model of fixed size",
    ),
    out_size=Option(
        "size of the finished video: source, work (what the network sees), model (what a model "
        "that scales up gives) or a size such as 1080p",
        metavar="BOX",
        default="model if it scales up, else source",
    ),
    style=Option(
        "a style ('videostyle styles' lists them), one of its networks such as wave/reference, "
        "a picture of a painting, or a .keras, .mlpackage, .mlmodel or .onnx file",
        metavar="STYLE",
    ),
    **READING,
    strength=Option(
        "how much is painted: 0 keeps the frame, 1 is the full painting", metavar="0..1"
    ),
    keep_color=Option("paint the brightness only and keep the frame's colours"),
    backend=Option(
        "what runs the network",
        choices=BACKENDS,
        default="auto, the fastest one installed that runs the model",
    ),
    precision=Option(
        "numbers that the network computes with",
        choices=PRECISIONS,
        default="auto, the fastest on this machine",
    ),
    compute=Option(
        "what runs the network: auto tries the machine's graphics card (GPU) and neural processor "
        "(NPU) and takes the fastest; experimental",
        choices=COMPUTES,
        default="the processor; on a Mac what Core ML chooses",
    ),
    batch_size=Option(
        "frames painted at once; more helps on a GPU",
        metavar="N",
        default="what suits the backend",
    ),
    threads=Option(
        "processor threads for the network and for each ffmpeg", metavar="N", default="no limit"
    ),
)

CUT = Options(
    StylizeConfig,
    start=Option("skip the beginning: seconds, or 1:30", metavar="TIME"),
    duration=Option("how much to paint: seconds, or 1:30", metavar="TIME", default="to the end"),
    keep_going=Option("write the part of a damaged clip that can be read, and say what is missing"),
    full_decode=Option(
        "decode the source exactly, even where scaling down hides the difference; slower"
    ),
    sequence_rate=Option("frames per second of numbered pictures as a source", metavar="RATE"),
)

ENCODE = Options(
    EncodeConfig,
    codec=Option(
        "how the video is compressed; ffv1 in .mkv is lossless",
        choices=list(CODECS),
        default="h264; av1 in .webm",
    ),
    crf=Option(
        "quality; a lower number looks better and makes a larger file",
        metavar="N",
        default=f"{CODECS['h264'].crf} for h264",
    ),
    preset=Option(
        "the encoder's speed; slower makes a smaller file",
        metavar="NAME",
        default=f"{CODECS['h264'].preset} for h264",
    ),
    audio=Option("drop the audio", flag="--no-audio"),
    audio_track=Option(
        "which audio track, counted from 1", metavar="N", default="the clip's own default"
    ),
    keep_location=Option("keep the location metadata, which is removed otherwise"),
    verify=Option("decode the finished file and check its frames, size, length and tags"),
)

HWACCEL = Options(
    StylizeConfig,
    hwaccel=Option(
        "try ffmpeg's hardware decoders (auto, or one such as cuda, vaapi or videotoolbox) on a "
        "second of the clip, and use one if its frames are the same and it is faster; "
        "experimental",
        metavar="NAME",
    ),
)

OVERWRITE = Options(StylizeConfig, overwrite=overwrite_option("replace an existing target"))


def add_setting_options(parser: argparse.ArgumentParser) -> tuple[Any, Any]:
    """Add every option of a `StylizeConfig` except `--overwrite` and `--hwaccel`.

    Returns:
        The groups for the part of the clip and for the target file, to add more options to.
    """
    picture = parser.add_argument_group("rate, size and style")
    PICTURE.add_to(picture)
    add_stroke(picture)
    cut = parser.add_argument_group("part of the clip")
    CUT.add_to(cut)
    encode = parser.add_argument_group("target file")
    ENCODE.add_to(encode)
    return cut, encode


def make_config(args: argparse.Namespace, **others: Any) -> StylizeConfig:
    """The settings of a command line; `others` are fields without an option."""
    args.style = with_stroke(args.style, args.stroke)
    return PICTURE.make(args, **CUT.values(args), encode=ENCODE.make(args), **others)
