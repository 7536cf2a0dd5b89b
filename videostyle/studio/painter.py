"""The process that paints what somebody looks at: stills for the wall, cells for the plane.

It holds what is slow to make again: compiled networks, the frame that the wall shows, and the
source's frames that cells are measured by.
"""

import contextlib
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from videostyle.backends.base import Backend
from videostyle.device.latency import parse_latency
from videostyle.files.whole import write_json, write_text
from videostyle.pictures.contact_sheet import first_frame, paint_frame
from videostyle.pictures.picture import write_picture
from videostyle.pipeline.painting import Painted
from videostyle.pipeline.plan import FramesPlan, plan_frames
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.preview.forecast import Stopwatch
from videostyle.preview.grid import CLIPS, REPORT, STUDIO, plan_grid
from videostyle.preview.live import live_data
from videostyle.preview.measures import Reference
from videostyle.preview.moments import write_moments
from videostyle.preview.page import PAGE, render_page
from videostyle.preview.preview_config import PreviewConfig
from videostyle.preview.record import CellRecord
from videostyle.preview.report import Report, read_records
from videostyle.preview.report_json import report_json, write_report
from videostyle.preview.run import make_row, make_source
from videostyle.preview.stills import Stills
from videostyle.studio.child import Parent, Stopped, words_of
from videostyle.studio.project import FRAMES, STILLS
from videostyle.video.shown import Shown

STILL_QUALITY = 85

# Frames of a cell that is being painted; they are shown for seconds only.
FRAME_QUALITY = 75

# More compiled networks than this would take gigabytes.
MOST_NETWORKS = 12


class Painter:
    """Carries out what the server orders."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent
        self._networks: dict[tuple[Path, str], Backend] = {}
        self._frames: dict[tuple[str, Fraction], Shown] = {}
        self._report: Report | None = None
        self._reference: tuple[Any, Reference] | None = None

    def still(
        self, *, style: str, clip: str, time: str, folder: str, name: str, source: str
    ) -> None:
        """Paint the frame that the wall shows in one style."""
        config = StylizeConfig(fps="source", size="480x853", start=time, style=style)
        plan = plan_frames(Path(clip), config)
        key = (clip, plan.decode.start_s)
        if key not in self._frames:
            self._frames = {key: first_frame(plan.decode)}
        shown = self._frames[key]
        stills = Path(folder) / STILLS
        if not (stills / source).exists():
            write_picture(stills / source, shown.frame, STILL_QUALITY)
        write_picture(stills / name, paint_frame(shown, plan, self._network(plan)), STILL_QUALITY)

    def plan(self, **settings: Any) -> None:
        """Take up a clip in one style: what is finished already, and what can be painted."""
        self._report = open_report(**settings)
        (self._report.grid.folder / CLIPS).mkdir(exist_ok=True)
        self._tell()

    def cell(self, *, fps: str, size: str) -> None:
        """Paint one cell of the plan."""
        report = self._report
        assert report
        cell = next(
            each for each in report.grid.shown if each.rate == Fraction(fps) and each.box == size
        )
        if report.has(cell):
            return
        stills = Stills(report.grid)
        network = Stopwatch(self._network(cell.plan))
        reference = self._measured_by(report, stills)
        frames = report.grid.folder / FRAMES / cell.key[:16]
        frames.mkdir(parents=True, exist_ok=True)
        count = 0

        def show(painted: Painted) -> None:
            nonlocal count
            self._parent.check()
            for _ in range(painted.counts[0]):
                count += 1
                (frames / f"{count}.jpg").write_bytes(_as_jpeg(painted.painting))
            self._parent.say(news="frame", key=cell.key[:16], frames=count, total=cell.frames)

        for _, record in make_row(report, [cell], network, reference, stills, show):
            self._keep(record)
        self._tell()
        for path in frames.glob("*.jpg"):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            frames.rmdir()

    def _keep(self, record: CellRecord) -> None:
        """Write a cell down beside those in other styles, in the form of a report."""
        assert self._report
        folder = self._report.grid.folder
        kept = {each.key: each for each in (*read_records(folder / STUDIO), record)}
        cells = [asdict(each) for each in kept.values()]
        write_json(
            folder / STUDIO / REPORT, {"cells": cells, "captures": [], "source": {"record": None}}
        )

    def _network(self, plan: FramesPlan) -> Backend:
        key = (plan.model, plan.config.backend)
        if key not in self._networks:
            while len(self._networks) >= MOST_NETWORKS:
                del self._networks[next(iter(self._networks))]
            self._networks[key] = plan.open_backend()
        return self._networks[key]

    def _measured_by(self, report: Report, stills: Stills) -> Reference:
        """The source's frames at all rates of the plan; a style makes no difference."""
        grid = report.grid
        key = (str(grid.info.path), grid.source.key, tuple(grid.rates))
        if not self._reference or self._reference[0] != key or not report.has(grid.source):
            self._reference = (key, make_source(report, stills, lambda _: None))
            if record := report.record(grid.source):
                self._keep(record)
        return self._reference[1]

    def _tell(self) -> None:
        """Write the report and the preview's page, and tell what they hold."""
        report = self._report
        assert report
        if report.cells:
            report.set_moments(write_moments(report.grid, report.has))
        content = write_report(report) if report.cells else report_json(report)
        if report.cells:
            data = live_data(content, state="stopped", version=1, beat=1, share=0.0)
            write_text(report.grid.folder / PAGE, render_page(data))
        # The pictures of moments keep their names when a smaller size shows another part.
        moments = [_versioned(moment, len(report.cells)) for moment in content["moments"]]
        start = str(report.grid.config.start_s)
        self._parent.say(news="report", start=start, report={**content, "moments": moments})


def _versioned(moment: dict[str, Any], version: int) -> dict[str, Any]:
    return {
        **moment,
        "source": f"{moment['source']}?{version}",
        "rows": [name and f"{name}?{version}" for name in moment["rows"]],
    }


def open_report(
    *,
    clip: str,
    folder: str,
    style: str,
    fps: list[str],
    size: list[str],
    start: str | None,
    duration: float,
    latencies: list[str],
) -> Report:
    """The report of a clip in one style, with the cells that the studio or a preview painted.

    Args:
        clip: its path.
        folder: the project's.
        style: as `--style` takes it.
        fps: rates; none: the usual ones.
        size: sizes.
        start: seconds, exact; None: where the clip moves most.
        duration: of the excerpt, seconds.
        latencies: as `--latency` takes them.
    """
    config = PreviewConfig(
        fps=tuple(fps),
        size=tuple(size),
        style=(style,),
        start=Fraction(start) if start else None,
        duration=duration,
        latencies=tuple(map(parse_latency, latencies)),
    )
    grid = plan_grid(Path(clip), Path(folder), config)
    return Report.reuse(grid, [*read_records(grid.folder / STUDIO), *read_records(grid.folder)])


def _as_jpeg(picture: np.ndarray) -> bytes:
    quality = [cv2.IMWRITE_JPEG_QUALITY, FRAME_QUALITY]
    return bytes(cv2.imencode(".jpg", picture[..., ::-1], quality)[1])


def main() -> None:
    parent = Parent()
    painter = Painter(parent)
    with contextlib.suppress(KeyboardInterrupt):
        for order in parent.orders():
            number, act = order.pop("number"), getattr(painter, order.pop("act"))
            try:
                act(**order)
                parent.say(news="done", number=number)
            except Stopped:
                parent.say(news="done", number=number)
            except Exception as error:
                parent.say(news="failed", number=number, error=words_of(error))


if __name__ == "__main__":
    main()
