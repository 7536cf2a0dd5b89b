"""Frames of clips, to train on."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from videostyle.frames import Box, Fit, fit_frame
from videostyle.train.dataset import spread
from videostyle.video.decode_plan import DecodePlan
from videostyle.video.decoder import Decoder
from videostyle.video.probe import VideoInfo

# Frames farther apart than this are sought one by one; closer ones are decoded in one go.
SEEK_PAYS_S = 10


def sample_clip(clip: VideoInfo, count: int, short_side: int) -> tuple[list[np.ndarray], list[str]]:
    """Read frames at even intervals from a clip.

    Returns:
        At most `count` photos uint8 [H, W, 3], RGB, the shorter side `short_side` pixels; and what
        is known to be missing of the clip.

    Raises:
        DecodeError: it can't be decoded at all.
    """
    frames: list[np.ndarray] = []
    losses: list[str] = []
    step = 1  # every step-th frame is kept
    number = 0
    for plan in _plans(clip, count, short_side):
        with Decoder(plan) as decoder:
            for shown in decoder:
                if number % step == 0:
                    frames.append(shown.frame)
                number += 1
                if len(frames) > 2 * count:  # a clip of unknown length
                    frames, step = frames[::2], 2 * step
        losses += decoder.notices
    return spread(frames, count), losses


def _plans(clip: VideoInfo, count: int, short_side: int) -> Iterator[DecodePlan]:
    """What to decode: the whole clip at a low rate or, for a long one, each frame by itself."""
    geometry = fit_frame(clip.size, Box(short_side, None), Fit.CONTAIN)
    if clip.end_s is None:
        yield DecodePlan(clip, geometry, min(Fraction(1), clip.rate), keep_going=True)
        return
    rate = min(count / clip.end_s, clip.rate)
    whole = DecodePlan(clip, geometry, rate, start_s=1 / (2 * rate), keep_going=True)
    if 1 / rate < SEEK_PAYS_S or not whole.can_seek:
        yield whole
        return
    for number in range(count):
        yield DecodePlan(
            clip,
            geometry,
            clip.rate,
            start_s=(number + Fraction(1, 2)) / rate,
            duration_s=1 / clip.rate,
            keep_going=True,
            may_be_empty=True,
        )
