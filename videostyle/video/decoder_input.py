"""How a decoding ffmpeg opens its source, and the clock that its frames are chosen by."""

from fractions import Fraction
from math import floor
from typing import Any

from videostyle.video.decode_plan import DecodePlan
from videostyle.video.process import thread_options

# The clock of a clip whose times were moved.
MOVED_TICK_S = Fraction(1, 1_000_000)


def open_input(
    plan: DecodePlan,
    shortcut: dict[str, str] | None = None,
    skipped: dict[str, str] | None = None,
) -> Any:
    """The source as an input of ffmpeg-python's.

    Args:
        plan: what is wanted of it.
        shortcut: options of the decoder's, instead of the plan's own.
        skipped: options that keep pictures from the decoder (see skipping.py).
    """
    if shortcut is None:
        shortcut = {"skip_loop_filter": "bidir"} if plan.skips_deblocking else {}
    decoder = {} if plan.info.decoder is None else {"vcodec": plan.info.decoder}
    return plan.info.source.as_input(
        **decoder,
        **({} if plan.hwaccel is None else {"hwaccel": plan.hwaccel}),
        **seek_options(plan),
        **shortcut,
        **(skipped or {}),
        **thread_options(plan.threads),
    )


def seek_options(plan: DecodePlan) -> dict[str, str | None]:
    """Go to the key frame well before the start, and keep what lies between.

    An accurate seek would throw away the frame that is on the screen at the start, when it began
    a little earlier. A seek to the start itself may land on a key frame of which pictures shown
    before it can't be decoded (an open group).
    """
    if plan.seek_s == 0:
        return {}
    return {"noaccurate_seek": None, "ss": f"{float(plan.seek_s):.6f}"}


def from_start(video: Any, plan: DecodePlan) -> Any:
    """Move the clip's times to the start; `fps` drops what is then below 0, all but the last.

    In microseconds, since a tick may be a whole frame; one more for their rounding.
    """
    if plan.start_s == 0:
        return video
    return video.filter("settb", str(MOVED_TICK_S)).filter("setpts", f"PTS-{_moved_ticks(plan)}")


def time_from_start(time_s: Fraction, plan: DecodePlan) -> Fraction:
    """What `from_start` makes of a time, in seconds."""
    if plan.start_s == 0:
        return time_s
    return (nearest(time_s / MOVED_TICK_S) - _moved_ticks(plan)) * MOVED_TICK_S


def nearest(ticks: Fraction) -> int:
    """Whole ticks as ffmpeg rounds them: half a tick away from 0."""
    rounded = floor(abs(ticks) + Fraction(1, 2))
    return rounded if ticks >= 0 else -rounded


def _moved_ticks(plan: DecodePlan) -> int:
    return round((plan.start_s - plan.seek_s) / MOVED_TICK_S) + 1
