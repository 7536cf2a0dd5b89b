"""Peak memory against the clip's length.

    python benchmarks/memory.py                    # 4K, 20 s and 60 s
    python benchmarks/memory.py --kind 1080p --seconds 60 600

Of the Python process (the network in it) and of the largest ffmpeg beside it. Prints Markdown.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from clips import clips_parser, make_clip, repeat_clip

BASE_S = 20

MEASURED = """
import json, resource, sys
from videostyle.cli.main import main
status = main(sys.argv[1:])
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF,
                                                       resource.RUSAGE_CHILDREN)]
print(json.dumps(peaks))
sys.exit(status)
"""


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--kind", default="4k")
    parser.add_argument("--seconds", type=int, nargs="+", default=[20, 60])
    args = parser.parse_args()
    print("| clip | frames | Python, MB | largest ffmpeg, MB |\n|---|---:|---:|---:|")
    for seconds in args.seconds:
        clip = make_clip(args.clips, args.kind, BASE_S)
        clip = repeat_clip(clip, seconds // BASE_S) if seconds > BASE_S else clip
        with tempfile.TemporaryDirectory() as folder:
            out = subprocess.run(
                [
                    sys.executable,
                    "-c",
                    MEASURED,
                    clip,
                    Path(folder) / "out.mp4",
                    "--out-size",
                    "1080p",
                    "--json",
                    "--quiet",
                ],
                capture_output=True,
                text=True,
                check=True,
            )
        result, peaks = map(json.loads, out.stdout.splitlines())
        python, ffmpeg = (peak * 1024 / 1e6 for peak in peaks)
        print(f"| {clip.name} | {result['frames']} | {python:.0f} | {ffmpeg:.0f} |", flush=True)


if __name__ == "__main__":
    main()
