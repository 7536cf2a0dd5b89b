"""Pictures that nothing needs are not decoded, and every frame is that of the full decode."""

import hashlib
from dataclasses import replace
from fractions import Fraction

import pytest

from videostyle import EncodeConfig
from videostyle.frames import Box, Fit, fit_frame
from videostyle.pipeline.plan import prepare
from videostyle.pipeline.resume import run_resumable
from videostyle.pipeline.stylize import stylize
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.probe import probe
from videostyle.video.shared_decoder import SharedDecoder
from videostyle.video.skipping import KEPT_AT_END, Found, find_skipped, unneeded

SECONDS = 6
RATES = ("10", "12", "15", "24", "source")
STARTS = ("0", "37/90", "1001/300")


def x264(*words, bf=3, preset="veryfast"):
    return ("-c:v", "libx264", "-preset", preset, "-bf", bf, *words)


def x265(more="", bf=3):
    parameters = f"log-level=error:bframes={bf}:pools=none:frame-threads=1{more}"
    return ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", parameters)


# Name of the file, frames per second of the source, the encoder's options.
SKIPPING = {
    "h264": ("a.mp4", "30", x264()),
    "h264 medium": ("a.mp4", "30", x264(preset="medium")),
    "h264 no pyramid": ("a.mp4", "30", x264("-b-pyramid", "none")),
    "h264 strict pyramid": ("a.mp4", "30", x264("-b-pyramid", "strict")),
    "h264 one B": ("a.mp4", "30", x264(bf=1)),
    "h264 eight B": ("a.mp4", "30", x264("-b_strategy", 2, bf=8)),
    "h264 open groups": ("a.mp4", "30", x264("-g", 30, "-x264-params", "open-gop=1")),
    "h264 intra refresh": ("a.mp4", "30", x264("-intra-refresh", 1)),
    "h264 slices": ("a.mp4", "30", x264("-slices", 4)),
    "h264 60": ("a.mp4", "60", x264()),
    "h264 29.97": ("a.mp4", "30000/1001", x264()),
    "h264 29.97 mkv": ("a.mkv", "30000/1001", x264()),
    "h264 59.94 mkv": ("a.mkv", "60000/1001", x264()),
    "h264 25 mov": ("a.mov", "25", x264("-video_track_timescale", 600)),
    "h264 fragments": ("a.mp4", "30", x264("-g", 30, "-movflags", "frag_keyframe+empty_moov")),
    "hevc": ("a.mp4", "30", x265()),
    "hevc medium pattern": ("a.mp4", "30", x265(":b-adapt=2", bf=4)),
    "hevc no pyramid": ("a.mp4", "30", x265(":b-pyramid=0")),
    "hevc closed groups": ("a.mp4", "30", x265(":open-gop=0:keyint=30")),
    "hevc open groups": ("a.mp4", "30", x265(":open-gop=1:keyint=30")),
    "hevc two layers": ("a.mp4", "30", x265(":temporal-layers=2")),
    "hevc three layers": ("a.mp4", "60", x265(":b-adapt=0:temporal-layers=3")),
    "hevc repeated headers": ("a.mkv", "30", x265(":repeat-headers=1:keyint=30")),
    "hevc 59.94 mkv": ("a.mkv", "60000/1001", x265()),
}

