"""A long 4K clip: every frame, in memory that doesn't grow with it."""

import json
import subprocess
import sys

import av
import pytest

MOST_MEMORY_BYTES = 1_600_000_000
MOST_GROWTH = 1.05

MEASURED = """
import resource, sys
from videostyle.cli.main import main
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
sys.exit(status)
"""


@pytest.fixture(scope="module")
def clips(run_ffmpeg, tmp_path_factory):
    """10 s of 4K at 30 frames a second, and the same three times in a row."""
    folder = tmp_path_factory.mktemp("large")
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=3840x2160:rate=30:duration=10",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-crf",
        "23",
        "-pix_fmt",
        "yuv420p",
        folder / "10.mp4",
    )
    run_ffmpeg("-stream_loop", "2", "-i", folder / "10.mp4", "-c", "copy", folder / "30.mp4")
    return folder


def paint(clip, target) -> tuple[dict, int]:
    """The result, and the most memory that the Python process held, in bytes."""
    out = subprocess.run(
        [
            sys.executable,
            "-c",
            MEASURED,
            clip,
            target,
            "--json",
            "--out-size",
            "1080p",
            "--fps",
            "15",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    result, memory = out.stdout.splitlines()
    return json.loads(result), int(memory)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_clip(clips, tmp_path):
    short, short_memory = paint(clips / "10.mp4", tmp_path / "10.mp4")
    long, long_memory = paint(clips / "30.mp4", tmp_path / "30.mp4")
    print(f"peak memory: 10 s {short_memory / 1e6:.0f} MB, 30 s {long_memory / 1e6:.0f} MB")
    assert (short["frames"], long["frames"]) == (150, 450)
    assert long["output_size"] == "1920x1080"
    with av.open(str(tmp_path / "30.mp4")) as container:
        assert container.streams.video[0].frames == 450
    assert long_memory < MOST_MEMORY_BYTES
    assert long_memory < MOST_GROWTH * short_memory
