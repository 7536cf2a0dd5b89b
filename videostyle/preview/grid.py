"""The cells of a preview: what each is made of, and whether it exists already."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from videostyle.backends import check_backend
from videostyle.errors import ConfigError, NoFolderError, TargetError
from videostyle.files.digest import digest_files, digest_path
from videostyle.files.recipe import Recipe
from videostyle.frames import Box, Fit, Size, fit_frame, fit_output
from videostyle.pipeline.plan import ClipPlan, FramesPlan, plan_clip, plan_frames
from videostyle.pipeline.recipe import recipe_for
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.excerpt import choose_start
from videostyle.preview.preview_config import PreviewConfig, usual_rates
from videostyle.video.probe import VideoInfo, probe
from videostyle.video.rate import format_rate

CLIPS = "clips"
REPORT = "report.json"

# The folder of `videostyle studio` in a preview's folder.
STUDIO = "studio"
STUDIO_MARK = f"{STUDIO}/.lock"

# Part of every key: raise it when the same settings would give another cell.
CELL_FORMAT = 3

# Motion is compared over this time, or over one frame at the slowest rate if that is longer.
INTERVAL_S = Fraction(1, 10)


@dataclass(frozen=True)
class Cell:
    """One clip of the matrix.

    Attributes:
        style: as the user named it; the source's own cell has none.
        box: the size as the user gave it.
        plan: what the main command would do.
        key: identifies everything that the clip and its numbers depend on.
        is_hidden: made only for a device's camera, at a rate that isn't in the matrix.
    """

    style: str
    box: str
    plan: ClipPlan
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
        folder: where it is written.
        start_reason: why the part starts where it does.
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
    def keys(self) -> list[str]:
        """What identifies everything that is shown together."""
        return [cell.key for cell in self.cells]

    @property
    def rates(self) -> list[Fraction]:
        return sorted({cell.rate for cell in self.shown})

    @property
    def output(self) -> Size:
        return self.source.plan.encode.output

    def rows(self, cells: Sequence[Cell] | None = None) -> Iterator[list[Cell]]:
        """The cells of each style and size, small sizes first, since these are done soonest."""
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
        TargetError: the folder contains something that isn't a preview.
    """
    info = probe(source, config.stylize.sequence_rate_exact)
    _check_folder(folder)
    config, reason = _with_start(info, config)
    config = _with_output(info, config)
    config = replace(config, fps=config.fps or usual_rates(info.rate))
    interval_s = _interval(info, config)
    keys = Keys(info, interval_s)
    plain = replace(
        config.cell(config.style[0], config.size[0], "source"),
        size=_box_of(info, config),
        backend="identity",
        strength=1.0,
        keep_color=False,
    )
    source_plan = plan_clip(plan_frames(info, plain), folder / CLIPS / "source.mp4")
    original = Cell("", "source", source_plan, keys.of(source_plan))
    cells = tuple(_cells(info, folder, config, keys))
    notices = tuple(dict.fromkeys(notice for cell in cells for notice in cell.plan.notices))
    return Grid(info, config, folder, reason, original, cells, interval_s, notices)


class Keys:
    """The keys that tell finished cells from those still to be made.

    Two cells with one key are one clip with the same numbers.
    """

    def __init__(self, info: VideoInfo, interval_s: Fraction) -> None:
        """Read the clip once.

        Args:
            info: the source.
            interval_s: over which flicker is measured.
        """
        self._source = digest_files(info.source.files())
        self._models: dict[Path, str] = {}
        self._own = {"cell_format": str(CELL_FORMAT), "interval": str(interval_s)}

    def of(self, plan: ClipPlan) -> str:
        """The key of one cell."""
        config = plan.config
        backend = check_backend(config.backend, config.precision, plan.model)
        if plan.model not in self._models:
            self._models[plan.model] = digest_path(plan.model)
        recipe = recipe_for(
            config,
            source=self._source,
            model=self._models[plan.model],
            backend=backend,
            versions=True,
        )
        return Recipe(recipe.values | self._own).digest


def _interval(info: VideoInfo, config: PreviewConfig) -> Fraction:
    """Long enough that every rate shows another frame at its end."""
    rates = [
        config.cell(config.style[0], config.size[0], fps).rate or info.rate for fps in config.fps
    ]
    return max(INTERVAL_S, 1 / min([*rates, config.capture_rate or rates[0]]))


def is_previews(folder: Path) -> bool:
    """Whether a folder is a preview's or a studio's, or may become one: it is empty, or missing."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return True
    return (folder / REPORT).is_file() or (folder / STUDIO_MARK).is_file()


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise TargetError(folder, "is a file; name a folder to put the preview in")
    if not is_previews(folder):
        raise TargetError(folder, "holds something that is no preview; name another folder")
    if not folder.absolute().parent.is_dir():
        raise NoFolderError(folder)


def _with_start(info: VideoInfo, config: PreviewConfig) -> tuple[PreviewConfig, str]:
    if config.start is not None:
        return config, "as you asked"
    start_s, reason = choose_start(info, config.duration_s)
    return replace(config, start=start_s), reason


def _with_output(info: VideoInfo, config: PreviewConfig) -> PreviewConfig:
    """Never above the source's size: that would only compare the scaler."""
    if config.out_size == "source":
        return config
    enlarges = fit_output(info.size, Box.parse(config.out_size)).pixels >= info.size.pixels
    return replace(config, out_size="source") if enlarges else config


def _box_of(info: VideoInfo, config: PreviewConfig) -> str:
    """The output size as a box, for the source's own cell; with `cover` cut as the cells are."""
    visible = fit_frame(
        info.size, Box.parse(config.size[0]), config.stylize.fit_mode or Fit.CONTAIN
    ).display
    size = (
        visible if config.out_size == "source" else fit_output(visible, Box.parse(config.out_size))
    )
    return f"{size.width}x{size.height}"


def _cells(info: VideoInfo, folder: Path, config: PreviewConfig, keys: Keys) -> Iterator[Cell]:
    names: set[str] = set()
    for style in config.style:
        for box in config.size:
            rates: set[Fraction] = set()
            for fps in config.fps:
                cell = _cell(info, folder, config.cell(style, box, fps), box, keys, names)
                if cell.rate in rates:
                    raise ConfigError(f"rate {format_rate(cell.rate)} is given twice")
                rates.add(cell.rate)
                yield cell
            capture = config.capture_rate
            if capture and capture not in rates:
                settings = config.cell(style, box, capture)
                yield replace(_cell(info, folder, settings, box, keys, names), is_hidden=True)


def _cell(
    info: VideoInfo,
    folder: Path,
    settings: StylizeConfig,
    box: str,
    keys: Keys,
    names: set[str],
) -> Cell:
    frames = plan_frames(info, settings)
    plan = plan_clip(frames, folder / CLIPS / _name(settings.style, frames, names))
    return Cell(settings.style, box, plan, keys.of(plan))


def _name(style: str, plan: FramesPlan, taken: set[str]) -> str:
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
