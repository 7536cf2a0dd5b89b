"""What the decoder's shortcuts save, and what they do to the network's frames.

    python benchmarks/decoder.py deblocking
    python benchmarks/decoder.py skipping

Deblocking: for each clip and each choice of ffmpeg's `-skip_loop_filter`, CPU seconds of decoding
to 853x480 at 15 fps (the least of three runs), and the PSNR of those frames against the full
decode, mean and worst. `bidir` (B-pictures) is what videostyle does; `all` is why it does no more.

Skipping: for each clip and rate CPU seconds of `Decoder`, reading the headers included, with every
picture decoded and without those that no frame needs (the least of three runs, one after the other
in turn), and whether the frames are the same. Both print Markdown.
"""

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from clips import clips_parser, make_clip

from videostyle.bench.processor import describe_processor
from videostyle.frames import Box, Fit, fit_frame
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.filters import SCALE_FLAGS
from videostyle.video.probe import probe
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


# Frames per second that come out of 30.
RATES = (15, 12, 10, 24)


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("shortcut", choices=("deblocking", "skipping"))
    parser.add_argument("--seconds", type=int, default=10)
    args = parser.parse_args()
    print(f"{describe_processor()}\n")
    measure = {"deblocking": _measure_deblocking, "skipping": _measure_skipping}
    measure[args.shortcut](args.clips, args.seconds)


def _measure_deblocking(clips: Path, seconds: int) -> None:
    print("| clip | -skip_loop_filter | CPU s | mean dB | worst dB |\n|---|---|---:|---:|---:|")
    for name, clip in _made(clips, seconds):
        rounds = [
            {choice: _cpu_s(clip, choice, seconds) for choice in CHOICES} for _ in range(ROUNDS)
        ]
        for choice in CHOICES:
            cpu_s = min(each[choice] for each in rounds)
            mean_db, worst_db = _psnr_db(clip, choice, seconds)
            print(
                f"| {name} | {choice} | {cpu_s:.1f} | {mean_db:.1f} | {worst_db:.1f} |", flush=True
            )


def _measure_skipping(clips: Path, seconds: int) -> None:
    print("| clip | fps | left out | all, CPU s | CPU s | ratio | frames |")
    print("|---|---:|---:|---:|---:|---:|---|")
    for name, clip in _made(clips, seconds):
        info = probe(clip)
        geometry = fit_frame(info.size, Box.parse("480p"), Fit.CONTAIN)
        for rate in RATES:
            plan = DecodePlan(info, geometry, Fraction(rate), duration_s=Fraction(seconds))
            plans = (replace(plan, skips_pictures=False), plan)
            rounds = [[_decode(each) for each in plans] for _ in range(ROUNDS)]
            every, fewer = (min(each[way] for each in rounds) for way in (0, 1))
            same = "same" if every[2] == fewer[2] else "DIFFER"
            print(
                f"| {name} | {rate} | {fewer[1]} of {round(seconds * info.rate)} "
                f"| {every[0]:.2f} | {fewer[0]:.2f} | {fewer[0] / every[0]:.2f} | {same} |",
                flush=True,
            )


def _decode(plan: DecodePlan) -> tuple[float, int, str]:
    """CPU seconds, how many pictures were left out, and the digest of all frames."""
    before, digest = sum(os.times()[:4]), hashlib.md5()
    with Decoder(plan) as decoder:
        for shown in decoder:
            digest.update(shown.frame)
    return sum(os.times()[:4]) - before, decoder.undecoded, digest.hexdigest()


def _made(clips: Path, seconds: int) -> Iterator[tuple[str, Path]]:
    for name, (kind, options) in KINDS.items():
        with _encoded(make_clip(clips, kind, seconds), options) as clip:
            yield name, clip


@contextmanager
def _encoded(clip: Path, options: tuple[str, ...]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "clip.mp4"
        if options:
            _ffmpeg("-i", clip, "-an", *options, made)
        yield made if options else clip


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
