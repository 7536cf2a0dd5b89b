"""The filter graphs of the decoding and the encoding ffmpeg, as arguments for ffmpeg-python."""

from fractions import Fraction
from math import ceil
from typing import Any

import ffmpeg

from videostyle.frames import Geometry, Size
from videostyle.video.codecs import Codec
from videostyle.video.video_info import VideoInfo

# Bilinear with half-pixel centres; the last three keep swscale from its faster, rougher paths,
# which are up to 3 levels off in flat colours.
SCALE_FLAGS = "bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"

# Tone mapping, in cd/m2: the reference white of HDR pictures (ITU-R BT.2408) counts as 1.0, up to
# the knee (a share of it) nothing changes, and the peak, a usual grading screen's, becomes white.
HDR_WHITE = 203
HDR_PEAK = 1000
HDR_KNEE = 0.3

# What `premultiply` takes.
ALPHA_FORMATS = (
    "yuva420p",
    "yuva422p",
    "yuva444p",
    "gbrap",
    "yuva420p10",
    "yuva422p10",
    "yuva444p10",
    "yuva444p12",
    "yuva444p16",
    "gbrap10",
    "gbrap12",
    "gbrap16",
)

# The scale filter's names for the matrices; RGB (gbr) has none.
SCALE_MATRICES = {
    "bt709": "bt709",
    "fcc": "fcc",
    "bt470bg": "bt470",
    "smpte170m": "smpte170m",
    "smpte240m": "smpte240m",
    "bt2020nc": "bt2020",
    "bt2020c": "bt2020",
}

Graph = Any  # ffmpeg-python ships no types


def resample(video: Graph, rate: Fraction) -> Graph:
    """Choose frames by timestamp: frame k is the last one at most k / rate after the start.

    `fps` with `round=up` does just that for exact timestamps. Containers round theirs, so each has
    to be moved earlier first, by `in_step`. `start_time=0` repeats the first frame over a
    gap at the start, and drops what lies before it.
    """
    return video.filter("fps", fps=str(rate), round="up", start_time=0)


def in_step(video: Graph, info: VideoInfo) -> Graph:
    """The source's frames, whole pictures, with timestamps that frames can be chosen by."""
    if info.tolerance_s:
        video = video.filter("setpts", f"PTS-{tolerance_ticks(info)}")
    if info.is_interlaced:
        video = video.filter("bwdif", mode="send_frame", deint="interlaced")
    return video


def tolerance_ticks(info: VideoInfo) -> int:
    """By how many of the file's ticks frames are shown earlier."""
    return ceil(info.tolerance_s / info.time_base)


def watched(video: Graph) -> Graph:
    """The source's frames, each reported in ffmpeg's messages (see watch.py)."""
    return video.filter("showinfo", checksum=0)


def scale_to_work(
    video: Graph, info: VideoInfo, geometry: Geometry, inside: Size | None = None
) -> Graph:
    """Scale down (and crop) to full-range RGB as the network sees it.

    Args:
        video: whole frames.
        info: what their numbers mean.
        geometry: the sizes.
        inside: a smaller size to scale to; what is left around it becomes black.
    """
    scaled, cropped = inside or geometry.scaled, geometry.cropped
    if info.color.has_alpha:
        # Without this the colours hidden under transparent pixels would show.
        video = video.filter("format", "|".join(ALPHA_FORMATS)).filter("premultiply", inplace=1)
    if info.color.is_limited_grey:
        video = video.filter("lut", _full_grey(info.color.grey_bits))
    if info.color.transfer == "linear":
        video = video.filter("scale", scaled.width, scaled.height, flags=SCALE_FLAGS)
        video = _from_linear(video)
    elif info.color.hdr or info.color.is_wide:
        # Scaled in the source's own numbers: tone mapping a small picture is much cheaper.
        video = video.filter("scale", scaled.width, scaled.height, flags=SCALE_FLAGS)
        video = _tone_map(video, info) if info.color.hdr else _narrow(video, info)
    else:
        video = video.filter(
            "scale",
            scaled.width,
            scaled.height,
            flags=SCALE_FLAGS,
            out_range="pc",
            **_source_colors(info),
        )
    video = video.filter("format", "rgb24")
    if inside is not None:
        scaled = geometry.scaled
        video = video.filter("pad", scaled.width, scaled.height, "(ow-iw)/2", "(oh-ih)/2")
    if cropped != scaled:
        video = video.filter("crop", cropped.width, cropped.height, exact=1)
    return video.filter("setsar", 1)


