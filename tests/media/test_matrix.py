"""Every kind of file comes out right, or is refused in one line; docs/media.md has the table."""

import os
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.chart import CLICK_FRAME, click_s, color_error, number_of
from tests.media.kinds import CONTAINERS, KINDS, Kind
from videostyle import EncodeConfig, StylizeConfig, stylize
from videostyle.errors import VideoStyleError
from videostyle.video.codecs import CODECS, choose_codec

PAGE = Path(__file__).parents[2] / "docs" / "media.md"
BEGIN, END = "<!-- made by tests/media/test_matrix.py -->", "<!-- end -->"

# Set to write the table into the page instead of comparing it.
WRITE_VARIABLE = "VIDEOSTYLE_WRITE_DOCS"

rows: dict[str, str] = {}


def read(path: Path, target: str) -> list[np.ndarray]:
    """The frames as their tags say, or as pictures have them."""
    if target == "%04d.png":
        return [
            frame
            for picture in sorted(path.parent.glob("out*.png"))
            for frame in read(picture, ".png")
        ]
    with av.open(str(path)) as container:
        return [
            frame.to_ndarray(format="rgb24", src_colorspace=frame.colorspace)
            for frame in container.decode(video=0)
        ]


def run(kind: Kind, folder: Path):
    source = folder / kind.file if "://" not in kind.file else kind.file
    codec = {} if kind.target != ".mkv" else {"codec": "ffv1"}
    best = {} if choose_codec(Path(f"x{kind.target}").suffix, None).crf is None else {"crf": 1}
    best = {} if codec or kind.encode.get("codec") else best
    width, height = kind.size
    config = StylizeConfig(
        backend="identity",
        fps=kind.fps,
        size=f"{width}x{height}",
        out_size="work",
        encode=EncodeConfig(**codec, **best, **kind.encode),
        **kind.settings,
    )
    target = folder / f"out{kind.target}"
    return target, stylize(source, target, config)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_it_is_right_or_refused_in_one_line(kind, shop, tmp_path):
    if "://" not in kind.file:
        kind.build(shop, tmp_path / kind.file)
    before = sorted(tmp_path.iterdir())
    if kind.refused:
        with pytest.raises(VideoStyleError) as refusal:
            run(kind, tmp_path)
        words = str(refusal.value)
        assert kind.says in words
        assert "\n" not in words
        assert sorted(tmp_path.iterdir()) == before
        rows[kind.name] = f"| {kind.name} | refused: {kind.says} | | | |"
        return
    target, result = run(kind, tmp_path)
    frames = read(target, kind.target)
    check_numbers(kind, [number_of(frame) for frame in frames], tmp_path / kind.file)
    assert result.frames == len(frames)
    assert str(result.source_size) == "{}x{}".format(*kind.size)
    assert any(kind.says in notice for notice in result.notices) or not kind.says
    assert result.audio == kind.sound
    if kind.color is not None:
        assert max(color_error(kind.back(frame)) for frame in frames) <= kind.color
    step = check_step(kind, target, frames)
    color = (
        "as the equation"
        if kind.color is None
        else "exact"
        if kind.color == 0
        else f"within {kind.color}"
    )
    rows[kind.name] = (
        f"| {kind.name} | {len(frames)} frames, {result.source_size} | {color} | "
        f"{kind.sound} | {step} |"
    )


def check_numbers(kind: Kind, numbers: list[int], source: Path) -> None:
    if kind.color is None:
        # Tone mapping keeps what is darker than the knee, and the order of all greys.
        assert numbers[:10] == list(kind.numbers[:10])
        assert numbers == sorted(set(numbers))
        assert len(numbers) == len(kind.numbers)
        return
    assert numbers == list(kind.numbers or numbers_by_timestamps(source, Fraction(kind.fps)))


def numbers_by_timestamps(path: Path, rate: Fraction) -> list[int]:
    """The rule, written plainly: the last frame at most k / rate (and a tick) after the start."""
    with av.open(str(path)) as container:
        began = Fraction(container.start_time, 1_000_000)
        stream = container.streams.video[0]
        packets = [packet for packet in container.demux(stream) if packet.size]
    tick = Fraction(stream.time_base)
    shift = 0 if tick * stream.average_rate * 2 >= 1 else tick
    times = sorted(packet.pts * tick - began for packet in packets)
    end = times[-1] + Fraction(1, 30) - shift
    return [
        max([n for n, time in enumerate(times) if time <= k / rate + shift], default=0)
        for k in range(ceil(end * rate))
    ]


def check_step(kind: Kind, target: Path, frames: list[np.ndarray]) -> str:
    """The frame that the click belongs to must be on the screen, within one output frame."""
    if kind.sound == "none":
        return ""
    heard_s = click_s(target)
    rate = Fraction(kind.fps)
    at = next(k for k, frame in enumerate(frames) if number_of(frame) >= CLICK_FRAME)
    assert heard_s is not None
    shift = Fraction("0.4") if kind.name.startswith(("picture starts", "sound starts")) else 0
    if kind.name.startswith("picture starts"):
        heard_s += shift
    elif shift:
        heard_s -= shift
    assert abs(heard_s - at / rate) < 1 / rate
    return "in step"


def test_the_table_is_in_the_docs():
    """Only complete after all of the above have run."""
    if len(rows) < len(KINDS):
        pytest.skip("the table is compared when all kinds have run and are right")
    table = "\n".join(
        [
            "| clip | what comes out | colours, in levels | sound | sync |",
            "|---|---|---|---|---|",
            *(rows[kind.name] for kind in KINDS),
        ]
    )
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    made = f"{before}{BEGIN}\n{table}\n{END}{after}"
    if os.environ.get(WRITE_VARIABLE):
        PAGE.write_text(made)
    assert text == made or os.environ.get(WRITE_VARIABLE)


def test_there_are_enough_kinds():
    assert len(KINDS) >= 40
    assert len(CONTAINERS) >= 10
    assert set(CODECS) >= {"prores", "gif", "png"}
