"""The page in a real browser, opened from disk."""

import shutil
from fractions import Fraction

import pytest

from tests.preview.conftest import make, small
from videostyle.device.latency import Latency
from videostyle.frames import Size

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]

# Frames of the fastest clip; what two compared clips may be apart by.
FASTEST = 15

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Playwright's own event loop and sockets are closed by the collector, some time.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, run_ffmpeg):
    """6 s of a clip that moves, 2 rates by 2 sizes, one device that holds some of them."""
    base = tmp_path_factory.mktemp("page")
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=320x180:rate=30:duration=6",
        "-pix_fmt",
        "yuv420p",
        base / "clip.mp4",
    )
    phone = Latency("Anna's <phone>", Size(160, 90), (30.0, 90.0, 70.0))
    make(
        base / "clip.mp4",
        base / "p",
        small(size=("45x80", "90x160"), duration=6, latencies=(phone,), devices=("a12",)),
    )
    return base / "p"


class Page:
    """One opened page with all that it asked for and complained of."""

    def __init__(self, browser, folder, **settings):
        self.context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, **settings}
        )
        self.page = self.context.new_page()
        self.folder = folder
        self.complaints, self.requests = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self._failed(request))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto((folder / "index.html").as_uri())
        self.wait("[...document.querySelectorAll('.grid-video')].every(v => v.readyState > 2)")

    def _failed(self, request):
        # A video element breaks its own requests off when it has enough.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(f"{request.url}: {request.failure}")

    def value(self, script):
        return self.page.evaluate(script)

    def wait(self, script):
        self.page.wait_for_function(script, timeout=15_000)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def time(self):
        return self.value("document.querySelector('.grid-video:not([hidden])').currentTime")

    def clips(self):
        return self.value("[...document.querySelectorAll('.layer video')].map(v => v.currentTime)")


@pytest.fixture
def page(browser, folder):
    opened = Page(browser, folder)
    yield opened
    opened.context.close()
    assert opened.complaints == []
    inside = folder.as_uri()
    assert [url for url in opened.requests if not url.startswith((inside, "data:"))] == []


def playing(page):
    return page.value("!document.querySelector('.grid-video:not([hidden])').paused")


def test_it_plays_pauses_seeks_steps_and_loops(page):
    page.wait("document.querySelector('.grid-video').currentTime > 0.2")
    assert playing(page)
    page.press("Space")
    assert not playing(page)
    page.page.fill("#seek", "2")
    assert page.time() == pytest.approx(2, abs=0.05)
    page.value("document.activeElement.blur()")
    page.press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert page.time() == pytest.approx(2 + 1.5 / 60, abs=0.005)
    page.press("Shift+ArrowRight")
    assert page.time() == pytest.approx(2 + 11.5 / 60, abs=0.005)
    assert page.page.inner_text("#clock") != "0.00 s"
    page.page.fill("#seek", "3.9")
    page.page.click("#play")
    page.wait("document.querySelector('.grid-video').currentTime < 1")
    assert playing(page)


def test_the_device_is_toggled_at_the_same_time_of_the_clip(page):
    page.press("Space")
    page.page.fill("#seek", "1.5")
    page.value("document.activeElement.blur()")
    before = page.time()
    page.press("d")
    shown = page.value("document.querySelector('.grid-video:not([hidden])').getAttribute('src')")
    assert shown == "grid-1-anna-s-phone.mp4"
    assert page.time() == pytest.approx(before, abs=0.001)
    page.press("d")
    assert (
        page.value("document.querySelector('.grid-video:not([hidden])').getAttribute('src')")
        == "grid.mp4"
    )
    page.page.click("text=On Anna's <phone>")
    assert page.page.get_attribute("[data-mode='1']", "aria-checked") == "true"
    # Nothing certain is known of the article's phone: figures in grey and no verdict.
    page.page.click("text=On A12")
    verdicts = page.value("[...document.querySelectorAll('.verdict')].map(v => v.dataset.verdict)")
    assert set(verdicts) == {"unknown"}
    assert "about" in page.page.inner_text(".verdict")
    assert "no cell is recommended" in page.page.inner_text("#sentence")


def test_verdicts_say_what_they_are_in_words_and_shapes(page):
    chips = page.value(
        "[...document.querySelectorAll('.verdict')].map("
        "v => [v.dataset.verdict, v.dataset.sign, v.textContent])"
    )
    assert {chip[0] for chip in chips} >= {"holds", "drops"}
    for verdict, sign, text in chips:
        assert sign == {"holds": "●", "marginal": "◐", "drops": "✕"}[verdict]
        assert text.startswith(verdict)


