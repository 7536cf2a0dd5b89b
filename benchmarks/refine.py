"""How much closer a minute of refining brings made styles to their paintings.

    python benchmarks/refine.py --paintings DIR --photos DIR --held-out DIR --steps 90

Refines the style made from each painting by the number of steps that two processor cores make in 60
seconds (give --seconds to go by the clock instead, on a quiet machine), and measures style and
content loss on held-out photos: made, refined, and of the built-in style if the painting is one's.
Prints Markdown, with the CPU seconds of a step.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from videostyle.bench.processor import describe_processor
from videostyle.models.making.painting import PAINTING_SUFFIXES
from videostyle.models.model_file import load_model
from videostyle.models.styles import STYLE_FOLDER
from videostyle.models.tensorflow import import_keras
from videostyle.train.plan import prepare_training
from videostyle.train.train_config import TrainConfig


def main() -> None:
    args = parse_arguments()
    import_keras()
    from videostyle.train.likeness import measure_likeness
    from videostyle.train.trainer import run_training

    print(f"{describe_processor()}; crop {args.crop}, batch {args.batch_size}\n")
    print("| painting | style made | refined | built in | content made | refined | CPU s a step |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    ratios: dict[str, list[float]] = {"of made": [], "of built in": []}
    with tempfile.TemporaryDirectory() as folder:
        held_out = Path(folder)
        files = [
            p for p in sorted(args.held_out.iterdir()) if p.suffix.lower() in PAINTING_SUFFIXES
        ]
        for file in files[:: max(1, len(files) // args.measured)][: args.measured]:
            (held_out / file.name).symlink_to(file.resolve())
        for painting in sorted(args.paintings.iterdir()):
            if args.only and painting.stem not in args.only:
                continue
            config = TrainConfig(
                painting=painting,
                photos=tuple(args.photos),
                minutes=args.seconds and args.seconds / 60,
                steps=args.steps,
                measure_every=max(1, args.steps // 4),
                crop=args.crop,
                batch_size=args.batch_size,
                learning_rate=args.learning_rate,
            )
            plan = prepare_training(config)
            began = time.process_time()
            result = run_training(plan)
            cpu_s = (time.process_time() - began) / result.card["steps"]
            networks = {"made": load_model(plan.start.path).network, "refined": result.network}
            built_in = STYLE_FOLDER / painting.stem / "fast.keras"
            if built_in.exists():
                networks["built in"] = load_model(built_in).network
            found = measure_likeness(networks, painting, held_out, config.stroke)
            style = {name: losses["style"] for name, losses in found.items()}
            ratios["of made"].append(style["refined"] / style["made"])
            if "built in" in style:
                ratios["of built in"].append(style["refined"] / style["built in"])
            print(
                f"| {painting.stem} | {style['made']:.3f} | {style['refined']:.3f} | "
                f"{style.get('built in', float('nan')):.3f} | {found['made']['content']:.3f} | "
                f"{found['refined']['content']:.3f} | {cpu_s:.2f} |",
                flush=True,
            )
    for name, values in ratios.items():
        if values:
            print(f"\nrefined, {name}: median {statistics.median(values):.3f}, {max(values):.3f}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--paintings", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, nargs="+")
    parser.add_argument("--held-out", type=Path, required=True, help="photos to measure on")
    parser.add_argument("--measured", type=int, default=24, help="how many of them")
    parser.add_argument("--only", nargs="*", help="paintings by name, without suffix")
    parser.add_argument("--steps", type=int, default=90)
    parser.add_argument("--seconds", type=float, help="by the clock instead of steps")
    parser.add_argument("--crop", type=int, default=TrainConfig.crop)
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--learning-rate", type=float, default=TrainConfig.learning_rate)
    return parser.parse_args()


if __name__ == "__main__":
    main()
