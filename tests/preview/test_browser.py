"""The page in a real browser, opened from disk."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.preview.browser import CHROMIUM, FLAGS, Page
from tests.preview.conftest import make, small
from videostyle.device.latency import Latency
from videostyle.errors import ConfigError
from videostyle.frames import Size
from videostyle.preview.choice import Choice
from videostyle.preview.grid import plan_grid
from videostyle.preview.report import Report
from videostyle.preview.serve import open_server
from videostyle.preview.single_file import write_single_file

# Frames per second of the fastest clip; what two compared clips may be apart by.
FASTEST = 15

SHOWN_VIDEOS = "[...document.querySelectorAll('.layer:not([hidden]) video')]"

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
    """4 s of a clip that moves, 2 rates by 2 sizes, one device that holds some of them."""
    base = tmp_path_factory.mktemp("page")
    source = "testsrc2=size=320x180:rate=30:duration=4"
    run_ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", base / "clip.mp4")
    phone = Latency("Anna's <phone>", Size(160, 90), (30.0, 90.0, 70.0))
    config = small(size=("45x80", "90x160"), duration=4, latencies=(phone,), devices=("a12",))
    make(base / "clip.mp4", base / "p", config)
    return base / "p"


def address_of(folder):
    return (folder / "index.html").as_uri()


def opened(browser, folder, hash="", **settings):
    page = Page(browser, address_of(folder) + hash, **settings)
    page.wait("document.getElementById('tiles').readyState > 2")
    return page


@pytest.fixture
def page(browser, folder):
    page = opened(browser, folder)
    yield page
    page.close()
    assert page.complaints == []
    inside = folder.as_uri()
    assert [url for url in page.requests if not url.startswith((inside, "data:"))] == []


def open_cell(page, number):
    page.press(str(number))
    page.wait("document.getElementById('compare').open")
    page.wait(f"{SHOWN_VIDEOS}.every(v => v.readyState > 2)")


def time_of(page):
    return page.value("document.getElementById('tiles').currentTime")


def test_it_plays_pauses_seeks_steps_and_loops(page):
    page.wait("document.getElementById('tiles').currentTime > 0.2")
    page.press("Space")
    assert page.value("document.getElementById('tiles').paused")
    page.page.fill("#seek", "2")
    assert time_of(page) == pytest.approx(2, abs=0.05)
    page.value("document.activeElement.blur()")
    page.press(".", ".", ",")
    assert time_of(page) == pytest.approx(2 + 1.5 / 60, abs=0.005)
    page.page.fill("#seek", "3.8")
    page.click("#play")
    page.wait("document.getElementById('tiles').currentTime < 1")
    assert page.value("!document.getElementById('tiles').paused")


def test_the_slider_moves_badges_curve_sentence_and_table_at_once(page):
    """From one that everything holds to one that nothing does."""
    curve = "document.querySelector('#curve polyline').getAttribute('points')"
    seen = []
    for ms in (5, 400, 20000):
        page.set_ms(ms)
        table = page.text("#rows")
        seen.append((page.text("#sentence"), page.badges(), page.value(curve), table))
    assert set(seen[0][1].values()) == {"holds"}
    assert set(seen[2][1].values()) == {"drops"}
    assert seen[0][0] == "Take 90×160 at 15 fps."
    assert seen[2][0] == "None of these fits the phone."
    for part in range(4):
        assert seen[0][part] != seen[2][part]
    assert page.value("document.getElementById('evidence').dataset.source") == "assumed"


def test_typing_moves_the_answer_and_what_is_no_time_is_put_back(page):
    field = page.page.locator("#ms-number")
    field.fill("66")
    assert page.text("#own-figure") == "an assumption: set your own"
    field.fill("20000")  # neither Enter nor another field
    typed = page.text("#sentence")
    assert page.text("#own-figure") == "my own figure"
    field.fill("0")
    assert page.text("#sentence") == typed
    field.blur()
    assert field.input_value() == "20000"
    field.fill("5")
    assert page.text("#sentence") != typed


def test_a_cell_that_was_swapped_with_the_source_is_still_looked_at(page):
    open_cell(page, 1)
    facts = page.text("#closer-facts")
    page.click("#swap")
    assert page.page.is_visible("#closer")
    assert page.text("#closer-facts") == facts
    page.click("#faster")
    assert page.text("#closer-facts") != facts
    page.press("Escape")


def test_measured_published_and_assumed_never_look_alike(page):
    looks = []
    style = (
        "(() => { const s = getComputedStyle(document.getElementById('evidence'));"
        " return [s.borderStyle, s.backgroundColor, s.color].join() })()"
    )
    for choice in ("device-0", "figure", "published-1", "device-1"):
        page.page.select_option("#basis-choice", choice)
        looks.append((page.text("#evidence"), page.value(style)))
    assert len({word for word, _ in looks}) == len({look for _, look in looks}) == 4
    # Multiply-adds alone give no verdict.
    assert set(page.badges().values()) == {"unknown"}
    assert "Nothing certain is known" in page.text("#sentence")
    page.page.select_option("#basis-choice", "published-1")
    assert "React Native ExecuTorch" in page.text("#basis-note")
    assert "would" in page.text(".cell .verdict")


def test_the_cameras_shape_decides_what_is_judged_and_converted(page):
    page.set_ms(400)
    open_cell(page, 1)
    sizes = {}
    for shape in ("9:16", "1:1", "clip"):
        page.value(
            "shape => document.querySelector(`#camera [data-value='${shape}']`).click()", shape
        )
        sizes[shape] = page.text("#commands .command:nth-child(2) code")
    assert "--size 45x80" in sizes["9:16"]
    assert "--size 45x45" in sizes["1:1"]
    assert "--size 45x80" in sizes["clip"]


@pytest.fixture(scope="module")
def served(folder):
    """The folder by HTTP: a browser lets nobody read canvases of files from disk."""
    import threading

    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        server.shutdown()
        thread.join()


# A number that stands for what a canvas shows.
PICTURE = """(selector) => {
  const shown = document.querySelector(selector), copy = document.createElement("canvas");
  [copy.width, copy.height] = [shown.width, shown.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(shown, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  return data.reduce((hash, value) => (hash * 31 + value) | 0, 0);
}"""


def test_a_compared_cell_changes_exactly_at_the_schedules_ticks(browser, folder, served):
    """Stepped tick by tick through half a second; the report's device takes 30, 90 and 70 ms."""
    from fractions import Fraction

    from videostyle.device.schedule import simulate

    page = Page(browser, f"{served}#cell=4&view=one&on=phone&t=0.004")
    page.wait("document.querySelector('#layer-1 canvas').dataset.capture !== undefined")
    pictures = []
    for _ in range(30):
        pictures.append(page.value(PICTURE, "#layer-1 canvas"))
        shown = page.value("document.querySelector('#compare-clock').textContent")
        page.press(".")
        page.wait(f"document.querySelector('#compare-clock').textContent !== '{shown}'")
        page.page.wait_for_timeout(60)
    schedule = simulate((30.0, 90.0, 70.0), Fraction(15), Fraction(4))
    standing = [capture or 0 for capture in schedule.captures[:30]]
    changes = [n for n in range(1, 30) if standing[n] != standing[n - 1]]
    assert [n for n in range(1, 30) if pictures[n] != pictures[n - 1]] == changes
    page.close()
    assert page.complaints == []


def test_the_plane_plays_as_on_the_phone(browser, served):
    """Paused at one time, a cell that the phone drops shows an older picture than the ideal one."""
    page = Page(browser, served)
    page.wait("document.getElementById('tiles').readyState > 2")
    page.press("Space")
    page.page.fill("#seek", "2.004")
    page.page.wait_for_timeout(400)
    ideal = page.value(PICTURE, ".cell[data-cell='4'] canvas")
    page.click("#mode [data-value=phone]")
    page.page.wait_for_timeout(1500)
    assert page.value(PICTURE, ".cell[data-cell='4'] canvas") != ideal
    page.click("#mode [data-value=ideal]")
    page.close()
    assert page.complaints == []


def test_compared_clips_stay_within_one_frame(page):
    open_cell(page, 4)
    assert page.page.input_value("#layer-0 select") == "source"
    assert page.page.input_value("#layer-1 select") == "4"
    page.page.wait_for_timeout(2000)
    clips = f"{SHOWN_VIDEOS}.map(v => v.currentTime)"
    left, right = page.value(clips)
    assert abs(left - right) < 1 / FASTEST
    page.click("#compare-play")
    page.page.wait_for_timeout(300)
    left, right = page.value(clips)
    assert left == pytest.approx(right, abs=0.01)


def test_looking_closer_divides_flips_blends_zooms_and_moves_on(page):
    open_cell(page, 1)
    clip = "document.getElementById('layer-1').style.clipPath"
    page.page.fill("#split", "25")
    assert page.value(clip) == "inset(0px 0px 0px 25%)"
    page.click("#flip")
    assert page.value(clip) == "inset(0px 0px 0px 100%)"
    page.value("document.activeElement.blur()")
    page.press("ArrowRight")
    assert page.page.input_value("#layer-1 select") == "2"
    page.press("ArrowDown")
    assert page.page.input_value("#layer-1 select") == "4"
    page.click("#zoom [data-value='2']")
    places = (
        "[...document.querySelectorAll('.layer:not([hidden]) video')].map(v => v.style.transform)"
    )
    assert all("scale(2)" in each for each in page.value(places))
    page.click("#view [data-value=strength]")
    page.page.fill("#split", "60")
    assert page.text("#split-name") == "Strength 0.60"
    opacity = "getComputedStyle(document.querySelector('#layer-1 video')).opacity"
    assert float(page.value(opacity)) == pytest.approx(0.6)
    assert "--strength 0.6" in page.text("#commands")
    page.click("#view [data-value=four]")
    assert page.value(f"{SHOWN_VIDEOS}.length") == 4


def test_an_actual_size_is_that_of_the_phone(page):
    """With a card of 85.6 mm in 428 pixels a millimetre is 5; an iPhone XS is 135.1 mm long."""
    open_cell(page, 1)
    page.click("#zoom [data-value=phone]")
    page.page.select_option("#phone-model", "iPhone XS")
    page.page.fill("#card", "428")
    box = page.value("document.querySelector('#layer-1 video').getBoundingClientRect().height")
    assert box == pytest.approx(62.4 * 5, rel=0.01)  # a 16:9 clip fills its height


def test_a_view_is_restored_from_its_address(browser, folder, page):
    page.page.select_option("#basis-choice", "figure")
    page.set_ms(250)
    open_cell(page, 3)
    page.click("#view [data-value=strength]")
    page.click("#compare-mode [data-value=phone]")
    page.click("#star")
    page.wait("location.hash.includes('view=strength') && location.hash.includes('stars=3')")
    words = page.value("location.hash")
    again = opened(browser, folder, words)
    assert again.value("document.getElementById('compare').open")
    assert again.page.input_value("#layer-1 select") == "3"
    assert (
        again.value("document.querySelector('#view [aria-checked=true]').dataset.value")
        == "strength"
    )
    assert (
        again.value("document.querySelector('#compare-mode [aria-checked=true]').dataset.value")
        == "phone"
    )
    assert again.page.input_value("#ms-number") == "250"
    assert again.page.get_attribute("#star", "aria-pressed") == "true"
    again.close()
    assert again.complaints == []


def test_a_star_and_a_note_are_exported(page):
    open_cell(page, 2)
    page.click("#star")
    page.page.fill("#note", "for the <demo>")
    page.click("#close")
    with page.page.expect_download() as download:
        page.click("#export")
    choice = json.loads(Path(download.value.path()).read_text())
    assert download.value.suggested_filename == "choice.json"
    assert choice["format"] == 1
    assert [(cell["fps"], cell["size"], cell["note"]) for cell in choice["cells"]] == [
        ("15", "45x80", "for the <demo>")
    ]


def test_use_this_copies_both_commands(browser, folder):
    page = opened(browser, folder, permissions=["clipboard-read", "clipboard-write"])
    page.click("[aria-label='Use 90×160 at 10 fps']")
    page.wait("document.getElementById('toast').textContent.includes('copied')")
    copied = page.value("navigator.clipboard.readText()")
    assert "--fps 10 --size 90x160 --style matisse_hat" in copied
    assert "videostyle convert matisse_hat -o matisse-hat-90x160.mlpackage --size 90x160" in copied
    page.close()
    assert page.complaints == []


def test_the_keyboard_alone_reaches_everything(page):
    page.page.focus(".cell")
    page.press("ArrowRight", "ArrowDown")
    assert page.value("document.activeElement.dataset.cell") == "4"
    page.press("Enter")
    assert page.value("document.getElementById('compare').open")
    page.press("Escape")
    assert not page.value("document.getElementById('compare').open")
    assert page.value("document.activeElement.classList.contains('cell')")


SCREENS = [
    {"viewport": {"width": 1440, "height": 900}},
    {"viewport": {"width": 1024, "height": 768}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    {"viewport": {"width": 720, "height": 450}},  # 1440 x 900 at 200 %
    {"viewport": {"width": 2560, "height": 1440}, "color_scheme": "dark"},
    {"viewport": {"width": 1440, "height": 900}, "forced_colors": "active"},
]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_nothing_sticks_out_and_axe_finds_nothing_serious(browser, folder, screen):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(browser, folder, reduced_motion="reduce", **screen)
    assert page.value("document.getElementById('tiles').paused")
    # There the system chooses the colours.
    is_forced = "forced_colors" in screen
    rules = {"rules": {"color-contrast": {"enabled": not is_forced}}}
    serious = []
    for _ in range(2):
        assert page.value("document.documentElement.scrollWidth") <= screen["viewport"]["width"]
        found = axe.run(page.page, options=rules).response["violations"]
        serious += [
            (each["id"], [node["html"][:90] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        page.value("document.querySelector('.cell:not([hidden])').click()")
    assert serious == []
    page.close()
    assert page.complaints == []


def test_a_tap_fills_a_phones_screen_and_a_swipe_goes_on(browser, folder):
    page = opened(browser, folder, **SCREENS[2])
    shown = page.value("[...document.querySelectorAll('.cell')].filter(e => e.offsetParent).length")
    assert shown == 2  # the sizes of one rate
    page.page.tap(".cell:not([hidden])")
    page.wait("document.getElementById('compare').open")
    box = page.page.locator("#stage").bounding_box()
    assert box["width"] > 350
    first = page.page.input_value("#layer-1 select")
    y = box["y"] + box["height"] / 2
    for kind, x in (("pointerdown", 300), ("pointermove", 100), ("pointerup", 100)):
        page.page.dispatch_event(
            "#stage", kind, {"clientX": x, "clientY": y, "pointerId": 1, "bubbles": True}
        )
    assert page.page.input_value("#layer-1 select") != first
    page.close()


def live_copy(folder, target, state, **patch):
    """A copy of a preview whose run is in some state."""
    from videostyle.preview.live import live_data
    from videostyle.preview.page import embed, render_page

    report = json.loads((folder / "report.json").read_text()) | {"complete": state == "complete"}
    if state != "complete":
        for key in ("layout", "video", "sheet", "tiled"):
            del report[key]
        known = {*report["cells"][0]} - {"done", "clip", "bytes", "detail", "flicker_ratio"}
        report["cells"] = [
            cell if cell["id"] <= 2 else {key: cell[key] for key in known} | {"done": False}
            for cell in report["cells"]
        ]
    data = live_data(report, state=state, version=1, beat=1, share=0.4) | patch
    shutil.copytree(folder, target)
    (target / "index.html").write_text(render_page(data))
    (target / "live.js").write_text(f"videostylePreview({embed(data)});\n")
    return data


def test_a_running_page_fills_in_and_says_when_its_run_was_killed(browser, folder, tmp_path):
    from videostyle.preview.page import embed

    data = live_copy(folder, tmp_path / "p", "running", beat_s=1.0)
    page = Page(browser, address_of(tmp_path / "p"))
    page.value("window.isTheSamePage = true")
    page.page.wait_for_timeout(300)
    assert "2 of 4 cells are ready" in page.text("#status")
    assert page.text("#sentence").startswith("Take")
    assert page.value("document.querySelectorAll('.cell:disabled').length") == 2
    page.page.wait_for_function(
        "document.getElementById('status-text').textContent.startsWith('Stopped at 2 of 4')",
        timeout=10_000,
    )
    complete = json.loads((folder / "report.json").read_text())
    data |= {"report": complete, "state": "complete", "version": 2, "beat": 9}
    (tmp_path / "p" / "live.js").write_text(f"videostylePreview({embed(data)});\n")
    page.wait("document.getElementById('status').hidden")
    page.wait("document.getElementById('tiles').readyState > 2")
    assert page.value("document.querySelectorAll('.cell:disabled').length") == 0
    assert page.value("window.isTheSamePage")
    page.close()
    assert page.complaints == []


def test_one_file_opens_without_its_folder(browser, tmp_path, run_ffmpeg):
    source = "testsrc2=size=160x90:rate=30:duration=1"
    run_ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", tmp_path / "clip.mp4")
    config = small(fps=(10,), size=("45x80",))
    make(tmp_path / "clip.mp4", tmp_path / "p", config)
    report = Report.open(plan_grid(tmp_path / "clip.mp4", tmp_path / "p", config))
    report.reuse_pictures()
    report.complete()
    alone = tmp_path / "mailed.html"
    write_single_file(report).path.rename(alone)
    shutil.rmtree(tmp_path / "p")
    page = Page(browser, alone.as_uri())
    page.wait("document.getElementById('tiles').readyState > 2")
    open_cell(page, 1)
    assert page.value("document.querySelector('#layer-1 video').videoWidth") == 160
    assert page.value("document.getElementById('lost').hidden")
    page.close()
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("data:", "blob:"))] == [
        alone.as_uri()
    ]


def test_one_file_may_have_the_starred_clips_alone(browser, tmp_path, run_ffmpeg):
    source = "testsrc2=size=160x90:rate=30:duration=1"
    run_ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", tmp_path / "clip.mp4")
    config = small(fps=(10, 15), size=("45x80",))
    make(tmp_path / "clip.mp4", tmp_path / "p", config)
    report = Report.open(plan_grid(tmp_path / "clip.mp4", tmp_path / "p", config))
    report.reuse_pictures()
    report.complete()
    [style] = config.style
    star = Choice(style, "15", "45x80", "45x80", False)
    with pytest.raises(ConfigError, match="isn't in this preview"):
        write_single_file(report, starred=[replace(star, fps="12")])
    whole = write_single_file(report).path.stat().st_size
    made = write_single_file(report, starred=[star])
    assert made.path.stat().st_size < whole
    page = Page(browser, made.path.as_uri())
    page.wait("document.querySelectorAll('.cell:disabled').length === 1")
    assert page.value("document.querySelectorAll('.cell img').length") == 2
    assert "The clips of 1 of the 2 cells are in this file." in page.value(
        "document.getElementById('notices').textContent"
    )
    assert page.value("document.getElementById('lost').hidden")
    open_cell(page, 2)
    assert page.value("document.querySelector('#layer-1 video').videoWidth") == 160
    page.close()
    assert page.complaints == []


def test_a_deleted_clip_is_shown_as_missing(browser, folder, tmp_path):
    live_copy(folder, tmp_path / "p", "complete")
    clip = json.loads((folder / "report.json").read_text())["cells"][3]["clip"]
    (tmp_path / "p" / clip).unlink()
    page = Page(browser, address_of(tmp_path / "p"))
    page.wait("document.querySelectorAll('.cell.missing').length === 1")
    assert page.text(".cell.missing .verdict") == "clip missing"
    assert "1 of the preview's files is missing" in page.text("#lost")
    page.press("4")
    page.wait("document.getElementById('layer-1').classList.contains('gone')")
    page.close()


def test_a_page_without_its_folder_says_so(browser, folder, tmp_path):
    shutil.copy(folder / "index.html", tmp_path / "index.html")
    page = Page(browser, address_of(tmp_path))
    page.wait("!document.getElementById('lost').hidden")
    assert "without its folder" in page.text("#lost")
    page.wait("document.querySelector('.cell .verdict').textContent === 'clip missing'")
    page.close()
