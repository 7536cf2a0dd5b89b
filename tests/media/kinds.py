"""The matrix: kinds of files that people own, each made by ffmpeg, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.media.chart import COUNT, HEIGHT, WIDTH

Build = Callable[["Workshop", Path], object]


@dataclass(frozen=True)
class Kind:
    """One row of the table.

    Attributes:
        name: as the table says it.
        build: makes the file; gets the workshop and the path.
        file: the file's name.
        size: what a viewer sees, width and height.
        numbers: the frames that must come out, at `fps`; empty: those that the timestamps of the
            file's packets say, which some muxers move a little.
        target: suffix of the target; sound and picture are compared in it.
        sound: what must become of it: copied, encoded or none.
        says: words that must be among the notices, or in the refusal.
        refused: that it must be.
        settings: further settings of the run.
        encode: further settings of the target.
        fps: the target's rate.
        back: brings what must be seen back to the chart, for clips that are turned.
        color: levels that colours may be off, or None where they can't be compared.
    """

    name: str
    build: Build
    file: str = "in.mp4"
    size: tuple[int, int] = (WIDTH, HEIGHT)
    numbers: tuple[int, ...] = tuple(range(0, COUNT, 2))
    target: str = ".mkv"
    sound: str = "copied"
    says: str = ""
    refused: bool = False
    settings: dict = field(default_factory=dict)
    encode: dict = field(default_factory=dict)
    fps: str = "15"
    back: Callable = np.asarray
    color: float | None = 3


SD = "scale=out_color_matrix=smpte170m:out_range=tv,format=yuv420p,setparams=colorspace=smpte170m"
X264 = ("-c:v", "libx264", "-qp", "4", "-bf", "2")
AAC = ("-c:a", "aac", "-b:a", "128k")


def coded(
    *options: object,
    vf: str = SD,
    audio: tuple = AAC,
    chart: dict | None = None,
    before: tuple = (),
    after: tuple = (),
) -> Build:
    """The chart, encoded."""

    def build(shop: "Workshop", path: Path) -> None:
        shop.ffmpeg(
            *before, "-i", shop.chart(**(chart or {})), *after, "-vf", vf, *options, *audio, path
        )

    return build


def copied(
    *options: object, before: tuple = (), middle: Build | None = None, name: str = "middle.mp4"
) -> Build:
    """An encoded chart, with its packets copied under other options."""

    def build(shop: "Workshop", path: Path) -> None:
        first = path.with_name(name)
        (middle or coded(*X264))(shop, first)
        shop.ffmpeg(*before, "-i", first, "-map", "0", "-c", "copy", *options, path)
        first.unlink()

    return build


class Workshop:
    """What the builders work with."""

    def __init__(self, ffmpeg: Callable[..., None], chart: Callable[..., Path]) -> None:
        self.ffmpeg = ffmpeg
        self.chart = chart


def by_rate(rate: float, count: int = COUNT) -> tuple[int, ...]:
    """The chart's frames at 15 fps when it is shown at another rate than its own."""
    return tuple(int(k / 15 * rate + 1e-6) for k in range(int(count / rate * 15 + 0.999)))


def raw(*options: object, **settings: object) -> Build:
    return coded(*options, audio=("-an",), **settings)


FULL = (
    "scale=out_color_matrix=bt709:out_range=pc,format=yuv420p,setparams=colorspace=bt709:range=pc"
)
DEEP = (
    "scale=out_color_matrix=bt709:out_range=tv,format={},"
    "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
)
VARIABLE = SD + ",settb=1/1000,setpts='floor(N*41+mod(N*N,7)*9)'"
PASSED = ("-fps_mode", "passthrough", "-enc_time_base", "1:1000")


def variable_numbers() -> tuple[int, ...]:
    times = [n * 41 + n * n % 7 * 9 for n in range(COUNT)]
    end = times[-1] + 41
    shown = []
    for k in range(10_000):
        if k * 1000 / 15 >= end - 1:
            break
        shown.append(max((n for n in range(COUNT) if times[n] <= k * 1000 / 15 + 1.01), default=0))
    return tuple(shown)


def turned(*option: str) -> Build:
    return copied(before=option)


