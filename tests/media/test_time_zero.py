"""Picture and sound agree where 0 is, whichever of them begins first, in every container."""

import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from tests.media.chart import CLICK_FRAME, click_s, number_of
from tests.media.test_matrix import read
from videostyle import EncodeConfig, StylizeConfig, stylize
from videostyle.batch.worker import Worker
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable

RATE = 15
FLASH_S = Fraction(CLICK_FRAME, RATE)
PIECE_S = 1

H264 = ("-c:v", "libx264", "-qp", 4, "-bf", 2, "-g", 15)
MPEG2 = ("-c:v", "mpeg2video", "-q:v", 1, "-r", 25)
AAC = ("-c:a", "aac")


@dataclass(frozen=True)
class Container:
    """How a container's picture and sound are encoded, and which sound may be later than which
    picture (seconds; below 0 the picture is later) so that its muxer keeps it."""

    codecs: tuple
    holds: tuple[str, ...] = ("-1", "-0.3", "0", "0.3", "1")


CONTAINERS = {
    "mp4": Container((*H264, *AAC)),
    "mov": Container((*H264, *AAC)),
    "mkv": Container((*H264, *AAC)),
    "webm": Container(("-c:v", "libvpx", "-crf", 4, "-b:v", "4M", "-c:a", "libopus")),
    "ts": Container((*H264, *AAC)),
    "m2ts": Container((*H264, "-c:a", "ac3")),
    "mpg": Container((*MPEG2, "-c:a", "mp2")),
    "ogv": Container(("-c:v", "libtheora", "-q:v", 9, "-c:a", "libvorbis")),
    "flv": Container((*H264, *AAC)),
    # Its muxer writes both streams from 0, and `start_later` moves one.
    "avi": Container(("-c:v", "mpeg4", "-q:v", 2, "-c:a", "mp3")),
    # Has no words for a stream that begins later.
    "mxf": Container((*MPEG2, "-c:a", "pcm_s16le"), ("0",)),
}

CASES = [(name, offset) for name, each in CONTAINERS.items() for offset in each.holds]


def start_later(avi: Path, kind: bytes, seconds: Fraction) -> None:
    """Let the first stream of a kind (`vids`, `auds`) begin later: dwStart of its header, strh."""
    data = bytearray(avi.read_bytes())
    header = data.index(b"strh", data.index(kind) - 12) + 8
    scale, rate = struct.unpack_from("<II", data, header + 20)
    struct.pack_into("<I", data, header + 28, round(seconds * rate / scale))
    avi.write_bytes(data)


@pytest.fixture(scope="module")
def clips(shop, tmp_path_factory):
    """A chart with its sound moved; below 0 the picture is moved instead."""
    folder = tmp_path_factory.mktemp("offsets")

    def make(name, offset):
        path = folder / f"in{offset}.{name}"
        if path.exists():
            return path
        both = folder / f"both-{name}.mkv"
        if not both.exists():
            colors = ("-vf", "scale=out_color_matrix=smpte170m:out_range=tv,format=yuv420p")
            shop.ffmpeg("-i", shop.chart(rate=RATE), *colors, *CONTAINERS[name].codecs, both)
        late = Fraction(offset)
        if name == "avi":
            shop.ffmpeg("-i", both, "-c", "copy", path)
            start_later(path, b"auds" if late > 0 else b"vids", abs(late))
            return path
        picture = ("-itsoffset", float(max(-late, 0)), "-i", both)
        sound = ("-itsoffset", float(max(late, 0)), "-i", both)
        # Without a delay of the muxer; otherwise a TS may begin 1.4 s in, which is another test's.
        options = ("-map", "0:v", "-map", "1:a", "-c", "copy", "-muxdelay", 0)
        shop.ffmpeg(*picture, *sound, *options, path)
        return path

    return make


def plain(clip, target, **settings):
    return stylize(clip, target, config(**settings))


def resumed(clip, target, rate=RATE, **settings):
    return run_resumable(prepare(clip, target, config(rate, **settings)), segment_s=PIECE_S)


def in_pieces(clip, target, rate=RATE, **settings):
    """As a batch does it: each piece by itself, the last one first."""
    worker, plan = Worker(), prepare(clip, target, config(rate, **settings))
    recipe = worker.describe(plan)
    pieces = []
    for index in range(5, -1, -1):
        path = target.with_name(f"{index:03d}.nut")
        frames = worker.paint_piece(plan, recipe, path, index, PIECE_S * rate).frames
        pieces += [(path, frames)] if frames else []
    worker.join(pieces[::-1], target.with_name("list.txt"), plan.encode)


def config(rate=RATE, **settings):
    encode = EncodeConfig(codec="ffv1")
    return StylizeConfig(backend="identity", fps=rate, size="96x64", encode=encode, **settings)


WAYS = {
    "plain": (plain, {}),
    "from 1 s": (plain, {"start": "1"}),
    "resumed": (resumed, {}),
    "in pieces": (in_pieces, {}),
}
ALL = [(*case, way) for case in CASES for way in WAYS]
# A tenth, so that the default run has each way and most containers.
FEW = [
    ("ts", "1", "plain"),
    ("ts", "-0.3", "in pieces"),
    ("ogv", "-1", "from 1 s"),
    ("mpg", "-1", "resumed"),
    ("m2ts", "0.3", "from 1 s"),
    ("mp4", "-1", "resumed"),
    ("webm", "1", "in pieces"),
    ("flv", "0.3", "plain"),
    ("mov", "1", "from 1 s"),
    ("mkv", "-0.3", "resumed"),
    ("avi", "0", "from 1 s"),
    ("mxf", "0", "in pieces"),
]
assert set(FEW) <= set(ALL)


@pytest.mark.parametrize(
    ("name", "offset", "way"),
    [pytest.param(*case, marks=() if case in FEW else pytest.mark.slow) for case in ALL],
)
def test_flash_and_click_stay_where_they_were(clips, tmp_path, name, offset, way):
    convert, settings = WAYS[way]
    target = tmp_path / "out.mkv"
    convert(clips(name, offset), target, **settings)
    numbers = [number_of(frame) for frame in read(target, ".mkv")]
    flash_s = Fraction(next(k for k, n in enumerate(numbers) if n >= CLICK_FRAME), RATE)
    began_s = Fraction(settings.get("start", 0))
    late = Fraction(offset)
    assert abs(flash_s + began_s - FLASH_S - max(-late, 0)) <= Fraction(1, RATE)
    assert abs(click_s(target) + began_s - FLASH_S - max(late, 0)) <= Fraction(1, RATE)
