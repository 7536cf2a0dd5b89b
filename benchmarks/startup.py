"""From the shell to a finished file, every network being built anew, and to the help.

    python benchmarks/startup.py

Nothing of a network is kept between two runs, so every start is a cold one. Prints Markdown: wall
seconds, CPU seconds of all processes, and the peak memory of the largest. With other work on the
machine only the last two can be trusted.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from clips import clips_parser, make_clip

from videostyle.bench.processor import describe_processor

COMMAND = [sys.executable, "-m", "videostyle"]
CLIP = ("--start", "1", "--duration", "0.2", "-y", "-q")  # 3 frames at 15 fps


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    clip = make_clip(args.clips, "1080p")
    print(f"{describe_processor()}; load {os.getloadavg()[0]:.1f} before\n")
    print("| what | median s | longest s | CPU s | peak MB |\n|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        run([clip, picture.with_name("%d.png"), *CLIP])
        picture.with_name("1.png").rename(picture)
        for name, words in (
            ("3 frames, wave/fast", [clip, Path(folder) / "o.mp4", *CLIP, "--style", "wave"]),
            (
                "3 frames, wave/reference",
                [clip, Path(folder) / "o.mp4", *CLIP, "--style", "wave/reference"],
            ),
            (
                "one picture, wave/fast",
                [picture, Path(folder) / "o.png", "-y", "-q", "--style", "wave"],
            ),
            ("videostyle --help", ["--help"]),
        ):
            runs = [run(words) for _ in range(args.runs)]
            wall, cpu, peak = zip(*runs, strict=True)
            print(
                f"| {name} | {statistics.median(wall):.2f} | {max(wall):.2f} | "
                f"{statistics.median(cpu):.2f} | {max(peak):.0f} |",
                flush=True,
            )


def run(words: list[object]) -> tuple[float, float, float]:
    """Wall and CPU seconds, and peak MB; the command's own processes are waited for by it."""
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *map(str, words)], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} ended with {process.returncode}")
    wall = time.perf_counter() - began
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
