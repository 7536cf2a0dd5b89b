"""Photos come from folders, single pictures and clips; what can't be read is reported."""

import os

import cv2
import numpy as np
import pytest

from tests.conftest import GREY_STEP, numbers_of
from videostyle.errors import TrainError
from videostyle.train import clips
from videostyle.train import photos as room
from videostyle.train.photos import find_photos, read_photos


def write(path, height=80, width=120, color=(0, 0, 255)):
    path.parent.mkdir(exist_ok=True, parents=True)
    cv2.imwrite(str(path), np.full((height, width, 3), color, np.uint8))
    return path


def names(sources):
    return ([path.name for path in sources.pictures], [clip.path.name for clip in sources.clips])


def test_folders_are_searched_whole_and_other_files_passed_over(tmp_path, counting_clip):
    write(tmp_path / "b" / "two.jpg")
    write(tmp_path / "a" / "one.PNG")
    counting_clip(4, "three.mp4")
    (tmp_path / "notes.txt").write_text("no picture")
    assert names(find_photos([tmp_path])) == (["one.PNG", "two.jpg"], ["three.mp4"])


def test_single_pictures_and_clips_are_taken_under_any_name(tmp_path, counting_clip):
    pictures = [write(tmp_path / "one.png"), write(tmp_path / "two.png")]
    clip = counting_clip(4).rename(tmp_path / "clip.of.mine")
    assert names(find_photos([*pictures, clip])) == (["one.png", "two.png"], ["clip.of.mine"])


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(TrainError, match="nowhere: there is no such picture, clip or folder"):
        find_photos([tmp_path / "nowhere"])
    with pytest.raises(TrainError, match="fewer than two pictures"):
        find_photos([tmp_path])
    text = tmp_path / "text.txt"
    text.write_text("no picture")
    with pytest.raises(
        TrainError, match=r"no clip \(left out: .*text\.txt: can't be read as video"
    ):
        find_photos([text])


