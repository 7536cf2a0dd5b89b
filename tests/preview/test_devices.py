"""Which device's times belong to which cell, and what is recommended from them."""

from fractions import Fraction

import numpy as np
import pytest

from tests.preview.conftest import small
from videostyle.device.estimate import Estimate, Source, Verdict
from videostyle.device.latency import Latency
from videostyle.frames import Size
from videostyle.models.spec import ReferenceSpec
from videostyle.preview.advice import NO_DEVICE, Candidate, advise
from videostyle.preview.devices import list_devices
from videostyle.preview.grid import plan_grid

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
        (cell.style, cell.work.width): device.estimate(cell, grid.config.style)
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


SLOW_MS = {"holds": 30.0, "marginal": 60.0, "drops": 90.0}  # at 15 frames per second


def cell(number, rate, width, height, verdict):
    """A cell whose device has the verdict at its rate."""
    samples = (SLOW_MS[verdict] * 15 / int(rate),) if verdict in SLOW_MS else ()
    source = Source.NUMBER if samples else Source.UNKNOWN
    candidate = Candidate(
        number,
        f"{height}x{width}",
        rate,
        Fraction(rate),
        width * height,
        Estimate(source, samples),
    )
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
            "Take 480x853 at 15 fps: the largest size",
        ),
        ([cell(1, "15", 853, 480, "holds"), cell(2, "24", 853, 480, "holds")], 2, "19 of 42 ms"),
        (
            [cell(1, "10", 853, 480, "holds"), cell(2, "12", 426, 240, "holds")],
            2,
            "the fastest rate",
        ),
        (
            [cell(1, "15", 853, 480, "marginal"), cell(2, "30", 853, 480, "drops")],
            None,
            "holds none of these",
        ),
        ([cell(1, "15", 853, 480, "unknown")], None, "Nothing was measured for this network"),
    ],
    ids=["size-before-rate", "then-rate", "slow", "none", "unknown"],
)
def test_the_advice_follows_its_rule(cells, chosen, words):
    advice = advise("phone", cells)
    assert advice.cell == chosen
    assert words in advice.sentence


def test_without_a_device_nothing_is_recommended():
    assert NO_DEVICE.cell is None
    assert "Nothing was measured on a device" in NO_DEVICE.sentence
