"""The filter graphs of the decoding and the encoding ffmpeg, as arguments for ffmpeg-python."""

from fractions import Fraction
from typing import Any

from videostyle.frames import Geometry, Size
from videostyle.video.probe import VideoInfo

# Bilinear with half-pixel centres; the last three keep swscale from its faster, rougher paths,
# which are up to 3 levels off in flat colours.
SCALE_FLAGS = "bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"

# Reference white of HDR pictures in cd/m2 (ITU-R BT.2408): what becomes SDR's white.
HDR_WHITE = 203

# The scale filter's own words for the matrices; RGB (gbr) has none.
SCALE_MATRICES = {"bt709": "bt709", "fcc": "fcc", "bt470bg": "bt470", "smpte170m": "smpte170m",
                  "smpte240m": "smpte240m", "bt2020nc": "bt2020", "bt2020c": "bt2020"}

Graph = Any  # ffmpeg-python ships no types


def resample(video: Graph, info: VideoInfo, rate: Fraction) -> Graph:
    """Choose frames by timestamp: frame k is the last one at most k / rate after the start.

    `fps` with `round=up` does just that for exact timestamps. Containers round theirs, so each is
    moved one tick earlier first. `start_time=0` repeats the first frame over a gap at the start,
    and drops what lies before it.
    """
    return in_step(video, info).filter("fps", fps=str(rate), round="up", start_time=0)


def in_step(video: Graph, info: VideoInfo) -> Graph:
    """The source's frames, whole pictures, with timestamps that frames can be chosen by."""
    if not _timestamps_count_frames(info):
        video = video.filter("setpts", "PTS-1")
    if info.is_interlaced:
        video = video.filter("bwdif", mode="send_frame", deint="interlaced")
    return video


def _timestamps_count_frames(info: VideoInfo) -> bool:
    """Whether a tick is so long (AVI: one frame) that timestamps number the frames.

    Such timestamps are exact, and moving them by a tick would show the wrong frame.
    """
    return info.time_base * info.rate * 2 >= 1


def scale_to_work(video: Graph, info: VideoInfo, geometry: Geometry) -> Graph:
    """Scale down (and crop) to full-range RGB as the network sees it."""
    scaled, cropped = geometry.scaled, geometry.cropped
    if info.color.hdr:
        # Scaled in the source's own numbers: tone mapping a small picture is much cheaper.
        video = video.filter("scale", scaled.width, scaled.height, flags=SCALE_FLAGS)
        video = _tone_map(video, info)
    else:
        video = video.filter("scale", scaled.width, scaled.height, flags=SCALE_FLAGS,
                             out_range="pc", **_source_colors(info))
    video = video.filter("format", "rgb24")
    if cropped != scaled:
        video = video.filter("crop", cropped.width, cropped.height, exact=1)
    return video.filter("setsar", 1)


def _source_colors(info: VideoInfo) -> dict[str, str]:
    """How the source's numbers are to be read; swscale takes untagged ones for BT.601."""
    if info.color.matrix not in SCALE_MATRICES:
        return {}
    colors = {"in_color_matrix": SCALE_MATRICES[info.color.matrix]}
    return colors | ({"in_range": info.color.range} if info.color.range else {})


def _tone_map(video: Graph, info: VideoInfo) -> Graph:
    """PQ or HLG to BT.709: linear light, Hable's curve, back to 8-bit RGB."""
    video = video.filter("zscale", tin=info.color.transfer, min=info.color.matrix,
                         pin=info.color.primaries or "bt2020", rin=info.color.range or "tv",
                         t="linear", npl=HDR_WHITE)
    video = video.filter("format", "gbrpf32le").filter("zscale", p="bt709")
    video = video.filter("tonemap", tonemap="hable", desat=0)
    return video.filter("zscale", t="bt709", m="gbr", r="pc").filter("format", "gbrp")


def scale_to_output(video: Graph, work: Size, output: Size, pix_fmt: str, is_rgb: bool) -> Graph:
    """Scale up bilinearly from the network's size and turn RGB into BT.709 video levels."""
    if is_rgb:
        if output != work:
            video = video.filter("scale", output.width, output.height, flags=SCALE_FLAGS)
        return video.filter("format", pix_fmt)
    # Without the matrix ffmpeg would write BT.601 numbers, which players take for BT.709.
    video = video.filter("scale", output.width, output.height, flags=SCALE_FLAGS,
                         out_color_matrix="bt709", out_range="tv")
    # Newer ffmpeg takes the tags from the frames and ignores the encoder's options for them.
    tags = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
    return video.filter("format", pix_fmt).filter("setparams", range="tv", **tags).filter(
        "setsar", 1)