def pictures(*options: object, name: str = "p%03d.png", gap: int | None = None) -> Build:
    def build(shop: Workshop, path: Path) -> None:
        shop.ffmpeg("-i", shop.chart(), "-an", *options, path)
        if gap is not None:
            (path.parent / (path.name % gap)).unlink()

    return build


def still(*options: object) -> Build:
    return raw("-frames:v", 1, *options, vf="select=eq(n\\,20)")


def with_chapters(shop: Workshop, path: Path) -> None:
    words = path.with_name("words.txt")
    words.write_text(
        ";FFMETADATA1\ntitle=My clip\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=600\n"
        "title=one\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=600\nEND=1300\ntitle=two\n"
    )
    shop.ffmpeg(
        "-i",
        shop.chart(),
        "-i",
        words,
        "-map",
        "0",
        "-map_metadata",
        1,
        "-vf",
        SD,
        *X264,
        *AAC,
        "-metadata",
        "creation_time=2021-05-06T07:08:09Z",
        "-metadata",
        "location=+48.2+016.3/",
        path,
    )
    words.unlink()


def with_subtitles(shop: Workshop, path: Path) -> None:
    text = path.with_name("text.srt")
    text.write_text("1\n00:00:00,100 --> 00:00:00,900\nHello\n")
    shop.ffmpeg(
        "-i",
        shop.chart(),
        "-i",
        text,
        "-map",
        0,
        "-map",
        1,
        "-vf",
        SD,
        *X264,
        *AAC,
        "-c:s",
        "mov_text",
        path,
    )
    text.unlink()


def two_tracks(shop: Workshop, path: Path) -> None:
    shop.ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "sine=duration=1:frequency=100",
        "-i",
        shop.chart(),
        "-map",
        "1:v",
        "-map",
        "0:a",
        "-map",
        "1:a",
        "-vf",
        SD,
        *X264,
        *AAC,
        "-metadata:s:a:1",
        "language=deu",
        path,
    )


def cover(shop: Workshop, path: Path) -> None:
    art = path.with_name("art.png")
    shop.ffmpeg("-f", "lavfi", "-i", "color=red:size=400x400", "-frames:v", 1, art)
    first = path.with_name("middle.mp4")
    coded(*X264)(shop, first)
    shop.ffmpeg(
        "-i",
        first,
        "-i",
        art,
        "-map",
        0,
        "-map",
        1,
        "-c",
        "copy",
        "-disposition:v:1",
        "attached_pic",
        path,
    )
    art.unlink()
    first.unlink()


def layout(name: str) -> tuple[str, ...]:
    """The chart's sound on every loudspeaker of an arrangement."""
    return (
        "-af",
        f"aformat=channel_layouts=mono,pan={name}|"
        + "|".join(
            f"c{n}=c0" for n in range({"5.1": 6, "5.1(side)": 6, "7.1": 8, "stereo": 2}[name])
        ),
    )


def late(*offset: str, picture: bool) -> Build:
    """Picture or sound moved to a later time; the click moves with the sound."""

    def build(shop: Workshop, path: Path) -> None:
        first = path.with_name("middle.mp4")
        coded(*X264)(shop, first)
        streams = ("-map", "1:v", "-map", "0:a") if picture else ("-map", "0:v", "-map", "1:a")
        shop.ffmpeg("-i", first, *offset, "-i", first, *streams, "-c", "copy", path)
        first.unlink()

    return build


def cut_by_edit_list(shop: Workshop, path: Path) -> None:
    """Packets from the key frame at 0 on are in the file; an edit list hides those before 0.3 s."""
    copied("-movflags", "+faststart", before=("-ss", "0.3"))(shop, path)


def with_box(tag: bytes, *, version: int, profile: int, compatibility: int) -> Build:
    """A HEVC clip in PQ, marked as Dolby Vision in the way of its specification."""

    def build(shop: Workshop, path: Path) -> None:
        coded("-c:v", "libx265", "-x265-params", "qp=4:log-level=error", "-tag:v", "hvc1", vf=PQ)(
            shop, path
        )
        bits = (profile << 9) | (6 << 3) | 0b101  # profile, level 6, RPU and base layer there
        content = bytes([version, 0]) + bits.to_bytes(2, "big") + bytes([compatibility << 4])
        mark_stream(path, tag, content.ljust(24, b"\0"))

    return build


