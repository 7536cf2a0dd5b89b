"""Train many networks side by side, as the built-in styles were begun (docs/training.md has more).

    KERAS_BACKEND=jax python benchmarks/train_styles.py --output styles/ --paintings paintings/ \
        --photos photos/ --minutes 12 --gpus 2 wave/fast wave/reference wave/separable udnie/fast

One small network doesn't fill a GPU: each gets a process of its own, one GPU after another. The
first begins alone and compiles what all need. Needs no ffmpeg. What was begun goes on from its
checkpoint when the same is called again. A network may have its own stroke and weights of the
loss: `udnie/fast:stroke=480,content=0.8,palette=400`.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from videostyle.models.architectures import ARCHITECTURES
from videostyle.train.train_config import NO_START, LossWeights, TrainConfig

SAY_EVERY_S = 30
BEGUN = "begun"  # a file that says that a first step was made


def main() -> int:
    args = parse_arguments()
    if args.only:
        return train(args, args.networks[0])
    # Networks of one kind compile the same step: whoever comes later reads it here.
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(args.output / "compiled"))
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    (args.output / BEGUN).unlink(missing_ok=True)
    running = []
    for number, name in enumerate(args.networks):
        gpu = {"CUDA_VISIBLE_DEVICES": str(number % args.gpus)} if args.gpus else {}
        running.append(
            subprocess.Popen(
                [sys.executable, __file__, *sys.argv[1:], "--only", name], env={**os.environ, **gpu}
            )
        )
        while not (args.output / BEGUN).exists() and running[0].poll() is None:
            time.sleep(1)
    return max(process.wait() for process in running)


def train(args: argparse.Namespace, name: str) -> int:
    name, _, own = name.partition(":")
    style, architecture = name.split("/")
    settings = {
        key: float(value) for key, value in (pair.split("=") for pair in own.split(",") if pair)
    }
    stroke = int(settings.pop("stroke", TrainConfig.stroke))
    target = args.output / style / f"{architecture}.keras"
    target.parent.mkdir(parents=True, exist_ok=True)
    config = TrainConfig(
        painting=args.paintings / f"{style}.jpg",
        photos=(args.photos,),
        minutes=args.minutes,
        spec=ARCHITECTURES[architecture],
        measure_every=10**7,
        checkpoint_s=30,
        loss_network=args.loss_network,
        stroke=stroke,
        weights=LossWeights(**{"stability": args.stability, **settings}),
        learning_rate=args.learning_rate,
        start_from=args.start_from / style / target.name if args.start_from else NO_START,
    )
    said = time.monotonic()

    def say(progress) -> None:
        nonlocal said
        (args.output / BEGUN).touch()
        if time.monotonic() - said >= SAY_EVERY_S or progress.held_out or progress.step == 1:
            said = time.monotonic()
            print(
                f"{name} {progress.done:.0%}, step {progress.step}",
                *(f"{key} {value:.4f}" for key, value in progress.terms.items()),
                progress.held_out or "",
                flush=True,
            )

    from videostyle.train.trainer import train_style

    train_style(config, say, target=target, resume=True)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--paintings", "--photos", "--output", "--loss-network"):
        parser.add_argument(option, type=Path, required=option != "--loss-network")
    parser.add_argument(
        "--start-from", type=Path, metavar="DIR", help="of files STYLE/NETWORK.keras"
    )
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--stability", type=float, default=LossWeights.stability)
    parser.add_argument("--learning-rate", type=float, default=TrainConfig.learning_rate)
    parser.add_argument("--gpus", type=int, default=0)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("networks", nargs="+", help="such as wave/fast or wave/fast:content=0.8")
    args = parser.parse_args()
    args.networks = [args.only] if args.only else args.networks
    return args


if __name__ == "__main__":
    sys.exit(main())
