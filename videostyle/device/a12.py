"""The article's only figure for a phone, and what follows from it.

Its network (three full residual blocks, batch norm) took 66 ms a frame at 480x853 on an A12,
"probably the upper bound of the device", with "a couple of occurrences of dropped frames". Within
that architecture it scales with the number of pixels. It says nothing certain about any other: the
article's own separable blocks have far fewer multiply-adds and were not faster.
"""

from videostyle.device.estimate import Source, Times
from videostyle.frames import Size

NAME = "A12"
FRAME_MS = 66.0
SIZE = Size(853, 480)


def a12_times(is_articles_network: bool, cost_ratio: float | None) -> tuple[Times, ...]:
    """What is known about a network on the A12.

    Args:
        is_articles_network: three full residual blocks with batch norm.
        cost_ratio: multiply-adds at 480x853 over those of the article's network, or None if they
            can't be counted.
    """
    if is_articles_network:
        note = "the article's 66 ms at 480x853"
        return (Times(Source.ARTICLE, SIZE, (FRAME_MS,), note),)
    if cost_ratio is None:
        return ()
    note = "a rough figure, by multiply-adds"
    return (Times(Source.ROUGH, SIZE, (FRAME_MS * cost_ratio,), note),)