# What tells too little, or has nothing to leave out: decoded as ever.
DECODING_ALL = {
    "h264 no B": ("a.mp4", "30", x264(bf=0)),
    "h264 interlaced": ("a.mp4", "30", x264("-x264-params", "tff=1")),
    "h264 ts": ("a.ts", "30", x264()),
    "h264 avi": ("a.avi", "30", x264()),
    "mpeg4": ("a.mp4", "30", ("-c:v", "mpeg4", "-bf", 2)),
    "mpeg2": ("a.mkv", "30", ("-c:v", "mpeg2video", "-bf", 2)),
    "av1": ("a.mp4", "30", ("-c:v", "libsvtav1", "-preset", 12)),
    "vp9": ("a.webm", "30", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", 8)),
}

# A clock that jitters, pauses, and begins late.
VARYING = {
    "h264": ("a.mp4", x264(), "settb=1/90000,setpts='(N/30+0.004*mod(N,3))/TB'"),
    "h264 mkv": ("a.mkv", x264(), "settb=1/90000,setpts='(N/30+0.7*gt(N,50)+0.011*mod(N,5)/5)/TB'"),
    "hevc": ("a.mkv", x265(), "settb=1/90000,setpts='(1.3+N/30+0.5*floor(N/40))/TB'"),
}

QUICK = {"h264", "h264 29.97 mkv", "hevc three layers"}
SLOW = pytest.mark.slow


def kinds(table):
    return [pytest.param(name, marks=() if name in QUICK else SLOW) for name in table]


@pytest.fixture(scope="module")
def clip_of(run_ffmpeg, tmp_path_factory):
    """A clip of a kind, in which no frame is like another; made once."""
    made = {}

    def make(name, rate, options, clock="null"):
        key = (name, rate, options, clock)
        if key not in made:
            made[key] = tmp_path_factory.mktemp("clips") / name
            picture = f"testsrc2=s=192x108:r={rate}:d={SECONDS},noise=alls=20:allf=t,{clock}"
            late = ("-fps_mode", "passthrough", "-enc_time_base", "filter")
            run_ffmpeg(
                "-f", "lavfi", "-i", picture, "-pix_fmt", "yuv420p", *options, *late, made[key]
            )
        return made[key]

    return make


def plan_of(path, rate, start="0", **more):
    info = probe(path)
    geometry = fit_frame(info.size, Box.parse("54p"), Fit.CONTAIN)
    rate = info.rate if rate == "source" else Fraction(rate)
    return DecodePlan(info, geometry, rate, start_s=Fraction(start), **more)


def hashes(plan):
    with Decoder(plan) as frames:
        return [hashlib.md5(shown.frame).hexdigest() for shown in frames]


def full(plan):
    return replace(plan, skips_pictures=False)


def skipped(plan):
    return find_skipped(plan, [plan.rate]).pictures


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", kinds(SKIPPING))
def test_every_frame_is_that_of_the_full_decode(clip_of, kind, rate):
    plans = [plan_of(clip_of(*SKIPPING[kind]), rate, start) for start in STARTS]
    # By chance all that one start shows may be those that nothing refers to.
    assert any(map(skipped, plans)) == (rate != "source")
    for plan in plans:
        assert hashes(plan) == hashes(full(plan))


@pytest.mark.slow
@pytest.mark.parametrize("kind", DECODING_ALL)
def test_where_it_is_not_known_all_is_decoded(clip_of, kind):
    plan = plan_of(clip_of(*DECODING_ALL[kind]), "15")
    assert skipped(plan) == 0
    assert hashes(plan) == hashes(full(plan))


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES[:4])
@pytest.mark.parametrize("kind", VARYING)
def test_a_clock_that_varies_changes_nothing(clip_of, kind, rate):
    name, options, clock = VARYING[kind]
    plans = [plan_of(clip_of(name, "30", options, clock), rate, start) for start in STARTS]
    assert any(map(skipped, plans))
    for plan in plans:
        assert hashes(plan) == hashes(full(plan))


@pytest.mark.parametrize("kind", kinds(["h264", "hevc", "h264 29.97 mkv"]))
def test_pieces_make_the_whole(clip_of, kind):
    whole = plan_of(clip_of(*SKIPPING[kind]), "12")
    length, expected = 23, hashes(full(whole))
    pieces = []
    for first in range(0, len(expected), length):
        piece = replace(whole.rest(first), duration_s=length / whole.rate)
        assert skipped(piece) > 0
        pieces += hashes(piece)
    assert pieces == expected


