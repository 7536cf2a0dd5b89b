"""The one figure that the article gives for a phone, and how far it reaches.

Its network (three full residual blocks, batch norm) took 66 ms a frame at 480x853 on an A12,
"probably the upper bound of the device", with "a couple of occurrences of dropped frames". Within
that architecture it scales with the pixels. It says nothing certain about any other: the article's
own separable blocks have far fewer multiply-adds and were not faster.
"""

from videostyle.device.estimate import Estimate, Source
from videostyle.frames import Size

NAME = "A12"
FRAME_MS = 66.0
SIZE = Size(853, 480)


def estimate_a12(size: Size, is_articles_network: bool, cost_ratio: float | None) -> Estimate:
    """The A12's time for a frame.

    Args:
        size: what the network sees.
        is_articles_network: three full residual blocks with batch norm.
        cost_ratio: multiply-adds at this size over those of the article's network at 480x853, or
            None if they can't be counted.
    """
    if is_articles_network:
        return Estimate(
            Source.ARTICLE,
            (FRAME_MS * size.pixels / SIZE.pixels,),
            "the article's 66 ms at 480x853, by the pixels; no jitter, no heat",
        )
    if cost_ratio is None:
        return Estimate(Source.UNKNOWN, note="not measured on this device")
    return Estimate(Source.ROUGH, (FRAME_MS * cost_ratio,), "a rough figure, by multiply-adds")
