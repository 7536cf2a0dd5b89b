"""What goes along with the picture: tags, chapters, the chosen sound. And what must not."""

import re
from fractions import Fraction

import av
import numpy as np
import pytest

from tests.media.kinds import coded, two_tracks, with_chapters
from tests.pipeline.test_pipeline import identity, read
from videostyle import EncodeConfig, stylize
from videostyle.errors import TargetError
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable
from videostyle.video.probe import probe


@pytest.fixture
def chaptered(shop, tmp_path):
    with_chapters(shop, tmp_path / "in.mp4")
    return tmp_path / "in.mp4"


def metadata_of(path):
    with av.open(str(path)) as container:
        chapters = [
            (
                float(c["start"] * c["time_base"]),
                float(c["end"] * c["time_base"]),
                c["metadata"].get("title"),
            )
            for c in container.chapters()
        ]
        return {name.lower(): text for name, text in container.metadata.items()}, chapters


@pytest.mark.parametrize("target", ["out.mp4", "out.mov", "out.mkv", "out.webm"])
def test_title_time_and_chapters_go_along_and_the_place_does_not(chaptered, tmp_path, target):
    result = stylize(chaptered, tmp_path / target, identity(size="64x96"))
    tags, chapters = metadata_of(tmp_path / target)
    assert tags["title"] == "My clip"
    assert tags["creation_time"].startswith("2021-05-06T07:08:09")
    assert chapters == [(0.0, 0.6, "one"), (0.6, pytest.approx(1.3, abs=0.05), "two")]
    assert not any("48.2" in text for text in tags.values())
    assert b"+48.2" not in (tmp_path / target).read_bytes()
    assert any("location metadata is removed" in notice for notice in result.notices)


@pytest.mark.parametrize("target", ["out.mp4", "out.mov", "out.mkv"])
def test_the_place_goes_along_when_asked(chaptered, tmp_path, target):
    config = identity(size="64x96", encode=EncodeConfig(keep_location=True))
    result = stylize(chaptered, tmp_path / target, config)
    assert metadata_of(tmp_path / target)[0]["location"].startswith("+48.2")
    assert not any("location metadata is removed" in notice for notice in result.notices)


def test_chapters_are_cut_with_the_clip(chaptered, tmp_path):
    stylize(chaptered, tmp_path / "out.mkv", identity(size="64x96", start="0.4", duration="0.5"))
    _, chapters = metadata_of(tmp_path / "out.mkv")
    assert [title for *_, title in chapters] == ["one", "two"]
    assert chapters[0][:2] == (0.0, pytest.approx(0.2, abs=0.01))
    assert chapters[1][0] == pytest.approx(0.2, abs=0.01)
    assert chapters[1][1] <= 0.55


def test_chapters_go_along_without_sound(chaptered, tmp_path):
    config = identity(size="64x96", encode=EncodeConfig(audio=False))
    stylize(chaptered, tmp_path / "out.mp4", config)
    assert len(metadata_of(tmp_path / "out.mp4")[1]) == 2


def test_the_language_of_a_track_is_known_and_kept(shop, tmp_path):
    two_tracks(shop, tmp_path / "in.mp4")
    assert [track.language for track in probe(tmp_path / "in.mp4").audio_tracks][1] == "deu"
    config = identity(size="64x96", encode=EncodeConfig(audio_track=2))
    stylize(tmp_path / "in.mp4", tmp_path / "out.mp4", config)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert container.streams.audio[0].language == "deu"


def test_what_is_transparent_becomes_black(make_clip, tmp_path):
    """Colours hidden under transparent pixels must not show."""
    picture = np.full((2, 64, 64, 3), 200, np.uint8)
    clip = make_clip(
        picture,
        "in.mov",
        filters="format=argb,geq=r=r(X\\,Y):g=g(X\\,Y):b=b(X\\,Y):a='if(lt(X,32),0,255)'",
        options=("-c:v", "qtrle"),
    )
    stylize(
        clip, tmp_path / "out.mkv", identity(fps=30, size="64p", encode=EncodeConfig(codec="ffv1"))
    )
    frame = read(tmp_path / "out.mkv")[0].astype(int)
    assert frame[:, :31].max() == 0
    assert np.abs(frame[:, 33:] - 200).max() <= 1


