"""A painting never seen: from the shell to the first frame, speed, flicker and detail.

    python benchmarks/any_painting.py --paintings DIR --clip bigbuckbunny.mp4

Every start is cold: the style isn't in the cache. Prints Markdown: how long the first frame takes
from the shell on, wall and CPU; frames a second beside `wave/fast` in the same run, in turns; and,
of styles made from `--count` paintings, E_warp over 40 frames at 15 fps and the detail kept.
`--held-out` takes every tenth picture only, those that the maker was not trained on. With other
work on the machine, trust CPU seconds and ratios alone.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np

from videostyle import StylizeConfig, stylized_frames
from videostyle.bench.processor import describe_processor
from videostyle.metrics.detail import detail_kept
from videostyle.metrics.flicker import measure_flicker
from videostyle.models.making.made_style import CACHE_VARIABLE
from videostyle.models.making.painting import PAINTING_SUFFIXES

FRAMES, FPS, SIZE = 40, 15, "480x854"
HELD_OUT_EVERY = 10  # as in train_maker.py


def main() -> None:
    args = parse_arguments()
    files = sorted(p for p in args.paintings.iterdir() if p.suffix.lower() in PAINTING_SUFFIXES)
    if args.held_out:
        files = files[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]
    files = files[:: max(1, len(files) // args.count)][: args.count]
    print(f"{describe_processor()}; load {os.getloadavg()[0]:.1f} before\n")
    print("| first frame after the shell | median s | longest s | CPU s |\n|---|---:|---:|---:|")
    cold = [first_frame(args.clip, files[number % len(files)]) for number in range(args.runs)]
    wall, cpu = zip(*cold, strict=True)
    print(
        f"| a painting, not in the cache | {statistics.median(wall):.2f} | {max(wall):.2f} | "
        f"{statistics.median(cpu):.2f} |",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CACHE_VARIABLE] = folder
        print_speed(args.clip, files[0], args.runs)
        print_looks(args.clip, files)


def first_frame(clip: Path, painting: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command that makes a style and paints one frame."""
    with tempfile.TemporaryDirectory() as folder:
        words = [clip, Path(folder) / "o-%04d.png", "--style", painting, "--start", 1, "-q"]
        command = [sys.executable, "-m", "videostyle", *map(str, words), "--duration", "0.05"]
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, env={**os.environ, CACHE_VARIABLE: folder}
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        return time.perf_counter() - began, used.ru_utime + used.ru_stime


def print_speed(clip: Path, painting: Path, runs: int) -> None:
    """Frames a second in turns, so that other work slows both alike."""
    rates: dict[str, list[float]] = {"wave/fast": [], str(painting): []}
    cpu = dict.fromkeys(rates, 0.0)
    for number in range(runs + 1):
        for name, found in rates.items():
            began, cpu_began = time.perf_counter(), time.process_time()
            count = len(frames_of(clip, name))
            if number:  # the first run makes the style and reads the files
                found.append(count / (time.perf_counter() - began))
                cpu[name] += time.process_time() - cpu_began
    wave, made = rates.values()
    ratios = [one / other for one, other in zip(made, wave, strict=True)]
    print(
        f"\nframes/s, wave/fast {statistics.median(wave):.1f}, made {statistics.median(made):.1f}, "
        f"ratio {statistics.median(ratios):.3f}; "
        f"CPU seconds, made over wave/fast {cpu[str(painting)] / cpu['wave/fast']:.3f}",
        flush=True,
    )


def print_looks(clip: Path, paintings: list[Path]) -> None:
    source = frames_of(clip, "wave", backend="identity")
    flickers, details = [], []
    print("\n| painting | E_warp | contrast | detail kept |\n|---|---:|---:|---:|")
    for painting in paintings:
        painted = frames_of(clip, str(painting))
        flicker = measure_flicker(source, painted)
        detail = float(
            np.mean([detail_kept(a, b) for a, b in zip(source[::13], painted[::13], strict=True)])
        )
        flickers.append(flicker.warping_error)
        details.append(detail)
        print(
            f"| {painting.stem} | {flicker.warping_error:.5f} | {flicker.contrast:.1f} "
            f"| {detail:.3f} |",
            flush=True,
        )
    print(
        f"| median | {statistics.median(flickers):.5f} | | {statistics.median(details):.3f} |\n"
        f"| worst | {max(flickers):.5f} | | {min(details):.3f} |"
    )


def frames_of(clip: Path, style: str, backend: str = "auto") -> list[np.ndarray]:
    config = StylizeConfig(size=SIZE, fps=FPS, style=style, backend=backend)
    return list(islice(stylized_frames(clip, config), FRAMES))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--paintings", type=Path, required=True)
    parser.add_argument("--clip", type=Path, required=True)
    parser.add_argument("--held-out", action="store_true", help="every tenth painting only")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