def mark_stream(path: Path, tag: bytes, content: bytes) -> None:
    """Put a box into the HEVC sample entry; every box around it grows. The index is at the end."""
    data = bytearray(path.read_bytes())
    box = (len(content) + 8).to_bytes(4, "big") + tag + content
    places, start = [], 0
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hvc1"):
        start = data.index(name, start) - 4
        places.append(start)
    end = places[-1] + int.from_bytes(data[places[-1] : places[-1] + 4], "big")
    for place in places:
        size = int.from_bytes(data[place : place + 4], "big") + len(box)
        data[place : place + 4] = size.to_bytes(4, "big")
    data[end:end] = box
    path.write_bytes(data)


def turned_by_exif(shop: Workshop, path: Path) -> None:
    """As phones do: the sensor's rows as they are, and a tag that says 6, turn to the right."""
    still("-q:v", 1, "-pix_fmt", "yuvj444p")(shop, path)
    data = path.read_bytes()
    entry = b"\x01\x12" + b"\x00\x03" + b"\x00\x00\x00\x01" + b"\x00\x06\x00\x00"
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:])


PQ = (
    "zscale=tin=bt709:min=gbr:pin=bt709:rin=pc:t=smpte2084:m=bt2020nc:p=bt2020:r=tv:npl=203,"
    "format=yuv420p10le,setparams=colorspace=bt2020nc:color_primaries=bt2020:"
    "color_trc=smpte2084:range=tv"
)
HLG = PQ.replace("t=smpte2084", "t=arib-std-b67").replace("trc=smpte2084", "trc=arib-std-b67")
P3 = (
    "zscale=tin=bt709:min=gbr:pin=bt709:rin=pc:t=bt709:m=bt709:p=smpte432:r=tv,"
    "format=yuv444p,setparams=colorspace=bt709:color_primaries=smpte432:color_trc=bt709:range=tv"
)
X265 = ("-c:v", "libx265", "-x265-params", "qp=4:log-level=error")


