"""Files that were damaged at random end in a target or in one line, soon, and leave nothing.

Every case has a seed; `python -m pytest tests/media/test_fuzz.py -k "[123]"` runs one again.
"""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.test_pipeline import children_of

# Seconds within which each file is done with.
PATIENCE_S = 20

# All that may come out: done, failed, wrong usage.
STATUSES = (0, 1, 2)

QUICK, ALL = 14, 500

ORIGINALS = {
    "a.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-g", 10),
    "b.mp4": (
        "-c:v",
        "libx265",
        "-x265-params",
        "log-level=error",
        "-movflags",
        "frag_keyframe+empty_moov",
        "-c:a",
        "aac",
    ),
    "c.mov": ("-c:v", "prores_ks", "-c:a", "pcm_s16le"),
    "d.mkv": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "flac"),
    "e.webm": ("-c:v", "libvpx", "-c:a", "libvorbis"),
    "f.gif": ("-an",),
    "g.avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
}


@pytest.fixture(scope="session")
def originals(run_ffmpeg, tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("originals")
    for name, options in ORIGINALS.items():
        run_ffmpeg(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=96x64:rate=25:duration=1.2",
            "-f",
            "lavfi",
            "-i",
            "sine=duration=1.2",
            *options,
            folder / name,
        )
    return sorted(folder.iterdir())


def flip_bits(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def flip_header(data: bytearray, chance: random.Random) -> bytearray:
    """Where sizes, rates and counts are."""
    for _ in range(chance.randint(1, 12)):
        data[chance.randrange(min(len(data), 800))] = chance.randrange(256)
    return data


def flip_index(data: bytearray, chance: random.Random) -> bytearray:
    """An MP4's index is at its end."""
    for _ in range(chance.randint(1, 12)):
        data[-chance.randrange(1, min(len(data), 2000))] = chance.choice((0, 1, 127, 128, 255))
    return data


def cut_end(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, len(data))]


def cut_middle(data: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, len(data)) :]


def swap_parts(data: bytearray, chance: random.Random) -> bytearray:
    """Two stretches are swapped: atoms, clusters, whatever is there."""
    a, b, c = sorted(chance.randrange(len(data)) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def swap_atoms(data: bytearray, chance: random.Random) -> bytearray:
    """Names of an MP4's boxes change places; other files lose four bytes."""
    names = [
        name
        for name in (
            b"moov",
            b"trak",
            b"mdia",
            b"stbl",
            b"stts",
            b"stsz",
            b"stco",
            b"stsc",
            b"mdat",
            b"tkhd",
            b"mvhd",
            b"mdhd",
        )
        if name in data
    ]
    if len(names) < 2:
        return cut_middle(data, chance)
    one, other = chance.sample(names, 2)
    first, second = data.index(one), data.index(other)
    data[first : first + 4], data[second : second + 4] = other, one
    return data


def fill(data: bytearray, chance: random.Random) -> bytearray:
    start, length = chance.randrange(len(data)), chance.randint(1, 2000)
    value = chance.choice((0, 255))
    data[start : start + length] = bytes([value]) * len(data[start : start + length])
    return data


MUTATIONS: tuple[Callable[[bytearray, random.Random], bytearray], ...] = (
    flip_bits,
    flip_header,
    flip_index,
    cut_end,
    cut_middle,
    swap_parts,
    swap_atoms,
    fill,
)


def check(originals: list[Path], folder: Path, seed: int, run) -> int:
    chance = random.Random(seed)
    original = originals[seed % len(originals)]
    mutate = MUTATIONS[seed // len(originals) % len(MUTATIONS)]
    source = folder / f"in{original.suffix}"
    source.write_bytes(mutate(bytearray(original.read_bytes()), chance))
    more = ("--keep-going",) if chance.random() < 0.5 else ()
    status, errors = run(
        "in" + original.suffix,
        "out.mp4",
        "--backend",
        "identity",
        "--size",
        "64x96",
        "-q",
        *more,
        cwd=folder,
    )
    told = f"seed {seed}, {original.name}, {mutate.__name__}: {status} {errors}"
    assert status in STATUSES, told
    assert "Traceback" not in errors, told
    assert "unexpected" not in errors, told
    assert len(errors.splitlines()) == (status != 0), told
    expected = [source.name, "out.mp4"] if status == 0 else [source.name]
    assert sorted(path.name for path in folder.iterdir()) == expected, told
    return status


def run_by_itself(*arguments: str, cwd: Path) -> tuple[int, str]:
    """In a process of its own: a crash inside PyAV must not take the tests along."""
    process = subprocess.Popen(
        [sys.executable, "-m", "videostyle", *arguments],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, errors = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        children = children_of(process.pid)
        process.kill()
        raise AssertionError(f"hangs: {arguments}, {len(children)} ffmpegs") from None
    return process.returncode, errors


@pytest.mark.parametrize("seed", range(0, QUICK * 37, 37))
def test_a_damaged_file_ends_soon_and_clean(originals, tmp_path, seed):
    check(originals, tmp_path, seed, run_by_itself)


@pytest.mark.slow
def test_five_hundred_damaged_files(originals, tmp_path):
    """All are tried before it fails, so that one run tells of all."""
    failures, statuses = [], dict.fromkeys(STATUSES, 0)
    for seed in range(ALL):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            statuses[check(originals, folder, seed, run_by_itself)] += 1
        except AssertionError as error:
            failures.append(str(error).splitlines()[0])
    print(statuses)
    assert not failures, "\n".join(failures)
    assert not children_of(os.getpid())
    assert statuses[0] > 50  # neither is everything refused
    assert statuses[1] > 50
