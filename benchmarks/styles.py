"""Measure the built-in styles: likeness to the painting, and flicker.

    python benchmarks/styles.py --paintings DIR --photos DIR --clips bigbuckbunny.mp4 bikes.mp4

DIR of paintings holds the files that the cards name, DIR of photos any pictures that no style was
trained on. Prints a Markdown table; `--write` puts the figures into the cards as well.
"""

import argparse
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from videostyle import StylizeConfig, stylized_frames
from videostyle.metrics.flicker import Flicker, measure_flicker
from videostyle.models.styles import StyleInfo, built_in_styles
from videostyle.models.tensorflow import import_tensorflow

FLICKER_FRAMES = 40
FPS = 15
SIZE = "480x854"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("paintings", "photos"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--clips", type=Path, nargs="+", required=True)
    parser.add_argument("--styles", nargs="*", help="only these, such as wave/fast")
    parser.add_argument("--write", action="store_true", help="write the figures into the cards")
    args = parser.parse_args()
    import_tensorflow()
    sources = {clip.stem: list(_first(clip, StylizeConfig(size=SIZE, fps=FPS, backend="identity")))
               for clip in args.clips}
    own = {name: measure_flicker(frames, frames) for name, frames in sources.items()}
    heads = ["network", "style loss", "content loss"]
    for name, flicker in own.items():
        heads += [f"E_warp, {name} (its own {flicker.warping_error:.5f})", "contrast"]
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for info in built_in_styles():
        if not args.styles or info.name in args.styles:
            measured = _measure(info, args, sources, own)
            print("| " + " | ".join([info.name, *_cells(measured)]) + " |", flush=True)
            if args.write:
                _write(info, measured)


def _measure(info: StyleInfo, args: argparse.Namespace, sources: dict[str, list[np.ndarray]],
             own: dict[str, Flicker]) -> dict[str, Any]:
    from videostyle.models.model_file import load_model
    from videostyle.train.likeness import measure_likeness

    card = info.card
    losses = measure_likeness({info.name: load_model(info.path).network},
                              args.paintings / card["painting_file"], args.photos,
                              card["stroke"])[info.name]
    flickers = {}
    for clip in args.clips:
        config = StylizeConfig(size=SIZE, fps=FPS, style=str(info.path))
        flicker = measure_flicker(sources[clip.stem], _first(clip, config))
        flickers[clip.stem] = {"e_warp": round(flicker.warping_error, 6),
                               "source": round(own[clip.stem].warping_error, 6),
                               "valid_share": round(flicker.valid_share, 3),
                               "contrast": round(flicker.contrast, 1)}
    return {**{name: round(loss, 4) for name, loss in losses.items()}, "flicker": flickers}


def _cells(measured: dict[str, Any]) -> Iterator[str]:
    yield f"{measured['style']:.3f}"
    yield f"{measured['content']:.3f}"
    for flicker in measured["flicker"].values():
        yield f"{flicker['e_warp']:.5f}"
        yield f"{flicker['contrast']:.1f}"


def _write(info: StyleInfo, measured: dict[str, Any]) -> None:
    from videostyle.models.model_file import load_model, save_model

    model = load_model(info.path)
    save_model(info.path, model.network, model.spec, {**model.card, "measured": measured})


def _first(clip: Path, config: StylizeConfig) -> Iterator[np.ndarray]:
    yield from islice(stylized_frames(clip, config), FLICKER_FRAMES)


if __name__ == "__main__":
    main()