CONTAINERS = [
    Kind("MP4, H.264 and AAC", coded(*X264)),
    Kind("MP4, index first", coded(*X264, "-movflags", "+faststart")),
    Kind("MP4, in fragments", coded(*X264, "-movflags", "frag_keyframe+empty_moov"), numbers=()),
    Kind("MP4, HEVC", coded("-c:v", "libx265", "-x265-params", "qp=4:log-level=error")),
    Kind(
        "MP4, AV1",
        coded("-c:v", "libsvtav1", "-crf", 4, "-preset", 10, chart={"width": 192, "height": 128}),
        size=(192, 128),
    ),
    Kind("MOV, H.264 and PCM", coded(*X264, audio=("-c:a", "pcm_s16le")), "in.mov"),
    Kind(
        "MOV, Motion JPEG",
        coded(
            "-c:v",
            "mjpeg",
            "-q:v",
            1,
            audio=("-c:a", "pcm_s16be"),
            vf="scale=out_color_matrix=smpte170m:out_range=pc,format=yuvj444p",
        ),
        "in.mov",
    ),
    Kind("MKV, H.264 and FLAC", coded(*X264, audio=("-c:a", "flac")), "in.mkv"),
    Kind("MKV, FFV1", coded("-c:v", "ffv1", vf="null", audio=("-c:a", "copy")), "in.mkv", color=0),
    Kind(
        "WebM, VP9 and Opus",
        coded(
            "-c:v", "libvpx-vp9", "-crf", 2, "-b:v", 0, "-cpu-used", 8, audio=("-c:a", "libopus")
        ),
        "in.webm",
    ),
    Kind(
        "WebM, VP8 and Vorbis",
        coded(
            "-c:v", "libvpx", "-crf", 4, "-b:v", "8M", "-cpu-used", 8, audio=("-c:a", "libvorbis")
        ),
        "in.webm",
    ),
    Kind(
        "AVI, MPEG-4 and MP3",
        coded("-c:v", "mpeg4", "-q:v", 1, audio=("-c:a", "libmp3lame")),
        "in.avi",
        numbers=(),
    ),
    Kind("MPEG-TS, H.264 and AAC", coded(*X264), "in.ts", numbers=()),
    Kind("M2TS, H.264 and AC-3", coded(*X264, audio=("-c:a", "ac3")), "in.m2ts", numbers=()),
    Kind(
        "MPEG-PS, MPEG-2 and MP2",
        coded("-c:v", "mpeg2video", "-q:v", 1, audio=("-c:a", "mp2")),
        "in.mpg",
        numbers=(),
    ),
    Kind(
        "FLV",
        coded("-c:v", "flv", "-q:v", 1, audio=("-c:a", "libmp3lame", "-ar", 44100)),
        "in.flv",
        numbers=(),
    ),
    Kind("WMV", coded("-c:v", "wmv2", "-q:v", 1, audio=("-c:a", "wmav2")), "in.wmv", numbers=()),
    Kind(
        "Ogg, Theora and Vorbis",
        coded("-c:v", "libtheora", "-q:v", 10, audio=("-c:a", "libvorbis")),
        "in.ogv",
    ),
    Kind("NUT", coded(*X264), "in.nut", numbers=()),
    Kind(
        "GIF",
        raw(vf="split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none"),
        "in.gif",
        sound="none",
    ),
    Kind("APNG", raw("-f", "apng", vf="null"), "in.apng", sound="none"),
    Kind("H.264 without a container", raw(*X264, "-bf", 0), "in.h264", sound="none"),
    Kind(
        "numbered PNG pictures",
        pictures(),
        "p%03d.png",
        sound="none",
        settings={"sequence_rate": 30},
        color=0,
    ),
    Kind(
        "numbered PNG pictures from 7",
        pictures("-start_number", 7),
        "p%03d.png",
        sound="none",
        settings={"sequence_rate": 30},
        color=0,
    ),
    Kind(
        "a PNG picture to PNG",
        still(),
        "in.png",
        target=".png",
        sound="none",
        numbers=(20,),
        color=0,
    ),
    Kind(
        "a JPEG picture to PNG",
        still("-q:v", 1, "-pix_fmt", "yuvj444p"),
        "in.jpg",
        target=".png",
        sound="none",
        numbers=(20,),
    ),
    Kind(
        "a JPEG picture turned by its EXIF",
        turned_by_exif,
        "in.jpg",
        target=".png",
        sound="none",
        numbers=(20,),
        size=(HEIGHT, WIDTH),
        back=lambda frame: np.rot90(frame, 1),
    ),
    Kind(
        "a WebP picture to JPEG",
        still("-c:v", "libwebp", "-lossless", 1),
        "in.webp",
        target=".jpg",
        sound="none",
        numbers=(20,),
    ),
    Kind("a TIFF picture to MP4", still(), "in.tiff", target=".mp4", sound="none", numbers=(20,)),
]

