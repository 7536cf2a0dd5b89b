"""The whole journey in a browser, with real networks and a real clip; and how a studio ends."""

import json
import shutil
import signal
import socket
import time
import urllib.request

import av
import pytest

from tests.preview.browser import CHROMIUM, FLAGS
from tests.studio.running import RunningStudio, alive
from videostyle import StylizeConfig, stylize
from videostyle.models.styles import built_in_styles
from videostyle.pictures.picture import write_picture
from videostyle.samples import sample_frame

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LONG_MS = 120_000


@pytest.fixture
def here(tmp_path, run_ffmpeg):
    """A folder with 3 s of a clip that moves."""
    run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=3"),
        *("-f", "lavfi", "-i", "sine=duration=3", "-pix_fmt", "yuv420p", tmp_path / "clip.mp4"),
    )
    write_picture(tmp_path / "painting.png", sample_frame()[:300, :400])
    return tmp_path


def open_page(browser, address, **settings):
    page = browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, **settings}
    ).new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
    page.set_default_timeout(LONG_MS)
    page.goto(address)
    return page


def frames_of(path):
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def painted(page):
    return page.locator(".cell:not(.waiting)")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
def test_the_whole_journey(here):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LONG_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with RunningStudio(here, "--project", "p", "--port", "0") as studio:
            page = open_page(browser, studio.address)
            expect(page.locator("#begin-title")).to_have_text("Drop a clip")
            page.set_input_files("#clip-file", here / "clip.mp4")
            styles = {info.style for info in built_in_styles()}
            expect(page.locator(".card .still[src]")).to_have_count(len(styles))
            page.set_input_files(".card.new input", here / "painting.png")
            card = page.locator("button.card", has_text="Painting")
            expect(card.locator(".still[src]")).to_have_count(1)

            # A style that is chosen is painted as recommended, and plays while it is painted.
            card.click()
            expect(page.locator(".cell.painting .live[src]")).to_have_count(1)
            expect(painted(page)).to_have_count(1)
            sentence = page.inner_text("#sentence")
            page.fill("#ms-number", "5")
            page.keyboard.press("Enter")
            assert page.inner_text("#sentence") != sentence

            # Off the grid.
            page.fill("#other-rate", "12")
            page.fill("#other-lines", "120")
            page.click("#other-form button")
            expect(painted(page)).to_have_count(2)
            page.screenshot(path=here / "plane.png")

            # A second tab and a reload show the same.
            other = open_page(browser, studio.address)
            expect(painted(other)).to_have_count(2)
            expect(other.locator("#wall-title")).to_have_text("Painting")
            other.click("[data-style=udnie]")
            expect(page.locator("#wall-title")).to_have_text("Udnie")
            other.locator("button.card", has_text="Painting").click()
            page.reload()
            expect(painted(page)).to_have_count(2)

            # Compare.
            painted(page).first.click()
            expect(page.locator("#compare")).to_be_visible()
            page.click("#close")

            # Export a film, a package and a page; then stop one and let it go on.
            page.select_option("#export-cell", label="240×426 at 10 fps")
            page.click("#export-form button[value=film]")
            page.click("#export-form button[value=page]")
            page.click("#export-form button[value=package]")
            expect(page.locator(".job[data-state=done]")).to_have_count(3)
            expect(page.locator(".job .proof img").first).to_be_visible()
            assert "at most" in page.inner_text("#jobs")
            page.select_option("#export-cell", label="720×1280 at 30 fps")
            page.click("#export-form button[value=film]")
            page.locator(".job[data-state=running]").get_by_text("Stop").click()
            expect(page.locator(".job[data-state=cancelled]")).to_have_count(1)
            page.locator(".job[data-state=cancelled]").get_by_text("Go on").click()
            page.close()  # it goes on when nobody looks
            expect(other.locator(".job[data-state=done]")).to_have_count(4)

            # Killed and started again: nothing is lost, no process is left.
            pids = studio.processes()
            studio.end(signal.SIGKILL)
            expect(other.locator("#gone")).to_contain_text("nothing is lost")
            assert other.complaints == [] or all("ERR" in each for each in other.complaints)
        until(lambda: not alive(pids))
        with RunningStudio(here, "--project", "p") as studio:
            page = open_page(browser, studio.address)
            expect(painted(page)).to_have_count(2)
            expect(page.locator(".job[data-state=done]")).to_have_count(4)
            assert page.complaints == []
        browser.close()
    exports = here / "p" / "studio" / "exports"
    uploaded = here / "p" / "studio" / "uploads"
    state = json.loads((here / "p" / "studio" / "state.json").read_text())
    job = state["jobs"][0]
    settings = job["order"]["settings"]["settings"]
    config = StylizeConfig(
        fps=settings["fps"],
        size=settings["size"],
        style=str(uploaded / "painting.png"),
        out_size="source",
    )
    stylize(uploaded / "clip.mp4", here / "alone.mp4", config, resume=True)
    ours, theirs = frames_of(exports / job["file"]), frames_of(here / "alone.mp4")
    assert len(ours) == 3 * int(settings["fps"])
    assert all((a == b).all() for a, b in zip(ours, theirs, strict=True))
    assert len(list(exports.glob("*.html"))) == 1
    from videostyle import check_package

    package = next(exports.glob("*.mlpackage"))
    assert check_package(package, against=str(uploaded / "painting.png")).passed


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_studio_that_is_stopped_leaves_no_process_and_no_half_of_a_file(here, number, status):
    with RunningStudio(here, "clip.mp4") as studio:
        opener, root = opened(studio)
        events = opener.open(f"{root}/api/events", timeout=60)  # somebody looks
        until(lambda: list((here / "clip-studio" / "studio" / "stills").iterdir()))
        pids = studio.processes()
        assert len(pids) > 1
        ended, complaints = studio.end(number)
        events.close()
    assert ended == status
    assert "Traceback" not in complaints
    until(lambda: not alive(pids))
    assert not [path for path in here.rglob(".*") if path.name != ".lock"]


def opened(studio):
    """A client with the cookie."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    opener.open(studio.address, timeout=30)
    return opener, studio.address.partition("/?")[0]


def test_visitors_who_say_nothing_dont_keep_others_out(here):
    with RunningStudio(here, "clip.mp4") as studio:
        opener, root = opened(studio)
        port = int(root.rpartition(":")[2])
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        for each in silent[:100]:
            each.sendall(b"GET /api/state HTTP/1.1\r\nHost: ")
        state = json.loads(opener.open(f"{root}/api/state", timeout=30).read())
        assert state["clip"]["name"] == "clip.mp4"
        for each in silent:
            each.close()


def test_phones_on_the_network_may_look(here):
    with RunningStudio(here, "clip.mp4", "--lan") as studio:
        opener, root = opened(studio)
        assert json.loads(opener.open(f"{root}/api/state", timeout=30).read())["can_write"]
        _, complaints = studio.end(signal.SIGINT)
    [line] = [line for line in complaints.splitlines() if line.startswith("for phones")]
    assert "token=" in line
    assert line.rpartition("=")[2] not in studio.address
    assert "█" in complaints or "▀" in complaints


def test_a_clip_that_cant_be_read_is_told_in_the_terminal(here):
    process = RunningStudio(here, "painting.png.mp4")
    shutil.copy(here / "painting.png", here / "painting.png.mp4")
    (here / "painting.png.mp4").write_text("no film")
    with pytest.raises(AssertionError, match=r"videostyle: painting\.png\.mp4"):
        process.__enter__()
