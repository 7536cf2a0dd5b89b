"""The ladder's table: which networks, what is not counted, and the remarks below."""

import json
from dataclasses import replace

import pytest

from videostyle.backends import open_backend
from videostyle.bench.bench_config import BenchConfig
from videostyle.bench.measure import Timing, count_frames, measure_ladder
from videostyle.bench.table import as_json, as_markdown, as_text, judge_separable
from videostyle.cli.main import main
from videostyle.errors import ConfigError
from videostyle.frames import Size
from videostyle.models.architectures import ARCHITECTURES
from videostyle.models.ladder import Quality, Rung, find_rungs, read_quality
from videostyle.models.model_file import read_spec
from videostyle.samples import sample_frame

SIZE = Size(853, 480)


@pytest.fixture
def rungs(tmp_path):
    return {rung.name: rung for rung in find_rungs("wave", tmp_path)}


def timing(rung, *samples_ms):
    return Timing(rung, "a backend", SIZE, samples_ms or (10.0,))


def test_the_ladder_is_the_articles_and_trained_networks_are_taken_by_name(rungs):
    assert list(rungs) == [
        "reference-5",
        "reference",
        "batch-norm",
        "reference-1",
        "separable",
        "half",
        "fast",
        "swift",
    ]
    assert rungs["fast"].is_trained
    assert rungs["fast"].path.name == "fast.keras"
    for name, rung in rungs.items():
        assert rung.spec == ARCHITECTURES[name], name


def test_a_network_that_a_style_lacks_is_made_of_random_numbers(tmp_path):
    rungs = {rung.name: rung for rung in find_rungs("udnie", tmp_path)}
    half = rungs["half"]
    assert (half.is_trained, half.quality) == (False, Quality())
    assert read_spec(half.path) == half.spec == ARCHITECTURES["half"]
    assert rungs["fast"].is_trained
    painted = open_backend("openvino", half.path).stylize(sample_frame()[:64, :64][None].copy())
    assert painted.std() > 10  # a picture: a flat one could be computed in less time


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({}, Quality()),
        ({"measured": "soon"}, Quality()),
        ({"measured": {"style": 0.4, "content": None}}, Quality(0.4)),
        ({"held_out": {"style": 0.4, "content": 0.7}}, Quality()),
        (
            {"measured": {"style": 1, "content": 2, "flicker": {"a": {"e_warp": 0.01}, "b": {}}}},
            Quality(1.0, 2.0, 0.01),
        ),
        ({"measured": {"style": 1, "flicker": {"a": "b"}}}, Quality(1.0)),
    ],
)
def test_cards_are_read_as_far_as_they_say_something(card, expected):
    found = read_quality(card)
    assert (found.style, found.content) == (expected.style, expected.content)
    assert found.warping_error == pytest.approx(expected.warping_error)


def test_only_the_articles_own_network_has_the_articles_figure(rungs):
    figures = {name: timing(rung).a12_ms for name, rung in rungs.items()}
    assert figures.pop("batch-norm") == pytest.approx(66)
    assert set(figures.values()) == {None}


@pytest.mark.parametrize(("separable_ms", "verdict"), [(96, "confirmed"), (94, "refuted")])
def test_the_articles_surprise_is_judged_by_the_medians(rungs, separable_ms, verdict):
    group = [
        timing(rungs["reference"], 100, 100, 500),
        timing(rungs["separable"], 1, separable_ms, separable_ms),
    ]
    sentence = judge_separable(group)
    assert verdict in sentence
    assert f"{separable_ms / 100:.2f} times as long" in sentence
    assert judge_separable(group[:1]) is None


def test_tables_have_a_row_a_network_and_say_which_are_random(rungs):
    random = replace(rungs["reference"], is_trained=False, quality=Quality())
    timings = [timing(rungs["fast"], *range(1, 101)), timing(random)]
    text = list(as_text(timings))
    assert len({len(line) for line in text[1:4]}) == 1  # aligned
    fast, reference = text[2], text[3]
    assert fast.split()[:5] == ["fast", "fast", "50.0", "95.0", "161,980"]
    assert reference.split()[0] == "reference*"
    assert reference.split()[-4:] == ["-"] * 4
    assert any("random weights" in line for line in text)
    markdown = list(as_markdown(timings))
    assert {line.count("|") for line in markdown if line.startswith("|")} == {12}
    assert r"reference\*" in "".join(markdown)
    record = json.loads(json.dumps(as_json(timings)))
    assert record["timings"][0]["samples_ms"] == list(range(1, 101))
    assert record["timings"][1]["quality"]["style"] is None


def test_the_first_frame_is_left_out(monkeypatch, tiny_style, tmp_path):
    rung = Rung("fast", ARCHITECTURES["fast"], tiny_style, False, Quality())
    monkeypatch.setattr("videostyle.bench.measure.find_rungs", lambda style, folder: [rung])
    config = BenchConfig(iterations=4, size="48x64", backend="tensorflow")
    seen = []
    [found] = measure_ladder(config, tmp_path, seen.append)
    assert len(found.samples_ms) == 3
    assert seen == ["fast on tensorflow"] * 4
    assert count_frames(config) == 4 * len(ARCHITECTURES)


@pytest.mark.parametrize(
    "settings",
    [
        {"iterations": 1},
        {"backend": "coreml"},
        {"backend": "all", "precision": "fp32"},
        {"size": "big"},
    ],
)
def test_wrong_settings_are_refused(settings):
    with pytest.raises(ConfigError):
        BenchConfig(**settings)


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--plot", "speed.xyz"], 2, "must end in one of .png"),
        (["--plot", "nowhere/speed.png"], 1, "there is no folder"),
        (["--style", "wove"], 2, "no built-in style 'wove'"),
        (["--profile", "nowhere.mp4"], 1, "no such file"),
        (["--profile", "nowhere.mp4", "--backend", "all"], 2, "one backend"),
    ],
)
def test_errors_are_one_line(words, status, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["bench", *words]) == status
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert message in lines[0]
    assert not list(tmp_path.iterdir())


def test_a_plot_is_drawn_and_never_replaced_unasked(rungs, tmp_path, capsys):
    from videostyle.bench.plot import draw_plot

    path = tmp_path / "speed.png"
    draw_plot([timing(rungs["fast"]), timing(rungs["half"], 20.0)], path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert main(["bench", "--plot", str(path)]) == 1
    assert "exists already" in capsys.readouterr().err
