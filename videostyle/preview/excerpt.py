"""Which part of a clip to show if the user doesn't say."""

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from videostyle.video.activity import PacketSize, read_packet_sizes
from videostyle.video.probe import VideoInfo

# Places are tried this far apart.
STEP_S = 0.5


def choose_start(info: VideoInfo, duration_s: Fraction) -> tuple[Fraction, str]:
    """Find where a clip moves most.

    Returns:
        Seconds after the clip's start, and why, for the user to read.
    """
    if info.end_s is None or info.end_s <= duration_s:
        return Fraction(0), "the whole clip"
    return choose_busiest(read_packet_sizes(info), float(info.end_s), duration_s)


def choose_busiest(
    packets: Sequence[PacketSize], end_s: float, duration_s: Fraction
) -> tuple[Fraction, str]:
    """The window whose predicted pictures take the most bytes: motion is hard to predict.

    Args:
        packets: in the order of their times.
        end_s: where the clip ends.
        duration_s: length of the window, shorter than the clip.
    """
    moving = [packet for packet in packets if not packet.is_key]
    if not moving:
        middle = Fraction(round((end_s - float(duration_s)) / 2))
        return middle, "the middle: every frame is a key frame, which hides what moves"
    times = [packet.time_s for packet in moving]
    sums = [0, *accumulate(packet.size for packet in moving)]

    def bytes_from(start_s: float) -> int:
        first, last = (bisect_left(times, at) for at in (start_s, start_s + float(duration_s)))
        return sums[last] - sums[first]

    places = int((end_s - float(duration_s)) / STEP_S) + 1
    best = max(range(places), key=lambda place: bytes_from(place * STEP_S))
    return Fraction(best) * Fraction(STEP_S), "where the clip moves most"
