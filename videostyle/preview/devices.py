"""What is known about each device, for each style of a preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from videostyle.device import a12
from videostyle.device.estimate import Times
from videostyle.device.latency import Latency
from videostyle.device.published import ASSUMED
from videostyle.errors import ConfigError, ModelLoadError
from videostyle.models.architectures import ARTICLES, is_articles_network
from videostyle.models.cost import count_macs
from videostyle.models.model_file import read_spec
from videostyle.models.spec import NetworkSpec
from videostyle.models.styles import find_style
from videostyle.preview.preview_config import PreviewConfig


@dataclass(frozen=True)
class Device:
    """One phone.

    Attributes:
        name: as the page shows it.
        times: by style, what is known about its network there.
    """

    name: str
    times: dict[str, tuple[Times, ...]]


def list_devices(config: PreviewConfig) -> list[Device]:
    """Devices in the order they were given.

    Raises:
        ConfigError: the styles have different networks, and a time doesn't say which it is for.
    """
    by_name: dict[str, list[Latency]] = {}
    for latency in config.latencies:
        by_name.setdefault(latency.device, []).append(latency)
        if not any(_is_of(latency, style, config.style) for style in config.style):
            raise ConfigError(
                f"{latency.device}: is a time of {latency.model or 'one network'}, and these "
                f"styles have other ones: {', '.join(config.style)}; give one style"
            )
    return [
        *(Device(name, _times(latencies, config.style)) for name, latencies in by_name.items()),
        *(_a12(config.style) for name in config.devices if name == "a12"),
    ]


def assumed_device(styles: Sequence[str]) -> Device:
    """What a page starts with if no device is given."""
    return Device("the phone", dict.fromkeys(styles, (ASSUMED,)))


def _times(latencies: Sequence[Latency], styles: Sequence[str]) -> dict[str, tuple[Times, ...]]:
    return {
        style: tuple(Times.of(each) for each in latencies if _is_of(each, style, styles))
        for style in styles
    }


def _a12(styles: Sequence[str]) -> Device:
    times = {}
    for style in styles:
        spec = _spec_of(style)
        ratio = None
        if spec is not None:
            ratio = count_macs(spec, a12.SIZE) / count_macs(ARTICLES, a12.SIZE)
        times[style] = a12.a12_times(is_articles_network(spec), ratio)
    return Device(a12.NAME, times)


def _is_of(latency: Latency, style: str, styles: Sequence[str]) -> bool:
    """With one style, or one network in several, a time is of each; else it must name the model."""
    if len(styles) == 1:
        return True
    if latency.model is None:
        specs = {_spec_of(each) for each in styles}
        return len(specs) == 1 and None not in specs
    return _word(latency.model) in {_word(style), _word(Path(style).stem)}


def _word(name: str) -> str:
    """`wave/fast`, `wave-fast` and `wave_fast.mlpackage` are the same name."""
    stem = name.removesuffix(".mlpackage").removesuffix(".keras")
    return "".join(letter for letter in stem.lower() if letter.isalnum())


def _spec_of(style: str) -> NetworkSpec | None:
    try:
        return read_spec(find_style(style))
    except ModelLoadError:  # a package has no description of its network
        return None
