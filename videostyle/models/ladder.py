"""The article's ladder of networks: what was taken away, one after another, to be faster."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError
from videostyle.files.digest import digest_values
from videostyle.models.model_file import SUFFIX
from videostyle.models.spec import FastSpec, NetworkSpec, ReferenceSpec, spec_to_json
from videostyle.models.styles import StyleInfo, list_styles

# By the names that a style's networks have, from the largest to the fastest.
LADDER: dict[str, NetworkSpec] = {
    "reference-5": ReferenceSpec(residual_blocks=5),
    "reference": ReferenceSpec(),
    "batch-norm": ReferenceSpec(norm="batch"),
    "reference-1": ReferenceSpec(residual_blocks=1),
    "separable": ReferenceSpec(separable=True),
    "half": ReferenceSpec(filters=(16, 32, 64)),
    "fast": FastSpec(),
}

WORDS = {
    "reference-5": "5 residual blocks",
    "reference": "3 residual blocks",
    "batch-norm": "3 residual blocks, batch norm",
    "reference-1": "1 residual block",
    "separable": "3 separable blocks",
    "half": "3 blocks, half the filters",
    "fast": "fast",
}

# The same numbers each time, so that what a backend keeps of a network serves the next time too.
SEED = 1


@dataclass(frozen=True)
class Quality:
    """What a trained network was measured to be worth; None where its card says nothing.

    Attributes:
        style: style loss on held-out photos, lower is nearer to the painting.
        content: content loss there, lower is nearer to the photo.
        warping_error: E_warp, lower flickers less.
    """

    style: float | None = None
    content: float | None = None
    warping_error: float | None = None


@dataclass(frozen=True)
class Rung:
    """One network of the ladder.

    Attributes:
        name: such as `reference-5`.
        spec: what it is.
        path: its model file.
        is_trained: not filled with random numbers.
        quality: from its card.
    """

    name: str
    spec: NetworkSpec
    path: Path
    is_trained: bool
    quality: Quality

    @property
    def is_articles(self) -> bool:
        """The network that the article timed: three full residual blocks with batch norm."""
        return self.spec == LADDER["batch-norm"]


def find_rungs(style: str, cache: Path) -> list[Rung]:
    """The whole ladder: a style's own networks, and random ones where it has none.

    Args:
        style: a built-in style.
        cache: a folder where networks of random numbers are kept.

    Raises:
        ConfigError: there is no such style.
    """
    trained = {info.network: info for info in list_styles() if info.style == style}
    if not trained:
        raise ConfigError(f"there is no built-in style '{style}'; 'videostyle styles' lists them")
    return [
        _trained(name, trained[name]) if name in trained else _random(name, spec, cache)
        for name, spec in LADDER.items()
    ]


def _trained(name: str, info: StyleInfo) -> Rung:
    return Rung(name, info.spec, info.path, True, read_quality(info.card))


def _random(name: str, spec: NetworkSpec, cache: Path) -> Rung:
    path = cache / f"{name}-{digest_values(spec_to_json(spec))[:12]}{SUFFIX}"
    if not path.exists():
        _save_random(path, spec)
    return Rung(name, spec, path, False, Quality())


def _save_random(path: Path, spec: NetworkSpec) -> None:
    from videostyle.models.tensorflow import import_tensorflow

    import_tensorflow()
    import keras

    from videostyle.models.model_file import save_model
    from videostyle.models.network import build_network

    path.parent.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(SEED)
    save_model(path, build_network(spec), spec, {"title": "random numbers, for timing"})


def read_quality(card: dict[str, Any]) -> Quality:
    """What a card says of its network's worth: `benchmarks/styles.py` writes it there."""
    measured = card.get("measured")
    if not isinstance(measured, dict):
        return Quality()
    return Quality(
        _number(measured.get("style")),
        _number(measured.get("content")),
        _first_e_warp(measured.get("flicker")),
    )


def _first_e_warp(flicker: Any) -> float | None:
    """On the first clip: figures of several don't mix."""
    first = next(iter(flicker.values()), None) if isinstance(flicker, dict) else None
    return _number(first.get("e_warp")) if isinstance(first, dict) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
