"""From the shell to the first stylized frame, and to the help.

    python benchmarks/startup.py

The cache is warm: what is kept of the network was kept by a run before. Prints Markdown.
"""

import statistics
import subprocess
import sys
import time

from clips import clips_parser, make_clip

FIRST_FRAME = """
import sys
from videostyle import StylizeConfig, stylized_frames
frame = next(iter(stylized_frames(sys.argv[1], StylizeConfig())))
print(frame.shape, "tensorflow" in sys.modules)
"""


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    clip = make_clip(args.clips, "4k")
    command = [sys.executable, "-c", FIRST_FRAME, clip]
    run(command)
    print("| what | median s | longest s |\n|---|---:|---:|")
    for name, each in (
        ("first stylized frame of a 4K clip", command),
        ("videostyle --help", [sys.executable, "-m", "videostyle", "--help"]),
    ):
        times = [run(each) for _ in range(args.runs)]
        print(f"| {name} | {statistics.median(times):.2f} | {max(times):.2f} |", flush=True)


def run(command: list[object]) -> float:
    began = time.perf_counter()
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "True" in out.split():
        raise SystemExit("TensorFlow was loaded; is OpenVINO installed?")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
