"""A preview's cells, numbers and files."""

import json
import os
import shutil
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import numbers_of
from tests.device.test_schedule import model
from tests.pipeline.test_pipeline import LOSSLESS, Inverting, read
from tests.preview.conftest import IDENTITY, make, small
from videostyle import PreviewConfig, StylizeConfig, preview_clip, stylize
from videostyle.device.latency import Latency
from videostyle.errors import ConfigError, TargetError
from videostyle.frames import Size
from videostyle.models.spec import FastSpec, ReferenceSpec
from videostyle.pipeline.plan import FramesPlan
from videostyle.pipeline.stylize import run_plans
from videostyle.preview.commands import phone_size
from videostyle.preview.devices import is_articles_network
from videostyle.preview.grid import plan_grid
from videostyle.preview.layout import plan_layout
from videostyle.preview.report import Report


def report_of(folder) -> dict:
    return json.loads((folder / "report.json").read_text())


def at_ffv1(plan):
    """The same plan with a target that loses nothing."""
    encode = replace(plan.encode, target=plan.encode.target.with_suffix(".mkv"), config=LOSSLESS)
    return replace(plan, encode=encode)


def test_a_cell_is_what_the_main_command_makes(real_clip, tiny_model, tmp_path):
    """Frame for frame before encoding, all rates of a size painted together."""
    config = small(
        style=(str(tiny_model),),
        stylize=StylizeConfig(),
        size=("90x160",),
        fps=(10, 15, 24),
        start="1.3",
        out_size="240x426",
    )
    grid = plan_grid(real_clip, tmp_path / "preview", config)
    (tmp_path / "preview" / "clips").mkdir(parents=True)
    results = run_plans(
        [at_ffv1(cell.plan) for cell in grid.cells], grid.cells[0].plan.open_backend()
    )
    for cell, result in zip(grid.cells, results, strict=True):
        alone = stylize(
            real_clip,
            tmp_path / "alone.mkv",
            StylizeConfig(
                fps=cell.rate,
                size="90x160",
                out_size="240x426",
                style=str(tiny_model),
                start="1.3",
                duration=1,
                overwrite=True,
                encode=LOSSLESS,
            ),
        )
        assert result.frames == alone.frames
        assert np.array_equal(np.stack(read(result.target)), np.stack(read(alone.target)))


def test_a_preview_holds_all_its_files_and_no_more(moving_clip, tmp_path):
    cells = make(moving_clip(), tmp_path / "p")
    assert len(cells) == 4
    report = report_of(tmp_path / "p")
    assert report["complete"]
    clips = {cell["clip"] for cell in report["cells"]} | {report["source"]["record"]["clip"]}
    stills = {clip.replace(".mp4", ".jpg") for clip in clips}
    details = {name for moment in report["moments"] for name in (moment["source"], *moment["rows"])}
    assert len(details) == 3 * (1 + 2)  # moments by the source and two sizes
    files = {
        str(path.relative_to(tmp_path / "p"))
        for path in (tmp_path / "p").rglob("*")
        if path.is_file()
    }
    made = {"index.html", "report.json", "live.js", "grid.mp4", "contact-sheet.png"}
    assert files == clips | stills | details | made
    assert [cell["frames"] for cell in report["cells"]] == [10, 15, 10, 15]
    assert all(cell["devices"] == [] for cell in report["cells"])


def test_what_is_painted_by_nobody_flickers_as_its_source_and_keeps_its_edges(
    moving_clip, tmp_path
):
    make(moving_clip(), tmp_path / "p", small(size=("64x96", "24x32")))
    coarse, whole = report_of(tmp_path / "p")["cells"][2], report_of(tmp_path / "p")["cells"][0]
    assert whole["flicker_ratio"] == pytest.approx(1)
    assert whole["detail"] > 0.99
    assert coarse["detail"] < whole["detail"] - 0.05
    # 2 of 96 pixels a frame at 30 fps are 62.5 % of the width a second.
    assert whole["step_percent"] == pytest.approx(6.25, rel=0.25)
    assert (whole["hold_ms"], whole["hold_spread_ms"]) == (100, 0)


