"""Hardware decoders of ffmpeg's, used only after a trial.

Experimental: no machine with one was at hand. In the trial ffmpeg, a process of its own, decodes
the clip's busiest second in software and with the hardware; where there is no device it may abort
or hang. The hardware is used if every frame is the same and it is faster.
"""

import hashlib
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from fractions import Fraction
from threading import Timer

from videostyle.errors import ConfigError, MediaError
from videostyle.video.activity import read_packet_sizes
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.process import read_output

AUTO, NONE = "auto", "none"

TRIAL_S = Fraction(1)

# A decoder that hangs is killed after this long.
LONGEST_S = 60

# The hardware has to take at most this share of the software's time; less is noise.
MOST_SHARE = 0.9


def with_hwaccel(plan: DecodePlan, wanted: str) -> tuple[DecodePlan, tuple[str, ...]]:
    """Choose what decodes.

    Args:
        plan: decodes in software.
        wanted: `none`, `auto` for the fastest, or the name of one of ffmpeg's.

    Returns:
        The plan, with the hardware if it is used, and a line that says what was chosen and why.

    Raises:
        ConfigError: this ffmpeg has no hardware decoder of that name.
        DecodeError: the clip can't be decoded in software either.
    """
    if wanted == NONE:
        return plan, ()
    known = _known()
    if wanted != AUTO and wanted not in known:
        choices = ", ".join((AUTO, NONE, *known))
        raise ConfigError(f"hwaccel '{wanted}' is unknown to this ffmpeg; choose one of {choices}")
    if plan.info.is_picture or plan.info.decoder is not None:
        return plan, (_fallback(["such files are always decoded in software"]),)
    shares, reasons = {}, []
    expected, software_s = _try(plan)
    for name in known if wanted == AUTO else [wanted]:
        try:
            digest, seconds = _try(replace(plan, hwaccel=name, full=True))
        except MediaError as error:
            reasons.append(f"{name} failed ({error})" if wanted != AUTO else f"{name} failed")
            continue
        share = seconds / software_s if software_s else 1.0
        if digest != expected:
            reasons.append(f"{name} decodes other frames")
        elif share > MOST_SHARE:
            reasons.append(f"{name} takes {share:.1f} times as long")
        else:
            shares[name] = share
    if not shares:
        return plan, (_fallback(reasons),)
    best = min(shares, key=lambda name: shares[name])
    line = f"hwaccel: {best} decodes the same frames {1 / shares[best]:.1f} times as fast"
    return replace(plan, hwaccel=best, full=True), (f"{line} (experimental)",)


def _fallback(reasons: list[str]) -> str:
    because = "; ".join(reasons) or "this ffmpeg has no hardware decoders"
    return f"hwaccel: the clip is decoded in software: {because}"


def _known() -> list[str]:
    """The names that ffmpeg was built with, whatever this machine has."""
    return read_output(["-hwaccels"]).split()[3:]  # after "Hardware acceleration methods:"


def _try(plan: DecodePlan) -> tuple[str, float]:
    """Decode the busiest second: a digest of all its source frames, exactly decoded, and the time
    that the frames of the plan take, from the first to the last.

    Raises:
        DecodeError: it failed.
    """
    start_s = _busiest_s(plan)
    plan = replace(plan, start_s=start_s, duration_s=TRIAL_S, may_be_empty=True)
    digest, times = hashlib.sha256(), list[float]()
    with _decoder(replace(plan, rate=plan.info.rate, full=True)) as decoder:
        for shown in decoder:
            digest.update(shown.frame.tobytes())
    with _decoder(plan) as decoder:
        times += (time.perf_counter() for _ in decoder)
    return digest.hexdigest(), times[-1] - times[0] if times else 0.0


@contextmanager
def _decoder(plan: DecodePlan) -> Iterator[Decoder]:
    with Decoder(plan) as decoder:
        timer = Timer(LONGEST_S, _kill, [decoder.pid])
        timer.start()
        try:
            yield decoder
        finally:
            timer.cancel()


def _kill(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has no SIGKILL


def _busiest_s(plan: DecodePlan) -> Fraction:
    """The start of the wanted part's second with the most bytes; elsewhere one can't seek."""
    if not plan.can_seek:
        return plan.start_s
    size_of = Counter[int]()
    for packet in read_packet_sizes(plan.info):
        passed_s = packet.time_s - plan.start_s
        if passed_s >= 0 and (plan.duration_s is None or passed_s < plan.duration_s):
            size_of[int(passed_s)] += packet.size
    return plan.start_s + max(size_of, key=lambda second: size_of[second], default=0)
