"""Measure the built-in styles: likeness to the painting, flicker, speed.

    python benchmarks/styles.py --paintings DIR --photos DIR --clip bigbuckbunny.mp4

DIR of paintings holds the files that the cards name, DIR of photos any pictures that no style was
trained on. Prints a Markdown table.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from videostyle import StylizeConfig, stylized_frames
from videostyle.backends import open_backend
from videostyle.metrics.flicker import Flicker, measure_flicker
from videostyle.models.styles import StyleInfo, built_in_styles
from videostyle.models.tensorflow import import_tensorflow

FLICKER_FRAMES = 40
TIMED_FRAMES = 30
HEADS = ("network", "style loss", "content loss", "E_warp", "source's own", "contrast",
         "ms a frame (median)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("paintings", "photos", "clip"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    import_tensorflow()
    print("| " + " | ".join(HEADS) + " |\n" + "|---" * len(HEADS) + "|")
    for info in built_in_styles():
        print("| " + " | ".join(_row(info, args)) + " |", flush=True)


def _row(info: StyleInfo, args: argparse.Namespace) -> Iterator[str]:
    from videostyle.models.model_file import load_model
    from videostyle.train.likeness import measure_likeness

    card = info.card
    losses = measure_likeness({info.name: load_model(info.path).network},
                              args.paintings / card["painting_file"], args.photos,
                              card["stroke"])[info.name]
    own, painted = _flicker(info.path, args.clip)
    yield info.name
    yield f"{losses['style']:.3f}"
    yield f"{losses['content']:.3f}"
    yield f"{painted.warping_error:.5f}"
    yield f"{own.warping_error:.5f}"
    yield f"{painted.contrast:.1f}"
    yield f"{_median_ms(info.path):.0f}"


def _flicker(model: Path, clip: Path) -> tuple[Flicker, Flicker]:
    """Of the source and of its painting, on the first frames at 15 fps and 480x854."""
    frames = list(_first(clip, StylizeConfig(size="480x854", backend="identity")))
    painted = _first(clip, StylizeConfig(size="480x854", style=str(model)))
    return measure_flicker(frames, frames), measure_flicker(frames, painted)


def _first(clip: Path, config: StylizeConfig) -> Iterator[np.ndarray]:
    for _, frame in zip(range(FLICKER_FRAMES), stylized_frames(clip, config), strict=False):
        yield frame


def _median_ms(model: Path) -> float:
    backend = open_backend("tensorflow", model)
    frame = np.random.default_rng(1).integers(0, 256, (1, 480, 853, 3), np.uint8)
    times = []
    for _ in range(TIMED_FRAMES + 1):
        began = time.perf_counter()
        backend.stylize(frame)
        times.append(time.perf_counter() - began)
    return 1000 * float(np.median(times[1:]))  # the first one builds the graph


if __name__ == "__main__":
    main()
