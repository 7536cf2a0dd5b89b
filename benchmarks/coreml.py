"""Convert every built-in network and two kinds that none is, and print what became of each.

    python benchmarks/coreml.py                    # as for the app: 480x853 in, 1080x1920 out
    python benchmarks/coreml.py --compressions --pictures DIR
                                                   # of the built-in styles, with pictures

The two kinds get random weights, and the table says so. Prints a Markdown table.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from videostyle import ConvertConfig, convert_style
from videostyle.bench.processor import describe_processor
from videostyle.coreml import load
from videostyle.coreml.check import own_frames
from videostyle.coreml.convert_config import COMPRESSIONS
from videostyle.coreml.report import PackageReport
from videostyle.errors import ParityError
from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec
from videostyle.models.styles import StyleInfo, built_in_styles
from videostyle.models.tensorflow import import_tensorflow

# What no built-in style is; the last is the kind of model that older tools left behind.
UNTRAINED: dict[str, NetworkSpec] = {
    "fast, batch norm": FastSpec(norm="batch"),
    "imported: 9x9 ends, transposed": ReferenceSpec(
        residual_blocks=5,
        upsample="transposed",
        end_kernel=9,
        head_norm=True,
        padding="zero",
        input_scaling="none",
        output_gain=150.0,
        norm_epsilon=1e-3,
    ),
}

HEADS = (
    "network",
    "weights",
    "result",
    "PSNR float",
    "PSNR half",
    "max level, 8 bits",
    "MB",
    "ops",
    "transposes",
    "seconds",
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--compressions", action="store_true")
    parser.add_argument("--pictures", type=Path, metavar="DIR")
    parser.add_argument("--styles", nargs="*", help="only these, such as wave/fast")
    args = parser.parse_args()
    import_tensorflow()
    print(f"{describe_processor()}\n")
    print("| " + " | ".join(HEADS) + " |\n" + "|---" * len(HEADS) + "|")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "style.mlpackage"
        if args.compressions:
            _compressions(target, args.pictures, args.styles)
            return
        config = ConvertConfig(upscale="1080x1920", overwrite=True)
        for name, style, weights in _networks(Path(folder), args.styles):
            print(_row(name, weights, *_converted(style, target, config)), flush=True)


def _networks(folder: Path, only: list[str] | None) -> Iterator[tuple[str, str, str]]:
    for info in _chosen(only):
        yield info.name, info.name, "trained"
    if not only:
        for name, spec in UNTRAINED.items():
            yield name, str(_with_random_weights(spec, folder / "random.keras")), "random"


def _with_random_weights(spec: NetworkSpec, path: Path) -> Path:
    import keras

    from videostyle.models.model_file import save_model
    from videostyle.models.network import build_network

    keras.utils.set_random_seed(3)
    network, random = build_network(spec), np.random.default_rng(3)
    for weight in network.weights:
        if weight.path.endswith(("gamma", "moving_variance")):
            weight.assign(random.uniform(0.3, 0.9, weight.shape))
        elif weight.path.endswith(("beta", "moving_mean", "bias")):
            weight.assign(random.normal(0, 0.2, weight.shape))
    save_model(path, network, spec)
    return path


def _converted(style: str, target: Path, config: ConvertConfig) -> tuple[PackageReport, float]:
    began = time.monotonic()
    try:
        report = convert_style(style, target, config)
    except ParityError as error:
        report = error.report
    return report, time.monotonic() - began


def _row(name: str, weights: str, report: PackageReport, seconds: float) -> str:
    exact, half = report.comparisons[:2]
    cells = (
        name,
        weights,
        "passed" if report.passed else f"FAILED: {report.problem}",
        f"{exact.psnr_db:.1f}",
        f"{half.psnr_db:.1f}",
        half.largest_8bit,
        f"{report.size_bytes / 1e6:.2f}",
        sum(report.operations.values()),
        report.operations.get("transpose", 0),
        f"{seconds:.0f}",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _chosen(only: list[str] | None) -> list[StyleInfo]:
    return [info for info in built_in_styles() if not only or info.name in only]


def _compressions(target: Path, pictures: Path | None, only: list[str] | None) -> None:
    for info in _chosen(only):
        for kind in (None, *COMPRESSIONS):
            config = ConvertConfig(compress=kind, overwrite=True)
            report, seconds = _converted(info.name, target, config)
            print(_row(f"{info.name}, {report.kind}", "trained", report, seconds), flush=True)
            if pictures and report.passed:
                name = f"{info.name.replace('/', '-')}-{report.kind}.jpg"
                _save(pictures / name, target)


def _save(path: Path, package: Path) -> None:
    import cv2

    path.parent.mkdir(parents=True, exist_ok=True)
    model = load(package)
    painted = model.predict(own_frames(model.sizes)[0])
    cv2.imwrite(str(path), painted[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])


if __name__ == "__main__":
    main()
