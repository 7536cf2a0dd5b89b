"""The plane's cells: the usual rates and sizes, and those that were asked for beside them."""

from fractions import Fraction
from typing import Any

from videostyle.errors import ConfigError
from videostyle.frames import Box
from videostyle.preview.preview_config import MOST_CELLS, PreviewConfig, usual_rates
from videostyle.studio import wall
from videostyle.studio.project import Project, State
from videostyle.video.probe import VideoInfo
from videostyle.video.rate import parse_rate

EXCERPT_S = 5.0


def plane_settings(project: Project, info: VideoInfo, latencies: list[str]) -> dict[str, Any]:
    """What the painter and the exporter open the shown style's report with."""
    state = project.state
    rates, sizes = _grid(state, info)
    return {
        "clip": str(info.path),
        "folder": str(project.folder),
        "style": wall.find(state, state.shown or "").spec,
        "fps": rates,
        "size": sizes,
        "start": state.start,
        "duration": EXCERPT_S,
        "latencies": latencies,
    }


def read_cell(info: VideoInfo, fps: str, size: str) -> tuple[str, str]:
    """A cell's rate and size as the plane writes them.

    Raises:
        ConfigError: the clip can't have such a cell.
    """
    rate, box = parse_rate(fps), Box.parse(size)
    slowest = min(usual_rates(info.rate))
    if rate < slowest:  # flicker is compared over a time in which every rate has a new frame
        raise ConfigError(f"{float(slowest):g} frames per second are the fewest here")
    if rate > info.rate:
        raise ConfigError(f"the clip itself has {float(info.rate):g} frames per second only")
    return str(rate), f"{box.short}x{box.long}" if box.long else f"{box.short}p"


def add_cell(state: State, info: VideoInfo, rate: str, size: str) -> bool:
    """Give the plane a column and a row for a cell; whether it has other ones now."""
    rates, sizes = _grid(state, info)
    is_new_rate, is_new_size = Fraction(rate) not in map(Fraction, rates), size not in sizes
    state.rates += [rate] * is_new_rate
    state.sizes += [size] * is_new_size
    rates, sizes = _grid(state, info)
    if len(rates) * len(sizes) > MOST_CELLS:
        state.rates, state.sizes = state.rates[-1:], state.sizes[-1:]
    return is_new_rate or is_new_size


def _grid(state: State, info: VideoInfo) -> tuple[list[str], list[str]]:
    """Rates and sizes of the plane."""
    return (
        [*map(str, usual_rates(info.rate)), *state.rates],
        [*PreviewConfig().size, *state.sizes],
    )
