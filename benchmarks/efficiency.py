"""Each stage alone and the whole, in one run: how much the pipeline adds to its parts.

    python benchmarks/efficiency.py                # 4K30 and 1080p30 to 480x853 at 15 fps to 1080p
    python benchmarks/efficiency.py --preset superfast --runs 3

Prints Markdown. The ratio is max(sum of the stages' CPU seconds / cores, slowest stage alone) /
wall seconds of the whole.
"""

from clips import clips_parser, make_clip

from videostyle.bench.profile import profile_run
from videostyle.bench.profile_report import profile_as_markdown
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.codecs import EncodeConfig


def main() -> None:
    parser = clips_parser(__doc__)
    parser.add_argument("--kinds", nargs="+", default=["4k", "1080p"])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--preset")
    parser.add_argument("--full-decode", action="store_true")
    args = parser.parse_args()
    for kind in args.kinds:
        clip = make_clip(args.clips, kind, args.seconds)
        config = StylizeConfig(
            out_size="1080p", full_decode=args.full_decode, encode=EncodeConfig(preset=args.preset)
        )
        for run in range(1, args.runs + 1):
            print(f"\n**{clip.name}**, run {run}: ", end="")
            print("\n".join(profile_as_markdown(profile_run(clip, config))), flush=True)


if __name__ == "__main__":
    main()