def test_numbered_pictures_of_a_longer_run_do_not_stay(shop, tmp_path):
    coded("-c:v", "libx264")(shop, tmp_path / "in.mp4")
    (tmp_path / "out-other.png").touch()
    for duration, count in (("1", 15), ("0.4", 6)):
        config = identity(size="64x96", duration=duration, overwrite=True)
        stylize(tmp_path / "in.mp4", tmp_path / "out-%03d.png", config)
        assert sorted(path.name for path in tmp_path.glob("out-*.png")) == [
            *(f"out-{number:03d}.png" for number in range(1, count + 1)),
            "out-other.png",
        ]
    with pytest.raises(TargetError, match="exists already"):
        stylize(tmp_path / "in.mp4", tmp_path / "out-%03d.png", identity(size="64x96"))


@pytest.mark.parametrize("start", ["0.5", "0.9"])
@pytest.mark.parametrize("name", ["in.ts", "in.mpg", "in.avi", "in.nut"])
def test_a_start_in_a_file_without_a_good_index(shop, tmp_path, name, start):
    """Frames are those of the whole clip from there on."""
    codec = (
        ("-c:v", "mpeg2video", "-q:v", 1, "-g", 12, "-bf", 2)
        if name == "in.mpg"
        else ("-c:v", "libx264", "-qp", 4, "-g", 12)
    )
    coded(*codec, audio=("-c:a", "mp2"))(shop, tmp_path / name)
    lossless = {"fps": 30, "size": "64x96", "encode": EncodeConfig(codec="ffv1")}
    stylize(tmp_path / name, tmp_path / "whole.mkv", identity(**lossless))
    stylize(tmp_path / name, tmp_path / "part.mkv", identity(start=start, **lossless))
    whole, part = read(tmp_path / "whole.mkv"), read(tmp_path / "part.mkv")
    first = int(Fraction(start) * 30)
    assert len(part) == len(whole) - first
    assert np.array_equal(np.stack(part), np.stack(whole[first:]))


def test_a_start_inside_an_open_group_of_pictures_is_no_damage(run_ffmpeg, tmp_path):
    """Frames shown just before a key frame depend on it, and can't be decoded from it."""
    clip = tmp_path / "in.mp4"
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=64x48:rate=30:duration=5",
        "-c:v",
        "libx264",
        "-x264-params",
        "open-gop=1:keyint=12:min-keyint=12:bframes=3",
        clip,
    )
    lossless = {"fps": 30, "size": "48x64", "encode": EncodeConfig(codec="ffv1")}
    stylize(clip, tmp_path / "whole.mkv", identity(**lossless))
    whole = read(tmp_path / "whole.mkv")
    for first in (11, 23, 71, 83, 96, 107):
        config = identity(start=Fraction(first, 30), overwrite=True, **lossless)
        stylize(clip, tmp_path / "part.mkv", config)
        assert np.array_equal(np.stack(read(tmp_path / "part.mkv")), np.stack(whole[first:]))


@pytest.mark.parametrize("way", [stylize, lambda *words: run_resumable(prepare(*words))])
def test_a_comment_longer_than_an_argument_may_be_goes_along(
    counting_clip, run_ffmpeg, tmp_path, way
):
    """Workflows of image generators are written there."""
    comment = '{"a=b": "' + "x;#\\" * 50_000 + '"}\nsecond line'
    escaped = re.sub(r"([\\=;#\n])", r"\\\1", comment)
    (tmp_path / "words.txt").write_text(f";FFMETADATA1\ncomment={escaped}\n")
    words = ("-i", tmp_path / "words.txt", "-map", 0, "-map_metadata", 1, "-c", "copy")
    run_ffmpeg("-i", counting_clip(8), *words, tmp_path / "in.mp4")
    way(tmp_path / "in.mp4", tmp_path / "out.mp4", identity(size="48x64"))
    assert metadata_of(tmp_path / "out.mp4")[0]["comment"] == comment
    assert not list(tmp_path.glob(".*"))
