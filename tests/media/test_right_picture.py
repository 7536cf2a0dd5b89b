"""The right streams, their transparency and their levels, as the file says and not as they look."""

import struct

import av
import numpy as np
import pytest

from tests.media.chart import COUNT, TOLERANCE, click_s, color_error, draw_chart, number_of
from tests.media.kinds import SD, X264
from tests.media.test_matrix import read
from tests.media.tiles import write_tiles
from tests.pipeline.test_pipeline import identity
from videostyle import EncodeConfig, stylize
from videostyle.errors import DamageError
from videostyle.video.probe import probe

LOSSLESS = EncodeConfig(codec="ffv1")


def paint(clip, folder, **settings):
    config = identity(fps=30, size="96x64", encode=LOSSLESS, **settings)
    result = stylize(clip, folder / "out.mkv", config)
    return read(folder / "out.mkv", ".mkv"), result


def test_an_animated_avif_is_the_animation(shop, tmp_path):
    coded = ("-vf", SD, "-c:v", "libaom-av1", "-crf", 2, "-cpu-used", 8)
    shop.ffmpeg("-i", shop.chart(count=10), "-an", *coded, tmp_path / "in.avif")
    frames, _ = paint(tmp_path / "in.avif", tmp_path)
    assert [number_of(frame) for frame in frames] == list(range(10))


def test_a_still_avif_is_a_picture(shop, tmp_path):
    coded = ("-vf", SD, "-frames:v", 1, "-c:v", "libaom-av1", "-crf", 2, "-still-picture", 1)
    shop.ffmpeg("-i", shop.chart(), "-an", *coded, tmp_path / "in.avif")
    stylize(tmp_path / "in.avif", tmp_path / "out.png", identity(size="96x64"))
    assert color_error(read(tmp_path / "out.png", ".png")[0]) <= TOLERANCE


@pytest.mark.parametrize("start", ["0", "0.5"])
def test_picture_and_sound_of_one_programme(shop, tmp_path, start):
    """The smaller picture's programme comes first, with silence."""
    silence = ("-f", "lavfi", "-i", "anullsrc=r=48000:d=1.4")
    small = ("-f", "lavfi", "-i", "testsrc2=size=48x32:rate=30:duration=1.4")
    maps = ("-map", "1:v", "-map", "0:a", "-map", "2:v", "-map", "2:a")
    programmes = ("-program", "title=A:st=0:st=1", "-program", "title=B:st=2:st=3")
    coded = ("-vf", SD, *X264, "-c:a", "mp2")
    shop.ffmpeg(*silence, *small, "-i", shop.chart(), *maps, *coded, *programmes, tmp_path / "a.ts")
    frames, _ = paint(tmp_path / "a.ts", tmp_path, start=start)
    at_s = next(k for k, frame in enumerate(frames) if number_of(frame) >= 30) / 30
    assert abs(float(click_s(tmp_path / "out.mkv")) - at_s) <= 1 / 30 + 0.001
    assert len(probe(tmp_path / "a.ts").audio_tracks) == 1


def test_streams_that_get_other_numbers_are_a_loss(shop, tmp_path):
    for n, cut in enumerate(("end_frame=20", "start_frame=20")):
        chain = f"trim={cut},setpts=PTS-STARTPTS,{SD}"
        shop.ffmpeg("-i", shop.chart(), "-an", "-vf", chain, *X264, tmp_path / f"{n}.ts")
    numbers = ("-mpegts_start_pid", 0x300, "-output_ts_offset", 20 / 30)
    shop.ffmpeg("-i", tmp_path / "1.ts", "-c", "copy", *numbers, tmp_path / "2.ts")
    both = (tmp_path / "0.ts").read_bytes() + (tmp_path / "2.ts").read_bytes()
    (tmp_path / "in.ts").write_bytes(both)
    with pytest.raises(DamageError, match=r"other numbers from 0\.6"):
        paint(tmp_path / "in.ts", tmp_path)
    frames, result = paint(tmp_path / "in.ts", tmp_path, keep_going=True)
    assert max(map(number_of, frames)) == 19
    assert any("other numbers" in notice for notice in result.notices)


HALF = "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,W/2),255,0)'"
TRANSPARENT = {
    "webm": (
        "scale=out_color_matrix=smpte170m:out_range=tv,format=yuva420p",
        *("-c:v", "libvpx-vp9", "-crf", 4, "-b:v", 0, "-cpu-used", 8),
    ),
    "mkv": (
        "scale=out_color_matrix=smpte170m:out_range=tv,format=yuva420p",
        *("-c:v", "libvpx", "-crf", 4, "-b:v", "4M", "-auto-alt-ref", 0),
    ),
    "mov": ("format=argb", "-c:v", "qtrle"),
}


@pytest.mark.parametrize("suffix", TRANSPARENT)
def test_transparency_becomes_black(shop, tmp_path, suffix):
    filters, *coded = TRANSPARENT[suffix]
    chain = ("-vf", f"{HALF},{filters}")
    shop.ffmpeg("-i", shop.chart(count=8), "-an", *chain, *coded, tmp_path / f"in.{suffix}")
    frames, _ = paint(tmp_path / f"in.{suffix}", tmp_path)
    for number, frame in enumerate(frames):
        assert frame[:, 56:].max() <= 4
        assert abs(int(frame[4, 4, 0]) - 200) <= 4, number