PICTURES = [
    Kind(
        "60 frames a second",
        coded(*X264, chart={"rate": 60}, audio=("-an",)),
        sound="none",
        numbers=by_rate(60),
    ),
    Kind(
        "23.976 frames a second",
        coded(*X264, chart={"rate": "24000/1001"}, audio=("-an",)),
        sound="none",
        numbers=by_rate(24000 / 1001),
    ),
    Kind(
        "29.97 frames a second, MKV",
        coded(*X264, chart={"rate": "30000/1001"}, audio=("-an",)),
        "in.mkv",
        sound="none",
        numbers=(),
    ),
    Kind(
        "240 frames a second",
        coded(*X264, chart={"rate": 240}, audio=("-an",)),
        sound="none",
        numbers=by_rate(240),
    ),
    Kind(
        "variable rate, MP4",
        raw(*X264, *PASSED, vf=VARIABLE),
        sound="none",
        numbers=variable_numbers(),
    ),
    Kind(
        "variable rate, MKV",
        raw(*X264, *PASSED, vf=VARIABLE),
        "in.mkv",
        sound="none",
        numbers=variable_numbers(),
    ),
    Kind(
        "variable rate, WebM",
        raw("-c:v", "libvpx-vp9", "-crf", 2, "-b:v", 0, "-cpu-used", 8, *PASSED, vf=VARIABLE),
        "in.webm",
        sound="none",
        numbers=variable_numbers(),
    ),
    Kind(
        "picture starts 0.4 s after the sound",
        late("-itsoffset", "0.4", picture=True),
        "in.mkv",
        numbers=(0,) * 6 + tuple(range(0, COUNT, 2)),
    ),
    Kind(
        "sound starts 0.4 s after the picture", late("-itsoffset", "0.4", picture=False), "in.mkv"
    ),
    Kind("all starts at 10 s", copied("-output_ts_offset", 10), "in.mkv"),
    Kind("cut without encoding, edit list", cut_by_edit_list, numbers=tuple(range(9, COUNT, 2))),
    Kind(
        "turned by 90 degrees",
        turned("-display_rotation", "90"),
        size=(HEIGHT, WIDTH),
        back=lambda frame: np.rot90(frame, -1),
    ),
    Kind(
        "turned by -90 degrees",
        turned("-display_rotation", "-90"),
        size=(HEIGHT, WIDTH),
        back=lambda frame: np.rot90(frame, 1),
    ),
    Kind(
        "turned by 180 degrees",
        turned("-display_rotation", "180"),
        back=lambda frame: np.rot90(frame, 2),
    ),
    Kind("mirrored", turned("-display_hflip"), back=np.fliplr),
    Kind("anamorphic pixels, 4:3", coded(*X264, vf=SD + ",setsar=4/3"), size=(128, HEIGHT)),
    Kind(
        "interlaced",
        coded(*X264, "-flags", "+ildct+ilme", vf=SD + ",setfield=tff"),
        says="it is deinterlaced",
    ),
    Kind(
        "853x480",
        coded("-c:v", "ffv1", vf="format=bgr0", chart={"width": 853, "height": 480}),
        "in.mkv",
        size=(853, 480),
        color=0,
    ),
    Kind(
        "101x57, 4:2:0",
        coded("-c:v", "ffv1", chart={"width": 101, "height": 57}),
        "in.mkv",
        size=(101, 57),
    ),
    Kind(
        "1280x720 without tags",
        coded(
            *X264,
            vf="scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
            "setparams=colorspace=unknown",
            audio=("-an",),
            chart={"width": 1280, "height": 720, "count": 20},
        ),
        size=(1280, 720),
        numbers=tuple(range(0, 20, 2)),
        sound="none",
    ),
    Kind("full range", coded(*X264, vf=FULL)),
    Kind(
        "4:2:2, 10 bits, ProRes",
        coded("-c:v", "prores_ks", "-profile:v", "hq", vf=DEEP.format("yuv422p10le")),
        "in.mov",
    ),
    Kind(
        "4:2:0, 10 bits, HEVC",
        coded(
            "-c:v", "libx265", "-x265-params", "qp=4:log-level=error", vf=DEEP.format("yuv420p10le")
        ),
    ),
    Kind("4:4:4", coded(*X264, vf=DEEP.format("yuv444p"))),
    Kind(
        "4:4:4, 12 bits, alpha, ProRes",
        coded("-c:v", "prores_ks", "-profile:v", "4444", vf=DEEP.format("yuva444p10le")),
        "in.mov",
    ),
    Kind(
        "RGB with alpha, QuickTime Animation",
        coded("-c:v", "qtrle", vf="format=argb"),
        "in.mov",
        color=1,
    ),
    Kind("RGB, H.264", coded("-c:v", "libx264rgb", "-qp", 0, vf="format=bgr24"), "in.mkv", color=0),
]

COLORS = [
    Kind("HDR, PQ", coded(*X265, vf=PQ), says="HDR (PQ)", color=None),
    Kind("HDR, HLG", coded(*X265, vf=HLG), says="HDR (HLG)", color=None),
    Kind(
        "Dolby Vision profile 8.1 over PQ",
        with_box(b"dvvC", version=1, profile=8, compatibility=1),
        says="Dolby Vision metadata is not used",
        color=None,
    ),
    Kind(
        "Dolby Vision profile 5",
        with_box(b"dvcC", version=1, profile=5, compatibility=0),
        refused=True,
        says="Dolby Vision profile 5",
    ),
    Kind("Display P3", coded(*X264, vf=P3), says="smpte432", color=4),
]

