"""What the page's wishes come to: styles on the wall, cells in the plane, exports."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError
from videostyle.files.suffixes import CLIP_SUFFIXES
from videostyle.models.making.ingredients import DEFAULT_STROKE
from videostyle.models.making.painting import read_painting
from videostyle.studio import wall
from videostyle.studio.cells import EXCERPT_S, add_cell, plane_settings, read_cell
from videostyle.studio.project import EXPORTS, UPLOADS, Job, Project, State, Style
from videostyle.studio.stills import Stills
from videostyle.studio.wishes import film_job, package_job, page_job
from videostyle.studio.work import Exports, Order, Painting
from videostyle.video.probe import VideoInfo, probe

# Smaller urgencies come first: what was clicked, then what the plane needs, then the wall.
PLAN, CELL, STILL = range(3)


class Studio:
    """Everything behind the page; all of it runs in one event loop.

    Args:
        project: the folder.
        here: the folder in which the studio was started; its clips are offered.
        latencies: as `--latency` takes them.
        on_end: called when an export has ended.
    """

    def __init__(
        self,
        project: Project,
        here: Path,
        latencies: list[str],
        on_end: Callable[[Job], None] = lambda job: None,
    ) -> None:
        self.project, self._here, self._latencies = project, here, latencies
        self.version = self.report_version = 0
        self.report: dict[str, Any] | None = None
        self.watchers = 0
        self._info: VideoInfo | None = None
        self._seconds: dict[str, float] = {}
        self._progress: dict[str, Any] | None = None
        self._change = asyncio.Condition()
        self._painting = Painting(self._hear, lambda: self.watchers > 0)
        self._exports = Exports(project.state.jobs, self.changed, self._end_job)
        self._tasks: set[asyncio.Task[Any]] = set()
        wall.meet_styles(project.state)
        for job in project.state.jobs:
            if job.state == "running":
                job.state, job.seconds_left = "interrupted", None
        self._on_end = on_end

    def start(self) -> None:
        """Begin to work; call it in the event loop."""
        self._tasks = {
            asyncio.create_task(self._painting.run()),
            asyncio.create_task(self._exports.run()),
        }
        if self._state.clip:
            with contextlib.suppress(Exception):
                self.use_clip(Path(self._state.clip))
        self._exports.wake()

    async def stop(self) -> None:
        """End the processes; films that were being made are `interrupted`, and can go on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.project.save()
        self.project.close()

    # What the page sees.

    @property
    def _state(self) -> State:
        return self.project.state

    def view(self) -> dict[str, Any]:
        """The state as plain values, but for the report."""
        state, info = self._state, self._info
        return {
            "version": self.version,
            "project": self.project.folder.name,
            "clip": info and _describe(info, state.start),
            "clips_here": [{"name": path.name} for path in self._clips_here()],
            "frame_time": state.frame_time,
            "styles": [self._style_view(style) for style in state.styles],
            "source_url": self._stills.source_url if self._stills else None,
            "shown": state.shown,
            "painting": self._progress,
            "queued": [
                {"style": state.shown, "rate": order.act["fps"], "box": order.act["size"]}
                for order in self._painting.waiting
                if order.urgency == CELL
            ],
            "jobs": [_job_view(job) for job in state.jobs],
            "report_version": self.report_version,
        }

    async def wait(self, seen: int) -> None:
        """Until something is newer than a version."""
        async with self._change:
            await self._change.wait_for(lambda: self.version != seen)

    def changed(self) -> None:
        """Tell all pages, and write down what must last."""
        self.version += 1
        task = asyncio.ensure_future(self._notify())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _notify(self) -> None:
        async with self._change:
            self._change.notify_all()

    def watch(self, change: int) -> None:
        """A page is there, or has gone."""
        self.watchers += change
        self._painting.wake()

    # The clip.

    @staticmethod
    def look_at_clip(path: Path) -> None:
        """See whether a file is a clip; it may take a moment.

        Raises:
            MediaError: it isn't.
        """
        probe(path)

    @staticmethod
    def look_at_painting(path: Path) -> None:
        """See whether a style can be made from a file; it may take a moment.

        Raises:
            PaintingError: it can't.
        """
        read_painting(path, DEFAULT_STROKE)

    def use_clip_here(self, name: str) -> None:
        """Use a clip of the folder in which the studio was started."""
        path = next((each for each in self._clips_here() if each.name == name), None)
        if path is None:
            raise ConfigError(f"there is no clip {name} in the folder any more")
        self.use_clip(path)

    def use_clip(self, path: Path) -> None:
        """Show another clip.

        Raises:
            MediaError: it can't be read.
        """
        info = probe(path)
        state = self._state
        if state.clip != str(path):
            state.clip, state.start, state.frame_time = str(path), None, None
            state.rates, state.sizes = [], []
        self._info, self.report = info, None
        self.report_version += 1
        self._painting.drop(lambda order: True)
        self._paint_stills()
        if state.shown:
            self._plan()
        self._save()

    def use_frame(self, time_s: float) -> None:
        """Show another moment on the wall."""
        info = self._known_clip()
        end = float(info.end_s or 0)
        self._state.frame_time = max(0.0, min(time_s, max(0.0, end - 0.1)))
        self._painting.drop(lambda order: order.urgency == STILL)
        self._paint_stills()
        self._save()

    def _known_clip(self) -> VideoInfo:
        if self._info is None:
            raise ConfigError("there is no clip yet: drop one on the page")
        return self._info

    def _clips_here(self) -> list[Path]:
        return sorted(
            path
            for path in self._here.iterdir()
            if path.suffix.lower() in CLIP_SUFFIXES and path.is_file()
        )[:50]

    # The wall.

    def add_painting(self, path: Path) -> Style:
        """A painting that was dropped joins the wall."""
        return self._join(wall.from_painting(self._state, path))

    def add_stroke(self, id_: str, stroke: str) -> Style:
        """So does the same painting with strokes of another size."""
        return self._join(wall.with_stroke(self.project, id_, stroke))

    def add_mix(self, parts: list[tuple[str, float]]) -> Style:
        """So does a mix of styles."""
        return self._join(wall.mixed(self._state, parts))

    def _join(self, style: Style) -> Style:
        for other in self._state.styles:
            if other.spec == style.spec:
                return other
        self._state.styles.append(style)
        self._paint_stills()
        self._save()
        return style

    def remove_style(self, id_: str) -> None:
        """A painting or mix leaves the wall; its file and cells stay in the folder."""
        style = wall.find(self._state, id_)
        if style.kind not in wall.MADE:
            raise ConfigError("this style comes with videostyle or is in your own folder of styles")
        self._state.styles.remove(style)
        if self._state.shown == id_:
            self._state.shown, self.report = None, None
            self.report_version += 1
        self._save()

    def _style_view(self, style: Style) -> dict[str, Any]:
        stills, current = self._stills, self._painting.current
        url = stills.url_of(style) if stills else None
        is_current = bool(stills and current and current.act == stills.act_for(style))
        state = "failed" if style.error else "ready" if url else "waiting"
        return {
            **asdict(style),
            "painting_url": f"/files/{UPLOADS}/{style.painting}" if style.painting else None,
            "state": "painting" if is_current else state,
            "still_url": url,
        }

    @property
    def _stills(self) -> Stills | None:
        return Stills(self.project, self._info) if self._info else None

    def _paint_stills(self) -> None:
        """The wall's pictures that aren't there yet."""
        stills = self._stills
        if stills is None:
            return
        for style in self._state.styles:
            act = stills.act_for(style)
            if not stills.url_of(style) and not self._painting.has(act):
                self._painting.add(Order(act, STILL, self._teller(style)))
        self.changed()

    def _teller(self, style: Style) -> Callable[[str | None], None]:
        def tell(error: str | None) -> None:
            style.error, self._progress = error, None
            self.changed()

        return tell

    # The plane.

    def show(self, id_: str) -> None:
        """Show a style in the plane."""
        self._known_clip()
        if self._state.shown != wall.find(self._state, id_).id:
            self._state.shown, self.report = id_, None
            self.report_version += 1
            self._painting.drop(lambda order: order.urgency in (PLAN, CELL))
            self._plan()
            self._save()

    def _settings(self) -> dict[str, Any]:
        return plane_settings(self.project, self._known_clip(), self._latencies)

    def _plan(self) -> None:
        def tell(error: str | None) -> None:
            style.error = error
            self.changed()

        style = wall.find(self._state, self._state.shown or "")
        self._painting.add(Order({"act": "plan", **self._settings()}, PLAN, tell))
        self.changed()

    def paint_cell(self, fps: str, size: str) -> dict[str, str]:
        """Paint a cell of the shown style, which may lie between those of the plane.

        Returns:
            Its rate and size.
        """
        info, state = self._known_clip(), self._state
        if state.shown is None:
            raise ConfigError("choose a style first")
        rate, size = read_cell(info, fps, size)
        if add_cell(state, info, rate, size):
            self._plan()
        act = {"act": "cell", "fps": rate, "size": size}
        if not self._painting.has(act):
            self._painting.add(Order(act, CELL, self._teller(wall.find(state, state.shown))))
        self._save()
        return {"fps": rate, "size": size}

    def _hear(self, news: dict[str, Any]) -> None:
        """What the painter tells in between."""
        if news["news"] == "report":
            self.report, state = news["report"], self._state
            if state.start is None:
                state.start, state.start_reason = (
                    news["start"],
                    news["report"]["source"]["start_reason"],
                )
            news["report"]["source"]["start_reason"] = state.start_reason
            self.report_version += 1
            self._progress = None
            self.project.save()
        elif news["news"] == "frame" and self._painting.current:
            act = self._painting.current.act
            self._progress = {
                "style": self._state.shown,
                "rate": act["fps"],
                "box": act["size"],
                "frames": news["frames"],
                "total": news["total"],
                "frame_url": f"/files/studio/frames/{news['key']}/",
            }
        self.changed()

    # Exports.

    def export(self, kind: str, wish: dict[str, Any]) -> Job:
        """Queue an export.

        Args:
            kind: `film`, `package` or `page`.
            wish: the cell (`fps`, `size`, `strength`) and `options` of the kind.
        """
        info, state = self._known_clip(), self._state
        if state.shown is None:
            raise ConfigError("choose a style first")
        style = wall.find(self._state, wish.get("style") or state.shown)
        if kind == "film":
            job = film_job(self.project, info, style, wish)
        elif kind == "package":
            job = package_job(self.project, info, style, wish)
        elif kind == "page":
            if not self.report or not any(cell["done"] for cell in self.report["cells"]):
                raise ConfigError("paint at least one cell first: the page shows those")
            job = page_job(self.project, info, style, self._settings())
        else:
            raise ConfigError(f"there is no export called {kind}")
        state.jobs.append(job)
        self._exports.wake()
        self._save()
        return job

    def job(self, id_: str) -> Job:
        found = next((each for each in self.project.state.jobs if each.id == id_), None)
        if found is None:
            raise ConfigError("that export isn't there any more")
        return found

    def change_job(self, id_: str, what: str) -> None:
        """Cancel, resume or remove an export; a finished file stays in the folder."""
        job = self.job(id_)
        if what == "cancel":
            self._exports.cancel(job)
        elif what == "resume" and job.state in ("cancelled", "failed", "interrupted"):
            job.state, job.error = "waiting", None
            self._exports.wake()
        elif what == "remove" and job.state not in ("waiting", "running"):
            self._state.jobs.remove(job)
        else:
            raise ConfigError(f"an export that is {job.state} can't do that")
        self._save()

    def _end_job(self, job: Job) -> None:
        self._save()
        self._on_end(job)

    def _save(self) -> None:
        self.project.save()
        self.changed()


def _describe(info: VideoInfo, start: str | None) -> dict[str, Any]:
    return {
        "name": info.path.name,
        "width": info.size.width,
        "height": info.size.height,
        "fps": round(float(info.rate), 3),
        "seconds": float(info.end_s or 0),
        "has_sound": bool(info.audio),
        "start": float(Fraction(start)) if start else None,
        "excerpt_seconds": EXCERPT_S,
    }


def _job_view(job: Job) -> dict[str, Any]:
    view = asdict(job)
    del view["order"]
    return {
        **view,
        "url": f"/api/jobs/{job.id}/file" if job.state == "done" else None,
        "proof": [f"/files/{EXPORTS}/{name}" for name in job.proof],
    }
