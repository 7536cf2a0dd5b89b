"""What leaving out the decoder's deblocking saves, and what it does to the network's frames.

    python benchmarks/decoder.py

For each clip and each choice of ffmpeg's `-skip_loop_filter`: CPU seconds of decoding to 853x480 at
15 fps (the least of three runs), and the PSNR of those frames against the full decode, mean and
worst. `bidir` (B-pictures) is what videostyle does; `all` is why it does no more. Prints Markdown.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from clips import clips_parser, make_clip

from videostyle.video.filters import SCALE_FLAGS
from videostyle.video.process import find_ffmpeg

WORK = f"fps=15:round=up:start_time=0,scale=853:480:flags={SCALE_FLAGS}:out_range=pc,format=rgb24"
ROUNDS = 3
CHOICES = ("none", "noref", "bidir", "all")

# Clips made anew from the grainy one: another codec, or pictures that all refer to the one before.
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "250", "-b:v")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-b:v")
KINDS = {
    "4K H.264, 40 Mbit/s": ("4k", ()),
    "1080p H.264, 12 Mbit/s": ("1080p", ()),
    "1080p H.264, no B-pictures, 6 Mbit/s": ("1080p", (*X264, "6M", "-bf", "0")),
    "1080p HEVC, 6 Mbit/s": ("1080p", (*X265, "6M")),
}


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    args = parser.parse_args()
    print("| clip | -skip_loop_filter | CPU s | mean dB | worst dB |\n|---|---|---:|---:|---:|")
    for name, (kind, options) in KINDS.items():
        clip = make_clip(args.clips, kind)
        with tempfile.TemporaryDirectory() as folder:
            if options:
                made = Path(folder) / "clip.mp4"
                _ffmpeg("-i", clip, "-t", args.seconds, "-an", *options, made)
                clip = made
            rounds = [
                {choice: _cpu_s(clip, choice, args.seconds) for choice in CHOICES}
                for _ in range(ROUNDS)
            ]
            for choice in CHOICES:
                cpu_s = min(each[choice] for each in rounds)
                mean_db, worst_db = _psnr_db(clip, choice, args.seconds)
                print(
                    f"| {name} | {choice} | {cpu_s:.1f} | {mean_db:.1f} | {worst_db:.1f} |",
                    flush=True,
                )


def _cpu_s(clip: Path, choice: str, seconds: int) -> float:
    before = sum(os.times()[2:4])
    _ffmpeg(
        "-skip_loop_filter",
        choice,
        "-t",
        seconds,
        "-i",
        clip,
        "-an",
        "-vf",
        WORK,
        "-f",
        "null",
        "-",
    )
    return sum(os.times()[2:4]) - before


def _psnr_db(clip: Path, choice: str, seconds: int) -> tuple[float, float]:
    graph = f"[0:v]{WORK}[full];[1:v]{WORK}[quick];[full][quick]psnr"
    printed = _ffmpeg(
        "-t",
        seconds,
        "-i",
        clip,
        "-skip_loop_filter",
        choice,
        "-t",
        seconds,
        "-i",
        clip,
        "-lavfi",
        graph,
        "-an",
        "-f",
        "null",
        "-",
        level="info",
    )
    mean, worst = re.findall(r" (?:average|min):(\S+)", printed)[-2:]
    return float(mean), float(worst)


def _ffmpeg(*words: object, level: str = "error") -> str:
    return subprocess.run(
        [find_ffmpeg(), "-hide_banner", "-v", level, "-y", *map(str, words)],
        check=True,
        capture_output=True,
        text=True,
    ).stderr


if __name__ == "__main__":
    main()
