"""The encoder's presets: CPU seconds, bytes, and quality against the frames before encoding.

    python benchmarks/encoder.py

Ten seconds of the grainy 1080p clip are painted once; what the encoder gets, scaled up to
1920x1080, is compared with what comes out of the file: PSNR, and VMAF of every third frame. Prints
Markdown.
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from clips import clips_parser, make_clip

from videostyle import StylizeConfig, stylized_frames
from videostyle.bench.processor import describe_processor
from videostyle.video.filters import SCALE_FLAGS
from videostyle.video.process import find_ffmpeg

RATE = 15
SCALE = f"scale=1920:1080:flags={SCALE_FLAGS}:out_color_matrix=bt709:out_range=tv,format=yuv420p"
TRIALS = [
    ("ultrafast", 18),
    ("superfast", 18),
    ("veryfast", 18),
    ("faster", 18),
    ("ultrafast", 20),
    ("ultrafast", 22),
    ("veryfast", 22),
]


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    args = parser.parse_args()
    clip = make_clip(args.clips, "1080p")
    with tempfile.TemporaryDirectory() as name:
        raw, target = Path(name) / "painted.rgb", Path(name) / "out.mp4"
        with raw.open("wb") as file:
            for frame in stylized_frames(clip, StylizeConfig(duration=args.seconds)):
                file.write(frame.tobytes())
        frames = (
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            "853x480",
            "-framerate",
            RATE,
            "-i",
            raw,
        )
        print(f"{describe_processor()}\n")
        print("| preset | crf | CPU s | MB | PSNR dB | VMAF |\n|---|---:|---:|---:|---:|---:|")
        for preset, crf in TRIALS:
            before = sum(os.times()[2:4])
            _ffmpeg(
                *frames, "-vf", SCALE, "-c:v", "libx264", "-preset", preset, "-crf", crf, target
            )
            cpu_s = sum(os.times()[2:4]) - before
            psnr, vmaf = _quality(frames, target)
            print(
                f"| {preset} | {crf} | {cpu_s:.1f} | {target.stat().st_size / 1e6:.1f} | "
                f"{psnr:.1f} | {vmaf:.1f} |",
                flush=True,
            )


def _quality(frames: tuple[object, ...], target: Path) -> tuple[float, float]:
    # Numbered anew: the containers round their times, and frames would be compared with others.
    graph = (
        f"[0:v]settb=1/{RATE},setpts=N,split[a][b];[1:v]{SCALE},settb=1/{RATE},setpts=N,"
        "split[c][d];[a][c]psnr;[b][d]libvmaf=n_threads=2:n_subsample=3"
    )
    printed = _ffmpeg("-i", target, *frames, "-lavfi", graph, "-f", "null", "-", level="info")
    return (
        float(re.findall(r"average:([\d.]+)", printed)[-1]),
        float(re.findall(r"VMAF score: ([\d.]+)", printed)[-1]),
    )


def _ffmpeg(*words: object, level: str = "error") -> str:
    return subprocess.run(
        [find_ffmpeg(), "-hide_banner", "-v", level, "-y", *map(str, words)],
        check=True,
        capture_output=True,
        text=True,
    ).stderr


if __name__ == "__main__":
    main()