def test_a_folder_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    """A folder in it, too: Python would pass over it without a word."""
    write(tmp_path / "photos" / "one.png"), write(tmp_path / "photos" / "two.png")
    scandir = os.scandir
    (tmp_path / "photos" / "locked").mkdir()

    def refuse(path):
        if os.fspath(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(TrainError, match="locked: can't be read: Permission denied"):
        find_photos([tmp_path / "photos"])


def test_frames_are_taken_evenly_over_a_clip(counting_clip, monkeypatch):
    """5 of 60 frames: the middle of each twelfth part, at the size asked for."""
    monkeypatch.setattr(room, "FRAMES_PER_CLIP", 5)
    frames, notices, _ = read_photos(find_photos([counting_clip(60)]), 24)
    assert numbers_of(frames) == [6, 18, 30, 42, 54]
    assert frames[0].shape == (24, 32, 3)
    assert notices == []


def test_a_short_clip_gives_each_frame_once(counting_clip):
    frames, *_ = read_photos(find_photos([counting_clip(7)]), 24)
    assert numbers_of(frames) == list(range(7))


def test_a_long_clip_is_sought_through(counting_clip, monkeypatch):
    """One frame in 16 s; the parts of the clip between them are not decoded."""
    monkeypatch.setattr(room, "FRAMES_PER_CLIP", 4)
    plans = []
    decoder = clips.Decoder
    monkeypatch.setattr(clips, "Decoder", lambda plan: plans.append(plan) or decoder(plan))
    frames, *_ = read_photos(find_photos([counting_clip(64, rate=1)]), 24)
    assert numbers_of(frames) == [8, 24, 40, 56]
    assert [float(plan.seek_s) for plan in plans] == [6, 22, 38, 54]


def test_a_clip_that_does_not_say_its_length_is_thinned(make_clip, monkeypatch):
    """Matroska written to a pipe has none; one frame a second, and 2 to 4 of 20 are kept."""
    levels = (np.arange(20, dtype=np.uint8) * GREY_STEP)[:, None, None, None]
    clip = make_clip(
        np.broadcast_to(levels, (20, 48, 64, 3)),
        "live.mkv",
        rate=1,
        options=("-c:v", "ffv1", "-live", 1),
    )
    sources = find_photos([clip])
    assert sources.clips[0].end_s is None
    monkeypatch.setattr(room, "FRAMES_PER_CLIP", 4)
    kept, spread = [], clips.spread
    monkeypatch.setattr(
        clips, "spread", lambda items, count: kept.append(len(items)) or spread(items, count)
    )
    numbers = numbers_of(read_photos(sources, 24)[0])
    assert len(numbers) == 4
    assert kept[0] <= 8
    assert len(set(np.diff(numbers))) == 1
    assert numbers[-1] >= 12


def test_a_damaged_clip_gives_what_decodes_and_says_so(counting_clip):
    clip = counting_clip(60, "clip.mkv", options=("-c:v", "ffv1", "-g", "1"))
    data = bytearray(clip.read_bytes())
    data[len(data) // 2 :] = b""
    clip.write_bytes(data)
    frames, notices, _ = read_photos(find_photos([clip]), 24)
    assert 10 < len(frames) < 60
    assert "clip.mkv: only" in notices[0]


def test_the_number_kept_in_memory_is_bounded(tmp_path, counting_clip, monkeypatch):
    for number in range(10):
        write(tmp_path / "photos" / f"{number}.png")
    clips = [counting_clip(60, f"{name}.mp4") for name in "ab"]
    monkeypatch.setattr(room, "MOST_PHOTOS", 5)
    sources = find_photos([tmp_path / "photos", *clips])
    assert names(sources)[0] == ["0.png", "2.png", "4.png", "6.png", "8.png"]
    assert sources.left_out == 5
    assert sources.frames_per_clip == 2
    assert len(read_photos(sources, 24)[0]) == 5 + 4


def test_one_frame_is_too_few(counting_clip):
    with pytest.raises(TrainError, match="only one photo could be read; training needs two"):
        read_photos(find_photos([counting_clip(1)]), 24)


def test_bad_photos_are_left_out_and_named(tmp_path, counting_clip):
    folder = tmp_path / "photos"
    for name in ("good.png", "tiny.png", "cut.jpg"):
        write(folder / name, *((20, 30) if name == "tiny.png" else ()))
    (folder / "cut.jpg").write_bytes((folder / "cut.jpg").read_bytes()[:-40])
    (folder / "empty.jpg").touch()
    (folder / "broken.mp4").write_text("no clip")
    (folder / "nowhere.jpg").symlink_to(tmp_path / "gone.jpg")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "._good.png").write_bytes(b"\0\5\26\7")  # macOS writes these beside files
    write(folder / ".Trash" / "old.png")
    counting_clip(3).rename(folder / "clip.mp4")
    frames, _, bad = read_photos(find_photos([folder]), 64)
    assert len(frames) == 1 + 3
    left_out = {os.path.basename(line.partition(":")[0]) for line in bad}
    assert left_out == {
        "tiny.png", "cut.jpg", "empty.jpg", "broken.mp4", "nowhere.jpg", "pipe.jpg"
    }  # fmt: skip
    (folder / "clip.mp4").unlink()
    with pytest.raises(TrainError, match=r"only one photo could be read.*left out: .*; \.\.\."):
        read_photos(find_photos([folder]), 64)


def test_photos_may_be_gif_tiff_avif_and_jpeg_2000(tmp_path):
    from PIL import Image

    for name in ("a.gif", "b.tiff", "c.avif", "d.jp2"):
        Image.new("RGB", (90, 70), "red").save(tmp_path / name)
    frames, _, bad = read_photos(find_photos([tmp_path]), 64)
    assert (len(frames), bad) == (4, [])


def test_kinds_of_pictures_that_nothing_reads_are_named(tmp_path):
    for name in ("one.jxl", "two.CR2"):
        (tmp_path / name).write_bytes(b"a picture")
    with pytest.raises(TrainError, match=r"one\.jxl: \.jxl pictures can't be read; save it as"):
        find_photos([tmp_path])


def test_linked_folders_are_searched_once(tmp_path):
    """A link back up would never end; two links to one folder would count its photos twice."""
    write(tmp_path / "elsewhere" / "one.png")
    write(tmp_path / "photos" / "two.png")
    for link in ("again", "album"):
        (tmp_path / "photos" / link).symlink_to(tmp_path / "elsewhere")
    (tmp_path / "photos" / "up").symlink_to(tmp_path / "photos")
    (tmp_path / "photos" / "unplugged").symlink_to(tmp_path / "no disk")
    sources = find_photos([tmp_path / "photos"])
    assert names(sources)[0] == ["one.png", "two.png"]
    assert [line.partition("photos/")[2] for line in sources.bad] == ["unplugged: leads nowhere"]