def test_the_fourth_byte_of_an_avi_means_nothing(shop, tmp_path):
    chain = "format=bgra,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a=0"
    raw = ("-vf", chain, "-c:v", "rawvideo", "-pix_fmt", "bgra")
    shop.ffmpeg("-i", shop.chart(), "-an", *raw, tmp_path / "in.avi")
    frames, _ = paint(tmp_path / "in.avi", tmp_path)
    assert [number_of(frame) for frame in frames] == list(range(COUNT))
    assert max(map(color_error, frames)) <= TOLERANCE


def test_linear_light_is_brought_to_what_screens_show(run_ffmpeg, shop, tmp_path):
    with av.open(str(shop.chart())) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24")
    level = first / 255
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    planes = b"".join(linear[..., channel].astype("<f4").tobytes() for channel in (1, 2, 0))
    raw = ("-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-video_size", "96x64", "-i", "pipe:0")
    run_ffmpeg(*raw, "-c:v", "exr", tmp_path / "p%03d.exr", stdin=planes * 3)
    frames, _ = paint(tmp_path / "p%03d.exr", tmp_path)
    assert max(map(color_error, frames)) <= TOLERANCE


@pytest.mark.parametrize("pix_fmt", ["gray", "gray10le", "gray12le"])
@pytest.mark.parametrize("levels", ["tv", "pc"])
def test_grey_has_the_levels_that_it_says(shop, tmp_path, pix_fmt, levels):
    chain = f"scale=out_range={levels},format={pix_fmt},setparams=range={levels}"
    if levels == "tv":  # ffmpeg writes grey in full range whatever it is told
        bits = int(pix_fmt[4:6] or 8)
        step, most = 2 ** (bits - 8), 2**bits - 1
        squeeze = f"lut=val*{219 * step}/{most}+{16 * step}"
        chain = f"format={pix_fmt},{squeeze},setparams=range=tv"
    shop.ffmpeg("-i", shop.chart(), "-an", "-vf", chain, "-c:v", "ffv1", tmp_path / "in.mkv")
    frames, _ = paint(tmp_path / "in.mkv", tmp_path)
    assert [number_of(frame) for frame in frames] == list(range(COUNT))
    assert max(abs(int(f[56, 90, 0]) - 220) for f in frames) <= 2


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_photograph_in_tiles_is_one_picture(run_ffmpeg, tmp_path, quarter_turns):
    picture = draw_chart(256, 192, 6)[5]
    write_tiles(run_ffmpeg, picture, tmp_path / "in.heic", quarter_turns)
    config = identity(size="192x256", out_size="work")
    result = stylize(tmp_path / "in.heic", tmp_path / "out.png", config)
    [frame] = read(tmp_path / "out.png", ".png")
    upright = np.rot90(frame, -quarter_turns)
    assert upright.shape == picture.shape
    assert (number_of(upright), result.frames) == (5, 1)
    assert color_error(upright) <= TOLERANCE


def with_clean_aperture(data: bytes, size: tuple[int, int], left: int, top: int) -> bytes:
    """An MP4, its `moov` last, whose QuickTime box says which part of the picture is shown."""
    out, parents, start, end = bytearray(data), [], 0, len(data)
    heads = {b"stsd": 16, b"avc1": 86}
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"):
        at = start
        while out[at + 4 : at + 8] != name:
            at += int.from_bytes(out[at : at + 4], "big")
        parents.append(at)
        start, end = at + heads.get(name, 8), at + int.from_bytes(out[at : at + 4], "big")
    stored = [
        int.from_bytes(out[at + n : at + n + 2], "big") for at in parents[-1:] for n in (32, 34)
    ]
    centre = [2 * o + s - whole for o, s, whole in zip((left, top), size, stored, strict=True)]
    numbers = (size[0], 1, size[1], 1, centre[0], 2, centre[1], 2)
    box = struct.pack(">I4s8i", 40, b"clap", *numbers)
    out[end:end] = box
    for at in parents:
        longer = int.from_bytes(out[at : at + 4], "big") + len(box)
        out[at : at + 4] = longer.to_bytes(4, "big")
    return bytes(out)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("start", ["0", "0.5"])
def test_crop_marks_of_the_container_are_followed(shop, tmp_path, suffix, start):
    """The chart in a larger, white picture."""
    white = f"pad=160:96:20:10:white,{SD}"
    shop.ffmpeg("-i", shop.chart(), "-an", "-vf", white, *X264, tmp_path / "whole.mp4")
    data = (tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "in.mp4").write_bytes(with_clean_aperture(data, (96, 64), 20, 10))
    if suffix == ".mkv":
        shop.ffmpeg("-i", tmp_path / "in.mp4", "-c", "copy", tmp_path / "in.mkv")
    frames, result = paint(tmp_path / f"in{suffix}", tmp_path, start=start)
    assert str(result.source_size) == "96x64"
    first = int(float(start) * 30)
    assert [number_of(frame) for frame in frames] == list(range(first, COUNT))
    assert max(map(color_error, frames)) <= TOLERANCE
    assert not any("the picture changes" in notice for notice in result.notices)
