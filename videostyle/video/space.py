"""Whether a target will fit on its disk, as far as that can be told before it is written."""

import shutil
from collections.abc import Iterator

from videostyle.video.encode_plan import EncodePlan

# What painted pictures take by each encoder's defaults: measured with the style wave on 1 s of Big
# Buck Bunny at 1280x720 (`videostyle bigbuckbunny.mp4 out.mp4 --codec hevc --duration 1`, and so
# on); other clips take half of it or twice as much.
BITS_PER_PIXEL = {
    "libx264": 0.86,
    "libx265": 0.28,
    "libsvtav1": 0.22,
    "prores_ks": 4.1,
    "ffv1": 8.2,
    "gif": 6.3,
    "png": 11.7,
    "mjpeg": 2.3,
}


def space_notices(plan: EncodePlan, frames: int | None) -> Iterator[str]:
    """That the disk may be too small, in one line or none.

    Args:
        plan: what is written.
        frames: how many there will be; None if that isn't known.
    """
    folder = plan.target.absolute().parent
    if frames is None or not folder.is_dir():
        return
    needed = frames * plan.output.pixels * BITS_PER_PIXEL[plan.codec.encoder] / 8
    free = shutil.disk_usage(folder).free
    if needed > free:
        yield (
            f"the target may not fit: it takes about {_gigabytes(needed)}, and "
            f"{_gigabytes(free)} are free in {folder}"
        )


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:.2g} GB" if count >= 1e8 else f"{count / 1e6:.2g} MB"
