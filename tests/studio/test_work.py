"""The processes behind the page: what they make is what the commands make, and nothing is lost."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path

import av
import pytest

from videostyle import PreviewConfig, StylizeConfig, stylize
from videostyle.preview.grid import plan_grid
from videostyle.preview.report import Report
from videostyle.studio.project import EXPORTS, STILLS, Project
from videostyle.studio.studio import Studio

PATIENCE_S = 60


class Running:
    """A studio that works, with somebody watching."""

    def __init__(self, folder: Path) -> None:
        self.studio = Studio(Project(folder), folder.parent, [])

    async def __aenter__(self):
        self.studio.start()
        self.studio.watch(+1)
        return self

    async def __aexit__(self, *error):
        await self.studio.stop()

    async def until(self, condition):
        async def wait():
            while not condition(self.studio.view()):
                seen = self.studio.version
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.studio.wait(seen), 0.2)

        await asyncio.wait_for(wait(), PATIENCE_S)
        return self.studio.view()

    def painter(self) -> int:
        return self.studio._painting._child._process.pid


def run(test):
    asyncio.run(test)


def styles_in(view, state):
    return [style["id"] for style in view["styles"] if style["state"] == state]


def frames_of(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.fixture
def clip(counting_clip):
    return counting_clip(30, "clip.mp4")


def test_every_style_gets_its_still_and_a_killed_painter_loses_only_one(clip, tmp_path):
    async def test():
        async with Running(tmp_path / "p") as running:
            running.studio.use_clip(clip)
            await running.until(lambda view: styles_in(view, "ready"))
            os.kill(running.painter(), signal.SIGKILL)
            view = await running.until(
                lambda view: not styles_in(view, "waiting") and not styles_in(view, "painting")
            )
            [failed] = [style for style in view["styles"] if style["error"]]
            assert "ended unexpectedly" in failed["error"]
            assert len(styles_in(view, "ready")) == len(view["styles"]) - 1
            stills = list((tmp_path / "p" / STILLS).iterdir())
            assert len(stills) == len(view["styles"])  # one failed, and the source is there

    run(test())


def test_a_cell_is_the_previews(clip, tmp_path):
    """The preview goes on with what the studio painted, and the studio with what it was told."""

    async def paint():
        async with Running(tmp_path / "p") as running:
            running.studio.use_clip(clip)
            running.studio.show("wave")
            await running.until(lambda view: running.studio.report)
            running.studio.paint_cell("15", "240x426")
            await running.until(lambda view: view["painting"])
            await running.until(lambda view: done(running.studio.report))
            running.studio.paint_cell("12.5", "100x178")
            await running.until(lambda view: len(done(running.studio.report)) == 2)
            assert not list((tmp_path / "p" / "studio" / "frames").iterdir())

    def done(report):
        return [cell for cell in report["cells"] if cell["done"]] if report else []

    async def look():
        async with Running(tmp_path / "p") as running:
            await running.until(lambda view: running.studio.report)
            return [(cell["rate"], cell["box"]) for cell in done(running.studio.report)]

    run(paint())
    grid = plan_grid(clip, tmp_path / "p", PreviewConfig(start=0, style=("wave",)))
    report = Report.open(grid)
    assert [(str(cell.rate), cell.box) for cell in grid.cells if report.has(cell)] == [
        ("15", "240x426")
    ]
    assert asyncio.run(look()) == [("15", "240x426"), ("25/2", "100x178")]


def test_a_film_is_the_main_commands_even_if_it_was_stopped(counting_clip, tmp_path):
    """It is 30 s long: two pieces are kept when it is stopped."""
    clip = counting_clip(60, "long.mp4", rate=2)

    async def test():
        async with Running(tmp_path / "p") as running:
            running.studio.use_clip(clip)
            running.studio.show("wave")
            wish = {"fps": "2", "size": "480x640", "options": {"codec": "h264"}}
            job = running.studio.export("film", wish)
            await running.until(lambda view: job.done > 42)
            running.studio.change_job(job.id, "cancel")
            view = await running.until(lambda view: job.state != "running")
            assert (job.state, job.error, view["jobs"][0]["url"]) == ("cancelled", None, None)
            assert not (tmp_path / "p" / EXPORTS / "long-Wave-480x640-2fps.mp4").exists()
            before = job.done
            running.studio.change_job(job.id, "resume")
            await running.until(lambda view: job.state == "running" and job.done)
            assert job.done >= 40
            await running.until(lambda view: job.state == "done")
            assert before < job.done == 60
            return tmp_path / "p" / EXPORTS / job.file

    made = asyncio.run(test())
    config = StylizeConfig(fps=2, size="480x640", style="wave")
    stylize(clip, tmp_path / "alone.mp4", config, resume=True)
    ours, theirs = frames_of(made), frames_of(tmp_path / "alone.mp4")
    assert len(ours) == 60
    assert all((a == b).all() for a, b in zip(ours, theirs, strict=True))


def test_an_export_that_fails_says_why(clip, tmp_path):
    async def test():
        async with Running(tmp_path / "p") as running:
            running.studio.use_clip(clip)
            running.studio.show("wave")
            job = running.studio.export("film", {"fps": "15", "size": "96x128"})
            (tmp_path / "p" / EXPORTS / Path(job.order["settings"]["target"]).name).write_text("x")
            await running.until(lambda view: job.state == "failed")
            assert "exists" in job.error

    run(test())


def test_a_style_that_isnt_looked_at_any_more_is_not_painted_on(clip, tmp_path):
    async def test():
        async with Running(tmp_path / "p") as running:
            running.studio.use_clip(clip)
            running.studio.show("wave")
            running.studio.paint_cell("30", "720x1280")
            await running.until(lambda view: view["painting"])
            running.studio.show("udnie")
            view = await running.until(
                lambda view: running.studio.report and view["shown"] == "udnie"
            )
            assert view["queued"] == []
            assert not list((tmp_path / "p" / "clips").glob("wave*.mp4"))

    run(test())
