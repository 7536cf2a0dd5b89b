"""Train a style from a painting and photos."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from videostyle.cli.progress import progress_bar, say
from videostyle.errors import VideoStyleError
from videostyle.models.architectures import ARCHITECTURES
from videostyle.train.loss_network import LOSS_NETWORKS
from videostyle.train.train_config import PRECISIONS, LossWeights, TrainConfig

WEIGHTS = LossWeights()

# Steps or minutes, whichever ends the training: the bar counts its share.
BAR = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"

# Of a short training by steps this many parts are measured.
FEWEST_MEASUREMENTS = 4

EXAMPLES = """\
examples:
  videostyle train painting.jpg --photos photos/ -o my.keras --samples look/
  videostyle train painting.jpg --photos holiday.mp4 --photos photos/ -o my.keras --minutes 60
  videostyle train painting.jpg --photos photos/ -o my.keras --minutes 60 --resume
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "train",
        help="train a style from a painting",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("painting", metavar="PAINTING", type=Path, help="picture file: the style")
    parser.add_argument(
        "--photos",
        metavar="PATH",
        type=Path,
        action="append",
        required=True,
        help="what to practise on: a folder of pictures and clips, a picture or a "
        "clip; may be given again",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        required=True,
        help="model file to write, ending in .keras",
    )
    _add_network_options(parser.add_argument_group("network"))
    _add_numbers(parser.add_argument_group("training"))
    _add_keeping_options(parser.add_argument_group("files"))
    group = parser.add_argument_group("what is printed")
    group.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    group.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def _add_network_options(group: Any) -> None:
    group.add_argument(
        "--architecture",
        choices=list(ARCHITECTURES),
        default="fast",
        help="shape of the network (default: %(default)s)",
    )
    group.add_argument(
        "--features",
        choices=LOSS_NETWORKS,
        default=TrainConfig.features,
        help="network that judges; vgg16 downloads 58 MB once (default: %(default)s)",
    )
    group.add_argument(
        "--precision",
        choices=PRECISIONS,
        default=TrainConfig.precision,
        help="what the network computes in while it trains (default: %(default)s, "
        "bfloat16 where a GPU is fast at it)",
    )
    group.add_argument(
        "--start-from",
        metavar="FILE",
        type=Path,
        help="begin with the weights of a model file of the same architecture",
    )


def _add_numbers(group: Any) -> None:
    numbers = [
        ("--steps", TrainConfig.steps, int, "updates of the weights"),
        ("--minutes", None, float, "train by the clock instead of counting steps"),
        (
            "--stroke",
            TrainConfig.stroke,
            int,
            "short side in pixels of the painting on a frame of 480 lines: larger gives larger "
            "strokes",
        ),
        ("--crop", TrainConfig.crop, int, "side in pixels of the squares cut from the photos"),
        ("--batch-size", TrainConfig.batch_size, int, "squares in each update"),
        ("--learning-rate", TrainConfig.learning_rate, float, "of Adam, at its highest"),
        ("--style-weight", WEIGHTS.style, float, "likeness to the painting"),
        ("--content-weight", WEIGHTS.content, float, "likeness to the photo"),
        (
            "--stability",
            WEIGHTS.stability,
            float,
            "weight of calm from frame to frame; 0 leaves it out, which makes a step faster",
        ),
        ("--seed", TrainConfig.seed, int, "of everything random"),
    ]
    for option, default, kind, text in numbers:
        shown = "" if default is None else " (default: %(default)s)"
        group.add_argument(option, metavar="N", type=kind, default=default, help=text + shown)


def _add_keeping_options(group: Any) -> None:
    group.add_argument(
        "--resume",
        action="store_true",
        help="go on from the checkpoint beside FILE, if there is one",
    )
    group.add_argument(
        "--checkpoint-every",
        metavar="SECONDS",
        type=float,
        default=TrainConfig.checkpoint_s,
        help="how much a kill may cost (default: %(default)s)",
    )
    group.add_argument(
        "--samples",
        metavar="DIR",
        type=Path,
        help="write a picture of a photo, what is painted of it and the painting "
        "into DIR at each measurement",
    )
    group.add_argument(
        "--card",
        metavar="KEY=VALUE",
        type=_read_entry,
        action="append",
        default=[],
        help="write into the model's card, such as painter='Claude Monet'; may be given again",
    )
    group.add_argument(
        "-y",
        "--overwrite",
        action="store_true",
        help="replace an existing FILE, and begin again where a checkpoint lies",
    )