def test_the_matrix_shows_each_frame_at_its_tick(counting_clip, clear_tiles, tmp_path):
    """Read the numbers off the tiles of the video itself."""
    make(counting_clip(45), tmp_path / "p", small(fps=(10, 15, 24), size=("48x64",), crf=4))
    shown = tile_numbers(tmp_path / "p", "grid.mp4", columns=3)
    for column, rate in enumerate((10, 15, 24)):
        ticks = range(60)
        assert shown[column] == [int(Fraction(tick * rate, 60)) * 30 // rate for tick in ticks]


def tile_numbers(folder, video, columns) -> list[list[int]]:
    """The number that each tile of a counting clip's first row shows at each tick."""
    layout = report_of(folder)["layout"]
    width, height = (int(side) for side in layout["tile"].split("x"))
    frames = read(folder / video)
    numbers = []
    for column in range(columns):
        left = layout["left"] + column * (width + layout["gap"])
        inner = [
            frame[layout["top"] + 4 : layout["top"] + height - 4, left + 4 : left + width - 4]
            for frame in frames
        ]
        numbers.append(numbers_of(inner))
    return numbers


@pytest.mark.parametrize("capture_fps", [15, 30])
@pytest.mark.parametrize("latency", [60.0, 68.0, 200.0])
def test_the_report_says_what_a_device_shows(counting_clip, tmp_path, latency, capture_fps):
    """Against the model of the rule in the schedule's own test."""
    config = small(
        fps=(15,),
        size=("48x64",),
        capture_fps=capture_fps,
        latencies=(Latency("phone", Size(64, 36), (latency,)),),
    )
    grid = plan_grid(counting_clip(45), tmp_path / "p", config)
    report = Report.open(grid)
    schedule = report.schedule(report.devices[0], grid.shown[0])
    size = phone_size(grid.shown[0], report.camera)
    scaled = latency * size.pixels / (64 * 36)
    screen, _ = model([round(scaled)], 15, capture_fps)
    assert scaled == pytest.approx(latency)
    assert list(schedule.captures) == screen[:60]


def test_another_device_encodes_nothing(moving_clip, tmp_path):
    clip = moving_clip()
    make(clip, tmp_path / "p")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "p").rglob("*.mp4")}
    make(clip, tmp_path / "p", small(latencies=(Latency("phone", Size(64, 48), (20.0,)),)))
    assert report_of(tmp_path / "p")["devices"][0]["name"] == "phone"
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "p").rglob("*.mp4")}


def test_a_rate_for_the_camera_alone_is_no_cell(counting_clip, tmp_path):
    config = small(fps=(15,), size=("48x64",), capture_fps=30)
    assert len(make(counting_clip(45), tmp_path / "p", config)) == 1
    report = report_of(tmp_path / "p")
    assert [cell["label"] for cell in report["cells"]] == ["15"]
    assert [record["rate"] for record in report["captures"]] == ["30"]


