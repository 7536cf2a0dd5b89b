"""Which cells are taken over, and how little is read to make the others."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.preview.conftest import IDENTITY, make, small
from videostyle import PreviewConfig, StylizeConfig
from videostyle.errors import ConfigError, TargetError
from videostyle.preview import grid, stills
from videostyle.preview.grid import plan_grid


def keys_of(clip, folder, **shared):
    config = small(stylize=replace(IDENTITY, **shared))
    return [cell.key for cell in plan_grid(clip, folder, config).cells]


@pytest.mark.parametrize(
    "change",
    [
        {"full_decode": True},
        {"keep_going": True},
        {"sequence_rate": 10},
        {"precision": "fp32"},
        {"strength": 0.5},
        {"keep_color": True},
        {"fit": "cover"},
    ],
    ids=str,
)
def test_a_setting_that_shows_makes_new_cells(moving_clip, tmp_path, change):
    clip = moving_clip()
    before = keys_of(clip, tmp_path / "p")
    assert not set(before) & set(keys_of(clip, tmp_path / "p", **change))
    assert keys_of(clip, tmp_path / "p", threads=1, batch_size=2) == before


@pytest.mark.parametrize("name", ["fps", "size", "style", "start", "duration", "out_size"])
def test_a_preview_refuses_what_it_would_drop(name):
    with pytest.raises(ConfigError, match=f"own {name}"):
        PreviewConfig(stylize=StylizeConfig(**{name: "480p" if "size" in name else "1"}))


def test_numbered_pictures_are_previewed(tmp_path):
    (tmp_path / "frames").mkdir()
    for number in range(20):
        picture = np.full((64, 96, 3), 10 * number, np.uint8)
        cv2.imwrite(str(tmp_path / "frames" / f"{number:04d}.png"), picture)
    pattern = tmp_path / "frames" / "%04d.png"
    shared = replace(IDENTITY, sequence_rate=20)
    cells = make(pattern, tmp_path / "p", small(stylize=shared))
    assert [cell.frames for cell in cells] == [10, 15, 10, 15]
    (tmp_path / "frames" / "0003.png").write_bytes((tmp_path / "frames" / "0004.png").read_bytes())
    again = plan_grid(pattern, tmp_path / "p", small(stylize=shared))
    assert not {cell.key for cell in cells} & {cell.key for cell in again.cells}


def test_a_clip_is_probed_once_and_decoded_once_a_size(moving_clip, tmp_path, monkeypatch):
    clip, probed, decoded = moving_clip(), [], []
    probe = grid.probe
    monkeypatch.setattr(grid, "probe", lambda path, rate: probed.append(path) or probe(path, rate))
    for module in ("videostyle.pipeline.plan.probe", "videostyle.preview.stills.probe"):
        monkeypatch.setattr(module, lambda path, *rate: probed.append(path) or probe(path, *rate))
    from videostyle.video import decoder, timed_frames

    for room in (decoder, timed_frames):

        def start(arguments, original=room.FfmpegProcess, **settings):
            decoded.extend(word for word in arguments if word.endswith("clip.mp4"))
            return original(arguments, **settings)

        monkeypatch.setattr(room, "FfmpegProcess", start)
    config = small(fps=(5, 10, 15, 30), size=("24x32", "32x48", "48x64", "64x96"))
    assert len(make(clip, tmp_path / "p", config)) == 16
    assert probed.count(clip) == 1
    assert len(decoded) == 5


def test_a_still_that_cannot_be_written_is_an_error(moving_clip, tmp_path, monkeypatch):
    def full(path, picture, quality):
        raise TargetError(path, "can't be written: No space left on device")

    monkeypatch.setattr(stills, "write_picture", full)
    with pytest.raises(TargetError, match=r"source\.jpg: can't be written"):
        make(moving_clip(), tmp_path / "p")