def _full_grey(bits: int) -> str:
    """Stretch the levels 16 to 235 (of 8 bits) to the full range."""
    most, step = 2**bits - 1, 2 ** (bits - 8)
    return f"clip((val-{16 * step})*{most}/{219 * step},0,{most})"


def _from_linear(video: Graph) -> Graph:
    """Linear light, as in OpenEXR's pictures, to the levels that screens show (sRGB)."""
    video = video.filter("format", "gbrpf32le").filter(
        "zscale", tin="linear", pin="bt709", p="bt709", t="iec61966-2-1"
    )
    return video.filter("format", "gbrp")


def _source_colors(info: VideoInfo) -> dict[str, str]:
    """How to read the source's numbers; swscale treats untagged ones as BT.601."""
    if info.color.is_limited_grey:  # not any more
        return {}
    if info.color.matrix not in SCALE_MATRICES:
        return {}
    colors = {"in_color_matrix": SCALE_MATRICES[info.color.matrix]}
    return colors | ({"in_range": info.color.range} if info.color.range else {})


def _tone_map(video: Graph, info: VideoInfo) -> Graph:
    """PQ or HLG to BT.709: linear light, BT.709's primaries, Mobius' curve, 8-bit RGB.

    The curve keeps what is darker than `HDR_KNEE` as it is and bends the rest, so that
    `HDR_PEAK` becomes white; faces and shade look as they were graded. Everything is fixed: a
    peak taken from each file's metadata would make two cuts of one film differ.
    """
    video = _linear(video, info, info.color.primaries or "bt2020", npl=HDR_WHITE)
    video = video.filter(
        "tonemap", tonemap="mobius", param=HDR_KNEE, desat=0, peak=f"{HDR_PEAK / HDR_WHITE:.6f}"
    )
    return _to_sdr(video)


def _narrow(video: Graph, info: VideoInfo) -> Graph:
    """Convert wide SDR colours to BT.709; more saturated ones are clipped."""
    return _to_sdr(_linear(video, info, info.color.primaries or "bt709"))


def _linear(video: Graph, info: VideoInfo, primaries: str, **options: float) -> Graph:
    color = info.color
    transfer = color.transfer if color.hdr else "bt709"
    # Said on the frames themselves: zscale asks them again on the way, and those whose tags stand
    # in the container alone would say nothing.
    video = video.filter(
        "setparams",
        color_primaries=primaries,
        color_trc=transfer,
        colorspace=color.matrix,
        range=color.range or "tv",
    )
    video = video.filter(
        "zscale",
        t="linear",
        agamma=0,
        **options,
    )
    return video.filter("format", "gbrpf32le").filter("zscale", p="bt709")


def _to_sdr(video: Graph) -> Graph:
    return video.filter("zscale", t="bt709", m="gbr", r="pc").filter("format", "gbrp")


def scale_to_output(video: Graph, work: Size, output: Size, codec: Codec) -> Graph:
    """Scale up bilinearly from the network's size and turn RGB into what the codec stores."""
    if codec.is_rgb:
        if output != work:
            video = video.filter("scale", output.width, output.height, flags=SCALE_FLAGS)
        return (
            _to_palette(video) if codec.pix_fmt == "pal8" else video.filter("format", codec.pix_fmt)
        )
    # JPEG's own colours; in video BT.709 levels, which ffmpeg would write as BT.601 unasked.
    matrix, levels = ("smpte170m", "pc") if codec.encoder == "mjpeg" else ("bt709", "tv")
    video = video.filter(
        "scale",
        output.width,
        output.height,
        flags=SCALE_FLAGS,
        out_color_matrix=matrix,
        out_range=levels,
    )
    if codec.encoder == "mjpeg":
        return video.filter("format", codec.pix_fmt)
    # Newer ffmpeg takes the tags from the frames and ignores the encoder's options for them.
    tags = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709"}
    return (
        video.filter("format", codec.pix_fmt)
        .filter("setparams", range=levels, **tags)
        .filter("setsar", 1)
    )


def _to_palette(video: Graph) -> Graph:
    """256 colours, separately for each frame: one palette for all would need the whole clip."""
    both = video.filter_multi_output("split")
    palette = both[0].filter("palettegen", stats_mode="single", reserve_transparent=0)
    return ffmpeg.filter([both[1], palette], "paletteuse", new=1, dither="sierra2_4a")