def mark(folder) -> dict[str, int]:
    """When each cell's clip was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "clips").glob("*.mp4")}


def test_one_more_rate_makes_one_more_column_only(moving_clip, tmp_path):
    clip = moving_clip()
    make(clip, tmp_path / "p")
    before = mark(tmp_path / "p")
    make(clip, tmp_path / "p", small(fps=(10, 15, 24)))
    after = mark(tmp_path / "p")
    kept = [name for name in before if name != "source.mp4"]
    assert all(after[name] == before[name] for name in kept)
    assert len(after) == len(before) + 2
    make(clip, tmp_path / "p", small(fps=(24,)))
    assert len(mark(tmp_path / "p")) == 3  # two cells and the source: the rest is cleared away


def test_a_preview_that_was_broken_off_is_gone_on_with(moving_clip, tmp_path):
    clip = moving_clip()
    unfinished = preview_clip(clip, tmp_path / "p", small())
    next(unfinished)
    unfinished.close()
    (tmp_path / "p" / "clips" / ".wave_1.99.part.mp4").touch()
    assert not report_of(tmp_path / "p")["complete"]
    assert '"state":"stopped"' in (tmp_path / "p" / "index.html").read_text()
    assert '"state":"stopped"' in (tmp_path / "p" / "live.js").read_text()
    before = mark(tmp_path / "p")
    done = [cell["clip"] for cell in report_of(tmp_path / "p")["cells"] if cell["done"]]
    make(clip, tmp_path / "p")
    after = mark(tmp_path / "p")
    assert len(done) == 1
    assert after[Path(done[0]).name] == before[Path(done[0]).name]
    assert not list((tmp_path / "p").rglob(".*"))


@pytest.mark.parametrize(
    "change",
    [
        {"duration": Fraction("0.5")},
        {"start": Fraction("0.2")},
        {"crf": 30},
        {"out_size": "48p"},
        {"stylize": replace(IDENTITY, strength=0.5)},
        {"stylize": replace(IDENTITY, fit="cover")},
    ],
)
def test_other_settings_are_never_served_from_the_cache(moving_clip, tmp_path, change):
    clip = moving_clip()
    old = {cell.key for cell in plan_grid(clip, tmp_path / "p", small()).cells}
    assert old == {cell.key for cell in plan_grid(clip, tmp_path / "p", small()).cells}
    assert not old & {cell.key for cell in plan_grid(clip, tmp_path / "p", small(**change)).cells}


def test_a_cell_of_another_key_is_made_again(moving_clip, tmp_path):
    clip = moving_clip()
    make(clip, tmp_path / "p")
    before = mark(tmp_path / "p")
    make(clip, tmp_path / "p", small(stylize=replace(IDENTITY, strength=0.5)))
    after = mark(tmp_path / "p")
    assert after["source.mp4"] == before["source.mp4"]
    cells = [name for name in after if not name.startswith("source")]
    assert cells
    assert all(after[name] != before[name] for name in cells)


def test_a_changed_style_or_clip_is_never_served_from_the_cache(moving_clip, tiny_model, tmp_path):
    """The new style has the old one's name, size and time stamp; so has the clip."""
    clip, style = moving_clip(), tmp_path / "style.keras"
    config = small(style=(str(style),), fps=(10,), size=("24x32",))
    keys = []
    for source in (tiny_model, tiny_model, other_model(tiny_model, tmp_path)):
        shutil.copy(source, style)
        os.utime(style, ns=(1, 1))
        keys.append(plan_grid(clip, tmp_path / "p", config).cells[0].key)
    content = bytearray(clip.read_bytes())
    content[-1] ^= 1
    clip.write_bytes(content)
    keys.append(plan_grid(clip, tmp_path / "p", config).cells[0].key)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def other_model(model, folder) -> Path:
    """The same file but for its card, and just as long."""
    path = folder / "other.keras"
    with zipfile.ZipFile(model) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"title": "tiny"', b'"title": "TINY"'))
    return path


def test_a_frame_is_painted_once_for_the_whole_row(moving_clip, tmp_path, monkeypatch):
    backend = Inverting()
    monkeypatch.setattr(FramesPlan, "open_backend", lambda plan: backend)
    make(moving_clip(), tmp_path / "p", small(fps=(10, 15, 24, 30)))
    # 30 frames a size and of the source, and three that the forecast tried the smallest with.
    assert len(backend.shapes) in (90, 93)