SOUNDS = [
    Kind("mono", coded(*X264, audio=(*AAC, "-ac", 1)), target=".mp4"),
    Kind("5.1, AAC", coded(*X264, audio=(*layout("5.1"), *AAC)), target=".mp4"),
    Kind(
        "7.1, PCM into MP4",
        coded(*X264, audio=(*layout("7.1"), "-c:a", "pcm_s16le")),
        "in.mkv",
        target=".mp4",
        sound="encoded",
    ),
    Kind(
        "5.1(side), AC-3 into MP4",
        coded(*X264, audio=(*layout("5.1(side)"), "-c:a", "ac3")),
        "in.mkv",
        target=".mp4",
    ),
    Kind(
        "5.1(side), AC-3 into WebM",
        coded(
            *X264, audio=(*layout("5.1(side)"), "-c:a", "ac3"), chart={"width": 192, "height": 128}
        ),
        "in.mkv",
        size=(192, 128),
        target=".webm",
        sound="encoded",
    ),
    Kind("E-AC-3 into MP4", coded(*X264, audio=("-c:a", "eac3")), "in.mkv", target=".mp4"),
    Kind(
        "Opus into MP4",
        coded(*X264, audio=("-c:a", "libopus")),
        "in.mkv",
        target=".mp4",
        sound="encoded",
    ),
    Kind(
        "Vorbis into WebM",
        coded(*X264, audio=("-c:a", "libvorbis"), chart={"width": 192, "height": 128}),
        "in.mkv",
        size=(192, 128),
        target=".webm",
    ),
    Kind(
        "FLAC into MOV",
        coded(*X264, audio=("-c:a", "flac")),
        "in.mkv",
        target=".mov",
        sound="encoded",
    ),
    Kind("ALAC into MP4", coded(*X264, audio=("-c:a", "alac")), "in.mov", target=".mp4"),
    Kind(
        "24 bits, 96 kHz, PCM into MP4",
        coded(*X264, audio=("-c:a", "pcm_s24le", "-ar", 96000)),
        "in.mov",
        target=".mp4",
        sound="encoded",
    ),
    Kind(
        "8 kHz, PCM into MP4",
        coded(*X264, audio=("-c:a", "pcm_s16le", "-ar", 8000)),
        "in.mkv",
        target=".mp4",
        sound="encoded",
    ),
    Kind("two tracks, the second asked for", two_tracks, target=".mp4", encode={"audio_track": 2}),
    Kind(
        "a track that isn't there",
        coded(*X264),
        encode={"audio_track": 3},
        refused=True,
        says="has no audio track 3; it has 1 (aac",
    ),
    Kind(
        "sound longer than the picture",
        coded(*X264, audio=(*AAC, "-af", "apad=pad_dur=2")),
        target=".mp4",
    ),
    Kind(
        "sound shorter than the picture",
        coded(*X264, audio=(*AAC, "-af", "atrim=end=1.1")),
        target=".mp4",
    ),
    Kind("no sound", raw(*X264), sound="none", target=".mp4"),
    Kind(
        "sound to GIF",
        coded(*X264),
        target=".gif",
        sound="none",
        says="has no sound",
        fps="10",
        numbers=tuple(range(0, COUNT, 3)),
        color=8,
    ),
    Kind(
        "clip to ProRes in MOV",
        coded(*X264, audio=("-c:a", "pcm_s16le")),
        "in.mov",
        target=".mov",
        encode={"codec": "prores"},
        color=4,
    ),
    Kind(
        "clip to numbered PNG pictures",
        coded(*X264),
        target="%04d.png",
        sound="none",
        says="has no sound",
    ),
    Kind(
        "clip to one PNG picture", coded(*X264), target=".png", refused=True, says="is one picture"
    ),
    Kind(
        "chapters, time and place",
        with_chapters,
        target=".mp4",
        says="location metadata is removed",
    ),
    Kind("subtitles", with_subtitles, target=".mp4"),
    Kind(
        "data stream (time code)", coded(*X264, "-timecode", "01:00:00:00"), "in.mov", target=".mp4"
    ),
    Kind("cover picture", cover, target=".mp4"),
]


