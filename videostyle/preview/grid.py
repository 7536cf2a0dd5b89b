"""The cells of a preview: what each is made of, and whether it is there already."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from videostyle.errors import ConfigError, NoFolderError, TargetError
from videostyle.frames import Box, Fit, Size, fit_frame, fit_output
from videostyle.pipeline.plan import Plan, prepare
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.excerpt import choose_start
from videostyle.preview.keys import Keys
from videostyle.preview.preview_config import PreviewConfig
from videostyle.video.probe import VideoInfo, probe
from videostyle.video.rate import format_rate

CLIPS = "clips"
REPORT = "report.json"

# Motion is compared over this long, or over the slowest rate's frame where that is longer.
INTERVAL_S = Fraction(1, 10)


@dataclass(frozen=True)
class Cell:
    """One clip of the matrix.

    Attributes:
        style: as the user named it; the source's own cell has none.
        box: the size as the user gave it.
        plan: what the main command would do.
        key: stands for everything that the clip and its numbers depend on.
        is_hidden: made for a device's camera only, at a rate that the matrix hasn't.
    """

    style: str
    box: str
    plan: Plan
    key: str
    is_hidden: bool = False

    @property
    def rate(self) -> Fraction:
        return self.plan.decode.rate

    @property
    def work(self) -> Size:
        return self.plan.decode.geometry.network

    @property
    def target(self) -> Path:
        assert self.plan.encode is not None
        return self.plan.encode.target

    @property
    def frames(self) -> int:
        """How many frames it will have, as far as the header can be trusted."""
        return self.plan.decode.expected_frames or 0


@dataclass(frozen=True)
class Grid:
    """Everything that a preview will make.

    Attributes:
        info: the source.
        config: with the start filled in.
        folder: where it goes.
        start_reason: why the part begins where it does.
        source: the source's own cell.
        cells: every cell, a row of one style and size after another.
        interval_s: over which flicker is measured.
        notices: what the user should know, one line each.
    """

    info: VideoInfo
    config: PreviewConfig
    folder: Path
    start_reason: str
    source: Cell
    cells: tuple[Cell, ...]
    interval_s: Fraction
    notices: tuple[str, ...]

    @property
    def shown(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.is_hidden)

    @property
    def rates(self) -> list[Fraction]:
        return sorted({cell.rate for cell in self.shown})

    @property
    def output(self) -> Size:
        assert self.source.plan.encode is not None
        return self.source.plan.encode.output

    def rows(self, cells: Sequence[Cell] | None = None) -> Iterator[list[Cell]]:
        """The cells of each style and size, small sizes first: their clips are there soonest."""
        cells = self.cells if cells is None else cells
        rows: dict[tuple[str, str], list[Cell]] = {}
        for cell in cells:
            rows.setdefault((cell.style, cell.box), []).append(cell)
        styles = [cell.style for cell in self.cells]
        yield from sorted(
            rows.values(), key=lambda row: (styles.index(row[0].style), row[0].work.pixels)
        )


def plan_grid(source: Path, folder: Path, config: PreviewConfig) -> Grid:
    """Check everything and name every cell; nothing is written.

    Raises:
        ConfigError, MediaError, ModelError: as `videostyle.stylize`.
        TargetError: the folder holds something that is no preview.
    """
    info = probe(source)
    _check_folder(folder)
    config, reason = _with_start(info, config)
    config, notices = _with_output(info, config)
    interval_s = _interval(info, config)
    keys = Keys(source, config, interval_s)
    plain = config.cell(config.style[0], config.size[0], "source")
    plain = replace(
        plain, size=_box_of(info, config), backend="identity", strength=1.0, keep_color=False
    )
    original = Cell(
        "", "source", _prepare(source, folder, plain, "source.mp4"), keys.of(plain, None)
    )
    cells = tuple(_cells(source, folder, config, keys))
    seen = dict.fromkeys(notice for cell in cells for notice in cell.plan.notices)
    return Grid(info, config, folder, reason, original, cells, interval_s, (*notices, *seen))


def _interval(info: VideoInfo, config: PreviewConfig) -> Fraction:
    """So long that every rate shows another frame at its end."""
    rates = [
        config.cell(config.style[0], config.size[0], fps).rate or info.rate for fps in config.fps
    ]
    return max(INTERVAL_S, 1 / min([*rates, config.capture_rate or rates[0]]))


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise TargetError(folder, "is a file; name a folder to put the preview in")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / REPORT).is_file():
        raise TargetError(folder, "holds something that is no preview; name another folder")
    if not folder.absolute().parent.is_dir():
        raise NoFolderError(folder)


def _with_start(info: VideoInfo, config: PreviewConfig) -> tuple[PreviewConfig, str]:
    if config.start is not None:
        return config, "as you asked"
    start_s, reason = choose_start(info, config.duration_s)
    return replace(config, start=start_s), reason


def _with_output(info: VideoInfo, config: PreviewConfig) -> tuple[PreviewConfig, list[str]]:
    """Never above the source's size: that would compare nothing but the scaler."""
    if config.out_size == "source":
        return config, []
    if fit_output(info.size, Box.parse(config.out_size)).pixels >= info.size.pixels:
        return replace(config, out_size="source"), []
    return config, []


def _box_of(info: VideoInfo, config: PreviewConfig) -> str:
    """The output size as a box, for the source's own cell; with `cover` cut as the cells are."""
    visible = fit_frame(
        info.size, Box.parse(config.size[0]), config.stylize.fit_mode or Fit.CONTAIN
    ).display
    size = (
        visible if config.out_size == "source" else fit_output(visible, Box.parse(config.out_size))
    )
    return f"{size.width}x{size.height}"


def _cells(source: Path, folder: Path, config: PreviewConfig, keys: Keys) -> Iterator[Cell]:
    names: set[str] = set()
    for style in config.style:
        for box in config.size:
            capture = config.capture_rate
            rates: set[Fraction] = set()
            for fps in (*config.fps, *([capture] if capture else [])):
                settings = config.cell(style, box, fps)
                plan = _prepare(source, folder, settings)
                rate = plan.decode.rate
                if rate in rates and len(rates) < len(config.fps):
                    raise ConfigError(f"rate {format_rate(rate)} is given twice")
                if rate not in rates:
                    plan = _at_target(plan, folder / CLIPS / _name(style, plan, names))
                    yield Cell(
                        style,
                        box,
                        plan,
                        keys.of(settings, style),
                        is_hidden=len(rates) >= len(config.fps),
                    )
                    rates.add(rate)


def _prepare(source: Path, folder: Path, settings: StylizeConfig, name: str = "clip.mp4") -> Plan:
    """As the main command does, but for a folder that isn't there yet."""
    plan = prepare(source, folder.absolute().parent / f".{folder.name}.mp4", settings)
    return _at_target(plan, folder / CLIPS / name)


def _at_target(plan: Plan, target: Path) -> Plan:
    assert plan.encode is not None
    return replace(plan, encode=replace(plan.encode, target=target))


def _name(style: str, plan: Plan, taken: set[str]) -> str:
    """Such as `wave_853x480_15fps.mp4`."""
    path = Path(style)
    word = path.stem if path.suffix else style
    slug = re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-") or "style"
    size, rate = plan.decode.geometry.network, format_rate(plan.decode.rate)
    name, number = f"{slug}_{size}_{rate}fps.mp4", 2
    while name in taken:
        name, number = f"{slug}-{number}_{size}_{rate}fps.mp4", number + 1
    taken.add(name)
    return name
