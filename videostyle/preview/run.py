"""Making a preview: the source's cell, then the cells of each style and size, then the page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from videostyle.files.target import make_folder
from videostyle.pipeline.overlap import WriteBehind
from videostyle.pipeline.painting import Painted
from videostyle.pipeline.plan import plan_frames
from videostyle.pipeline.stylize import run_plans
from videostyle.preview.forecast import (
    Forecast,
    Meter,
    PreviewProgress,
    Stopwatch,
    make_forecast,
)
from videostyle.preview.grid import CLIPS, STUDIO, Cell, Grid, plan_grid
from videostyle.preview.layout import plan_layout
from videostyle.preview.live import LivePage
from videostyle.preview.measures import Reference
from videostyle.preview.moments import write_moments
from videostyle.preview.preview_config import PreviewConfig
from videostyle.preview.record import CellRecord, record_cell
from videostyle.preview.report import Report
from videostyle.preview.sheet import SHEET, write_sheet
from videostyle.preview.stills import Stills, poster_name
from videostyle.preview.tiles import TILES, write_tiles


def preview_clip(
    source: str | Path,
    target: str | Path,
    config: PreviewConfig | None = None,
    *,
    on_forecast: Callable[[Forecast], None] | None = None,
    on_progress: Callable[[PreviewProgress], None] | None = None,
) -> Iterator[CellRecord]:
    """Lay every frame rate and size of a clip side by side in a folder with one page.

    Cells come as they finish, in the page too; those that an earlier run made of the same clip,
    settings and model are reused. Finished cells are kept if the work is interrupted.

    Args:
        source: the video file.
        target: the folder to make; an older preview in it is brought up to date.
        config: the settings; the defaults are 4 rates by 4 sizes of one style.
        on_forecast: called once, when the network's speed is known.
        on_progress: called again and again with the progress.

    Yields:
        Each cell's numbers; reused ones come first.

    Raises:
        VideoStyleError: as `videostyle.stylize`, at the first cell.
    """
    grid = plan_grid(Path(source), Path(target), config or PreviewConfig())
    yield from make_preview(Report.open(grid), on_forecast=on_forecast, on_progress=on_progress)


def make_preview(
    report: Report,
    *,
    on_forecast: Callable[[Forecast], None] | None = None,
    on_progress: Callable[[PreviewProgress], None] | None = None,
) -> Iterator[CellRecord]:
    """Make what a report lacks, as `preview_clip`; the report has all of it at the end."""
    grid, stills = report.grid, Stills(report.grid)
    make_folder(grid.folder / CLIPS)
    _remove_parts(grid.folder)
    report.reuse_pictures()
    with LivePage(report) as page:
        yield from report.cells
        missing = [cell for cell in grid.cells if not report.has(cell)]
        meter = Meter(grid, missing, lambda progress: _tell(progress, page, on_progress))
        reference = None
        if missing or not report.has(grid.source):
            reference = make_source(report, stills, lambda _: meter.add_source())
            page.show()
        for style in dict.fromkeys(cell.style for cell in missing):
            rows = list(grid.rows([cell for cell in missing if cell.style == style]))
            backend = Stopwatch(rows[0][0].plan.open_backend())
            if on_forecast:
                on_forecast(make_forecast(grid, missing, backend))
                on_forecast = None
            for row in rows:
                assert reference
                count = partial(_count, meter, row[0])
                for cell, record in make_row(report, row, backend, reference, stills, count):
                    page.show()
                    if not cell.is_hidden:
                        yield record
        if on_forecast:
            on_forecast(make_forecast(grid, [], None))
        _finish(grid, report, stills, meter)


def _tell(
    progress: PreviewProgress,
    page: LivePage,
    on_progress: Callable[[PreviewProgress], None] | None,
) -> None:
    page.set_share(progress.share)
    if on_progress:
        on_progress(progress)


def _count(meter: Meter, cell: Cell, painted: Painted) -> None:
    meter.add(cell)


def make_source(report: Report, stills: Stills, on_painted: Callable[[Painted], None]) -> Reference:
    """The source's own cell, if the report lacks it, and the frames that others are measured by."""
    grid = report.grid
    duration_s = Fraction(grid.source.frames) / grid.source.rate
    rates = sorted({cell.rate for cell in grid.cells})
    reference = Reference(rates, grid.interval_s, duration_s, grid.output)
    plan = grid.source.plan
    made, kept = ([], [plan]) if report.has(grid.source) else ([plan], [])
    watched = [plan_frames(grid.info, replace(plan.config, fps=rate)) for rate in rates]

    def take(painted: Painted) -> None:
        reference.snapshots.take(painted)
        on_painted(painted)

    backend = plan.open_backend()
    for result in run_plans(made, backend, watched=[*kept, *watched], on_painted=take):
        stills.write(grid.source)
        report.add(record_cell(grid.source, result, [], None))
    return reference


def make_row(
    report: Report,
    row: Sequence[Cell],
    backend: Stopwatch,
    reference: Reference,
    stills: Stills,
    on_painted: Callable[[Painted], None],
) -> Iterator[tuple[Cell, CellRecord]]:
    """All rates of one style and size at once: a frame is painted once for all that show it."""
    snapshots = reference.watch([cell.rate for cell in row])
    backend.samples_ms.clear()

    def take(painted: Painted) -> None:
        watching.put(painted)
        on_painted(painted)

    with WriteBehind(snapshots.take) as watching:
        results = run_plans([cell.plan for cell in row], backend, on_painted=take)
    for cell, result in zip(row, results, strict=True):
        numbers = reference.measure(cell.rate, snapshots)
        stills.write(cell)
        record = record_cell(cell, result, backend.samples_ms, numbers)
        report.add(record)
        yield cell, record


def _finish(grid: Grid, report: Report, stills: Stills, meter: Meter) -> None:
    if not report.tiles:
        layout = plan_layout(grid)
        write_tiles(grid, layout, report.duration_s, meter.add_tiles)
        write_sheet(grid, layout, stills)
        report.set_tiles(
            {"layout": layout.as_json(), "video": TILES, "sheet": SHEET, "tiled": grid.keys}
        )
    if not report.moments:
        report.set_moments(write_moments(grid, report.has))
    report.complete()
    _remove_unused(report)
    meter.finish()


def _remove_unused(report: Report) -> None:
    """Files of an older preview that this one doesn't show."""
    grid = report.grid
    if (grid.folder / STUDIO).is_dir():  # it shows more than this preview
        return
    clips = [f"{CLIPS}/{cell.target.name}" for cell in (*grid.cells, grid.source)]
    kept = {TILES, *clips, *map(poster_name, clips), *report.moment_names}
    for pattern in (f"{CLIPS}/*.mp4", f"{CLIPS}/*.jpg", "grid*.mp4"):
        for path in grid.folder.glob(pattern):
            if path.relative_to(grid.folder).as_posix() not in kept:
                path.unlink(missing_ok=True)


def _remove_parts(folder: Path) -> None:
    """Files that a killed run left behind."""
    for path in (*folder.glob(".*.part*"), *(folder / CLIPS).glob(".*.part*")):
        path.unlink(missing_ok=True)