def test_compared_clips_stay_within_one_frame(page):
    page.press("4")
    assert page.page.input_value("#left") == "source"
    assert page.page.input_value("#right") == "4"
    page.wait("[...document.querySelectorAll('.layer video')].every(v => v.currentTime > 0)")
    page.page.wait_for_timeout(3000)
    left, right = page.clips()
    assert abs(left - right) < 1 / FASTEST
    page.press("Space")
    left, right = page.clips()
    assert left == pytest.approx(right, abs=0.01)
    page.press("ArrowRight")
    assert page.clips()[0] == page.clips()[1]
    assert page.clips()[0] > left


def test_compare_divides_flips_zooms_and_swaps(page):
    page.press("1", "2")
    assert page.page.input_value("#right") == "2"
    clip = "document.getElementById('layer-right').style.clipPath"
    page.page.fill("#split", "25")
    assert page.value(clip) == "inset(0px 0px 0px 25%)"
    page.value("document.activeElement.blur()")
    page.press("f")
    assert page.value(clip) == "inset(0px 0px 0px 100%)"
    page.press("f")
    assert page.value(clip) in ("inset(0px)", "inset(0px 0px 0px 0%)")
    page.page.click("text=2:1")
    places = "[...document.querySelectorAll('.layer video')].map(v => v.style.transform)"
    first = page.value(places)
    assert first[0] == first[1]
    assert "scale(2)" in first[0]
    page.page.click("#swap")
    assert page.page.input_value("#left") == "2"
    page.page.click("text=Actual size")
    page.page.select_option("#phone-model", "iPhone XS")
    small_scale = page.value(places)[0]
    page.page.fill("#card", "600")
    assert page.value(places)[0] != small_scale
    page.page.click("#close")
    assert not page.value("document.getElementById('compare').open")


def test_an_actual_size_is_that_of_the_phone(page):
    """With a card of 85.6 mm in 428 pixels a millimetre is 5; an iPhone XS is 135.1 mm long."""
    page.press("1")
    page.page.click("text=Actual size")
    page.page.select_option("#phone-model", "iPhone XS")
    page.page.fill("#card", "428")
    box = page.value("document.querySelector('.layer video').getBoundingClientRect().height")
    assert box == pytest.approx(62.4 * 5, rel=0.01)  # a 16:9 clip fills its height


def test_use_this_copies_both_commands(browser, folder):
    page = Page(browser, folder, permissions=["clipboard-read", "clipboard-write"])
    page.page.click("[data-use='3']")
    page.wait("document.getElementById('toast').textContent.includes('copied')")
    copied = page.value("navigator.clipboard.readText()")
    assert "--fps 10 --size 90x160 --style wave" in copied
    assert "videostyle convert wave -o wave-90x160.mlpackage --size 90x160" in copied
    assert copied.startswith("videostyle ")
    page.page.click("#use-best")
    page.context.close()
    assert page.complaints == []


def test_everything_is_reached_by_the_keyboard_and_has_a_name(page):
    names = page.value("""[...document.querySelectorAll('button, select, input, a, [tabindex="0"]')]
        .filter(e => !e.closest('dialog') && !e.hidden)
        .map(e => e.getAttribute('aria-label') || e.textContent.trim()
             || (e.getAttribute('aria-labelledby') && 'labelled') || '')""")
    assert names
    assert all(names)
    page.page.focus(".cell")
    page.press("Enter")
    assert page.value("document.getElementById('compare').open")
    page.press("Escape")
    assert not page.value("document.getElementById('compare').open")
    assert page.value("document.activeElement.classList.contains('cell')")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_on_any_screen(browser, folder, width, scheme):
    page = Page(browser, folder, viewport={"width": width, "height": 844}, color_scheme=scheme)
    assert page.value("document.documentElement.scrollWidth") <= width
    background = page.value("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(19, 20, 23)") == (scheme == "dark")
    page.press("1")
    assert page.value("document.documentElement.scrollWidth") <= width
    page.context.close()
    assert page.complaints == []


def test_a_page_that_is_still_filling_shows_what_there_is(browser, folder, tmp_path):
    import json

    from videostyle.preview.page import render_page

    report = json.loads((folder / "report.json").read_text())
    report["complete"] = False
    for key in ("layout", "modes", "sheet"):
        del report[key]
    for cell in report["cells"][2:]:
        for key in set(cell) - {
            "id",
            "style",
            "box",
            "rate",
            "label",
            "work",
            "command",
            "convert",
            "devices",
        }:
            del cell[key]
        cell["done"] = False
    shutil.copytree(folder, tmp_path / "p")
    (tmp_path / "p" / "index.html").write_text(render_page(report))
    page = Page(browser, tmp_path / "p")
    assert "2 of 4 cells are ready" in page.page.inner_text("#sentence")
    assert page.value("document.querySelectorAll('.cell:disabled').length") == 2
    page.press("1")
    assert page.value("document.getElementById('compare').open")
    page.context.close()
    assert page.complaints == []
    assert Fraction(report["rates"][0]["rate"]) == 10