@pytest.mark.parametrize(
    ("clip", "settings", "words"),
    [
        ({}, {"fps": (60,), "size": ("24x32",)}, "frames are repeated"),
        ({}, {"fps": (10,), "size": ("96x128",)}, "is enlarged"),
        ({"count": 12}, {"duration": 5}, ""),
        ({"width": 64, "height": 96}, {}, ""),
        (
            {"options": ("-c:v", "libx264", "-pix_fmt", "yuv420p")},
            {"fps": (10,), "size": ("24x32",)},
            "",
        ),
        ({}, {"fps": (5, 8, 10, 12, 15, 20), "size": ("16x24", "24x32", "32x48", "48x64")}, ""),
        ({}, {"fps": ("source", "24000/1001")}, ""),
        ({}, {"style": ("wave/fast", "wave/reference"), "fps": (10,), "size": ("24x32",)}, ""),
        (
            {},
            {"stylize": replace(IDENTITY, fit="cover"), "size": ("32x32",), "fps": (10,)},
            "the rest is cut off",
        ),
    ],
    ids=[
        "above-the-rate",
        "above-the-size",
        "shorter",
        "portrait",
        "one-cell",
        "24-cells",
        "source-rate",
        "two-styles",
        "cover",
    ],
)
def test_unusual_clips_and_grids_are_sensible(moving_clip, tmp_path, clip, settings, words):
    config = small(**settings)
    cells = make(moving_clip(**clip), tmp_path / "p", config)
    report = report_of(tmp_path / "p")
    assert (
        len(cells)
        == len(report["cells"])
        == (len(config.fps) * len(config.size) * len(config.style))
    )
    assert report["complete"]
    assert any(words in notice for notice in report["notices"]) or not words
    assert report["duration_s"] == pytest.approx(min(1.0, clip.get("count", 45) / 30), abs=0.04)
    for cell in report["cells"]:
        assert cell["detail"] is not None
        assert cell["hold_ms"] > 0


def test_a_folder_of_something_else_is_left_alone(moving_clip, tmp_path):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "thesis.txt").touch()
    with pytest.raises(TargetError, match="holds something that is no preview"):
        make(moving_clip(), tmp_path / "p")
    with pytest.raises(TargetError, match="there is no folder"):
        make(moving_clip("b.mp4"), tmp_path / "no" / "p")
    assert [path.name for path in (tmp_path / "p").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "settings",
    [
        {"size": ()},
        {"fps": (10, "10")},
        {"size": ("480x853", "480x853")},
        {"devices": ("b13",)},
        {"capture_fps": 0},
        {"start": -1},
        {"duration": 0},
        {"fps": tuple(range(1, 66))},
    ],
)
def test_settings_that_make_no_grid_are_refused(settings):
    with pytest.raises(ConfigError):
        small(**settings)


def test_measurements_of_an_unnamed_network_fit_one_style_only(moving_clip, tmp_path):
    config = PreviewConfig(
        style=("wave/fast", "wave/reference"),
        stylize=IDENTITY,
        latencies=(Latency("phone", Size(853, 480), (40.0,)),),
    )
    with pytest.raises(ConfigError, match="is a time of one network, and these styles"):
        make(moving_clip(), tmp_path / "p", config)
    assert not (tmp_path / "p").exists()


def test_only_the_articles_network_has_its_figure():
    assert is_articles_network(ReferenceSpec(norm="batch"))
    for spec in (
        ReferenceSpec(),
        ReferenceSpec(norm="batch", separable=True),
        ReferenceSpec(norm="batch", residual_blocks=5),
        ReferenceSpec(norm="batch", filters=(16, 32, 64)),
        FastSpec(norm="batch"),
        None,
    ):
        assert not is_articles_network(spec)


def test_tiles_are_even_and_fit_a_page(moving_clip, tmp_path):
    for name, settings in (("a.mp4", {}), ("b.mp4", {"width": 64, "height": 96})):
        clip = moving_clip(name, **settings)
        grid = plan_grid(clip, tmp_path / "p", small())
        layout = plan_layout(grid)
        assert layout.tile.width % 2 == layout.tile.height % 2 == 0
        assert layout.canvas.width % 2 == layout.canvas.height % 2 == 0
        assert max(layout.tile.width, layout.tile.height) == 320
    large = plan_layout(plan_grid(clip, tmp_path / "q", small(size=("240x426", "360x640"))))
    assert large.tile == Size(240, 360)  # what the smallest network sees
