"""How long people wait in the studio, from the drop of a 1080p clip on.

    python benchmarks/studio.py [--clip CLIP]

The page is open and the studio runs; each style is painted for the first time.
"""

import argparse
import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clips import make_clip

from videostyle.bench.processor import describe_processor
from videostyle.pictures.picture import write_picture
from videostyle.samples import sample_frame
from videostyle.studio.project import Project
from videostyle.studio.studio import Studio


async def until(studio: Studio, is_there: Callable[[dict[str, Any]], Any]) -> float:
    """Wait for something; the seconds that it took."""
    began = time.perf_counter()
    while not is_there(studio.view()):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(studio.wait(studio.version), 0.02)
    return time.perf_counter() - began


def ready(view: dict[str, Any]) -> list[str]:
    return [style["id"] for style in view["styles"] if style["state"] == "ready"]


async def measure(clip: Path, folder: Path) -> None:
    studio = Studio(Project(folder / "project"), folder, [])
    studio.start()
    studio.watch(+1)
    began = time.perf_counter()
    studio.use_clip(clip)
    await until(studio, ready)
    print(f"first still            {time.perf_counter() - began:5.1f} s after the drop")
    await until(studio, lambda view: len(ready(view)) >= 7)
    print(f"seven stills           {time.perf_counter() - began:5.1f} s")
    write_picture(folder / "painting.png", sample_frame()[::2, ::2])
    began = time.perf_counter()
    id_ = studio.add_painting(folder / "painting.png").id
    await until(studio, lambda view: id_ in ready(view))
    print(f"a painting's still     {time.perf_counter() - began:5.1f} s after the drop")
    began = time.perf_counter()
    studio.use_frame(1.0)
    await until(studio, ready)
    print(f"another moment         {time.perf_counter() - began:5.1f} s to its first still")
    await until(studio, lambda view: len(ready(view)) == len(view["styles"]))
    studio.show("wave")
    await until(studio, lambda view: studio.report)
    for words in ("the first cell", "the next cell"):
        began = time.perf_counter()
        studio.paint_cell("15", "480x853" if words == "the first cell" else "360x640")
        await until(studio, lambda view: view["painting"])
        shown = time.perf_counter() - began
        await until(studio, lambda view: not view["painting"])
        took = time.perf_counter() - began
        print(f"{words:<22} {shown:5.1f} s to its first frame, {took:.1f} s to the last")
    await studio.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clip", type=Path, help="instead of 20 s of 1080p that it makes")
    args = parser.parse_args()
    print(f"{describe_processor()}; load {os.getloadavg()[0]:.1f} before\n")
    with tempfile.TemporaryDirectory() as folder:
        clip = args.clip or make_clip(Path(folder), "1080p")
        asyncio.run(measure(clip, Path(folder)))


if __name__ == "__main__":
    main()
