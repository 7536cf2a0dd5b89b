"""Which device's times belong to which cell, and what is recommended from them."""

from fractions import Fraction

import numpy as np
import pytest

from tests.preview.conftest import small
from videostyle.coreml.convert_config import ConvertConfig
from videostyle.device.estimate import Source, Times, Verdict, estimate_at
from videostyle.device.latency import Latency, parse_latency
from videostyle.errors import ConfigError
from videostyle.frames import Size
from videostyle.models.spec import ReferenceSpec
from videostyle.preview.advice import Candidate, advise
from videostyle.preview.devices import list_devices
from videostyle.preview.grid import plan_grid
from videostyle.preview.preview_config import PreviewConfig
from videostyle.preview.report import Report
from videostyle.preview.report_json import report_json

RATE = Fraction(15)


@pytest.fixture(scope="module")
def articles_model(tmp_path_factory):
    """The article's network, with random weights: three full residual blocks, batch norm."""
    from videostyle.models.tensorflow import import_tensorflow

    import_tensorflow()
    from videostyle.models.model_file import save_model
    from videostyle.models.network import build_network

    path = tmp_path_factory.mktemp("models") / "articles.keras"
    spec = ReferenceSpec(norm="batch")
    save_model(path, build_network(spec), spec, {})
    return path


def estimates(clip, folder, **settings):
    """Each cell's estimate on the one device, by style and width."""
    grid = plan_grid(clip, folder / "p", small(fps=(15,), size=("480x853", "240x426"), **settings))
    [device] = list_devices(grid.config)
    return {
        (cell.style, cell.work.width): estimate_at(device.times[cell.style], cell.work)
        for cell in grid.shown
    }


def test_the_articles_phone_judges_the_articles_network_only(make_clip, articles_model, tmp_path):
    clip = make_clip(np.zeros((4, 480, 853, 3), np.uint8), "clip.mkv")
    own, fast = str(articles_model), "wave/fast"
    found = estimates(clip, tmp_path, style=(own, fast, "wave/reference"), devices=("a12",))
    assert found[own, 853].samples_ms == (66.0,)
    assert found[own, 853].verdict(RATE) is Verdict.MARGINAL
    assert found[own, 426].median_ms == pytest.approx(66 * 426 * 240 / (853 * 480))
    assert found[own, 426].verdict(RATE) is Verdict.HOLDS
    for style in (fast, "wave/reference"):
        for width in (853, 426):
            assert found[style, width].source is Source.ROUGH
            assert found[style, width].verdict(RATE) is Verdict.UNKNOWN
    assert found[fast, 853].median_ms < found["wave/reference", 853].median_ms


def test_a_measurement_belongs_to_the_model_it_names(make_clip, tmp_path):
    clip = make_clip(np.zeros((4, 480, 853, 3), np.uint8), "clip.mkv")
    latency = Latency("phone", Size(853, 480), (30.0, 31.0), model="wave-reference.mlpackage")
    found = estimates(clip, tmp_path, style=("wave/fast", "wave/reference"), latencies=(latency,))
    assert found["wave/reference", 853].source is Source.MEASURED
    assert found["wave/reference", 426].source is Source.SCALED
    assert found["wave/fast", 853].source is Source.UNKNOWN


def test_one_number_is_for_all_styles_of_one_network(make_clip, tmp_path):
    clip = make_clip(np.zeros((4, 480, 853, 3), np.uint8), "clip.mkv")
    number = Latency("phone", Size(853, 480), (30.0,), measured=False)
    found = estimates(clip, tmp_path, style=("wave/fast", "udnie/fast"), latencies=(number,))
    assert found["wave/fast", 853] == found["udnie/fast", 853]
    assert found["udnie/fast", 853].source is Source.NUMBER


SLOW_MS = {"holds": 30.0, "marginal": 60.0, "drops": 90.0}  # at 15 frames per second


def cell(number, rate, width, height, verdict):
    """A cell whose device has the verdict at its rate."""
    size = Size(width, height)
    times = ()
    if verdict in SLOW_MS:
        times = (Times(Source.NUMBER, size, (SLOW_MS[verdict] * 15 / int(rate),)),)
    candidate = Candidate(number, size, rate, Fraction(rate), times)
    assert candidate.verdict.value == verdict
    return candidate


