"""Train a style from a painting and photos."""

import argparse
from pathlib import Path

from videostyle.cli.options import Option, Options, add_debug, add_overwrite
from videostyle.cli.progress import Status, show
from videostyle.errors import ConfigError
from videostyle.models.architectures import ARCHITECTURES
from videostyle.train.loss_network import LOSS_NETWORKS
from videostyle.train.train_config import PRECISIONS, LossWeights, TrainConfig

# A short training is measured this many times.
FEWEST_MEASUREMENTS = 4

# Up to so many minutes a training counts as short.
SHORT_MINUTES = 5

HELP = "train a style from a painting"

EXAMPLES = """\
examples:
  videostyle train painting.jpg --photos photos/ -o my.keras --samples look/
  videostyle train painting.jpg --photos holiday.mp4 --photos photos/ \\
      -o my.keras --minutes 60
  videostyle train painting.jpg --photos photos/ -o my.keras --resume
"""

PHOTOS = Options(
    TrainConfig,
    photos=Option(
        "what to practise on: a folder of pictures and clips, a picture or a clip; may be given "
        "again",
        metavar="PATH",
        parse=Path,
        is_repeated=True,
        is_required=True,
    ),
)

NETWORK = Options(
    TrainConfig,
    spec=Option(
        "shape of the network",
        flag="--architecture",
        choices=list(ARCHITECTURES),
        parse=ARCHITECTURES.__getitem__,
        value="fast",
    ),
    features=Option(
        "network that judges the result; vgg16 downloads 58 MB once", choices=LOSS_NETWORKS
    ),
    precision=Option(
        "numbers that the network computes with while it trains",
        choices=PRECISIONS,
        default="auto: bf16 where the GPU is fast at it, otherwise fp32",
    ),
    start_from=Option(
        "start as a style or model file of the same architecture, or with nothing",
        metavar="STYLE",
        default="the network that is made from the painting at once; for other architectures the "
        "built-in style that comes nearest",
    ),
)

NUMBERS = Options(
    TrainConfig,
    steps=Option("updates of the weights", metavar="N"),
    minutes=Option("train for this long instead of counting steps", metavar="N"),
    stroke=Option(
        "short side of the painting in pixels, on a frame of 480 lines: larger gives larger "
        "strokes",
        metavar="N",
    ),
    crop=Option("side in pixels of the squares cut from the photos", metavar="N"),
    batch_size=Option(
        "squares in each update",
        metavar="N",
        default=f"{TrainConfig.batch_size}; 1 if --minutes is {SHORT_MINUTES} or less",
    ),
    learning_rate=Option("highest learning rate (Adam)", metavar="N"),
    seed=Option("seed of all random numbers", metavar="N"),
)

WEIGHTS = Options(
    LossWeights,
    style=Option("weight of likeness to the painting", flag="--style-weight", metavar="N"),
    content=Option("weight of likeness to the photo", flag="--content-weight", metavar="N"),
    color=Option(
        "how much the painting's colours count in that likeness",
        flag="--color-weight",
        metavar="N",
    ),
    stability=Option(
        "weight against flicker from frame to frame; 0 turns it off, which makes a step faster",
        metavar="N",
    ),
)


def _read_entry(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise ConfigError(f"--card '{text}' is not KEY=VALUE")
    return key, value


FILES = Options(
    TrainConfig,
    checkpoint_s=Option(
        "how often the training is saved; a kill loses what came after the last save",
        flag="--checkpoint-every",
        metavar="SECONDS",
    ),
    samples=Option(
        "write a picture into DIR at each measurement: a photo, the same photo painted, and the "
        "painting",
        metavar="DIR",
    ),
    card=Option(
        "write into the model's card, such as painter='Claude Monet'; may be given again",
        metavar="KEY=VALUE",
        parse=_read_entry,
        is_repeated=True,
    ),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("painting", metavar="PAINTING", type=Path, help="picture file: the style")
    PHOTOS.add_to(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        required=True,
        help="model file to write, ending in .keras",
    )
    NETWORK.add_to(parser.add_argument_group("network"))
    training = parser.add_argument_group("training")
    NUMBERS.add_to(training)
    WEIGHTS.add_to(training)
    files = parser.add_argument_group("files")
    files.add_argument(
        "--resume",
        action="store_true",
        help="continue an unfinished training of FILE, if one was saved",
    )
    FILES.add_to(files)
    add_overwrite(
        files,
        "replace an existing FILE, and start again where an unfinished training was saved",
    )
    add_debug(parser.add_argument_group("what is printed"))


def run(args: argparse.Namespace) -> int:
    config = _make_config(args)
    from videostyle.train.plan import prepare_training

    status = Status(args.quiet)
    plan = prepare_training(config, args.output, resume=args.resume, overwrite=args.overwrite)
    if args.resume and not plan.steps_made:
        status.say(f"resume: there is no checkpoint {args.output}.checkpoint; starting over")
    from videostyle.cli.training import carry_out

    carry_out(plan, status)
    show(str(args.output))
    return 0


def _make_config(args: argparse.Namespace) -> TrainConfig:
    files = FILES.values(args)
    return TrainConfig(
        painting=args.painting,
        measure_every=max(1, min(TrainConfig.measure_every, args.steps // FEWEST_MEASUREMENTS)),
        weights=WEIGHTS.make(args),
        **PHOTOS.values(args),
        **NETWORK.values(args),
        **(NUMBERS.values(args) | _for_a_short_one(args)),
        **(files | {"card": dict(files["card"])}),
    )


def _for_a_short_one(args: argparse.Namespace) -> dict[str, int]:
    """In a few minutes, more steps on fewer photos come closer to the painting."""
    is_short = args.minutes is not None and args.minutes <= SHORT_MINUTES
    return {"batch_size": 1} if is_short and "--batch-size" not in NUMBERS.given(args) else {}
