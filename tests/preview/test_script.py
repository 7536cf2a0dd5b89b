"""The page's script: how it is joined, and its arithmetic against the table of cases."""

import json
import re

import pytest

from tests.device.table import CASES, for_script
from tests.preview.browser import CHROMIUM, FLAGS
from videostyle.preview.page import embed
from videostyle.preview.script import SCRIPTS, join_script

ARITHMETIC = ("estimate", "schedule", "advice", "quantities")

# What the browser makes of a case, by its kind.
RUN = """([kind, each]) => {
  const { estimate, schedule, advice, quantities } = window.arithmetic;
  const { parseRate, parseSize } = quantities;
  const digits = (value, count) => value === null ? null : Number(value.toFixed(count));
  return {
    estimate: () => {
      const found = estimate.estimateAt(each.times, parseSize(each.size));
      return { source: found.source, slow_ms: found.slow_ms, note: found.note,
               verdict: estimate.verdictOf(found, parseRate(each.rate)) };
    },
    room: () => estimate.roomFor(each.times, parseRate(each.rate), each.share),
    schedule: () => {
      const found = schedule.simulate(each.samples_ms, parseRate(each.rate),
                                      parseRate(each.duration), parseRate(each.capture_rate));
      return { captures: found.captures, dropped_share: digits(found.droppedShare, 9),
               shown_rate: digits(found.shownRate, 9), latency_ms: digits(found.latencyMs, 6) };
    },
    advice: () => advice.advise(each.device, each.cells.map((cell, index) => ({
      cell: index + 1, size: parseSize(cell.size), label: cell.rate, rate: parseRate(cell.rate),
      times: each.times, droppedShare: cell.dropped_share ?? null, style: cell.style || "",
    })), parseRate(each.source_rate)),
  }[kind]();
}"""


def test_every_module_is_small_and_used():
    joined = join_script("main")
    for path in SCRIPTS.glob("*.js"):
        assert f"$.{path.stem} = " in joined
        assert len(path.read_text().splitlines()) <= 250
    assert "import {" not in joined
    assert not re.search(r"^export ", joined, re.MULTILINE)


def test_data_cannot_end_its_script():
    text = embed({"name": "</script><!-- \u2028"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"name": "</script><!-- \u2028"}


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_browser_does_as_the_table_says():
    from playwright.sync_api import sync_playwright

    script = join_script(*ARITHMETIC)
    script = script[: script.rindex("})();")] + "window.arithmetic = $;\n})();"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.add_script_tag(content=script)
        for kind, cases in CASES.items():
            for case in cases:
                given = case | {"times": for_script(case.get("times", []))}
                assert page.evaluate(RUN, [kind, given]) == case["expected"], case
        browser.close()