def _read_entry(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    return key, value


def run(args: argparse.Namespace) -> int:
    config = _make_config(args)
    from videostyle.train.plan import prepare_training

    plan = prepare_training(config, args.output, resume=args.resume, overwrite=args.overwrite)
    if args.resume and not plan.steps_made:
        say(
            f"resume: there is no checkpoint {args.output}.checkpoint; this is the beginning",
            args.quiet,
        )
    from videostyle.models.tensorflow import import_keras

    import_keras()
    from videostyle.train.progress import TrainProgress, TrainStart
    from videostyle.train.trainer import run_training

    with _told_how_to_go_on(plan), progress_bar(1, "", args.quiet, bar_format=BAR) as bar:

        def tell(line: str) -> None:
            if not args.quiet:
                bar.write(line, file=sys.stderr)  # above the bar

        def describe(start: TrainStart) -> None:
            for line in _describe(plan, start):
                tell(line)
            bar.initial = bar.n = start.done

        def show(progress: TrainProgress) -> None:
            bar.set_postfix_str(_postfix(progress), refresh=False)
            bar.update(progress.done - bar.n)
            if progress.held_out:
                tell(f"step {progress.step}: held-out photos: {_losses(progress.held_out)}")

        result = run_training(plan, show, describe)
    say(f"kept: the best state measured, {_losses(result.card['held_out'])}", args.quiet)
    print(args.output)
    return 0


def _make_config(args: argparse.Namespace) -> TrainConfig:
    return TrainConfig(
        painting=args.painting,
        photos=tuple(args.photos),
        spec=ARCHITECTURES[args.architecture],
        steps=args.steps,
        minutes=args.minutes,
        stroke=args.stroke,
        crop=args.crop,
        batch_size=args.batch_size,
        learning_rate=args.learning_rate,
        seed=args.seed,
        start_from=args.start_from,
        features=args.features,
        precision=args.precision,
        measure_every=max(1, min(TrainConfig.measure_every, args.steps // FEWEST_MEASUREMENTS)),
        checkpoint_s=args.checkpoint_every,
        samples=args.samples,
        card=dict(args.card),
        weights=LossWeights(
            style=args.style_weight, content=args.content_weight, stability=args.stability
        ),
    )


@contextmanager
def _told_how_to_go_on(plan: Any) -> Iterator[None]:
    """After Ctrl-C, SIGTERM or what nobody foresaw the user learns what is kept."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, VideoStyleError) and plan.checkpoint.exists():
            with suppress(VideoStyleError):  # an older training's that -y would have replaced
                say(
                    f"kept: {plan.checkpoint.path}, {plan.checkpoint.steps()} steps; run again "
                    "with --resume to go on"
                )
        raise


def _describe(plan: Any, start: Any) -> Iterator[str]:
    pictures, clips = len(plan.photos.pictures), len(plan.photos.clips)
    yield (
        f"photos: {start.photos} to train on and {start.held_out} held out, from "
        f"{pictures} picture{'s' * (pictures != 1)} and {clips} clip{'s' * (clips != 1)}"
    )
    if plan.photos.left_out:
        yield f"note: {plan.photos.left_out} files are left out; the memory would not hold them"
    for notice in start.notices:
        yield f"note: {notice}"
    yield f"network: computes in {start.precision} on {start.device}"
    if start.steps_made:
        yield f"resume: from step {start.steps_made}"


def _postfix(progress: Any) -> str:
    terms = ", ".join(f"{name} {value:.3f}" for name, value in progress.terms.items())
    return f"step {progress.step}, {progress.steps_per_s:.2f}/s, {terms}"


def _losses(losses: dict[str, float]) -> str:
    return f"style {losses['style']:.3f}, content {losses['content']:.3f}"
