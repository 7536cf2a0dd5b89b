"""Train a style from a painting and photos."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from videostyle.cli.options import Option, Options, add_debug, add_overwrite
from videostyle.cli.progress import Status, show
from videostyle.errors import ConfigError, VideoStyleError
from videostyle.models.architectures import ARCHITECTURES
from videostyle.train.loss_network import LOSS_NETWORKS
from videostyle.train.train_config import PRECISIONS, LossWeights, TrainConfig

# What `--start-from` takes besides a style.
RANDOM = "random"

# A short training is measured this many times.
FEWEST_MEASUREMENTS = 4

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
        "start with the weights of a style or model file of the same architecture, or with random "
        "ones",
        metavar="STYLE",
        parse=str,
        default=f"{RANDOM}; with --minutes the style that the painting gives at once, or the "
        "nearest built-in style's reference network",
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
    batch_size=Option("squares in each update", metavar="N"),
    learning_rate=Option("highest learning rate (Adam)", metavar="N"),
    seed=Option("seed of all random numbers", metavar="N"),
)

WEIGHTS = Options(
    LossWeights,
    style=Option("weight of likeness to the painting", flag="--style-weight", metavar="N"),
    content=Option("weight of likeness to the photo", flag="--content-weight", metavar="N"),
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
    from videostyle.models.tensorflow import import_keras

    import_keras()
    from videostyle.train.progress import TrainProgress, TrainStart
    from videostyle.train.trainer import run_training

    # With --minutes the number of steps is unknown, so the bar shows the share of the time.
    by_steps = config.minutes is None
    bar_of = status.bar(config.steps, " steps") if by_steps else status.bar(1)
    with _told_how_to_go_on(plan), bar_of as bar:

        def describe(start: TrainStart) -> None:
            for line in _describe(plan, start):
                status.say(line)
            bar.begin(start.steps_made if by_steps else start.done)

        def tell(progress: TrainProgress) -> None:
            loss = f"style {progress.terms['style']:.3f}"
            if by_steps:
                bar.show(progress.step, loss)
            else:
                speed = f"{progress.steps_per_s:.2f} steps/s"
                bar.show(progress.done, f"step {progress.step}, {speed}, {loss}")
            if progress.held_out:
                losses = _losses(progress.held_out)
                status.say(f"step {progress.step}: held-out photos: {losses}")

        result = run_training(plan, tell, describe)
    status.say(f"kept: the best state measured, {_losses(result.card['held_out'])}")
    show(str(args.output))
    return 0


def _make_config(args: argparse.Namespace) -> TrainConfig:
    files, network = FILES.values(args), NETWORK.values(args)
    numbers = NUMBERS.values(args)
    network["start_from"] = _find_start(args, network["spec"], numbers["stroke"])
    return TrainConfig(
        painting=args.painting,
        measure_every=max(1, min(TrainConfig.measure_every, args.steps // FEWEST_MEASUREMENTS)),
        weights=WEIGHTS.make(args),
        **PHOTOS.values(args),
        **network,
        **numbers,
        **(files | {"card": dict(files["card"])}),
    )


def _find_start(args: argparse.Namespace, spec: Any, stroke: int) -> Path | None:
    """The model file to start from; None for random weights."""
    named = args.start_from and str(args.start_from)
    if named == RANDOM or (not named and args.minutes is None):
        return None
    if named:
        from videostyle.models.styles import find_style

        return find_style(named)
    from videostyle.train.refine import choose_start

    return choose_start(args.painting, spec, stroke)


@contextmanager
def _told_how_to_go_on(plan: Any) -> Iterator[None]:
    """After Ctrl-C, SIGTERM or an unexpected error, tell the user what is kept."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, VideoStyleError) and plan.checkpoint.exists():
            with suppress(VideoStyleError):  # an older training's, which -y would have replaced
                Status().say(
                    f"kept: {plan.checkpoint.path}, {plan.checkpoint.steps()} steps; run again "
                    "with --resume to continue"
                )
        raise


def _describe(plan: Any, start: Any) -> Iterator[str]:
    pictures, clips = len(plan.photos.pictures), len(plan.photos.clips)
    yield (
        f"photos: {start.photos} to train on and {start.held_out} held out, from "
        f"{pictures} picture{'s' * (pictures != 1)} and {clips} clip{'s' * (clips != 1)}"
    )
    if plan.photos.left_out:
        yield f"note: {plan.photos.left_out} files are not used; they would not fit into memory"
    for notice in start.notices:
        yield f"note: {notice}"
    yield f"network: computes in {start.precision} on {start.device}"
    if start.steps_made:
        yield f"resume: from step {start.steps_made}"


def _losses(losses: dict[str, float]) -> str:
    return f"style {losses['style']:.3f}, content {losses['content']:.3f}"
