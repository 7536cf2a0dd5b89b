"""What each device would do with each cell."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from videostyle.device import a12
from videostyle.device.estimate import Estimate, estimate_from
from videostyle.device.latency import Latency
from videostyle.device.schedule import Schedule, simulate
from videostyle.errors import ConfigError, ModelLoadError
from videostyle.models.architectures import ARTICLES, is_articles_network
from videostyle.models.cost import count_macs
from videostyle.models.model_file import read_spec
from videostyle.models.spec import NetworkSpec
from videostyle.models.styles import find_style
from videostyle.preview.grid import Cell
from videostyle.preview.preview_config import PreviewConfig


@dataclass(frozen=True)
class Device:
    """One column of verdicts.

    Attributes:
        name: as the page shows it.
        latencies: what was measured on it; none for the article's A12.
    """

    name: str
    latencies: tuple[Latency, ...] = ()

    def estimate(self, cell: Cell, styles: tuple[str, ...]) -> Estimate:
        """Its times for a cell's network and size."""
        if self.latencies:
            return estimate_from(latencies_of(self.latencies, cell.style, styles), cell.work)
        spec = _spec_of(cell.style)
        ratio = (
            None if spec is None else (count_macs(spec, cell.work) / count_macs(ARTICLES, a12.SIZE))
        )
        return a12.estimate_a12(cell.work, is_articles_network(spec), ratio)

    def schedule(
        self, cell: Cell, estimate: Estimate, duration_s: Fraction, capture_rate: Fraction | None
    ) -> Schedule | None:
        """What a viewer would see; None where nothing certain is known."""
        if not estimate.is_trusted:
            return None
        return simulate(estimate.samples_ms, cell.rate, duration_s, capture_rate)


def list_devices(config: PreviewConfig) -> list[Device]:
    """Devices in the order they were given.

    Raises:
        ConfigError: a measurement can't be told to belong to one of several styles.
    """
    by_name: dict[str, list[Latency]] = {}
    for latency in config.latencies:
        by_name.setdefault(latency.device, []).append(latency)
        if not any(_is_of(latency, style, config.style) for style in config.style):
            raise ConfigError(
                f"{latency.device}: was measured with "
                f"{latency.model or 'a network it does not name'}, and there are "
                f"several styles: {', '.join(config.style)}; give one style"
            )
    return [
        *(Device(name, tuple(latencies)) for name, latencies in by_name.items()),
        *(Device(a12.NAME) for name in config.devices if name == "a12"),
    ]


def latencies_of(
    latencies: tuple[Latency, ...], style: str, styles: tuple[str, ...]
) -> list[Latency]:
    """Those that were measured with a style's network."""
    return [latency for latency in latencies if _is_of(latency, style, styles)]


def _is_of(latency: Latency, style: str, styles: tuple[str, ...]) -> bool:
    """With one style everything is its own; with several the file must name the model."""
    if len(styles) == 1:
        return True
    return latency.model is not None and _word(latency.model) in {
        _word(style),
        _word(Path(style).stem),
    }


def _word(name: str) -> str:
    """`wave/fast`, `wave-fast` and `wave_fast.mlpackage` are one name."""
    stem = name.removesuffix(".mlpackage").removesuffix(".keras")
    return "".join(letter for letter in stem.lower() if letter.isalnum())


def _spec_of(style: str) -> NetworkSpec | None:
    try:
        return read_spec(find_style(style))
    except ModelLoadError:  # a package holds no description of its network
        return None
