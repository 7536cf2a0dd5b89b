"""What the table of sound promises, muxed and decoded; what it doesn't is encoded, and said."""

import av
import pytest

from tests.media.chart import CLICK_FRAME, click_s
from tests.pipeline.test_pipeline import identity
from videostyle import stylize
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable
from videostyle.video.sound import HELD, is_held

# How each codec is made: the file, and ffmpeg's options.
MADE = {
    "aac": (".mkv", "-c:a", "aac"),
    "ac3": (".mkv", "-c:a", "ac3"),
    "eac3": (".mkv", "-c:a", "eac3"),
    "alac": (".mkv", "-c:a", "alac"),
    "amr_nb": (".mov", "-c:a", "libopencore_amrnb", "-ac", 1, "-ar", 8000),
    "dts": (".mkv", "-strict", -2, "-c:a", "dca"),
    "flac": (".mkv", "-c:a", "flac"),
    "mlp": (".mkv", "-strict", -2, "-c:a", "mlp"),
    "mp2": (".mkv", "-c:a", "mp2"),
    "mp3": (".mkv", "-c:a", "libmp3lame"),
    "opus": (".mkv", "-c:a", "libopus"),
    "pcm_s32be": (".nut", "-c:a", "pcm_s32be"),
    "truehd": (".mkv", "-strict", -2, "-c:a", "truehd"),
    "tta": (".mkv", "-c:a", "tta"),
    "vorbis": (".mkv", "-c:a", "libvorbis"),
    "wavpack": (".mkv", "-c:a", "wavpack"),
    "wmav1": (".mkv", "-c:a", "wmav1"),
    "wmav2": (".mkv", "-c:a", "wmav2"),
    # What no container here holds.
    "pcm_bluray": (".m2ts", "-c:a", "pcm_bluray", "-ac", 2),
    "pcm_dvd": (".vob", "-c:a", "pcm_dvd", "-ac", 2),
    "s302m": (".ts", "-strict", -2, "-c:a", "s302m", "-ac", 2),
    "adpcm_ima_qt": (".mov", "-c:a", "adpcm_ima_qt"),
    "adpcm_ms": (".nut", "-c:a", "adpcm_ms"),
    "nellymoser": (".flv", "-c:a", "nellymoser", "-ar", 22050, "-ac", 1),
    "adpcm_swf": (".flv", "-c:a", "adpcm_swf", "-ar", 22050),
    "adpcm_g722": (".nut", "-c:a", "g722", "-ar", 16000, "-ac", 1),
    "pcm_s8": (".mov", "-c:a", "pcm_s8"),
    "pcm_u16le": (".nut", "-c:a", "pcm_u16le"),
}
for each in sorted(HELD[".mkv"] | HELD[".mov"]):
    if each.startswith("pcm_"):
        MADE.setdefault(each, (".mov" if each in HELD[".mov"] else ".mkv", "-c:a", each))
PICTURES = {".vob": "mpeg2video", ".flv": "flv"}
CASES = [
    pytest.param(suffix, codec, marks=() if suffix == ".mkv" else pytest.mark.slow)
    for suffix in HELD
    for codec in MADE
]


@pytest.fixture(scope="module")
def made(shop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sounds")

    def make(codec):
        suffix, *options = MADE[codec]
        path = folder / f"{codec}{suffix}"
        if not path.exists():
            picture = ("-c:v", PICTURES.get(suffix, "libx264"), "-q:v", 2)
            shop.ffmpeg("-i", shop.chart(), "-pix_fmt", "yuv420p", *picture, *options, path)
        return path

    return make


def test_every_codec_of_the_table_is_made():
    assert set.union(*map(set, HELD.values())) <= set(MADE)


@pytest.mark.parametrize(("suffix", "codec"), CASES)
def test_sound_comes_over_as_the_table_says(made, tmp_path, suffix, codec):
    target = tmp_path / f"out{suffix}"
    result = stylize(made(codec), target, identity(size="64x96"))
    assert result.audio == ("copied" if is_held(suffix, codec, 48_000) else "encoded")
    with av.open(str(target)) as container:
        name = container.streams.audio[0].codec_context.codec.canonical_name
    assert (name == codec) == (result.audio == "copied")
    # Codecs of speech blur the click's begin.
    assert abs(float(click_s(target)) - CLICK_FRAME / 30) < 0.1


@pytest.mark.parametrize("codec", ["pcm_bluray", "nellymoser"])
def test_a_resumed_run_knows_it_too(made, tmp_path, codec):
    plan = prepare(made(codec), tmp_path / "out.mkv", identity(size="64x96"))
    assert run_resumable(plan).audio == "encoded"


def test_slow_mp3_is_encoded(shop, tmp_path):
    options = ("-pix_fmt", "yuv420p", "-c:a", "libmp3lame", "-ar", 8000)
    shop.ffmpeg("-i", shop.chart(), *options, tmp_path / "in.mkv")
    assert stylize(tmp_path / "in.mkv", tmp_path / "o.mp4", identity()).audio == "encoded"


def test_sound_that_cannot_be_decoded_is_said(shop, tmp_path):
    shop.ffmpeg("-i", shop.chart(), "-pix_fmt", "yuv420p", "-c:a", "aac", tmp_path / "a.mov")
    data = (tmp_path / "a.mov").read_bytes()
    at = data.find(b"mp4a\0\0")
    words = data.find(b"esds", at)
    unknown = data[:at] + b"apac" + data[at + 4 : words] + b"dapa" + data[words + 4 :]
    (tmp_path / "in.mov").write_bytes(unknown)
    result = stylize(tmp_path / "in.mov", tmp_path / "out.mp4", identity())
    assert result.audio == "none"
    assert any("audio track 1 is left out" in notice for notice in result.notices)
