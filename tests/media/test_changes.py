"""A clip that changes inside: timing is kept, each part has its own colours and the first shape."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest

from tests.media.chart import CLICK_FRAME, TOLERANCE, click_s, color_error, number_of
from tests.media.test_matrix import read
from tests.media.test_time_zero import in_pieces, resumed
from tests.pipeline.test_pipeline import identity
from tests.pipeline.test_pipeline import read as read_video
from videostyle import EncodeConfig, stylize
from videostyle.frames import Box, Fit, fit_frame
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.probe import probe
from videostyle.video.shared_decoder import SharedDecoder

LOSSLESS = EncodeConfig(codec="ffv1")

FIRST = 18  # frames of the first part; the click is in the second
COUNT = 40


def colors(matrix: str, levels: str = "tv", pix_fmt: str = "yuv420p", more: str = "") -> str:
    return (
        f"scale=out_color_matrix={matrix}:out_range={levels},format={pix_fmt},"
        f"setparams=colorspace={matrix}:range={levels}{more}"
    )


SD = colors("smpte170m")
H264 = ("-c:v", "libx264", "-qp", 2, "-bf", 2)
VP9 = ("-c:v", "libvpx-vp9", "-crf", 2, "-b:v", 0, "-cpu-used", 8)
# Without B-pictures: copied into MPEG-PS these get times that go back.
MPEG2 = ("-c:v", "mpeg2video", "-q:v", 1, "-bf", 0, "-r", 30)


@dataclass(frozen=True)
class Change:
    """What the second part is like: filters after the chart, and words of the notice."""

    filters: str
    says: str = ""
    inside: tuple[int, int] = (96, 64)
    options: tuple = ()


CHANGES = {
    "size": Change(f"scale=192:128:flags=neighbor,{SD}", "192x128"),
    "shape": Change(f"scale=48:96:flags=neighbor,{SD}", "48x96", (32, 64)),
    "pixel format": Change(colors("smpte170m", pix_fmt="yuv444p")),
    "matrix": Change(colors("bt709"), "bt709"),
    "range": Change(colors("smpte170m", "pc"), "pc"),
    "transfer": Change(colors("bt709", more=":color_trc=bt709:color_primaries=bt709"), "bt709"),
    "pixel aspect": Change(f"scale=64:64:flags=neighbor,{SD},setsar=3/2"),
    "pixel aspect and shape": Change(f"{SD},setsar=1/2", "48x64", (48, 64)),
    "interlacing": Change(f"{SD},setfield=tff", options=("-flags", "+ildct+ilme")),
    # Turned anticlockwise to be seen, so it is stored turned clockwise.
    "rotation": Change(
        f"transpose=clock,{SD}",
        options=("-bsf:v", "h264_metadata=display_orientation=insert:rotate=90"),
    ),
}
CODECS = {"mp4": H264, "ts": H264, "mkv": H264, "mpg": MPEG2, "webm": VP9}
# What the codec has no word for, or its encoder. MPEG-2's sequences have no pixel of 1:2, and when
# their size changes ffmpeg's decoder loses the frame that it holds back.
CANNOT = {
    "webm": {"transfer", "pixel aspect", "pixel aspect and shape", "interlacing", "rotation"},
    "mpg": {
        *("size", "shape", "pixel format", "range"),
        *("pixel aspect", "pixel aspect and shape", "rotation"),
    },
}
CASES = [
    (suffix, name) for suffix in CODECS for name in CHANGES if name not in CANNOT.get(suffix, ())
]


@pytest.fixture(scope="module")
def changing(shop, tmp_path_factory):
    """Two parts of one chart, the second changed, and its sound."""
    folder = tmp_path_factory.mktemp("changes")

    def make(suffix, name):
        path = folder / f"{name}.{suffix}".replace(" ", "-")
        if not path.exists():
            stem = "webm" if suffix == "webm" else "ts"
            parts = [folder / f"part{n}.{stem}" for n in (1, 2)]
            change = CHANGES[name]
            for part, cut, filters, options in (
                (parts[0], f"trim=end_frame={FIRST}", SD, ()),
                (parts[1], f"trim=start_frame={FIRST}", change.filters, change.options),
            ):
                chain = f"{cut},setpts=PTS-STARTPTS,{filters}"
                shop.ffmpeg(
                    "-i", shop.chart(), "-an", "-vf", chain, *CODECS[suffix], *options, part
                )
            words = [
                f"file {part}\nduration {n / 30:.6f}\n"
                for part, n in zip(parts, (FIRST, COUNT - FIRST), strict=False)
            ]
            (folder / "list.txt").write_text("ffconcat version 1.0\n" + "".join(words))
            sound = ("-c:a", "libopus") if suffix == "webm" else ("-c:a", "mp2")
            shop.ffmpeg(
                *("-f", "concat", "-safe", 0, "-i", folder / "list.txt", "-i", shop.chart()),
                *("-map", "0:v", "-map", "1:a", "-c:v", "copy", *sound, path),
            )
        return path

    return make


def check(frames, name, first=0):
    """Every frame in its place, its colours right."""
    width, height = CHANGES[name].inside
    left, top = (96 - width) // 2, (64 - height) // 2
    assert len(frames) >= COUNT - first
    numbers = []
    for frame in frames:
        part = frame
        if (first >= FIRST or (numbers and numbers[-1] >= FIRST - 1)) and (width, height) != (
            96,
            64,
        ):
            part = frame[top : top + height, left : left + width]
            if number_of(part) >= FIRST:
                assert (
                    max(
                        frame[:, : max(0, left - 1)].max(initial=0),
                        frame[: max(0, top - 1)].max(initial=0),
                    )
                    <= 1
                )
            else:
                part = frame
        assert color_error(part) <= TOLERANCE
        numbers.append(number_of(part))
    shown = [n for n, before in zip(numbers, [None, *numbers], strict=False) if n != before]
    assert shown == list(range(first, COUNT))


@pytest.mark.parametrize(("suffix", "name"), CASES)
def test_every_part_is_right(changing, tmp_path, suffix, name):
    target = tmp_path / "out.mkv"
    config = identity(fps=30, size="96x64", encode=LOSSLESS)
    result = stylize(changing(suffix, name), target, config)
    frames = read(target, ".mkv")
    check(frames, name)
    told = [notice for notice in result.notices if "the picture changes" in notice]
    assert len(told) == bool(CHANGES[name].says)
    assert all(CHANGES[name].says in notice for notice in told)
    at = next(k for k, f in enumerate(frames) if number_of(f[:, 32:64]) >= CLICK_FRAME)
    assert abs(click_s(target) - Fraction(at, 30)) <= Fraction(1, 15)


@pytest.mark.parametrize("name", ["shape", "matrix"])
@pytest.mark.parametrize("way", [resumed, in_pieces])
def test_pieces_are_right_also_behind_the_change(changing, tmp_path, name, way):
    result = way(changing("ts", name), tmp_path / "out.mkv", rate=30)
    check(read(tmp_path / "out.mkv", ".mkv"), name)
    if result is not None:
        assert sum("the picture changes" in notice for notice in result.notices) == 1


def test_a_change_to_hdr_is_tone_mapped_from_there_on(run_ffmpeg, tmp_path):
    """Each part as if it were a clip of its own."""
    colors = {
        "sdr": ("bt709", "bt709", "bt709"),
        "hdr": ("bt2020", "smpte2084", "bt2020nc"),
    }
    for name, (primaries, transfer, matrix) in colors.items():
        tags = f"color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}"
        run_ffmpeg(
            *("-f", "lavfi", "-i", "color=gray:size=128x128:rate=25:duration=1"),
            *("-vf", f"format=yuv420p10le,setparams={tags}:range=tv", "-c:v", "libx265"),
            *("-x265-params", "log-level=error:repeat-headers=1", tmp_path / f"{name}.ts"),
        )
    words = "".join(f"file {tmp_path / name}.ts\nduration 1\n" for name in colors)
    (tmp_path / "list.txt").write_text(f"ffconcat version 1.0\n{words}")
    both = tmp_path / "both.ts"
    run_ffmpeg("-f", "concat", "-safe", 0, "-i", tmp_path / "list.txt", "-c", "copy", both)
    config = identity(fps=25, size="128x128", out_size="work", encode=LOSSLESS)
    for name in ("sdr", "hdr", "both"):
        result = stylize(tmp_path / f"{name}.ts", tmp_path / f"{name}.mkv", config)
    assert any("smpte2084" in notice for notice in result.notices)
    sdr, hdr, frames = (read_video(tmp_path / f"{name}.mkv") for name in ("sdr", "hdr", "both"))
    assert np.abs(frames[5].astype(int) - sdr[5]).max() <= TOLERANCE
    assert np.abs(frames[40].astype(int) - hdr[5]).max() <= TOLERANCE
    assert np.abs(sdr[5].astype(int) - hdr[5]).min() > TOLERANCE


@pytest.mark.parametrize("name", ["shape", "matrix", "pixel format"])
def test_a_part_is_right_that_begins_behind_the_change(changing, tmp_path, name):
    first = FIRST + 4
    stylize(
        changing("mkv", name),
        tmp_path / "out.mkv",
        identity(fps=30, size="96x64", start=Fraction(first, 30), encode=LOSSLESS),
    )
    frames = read(tmp_path / "out.mkv", ".mkv")
    assert len(frames) == COUNT - first or name == "shape"
    check(frames, name, first)


@pytest.mark.parametrize("name", ["size", "matrix", "interlacing"])
def test_many_rates_at_once_see_the_same(changing, name):
    info = probe(changing("mp4", name))
    geometry = fit_frame(info.size, Box(64, 96), Fit.CONTAIN)
    plan = DecodePlan(info, geometry, Fraction(30))
    with SharedDecoder(plan, [Fraction(30), Fraction(15)]) as shared:
        shown = list(shared)
    every = [each.frame for each in shown for _ in range(each.counts[0])]
    check(every, name)
    assert "the picture changes" in " ".join(shared.notices) or not CHANGES[name].says
    with Decoder(replace(plan, rate=Fraction(15))) as decoder:
        alone = [each.frame for each in decoder]
    together = [each.frame for each in shown for _ in range(each.counts[1])]
    assert np.array_equal(np.stack(alone), np.stack(together))


PICTURES = {
    "a grey one": ("png", "format=gray"),
    "a transparent one": ("png", "format=rgba"),
    "a palette": ("png", "format=pal8"),
    "a deep one": ("png", "format=rgb48be"),
    "another size": ("png", "scale=192:128:flags=neighbor"),
    "another subsampling": ("jpg", "format=yuvj444p"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_numbered_pictures_that_differ(shop, tmp_path, kind):
    suffix, filters = PICTURES[kind]
    pattern = tmp_path / f"p%03d.{suffix}"
    shop.ffmpeg("-i", shop.chart(), "-an", "-q:v", 1, "-start_number", 0, pattern)
    for n in (0, 7, 8, 20):
        picture = tmp_path / f"p{n:03d}.{suffix}"
        chain = f"select=eq(n\\,{n}),{filters}"
        shop.ffmpeg("-i", shop.chart(), "-an", "-vf", chain, "-q:v", 1, "-frames:v", 1, picture)
    config = identity(sequence_rate=30, fps=30, size="96x64", encode=LOSSLESS)
    stylize(pattern, tmp_path / "out.mkv", config)
    frames = read(tmp_path / "out.mkv", ".mkv")
    assert [number_of(frame) for frame in frames] == list(range(COUNT))
    grey = {0, 7, 8, 20} if kind == "a grey one" else set()
    assert max(color_error(f) for n, f in enumerate(frames) if n not in grey) <= TOLERANCE


def test_a_last_frame_that_stands_for_long_does_not_stop_the_decoder(run_ffmpeg, tmp_path):
    """More frames than the pipe holds come after the last line about a source frame."""
    slow = ("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=1:duration=2", "-c:v", "libx264")
    run_ffmpeg(*slow, tmp_path / "in.mp4")
    config = identity(fps=30, out_size="work")
    assert stylize(tmp_path / "in.mp4", tmp_path / "out.mp4", config).frames == 60
