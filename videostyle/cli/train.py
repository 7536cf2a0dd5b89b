"""Train a style from a painting and a folder of photos."""

import argparse
from pathlib import Path
from typing import Any

from videostyle.cli.progress import progress_bar, say
from videostyle.errors import ConfigError
from videostyle.models.architectures import ARCHITECTURES
from videostyle.train.config import LossWeights, TrainConfig

WEIGHTS = LossWeights()

# Steps or minutes, whichever ends the training: the bar counts its share.
BAR = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("train", help="train a style from a painting",
                                   description=__doc__)
    parser.add_argument("painting", metavar="PAINTING", type=Path, help="picture file: the style")
    parser.add_argument("--photos", metavar="DIR", type=Path, action="append", required=True,
                        help="folder of pictures to practise on; may be given again")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, required=True,
                        help="model file to write, ending in .keras")
    parser.add_argument("--architecture", choices=list(ARCHITECTURES), default="fast",
                        help="shape of the network (default: %(default)s)")
    parser.add_argument("--start-from", metavar="FILE", type=Path,
                        help="go on from a model file of the same architecture")
    _add_numbers(parser)
    parser.add_argument("--card", metavar="KEY=VALUE", type=_read_entry, action="append",
                        default=[],
                        help="write into the model's card, such as painter='Claude Monet'; may be "
                             "given again")
    parser.add_argument("-q", "--quiet", action="store_true", help="print no progress")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.set_defaults(run=run)


def _add_numbers(parser: argparse.ArgumentParser) -> None:
    numbers = [
        ("--steps", TrainConfig.steps, int, "updates of the weights"),
        ("--minutes", None, float, "train by the clock instead of counting steps"),
        ("--stroke", TrainConfig.stroke, int,
         "short side in pixels of the painting on a frame of 480 lines: larger gives larger "
         "strokes"),
        ("--crop", TrainConfig.crop, int, "side in pixels of the squares cut from the photos"),
        ("--batch-size", TrainConfig.batch_size, int, "squares in each update"),
        ("--learning-rate", TrainConfig.learning_rate, float, "of Adam, at its highest"),
        ("--style-weight", WEIGHTS.style, float, "likeness to the painting"),
        ("--content-weight", WEIGHTS.content, float, "likeness to the photo"),
        ("--stability", WEIGHTS.stability, float,
         "weight of calm from frame to frame; 0 leaves it out and halves a step's work"),
        ("--seed", TrainConfig.seed, int, "of everything random"),
    ]
    for option, default, kind, text in numbers:
        shown = "" if default is None else " (default: %(default)s)"
        parser.add_argument(option, metavar="N", type=kind, default=default, help=text + shown)


def _read_entry(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    return key, value


def run(args: argparse.Namespace) -> int:
    config = _make_config(args)
    if args.output.suffix != ".keras":
        raise ConfigError(f"{args.output}: a model file's name must end in .keras")
    if not args.output.parent.is_dir():
        raise ConfigError(f"{args.output}: there is no folder {args.output.parent}; make it first")
    from videostyle.train.dataset import find_pictures, read_picture

    # What can be wrong with files is found before TensorFlow is loaded.
    read_picture(config.painting, config.stroke)
    find_pictures(config.photos)
    from videostyle.models.tensorflow import import_tensorflow

    import_tensorflow()
    from videostyle.models.model_file import save_model
    from videostyle.train.trainer import TrainProgress, train_style

    with progress_bar(1, "", args.quiet, bar_format=BAR) as bar:
        def show(progress: TrainProgress) -> None:
            bar.set_postfix({"step": progress.step, **{
                name: f"{progress.terms[name]:.3f}" for name in ("style", "content")}},
                refresh=False)
            bar.update(progress.done - bar.n)

        result = train_style(config, show)
    save_model(args.output, result.network, config.spec, dict(args.card) | result.card)
    losses = result.card["held_out"]
    say(f"held-out photos: style {losses['style']:.3f}, content {losses['content']:.3f}",
        args.quiet)
    print(args.output)
    return 0


def _make_config(args: argparse.Namespace) -> TrainConfig:
    return TrainConfig(
        painting=args.painting, photos=tuple(args.photos), spec=ARCHITECTURES[args.architecture],
        steps=args.steps, minutes=args.minutes, stroke=args.stroke, crop=args.crop,
        batch_size=args.batch_size, learning_rate=args.learning_rate, seed=args.seed,
        start_from=args.start_from,
        measure_every=max(1, min(TrainConfig.measure_every, args.steps // 4)),
        weights=LossWeights(style=args.style_weight, content=args.content_weight,
                            stability=args.stability),
    )
