"""A photograph in four tiles, as phones write it: HEIF's boxes around HEVC pictures."""

import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, version: int, *content: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24), *content)


def write_tiles(
    run_ffmpeg: Callable[..., None], picture: np.ndarray, path: Path, quarter_turns: int = 0
) -> None:
    """Write uint8 [H, W, 3], sides that are multiples of 32, as 2x2 tiles.

    `quarter_turns`: counter-clockwise, of the whole when it is shown.
    """
    height, width = (side // 2 for side in picture.shape[:2])
    coded = path.with_name("tile.mp4")
    tiles, config = [], b""
    for top in (0, height):
        for left in (0, width):
            run_ffmpeg(
                *("-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", f"{width}x{height}"),
                *("-i", "pipe:0", "-vf", "scale=out_color_matrix=smpte170m:out_range=tv"),
                *("-pix_fmt", "yuv420p", "-c:v", "libx265", "-tag:v", "hvc1"),
                *("-x265-params", "qp=2:log-level=error", coded),
                stdin=picture[top : top + height, left : left + width].tobytes(),
            )
            with av.open(str(coded)) as container:
                config = bytes(container.streams.video[0].codec_context.extradata)
                tiles.append(bytes(next(container.demux(video=0))))
    coded.unlink()
    kind = _box(b"ftyp", b"heic\0\0\0\0mif1heic")
    sizes = (width, height), (2 * width, 2 * height)
    length = len(_meta(0, tiles, config, sizes, quarter_turns))
    meta = _meta(len(kind) + length + 8, tiles, config, sizes, quarter_turns)
    path.write_bytes(kind + meta + _box(b"mdat", *tiles))


def _meta(at: int, tiles: list[bytes], config: bytes, sizes, quarter_turns: int) -> bytes:
    """What the file holds: items 1 to 4 are tiles, which begin at `at`; item 5 is the whole."""
    whole = len(tiles) + 1
    grid = bytes([0, 0, 1, 1]) + struct.pack(">HH", *sizes[1])
    places = b""
    for item, tile in enumerate(tiles, start=1):
        places += struct.pack(">HHHHII", item, 0, 0, 1, at, len(tile))
        at += len(tile)
    places += struct.pack(">HHHHII", whole, 1, 0, 1, 0, len(grid))
    items = [(item, b"hvc1") for item in range(1, whole)] + [(whole, b"grid")]
    infos = [_full(b"infe", 2, struct.pack(">HH", item, 0) + name + b"\0") for item, name in items]
    properties = [_box(b"hvcC", config)]
    properties += [_full(b"ispe", 0, struct.pack(">II", *size)) for size in sizes]
    properties.append(_box(b"irot", bytes([quarter_turns])))
    of_items = [struct.pack(">HB", item, 2) + b"\x81\x02" for item in range(1, whole)]
    of_items.append(struct.pack(">HB", whole, 2) + b"\x03\x84")
    return _full(
        b"meta",
        0,
        _full(b"hdlr", 0, b"\0\0\0\0pict" + b"\0" * 13),
        _full(b"pitm", 0, struct.pack(">H", whole)),
        _full(b"iloc", 1, b"\x44\0" + struct.pack(">H", whole), places),
        _full(b"iinf", 0, struct.pack(">H", whole), *infos),
        _full(b"iref", 0, _box(b"dimg", struct.pack(">HH4H", whole, len(tiles), *range(1, whole)))),
        _box(
            b"iprp",
            _box(b"ipco", *properties),
            _full(b"ipma", 0, struct.pack(">I", whole), *of_items),
        ),
        _box(b"idat", grid),
    )