def written(content: bytes | str) -> Build:
    def build(shop: Workshop, path: Path) -> None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return build


def naming_another(text: str) -> Build:
    """A text that makes ffmpeg open another file, which is there and right."""

    def build(shop: Workshop, path: Path) -> None:
        coded(*X264)(shop, path.with_name("other.ts"))
        path.write_text(text)

    return build


def cut_short(share: float, *options: object) -> Build:
    def build(shop: Workshop, path: Path) -> None:
        coded(*X264, *options)(shop, path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return build


def patched(find: bytes, offset: int, value: bytes) -> Build:
    """An MP4 whose header says something absurd."""

    def build(shop: Workshop, path: Path) -> None:
        coded(*X264, audio=("-an",))(shop, path)
        data = bytearray(path.read_bytes())
        place = data.index(find) + offset
        data[place : place + len(value)] = value
        path.write_bytes(data)

    return build


def huge_picture(shop: Workshop, path: Path) -> None:
    """A PNG header of 100000x100000 with its check sum right."""
    import struct
    import zlib

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
    )


def long_hold(shop: Workshop, path: Path) -> None:
    """One small picture that is said to stand for ten hours."""
    shop.ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "color=size=64x64:rate=1:duration=2",
        "-vf",
        "setpts=N*36000/TB",
        "-fps_mode",
        "passthrough",
        "-c:v",
        "libx264",
        path,
    )


def sound_only(shop: Workshop, path: Path) -> None:
    shop.ffmpeg("-f", "lavfi", "-i", "sine=duration=0.2", path)


def pipe(shop: Workshop, path: Path) -> None:
    import os

    os.mkfifo(path)


REFUSED = [
    Kind("no such file", lambda shop, path: None, says="no such file"),
    Kind("a folder", lambda shop, path: path.mkdir(), says="is a folder"),
    Kind("a named pipe", pipe, says="is a pipe or a device"),
    Kind("an address", lambda shop, path: None, "http://host/in.mp4", says="downloaded first"),
    Kind("an empty file", written(""), says="can't be read as video"),
    Kind("a text", written("this is a text\n" * 100), says="can't be read as video"),
    Kind("sound alone", sound_only, "in.m4a", says="has no video in it"),
    Kind("MP4 without its index", cut_short(0.5), says="can't be read as video"),
    Kind(
        "MP4 cut short, index first",
        cut_short(0.5, "-movflags", "+faststart", "-g", 5),
        says="frames decode",
    ),
    Kind(
        "numbered pictures with a gap",
        pictures(gap=9),
        "p%03d.png",
        says="picture 9 is missing between 1 and 40",
    ),
    Kind(
        "a playlist (HLS)",
        naming_another(
            "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.3,\nother.ts\n#EXT-X-ENDLIST\n"
        ),
        "in.m3u8",
        says="can't be read as video",
    ),
    Kind(
        "a script (ffconcat)",
        naming_another("ffconcat version 1.0\nfile other.ts\n"),
        "in.mp4",
        says="can't be read as video",
    ),
    Kind("a PNG header of 100000x100000", huge_picture, "in.png", says="can't be read as video"),
    Kind(
        "a picture of 20000x16",
        lambda shop, path: shop.ffmpeg(
            "-f", "lavfi", "-i", "color=size=20000x16", "-frames:v", 1, path
        ),
        "in.png",
        says="at most 16384 pixels a side",
    ),
    Kind(
        "a rate of 1e9",
        patched(b"mdhd", 16, (1_000_000_000).to_bytes(4, "big")),
        says="frames per second",
    ),
    Kind("10 hours in a few kB", long_hold, says="claims"),
]

KINDS = [
    *CONTAINERS,
    *PICTURES,
    *COLORS,
    *SOUNDS,
    *(Kind(k.name, k.build, k.file, refused=True, says=k.says) for k in REFUSED),
]
