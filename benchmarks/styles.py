"""Measure the built-in styles: likeness to the painting and the photo, flicker, detail kept.

    python benchmarks/styles.py --paintings DIR --photos DIR --clips bigbuckbunny.mp4 bikes.mp4 \
        --without-stability DIR --write
    python benchmarks/styles.py --cards

DIR of paintings holds the files that the cards name, DIR of photos any pictures that no style was
trained on. The third DIR holds a STYLE.keras each: the fast network trained without the stability
term, to compare with; without it the cards' earlier figures of its flicker stay. Prints two
Markdown tables; `--write` puts the figures into the cards as well, and `--cards` prints those.
"""

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from videostyle import StylizeConfig, stylized_frames
from videostyle.metrics.detail import detail_kept
from videostyle.metrics.flicker import Flicker, measure_flicker
from videostyle.models.styles import DEFAULT_NETWORK, StyleInfo, built_in_styles
from videostyle.models.tensorflow import import_tensorflow
from videostyle.train.train_config import LossWeights

FLICKER_FRAMES = 40
DETAIL_EVERY = 10  # frames
FPS = 15
SIZE = "480x854"

Card = dict[str, Any]


def main() -> None:
    args = _parse_arguments()
    cards = {
        info.name: info.card
        for info in built_in_styles()
        if not args.styles or info.name in args.styles
    }
    if not args.cards:
        cards = _measure_all(cards, args)
    _print_likeness(cards)
    _print_flicker(cards)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("paintings", "photos", "without-stability"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--clips", type=Path, nargs="+")
    parser.add_argument("--styles", nargs="*", help="only these, such as wave/fast")
    parser.add_argument("--write", action="store_true", help="write the figures into the cards")
    parser.add_argument("--cards", action="store_true", help="measure nothing")
    args = parser.parse_args()
    if not (args.cards or (args.paintings and args.photos and args.clips)):
        parser.error("--paintings, --photos and --clips are needed, or --cards")
    if unknown := set(args.styles or ()) - {info.name for info in built_in_styles()}:
        parser.error(f"no such network: {', '.join(sorted(unknown))}")
    return args


def _measure_all(cards: dict[str, Card], args: argparse.Namespace) -> dict[str, Card]:
    import_tensorflow()
    sources = {
        clip.stem: list(_first(clip, StylizeConfig(size=SIZE, fps=FPS, backend="identity")))
        for clip in args.clips
    }
    own = {name: measure_flicker(frames, frames) for name, frames in sources.items()}
    found = {}
    for info in tqdm([info for info in built_in_styles() if info.name in cards]):
        measured = _measure(info.path, info.card, args, sources, own)
        if info.network == DEFAULT_NETWORK and args.without_stability:
            without = args.without_stability / f"{info.style}.keras"
            measured["without_stability"] = _measure(without, info.card, args, sources, own)
        elif earlier := info.card.get("measured", {}).get("without_stability"):
            measured["without_stability"] = earlier
        found[info.name] = {**info.card, "measured": measured}
        if args.write:
            _write(info, found[info.name])
    return found


def _measure(
    path: Path,
    card: Card,
    args: argparse.Namespace,
    sources: dict[str, list[np.ndarray]],
    own: dict[str, Flicker],
) -> Card:
    from videostyle.models.model_file import load_model
    from videostyle.train.likeness import measure_likeness

    losses = measure_likeness(
        {"it": load_model(path).network},
        args.paintings / card["painting_file"],
        args.photos,
        card["stroke"],
    )["it"]
    flickers = {}
    for clip in args.clips:
        config = StylizeConfig(size=SIZE, fps=FPS, style=str(path))
        painted = list(_first(clip, config))
        flicker = measure_flicker(sources[clip.stem], painted)
        compared = zip(sources[clip.stem][::DETAIL_EVERY], painted[::DETAIL_EVERY], strict=True)
        flickers[clip.stem] = {
            "e_warp": round(flicker.warping_error, 6),
            "source": round(own[clip.stem].warping_error, 6),
            "valid_share": round(flicker.valid_share, 3),
            "contrast": round(flicker.contrast, 1),
            "gradient": round(flicker.gradient, 2),
            "detail": round(float(np.mean([detail_kept(*pair) for pair in compared])), 3),
        }
    return {**{name: round(loss, 4) for name, loss in losses.items()}, "flicker": flickers}


def _print_likeness(cards: dict[str, Card]) -> None:
    _print_row(
        ["network", "parameters", "GMAC", "style loss", "content loss", "both, weighted", "against"]
    )
    _print_row(["---"] * 7)
    for name, card in cards.items():
        measured, against = card["measured"], _yardstick(name)
        ratio = ""
        if against in cards:
            share = _both(measured) / _both(cards[against]["measured"])
            ratio = f"{share:.2f} of {against.split('/')[1]}"
        _print_row(
            [
                name,
                f"{card['parameters']:,}",
                f"{card['gmac_at_480x853']:.2f}",
                f"{measured['style']:.3f}",
                f"{measured['content']:.3f}",
                f"{_both(measured):.2f}",
                ratio,
            ]
        )
    print()


def _print_flicker(cards: dict[str, Card]) -> None:
    clips = next(iter(cards.values()))["measured"]["flicker"]
    whats = ("E_warp", "contrast", "gradient", "detail")
    heads = [f"{what}, {clip}" for clip in clips for what in whats]
    _print_row(["network", *heads])
    _print_row(["---"] * (1 + len(heads)))
    sources = [f"{flicker['source']:.5f}" for flicker in clips.values()]
    _print_row(["the clip itself", *(cell for source in sources for cell in (source, "", "", ""))])
    for name, card in cards.items():
        measured = card["measured"]
        _print_row([name, *_flicker_cells(measured, clips)])
        if without := measured.get("without_stability"):
            _print_row(["... without stability", *_flicker_cells(without, clips)])


def _flicker_cells(measured: Card, clips: Iterable[str]) -> Iterator[str]:
    for flicker in (measured["flicker"][clip] for clip in clips):
        yield f"{flicker['e_warp']:.5f}"
        yield f"{flicker['contrast']:.1f}"
        yield f"{flicker['gradient']:.1f}"
        yield f"{flicker['detail']:.2f}" if "detail" in flicker else ""


def _yardstick(name: str) -> str | None:
    """The network that another is held against."""
    style, network = name.split("/")
    if network == "swift":
        return f"{style}/{DEFAULT_NETWORK}"
    if network == DEFAULT_NETWORK:
        return f"{style}/reference-5" if style == "wave" else f"{style}/reference"
    return None


def _both(measured: Card) -> float:
    """Style and content loss, weighed as in training."""
    weights = LossWeights()
    return float(weights.style * measured["style"] + weights.content * measured["content"])


def _print_row(cells: list[str]) -> None:
    print("| " + " | ".join(cells) + " |")


def _write(info: StyleInfo, card: Card) -> None:
    from videostyle.models.model_file import load_model, save_model

    model = load_model(info.path)
    save_model(info.path, model.network, model.spec, card)


def _first(clip: Path, config: StylizeConfig) -> Iterator[np.ndarray]:
    yield from islice(stylized_frames(clip, config), FLICKER_FRAMES)


if __name__ == "__main__":
    main()