@pytest.mark.parametrize(
    ("cells", "chosen", "words"),
    [
        (
            [
                cell(1, "30", 426, 240, "holds"),
                cell(2, "15", 853, 480, "holds"),
                cell(3, "10", 1280, 720, "holds"),
                cell(4, "24", 853, 480, "drops"),
            ],
            2,
            "Take 480x853 at 15 fps. It is the largest size",
        ),
        (
            [cell(1, "15", 853, 480, "holds"), cell(2, "24", 853, 480, "holds")],
            2,
            "19 ms of the 42",
        ),
        (
            [cell(1, "10", 853, 480, "holds"), cell(2, "12", 426, 240, "holds")],
            2,
            "the fastest rate",
        ),
        (
            [cell(1, "15", 853, 480, "marginal"), cell(2, "30", 853, 480, "drops")],
            None,
            "None of these fits phone",
        ),
        ([cell(1, "15", 853, 480, "unknown")], None, "Nothing certain is known of this network"),
    ],
    ids=["size-before-rate", "then-rate", "slow", "none", "unknown"],
)
def test_the_advice_follows_its_rule(cells, chosen, words):
    advice = advise("phone", cells, Fraction(30))
    assert advice.cell == chosen
    assert words in f"{advice.sentence} {advice.reason}"


def test_no_rate_above_the_sources_is_recommended():
    cells = [cell(1, "15", 426, 240, "holds"), cell(2, "30", 426, 240, "holds")]
    assert advise("phone", cells, Fraction(30)).cell == 2
    assert advise("phone", cells, Fraction(25)).cell == 1


@pytest.mark.parametrize(
    ("width", "height", "camera", "expected"),
    [
        (480, 853, "9:16", "480x853"),
        (272, 640, "9:16", "480x853"),
        (640, 480, "9:16", "853x480"),
        (480, 640, "9:16", "480x853"),
        (272, 640, "3:4", "480x640"),
        (640, 480, "1:1", "480x480"),
        (272, 640, "clip", "363x853"),
    ],
)
def test_what_is_recommended_is_converted_and_measured(
    make_clip, tmp_path, width, height, camera, expected
):
    """The camera's shape counts, not the clip's."""
    clip = make_clip(np.zeros((4, height, width, 3), np.uint8), "clip.mkv")
    latency = parse_latency(f"phone=41@{expected}")
    config = small(fps=(15,), size=("480x853",), camera=camera, latencies=(latency,))
    content = report_json(Report.open(plan_grid(clip, tmp_path / "p", config)))
    [entry], [row], [advice] = content["cells"], content["rows"], content["advice"]
    short, long = sorted(int(side) for side in expected.split("x"))
    assert entry["phone"] == row["phone"][camera]["size"] == expected
    assert entry["devices"][0]["source"] == "number"
    assert "scaled" not in entry["devices"][0]["note"]
    assert advice["sentence"] == f"Take {short}x{long} at 15 fps."
    config = ConvertConfig(size=f"{short}x{long}", portrait="--portrait" in entry["convert"])
    assert f"--size {short}x{long}" in entry["convert"]
    assert str(config.inputs[0]) == expected


def test_an_assumption_answers_where_nothing_was_measured(make_clip, tmp_path):
    clip = make_clip(np.zeros((4, 480, 853, 3), np.uint8), "clip.mkv")
    content = report_json(Report.open(plan_grid(clip, tmp_path / "p", PreviewConfig())))
    assert content["devices"] == []
    assert content["assumed"]["source"] == "assumed"
    assert content["advice"][0]["sentence"] == "Take 360x640 at 15 fps."
    assert all(each["source"] and each["ms"] > 0 for each in content["published"])


@pytest.mark.parametrize("text", ["9", "0:16", "a:b", "9:16:3", "", "9:1000"])
def test_what_is_no_camera_is_refused(text):
    with pytest.raises(ConfigError, match="camera"):
        small(camera=text)