def test_a_resumed_run_writes_what_a_full_decode_writes(clip_of, tmp_path):
    clip = clip_of(*SKIPPING["h264"])
    settings = {"fps": 12, "size": "80p", "start": "0.4", "backend": "identity"}
    lossless = EncodeConfig(codec="ffv1")
    for name, full_decode in (("a.mkv", False), ("b.mkv", True)):
        config = StylizeConfig(
            **settings, full_decode=full_decode, out_size="work", encode=lossless
        )
        run_resumable(prepare(clip, tmp_path / name, config), segment_s=1.5)
    assert hashes(plan_of(tmp_path / "a.mkv", "12")) == hashes(plan_of(tmp_path / "b.mkv", "12"))


def test_the_result_says_how_many_were_left_out(clip_of, tmp_path):
    clip = clip_of(*SKIPPING["h264"])
    config = StylizeConfig(fps=12, size="80p", backend="identity")
    result = stylize(clip, tmp_path / "a.mkv", config)
    assert result.full_decode
    assert result.as_json()["undecoded"] == skipped(plan_of(clip, "12")) > 0
    config = replace(config, full_decode=True, overwrite=True)
    assert stylize(clip, tmp_path / "a.mkv", config).undecoded == 0


@pytest.mark.parametrize("kind", kinds(["h264", "hevc two layers", "h264 60"]))
def test_several_rates_get_their_frames(clip_of, kind):
    plan = plan_of(clip_of(*SKIPPING[kind]), "1", "1/3", duration_s=Fraction(4))
    rates = [Fraction(12), Fraction(8)]
    found = []
    for each in (plan, full(plan)):
        with SharedDecoder(each, rates) as frames:
            found.append([(hashlib.md5(s.frame).hexdigest(), s.counts) for s in frames])
            assert (frames.undecoded > 0) == each.skips_pictures
    assert found[0] == found[1]


@pytest.mark.slow
def test_a_part_cut_out_by_an_edit_list_stays_as_it_is(clip_of, run_ffmpeg, tmp_path):
    cut = tmp_path / "cut.mp4"
    run_ffmpeg("-ss", 1.27, "-i", clip_of(*SKIPPING["h264"]), "-c", "copy", cut)
    plans = [plan_of(cut, rate, start) for rate in RATES[:4] for start in STARTS[:2]]
    assert any(map(skipped, plans))
    for plan in plans:
        assert hashes(plan) == hashes(full(plan))


def test_only_the_highest_layer_and_the_middle_are_left_out(clip_of):
    plan = plan_of(clip_of(*SKIPPING["h264"]), "15")
    tick = int(1 / plan.info.rate / plan.info.time_base)
    odd = [number * tick for number in range(1, 60, 2)]

    def left_out(layer_of):
        found = [Found(n * tick, n % 2 == 0, layer_of(n)) for n in range(60)]
        return list(unneeded(found, plan, [plan.rate]))

    assert left_out(lambda n: 0) == odd[: -KEPT_AT_END // 2]
    assert left_out(lambda n: n // 2 % 2) == odd[1 : -KEPT_AT_END // 2 : 2]


def test_what_finds_no_room_in_the_table_is_decoded(clip_of, monkeypatch):
    plan = plan_of(clip_of(*SKIPPING["h264"]), "12")
    all_of_them, expected = skipped(plan), hashes(full(plan))
    monkeypatch.setattr("videostyle.video.drop_table.MOST_RUNS", 2)
    assert 0 < skipped(plan) < all_of_them
    assert hashes(plan) == expected


def test_a_full_decode_leaves_nothing_out(clip_of):
    assert skipped(plan_of(clip_of(*SKIPPING["h264"]), "15", full=True)) == 0


def test_an_older_ffmpeg_decodes_all(clip_of, monkeypatch):
    plan = plan_of(clip_of(*SKIPPING["h264"]), "15")
    from videostyle.video import skipping

    for version in ("5.1", "6.1.1", "N-110000-g1234"):
        monkeypatch.setattr(skipping, "ffmpeg_version", lambda version=version: version)
        skipping._takes_filters.cache_clear()
        assert skipped(plan) == 0
    skipping._takes_filters.cache_clear()
