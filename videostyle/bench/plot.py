"""Speed against quality, as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from videostyle.bench.measure import Timing
from videostyle.bench.table import by_backend
from videostyle.errors import MissingDependencyError
from videostyle.files.whole import writing

SUFFIXES = (".png", ".svg", ".pdf")

WIDTH_IN, HEIGHT_IN, DPI = 8, 5, 150


def draw_plot(timings: Sequence[Timing], path: Path) -> None:
    """Draw each network as a point: time per frame across, style loss up; lower is better in both.

    Networks without a measured quality are drawn in a row above the others.

    Args:
        timings: at least one.
        path: the picture to write, one of `SUFFIXES`.

    Raises:
        MissingDependencyError: Matplotlib isn't installed.
        TargetError: the picture can't be written.
    """
    figure_type = _import_figure()
    figure = figure_type(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    losses = [timing.quality.style for timing in timings if timing.quality.style is not None]
    unknown = 1.1 * max(losses) if losses else 1.0
    for backend, group in by_backend(timings).items():
        heights = [
            unknown if timing.quality.style is None else timing.quality.style for timing in group
        ]
        axes.scatter([timing.median_ms for timing in group], heights, label=backend)
        for timing, height in zip(group, heights, strict=True):
            axes.annotate(
                timing.rung.name,
                (timing.median_ms, height),
                fontsize=8,
                xytext=(3, 5),
                textcoords="offset points",
                rotation=35,
            )
    if any(timing.quality.style is None for timing in timings):
        axes.axhline(unknown, linestyle=":", linewidth=0.8, color="grey")
        axes.annotate(
            "not measured (random weights)",
            (0.01, unknown),
            fontsize=8,
            va="top",
            xycoords=("axes fraction", "data"),
            xytext=(0, -4),
            textcoords="offset points",
            color="grey",
        )
    axes.set_xlabel(f"median ms per frame at {timings[0].size}")
    axes.set_ylabel("style loss on held-out photos")
    axes.set_xscale("log")
    for ticks in (axes.xaxis.set_major_formatter, axes.xaxis.set_minor_formatter):
        ticks("{x:g}")
    axes.margins(0.15)
    axes.legend()
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    with writing(path) as part:
        figure.savefig(part)


def _import_figure() -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError("a plot needs: pip install 'videostyle[bench]'") from error
    return Figure
