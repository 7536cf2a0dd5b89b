"""Model files for every network of the article's ladder, trained if the style has them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from videostyle.errors import ConfigError
from videostyle.models.architectures import ARCHITECTURES, is_articles_network
from videostyle.models.model_file import SUFFIX, save_weights
from videostyle.models.spec import NetworkSpec
from videostyle.models.styles import StyleInfo, list_styles
from videostyle.models.topology import Shape, weight_shapes

if TYPE_CHECKING:
    import numpy as np

# The same numbers each time, so that two runs time the same network.
SEED = 1


@dataclass(frozen=True)
class Quality:
    """The measured quality of a trained network; None where its card says nothing.

    Attributes:
        style: style loss on held-out photos; lower is closer to the painting.
        content: content loss on them; lower is closer to the photo.
        warping_error: E_warp; lower flickers less.
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
        is_trained: False if it has random weights.
        quality: from its card.
    """

    name: str
    spec: NetworkSpec
    path: Path
    is_trained: bool
    quality: Quality

    @property
    def is_articles(self) -> bool:
        """Whether it is the network that the article timed."""
        return is_articles_network(self.spec)


def find_rungs(style: str, folder: Path) -> list[Rung]:
    """The whole ladder: a style's trained networks, and random ones for the rest.

    Args:
        style: a built-in style.
        folder: where the files of random networks are written.

    Raises:
        ConfigError: there is no such style.
    """
    trained = {info.network: info for info in list_styles() if info.style == style}
    if not trained:
        raise ConfigError(f"there is no built-in style '{style}'; 'videostyle styles' lists them")
    return [
        _trained(name, trained[name]) if name in trained else _random(name, spec, folder)
        for name, spec in ARCHITECTURES.items()
    ]


def _trained(name: str, info: StyleInfo) -> Rung:
    return Rung(name, info.spec, info.path, True, read_quality(info.card))


def _random(name: str, spec: NetworkSpec, folder: Path) -> Rung:
    path = folder / f"{name}{SUFFIX}"
    save_weights(path, spec, _random_weights(spec), {"title": "random numbers, for timing"})
    return Rung(name, spec, path, False, Quality())


def _random_weights(spec: NetworkSpec) -> "dict[str, np.ndarray]":
    """Kernels that keep the variance, and fresh norms: only their speed matters."""
    import numpy as np

    random = np.random.default_rng(SEED)

    def values(name: str, shape: Shape) -> "np.ndarray":
        if name.endswith("kernel"):
            return random.normal(0, np.prod(shape[:3]) ** -0.5, shape)
        return np.full(shape, float(name.endswith(("gamma", "moving_variance"))))

    return {name: values(name, shape) for name, shape in weight_shapes(spec).items()}


def read_quality(card: dict[str, Any]) -> Quality:
    """The quality in a network's card, where `benchmarks/styles.py` writes it."""
    measured = card.get("measured")
    if not isinstance(measured, dict):
        return Quality()
    return Quality(
        _number(measured.get("style")),
        _number(measured.get("content")),
        _first_e_warp(measured.get("flicker")),
    )


def _first_e_warp(flicker: Any) -> float | None:
    """E_warp on the first clip; figures of several clips must not be mixed."""
    first = next(iter(flicker.values()), None) if isinstance(flicker, dict) else None
    return _number(first.get("e_warp")) if isinstance(first, dict) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
