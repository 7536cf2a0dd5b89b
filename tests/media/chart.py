"""A clip that says everything about itself, and what is read off it again.

Frame n has a grey band of level `STEP * n`, so it says its number. Its corners have four colours,
so that what is turned, mirrored, shifted or discoloured shows. A click sounds at frame 30.
"""

import contextlib
from fractions import Fraction

import av
import numpy as np

STEP = 6
COUNT = 40
RATE = 30
WIDTH, HEIGHT = 96, 64
CLICK_FRAME = 30
CORNERS = np.array([(200, 40, 40), (40, 200, 40), (40, 40, 200), (220, 220, 220)])

# Levels that 8-bit Y'CbCr and a good encoder may cost; the wrong matrix costs 10 and more.
TOLERANCE = 3


def draw_chart(width: int = WIDTH, height: int = HEIGHT, count: int = COUNT) -> np.ndarray:
    """Frames uint8 [N, H, W, 3]."""
    frames = np.zeros((count, height, width, 3), np.uint8)
    frames += (np.arange(count) * STEP).astype(np.uint8)[:, None, None, None]
    rows, columns = height // 3, width // 3
    frames[:, :rows, :columns] = CORNERS[0]
    frames[:, :rows, -columns:] = CORNERS[1]
    frames[:, -rows:, :columns] = CORNERS[2]
    frames[:, -rows:, -columns:] = CORNERS[3]
    return frames


def number_of(frame: np.ndarray) -> int:
    """The number that the band in the middle says, between the corners."""
    height, width = frame.shape[:2]
    band = frame[height * 2 // 5 : height * 3 // 5, width // 8 : width * 7 // 8]
    return round(float(band.mean()) / STEP)


def color_error(frame: np.ndarray) -> float:
    """The largest difference in levels of the corners' colours from what they should be."""
    height, width = frame.shape[:2]
    spots = [
        frame[y - 3 : y + 3, x - 3 : x + 3].reshape(-1, 3).mean(axis=0)
        for y in (height // 6, height - height // 6)
        for x in (width // 6, width - width // 6)
    ]
    return float(np.abs(np.array(spots) - CORNERS).max())


def click_s(path) -> Fraction | None:
    """When the sound first gets loud, in seconds; None without sound."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        # Packed samples: PyAV 18 crashes on the eight planes of 7.1.
        packed = av.AudioResampler(format="flt")
        for frame in _decode_sound(container):
            for part in packed.resample(frame):
                channels = part.layout.nb_channels
                level = np.abs(part.to_ndarray().reshape(-1, channels)).max(axis=1)
                loud = np.flatnonzero(level > 0.1)
                if loud.size:
                    return Fraction(part.pts) * part.time_base + Fraction(
                        int(loud[0]), part.sample_rate
                    )
    raise AssertionError(f"{path}: no click")


def _decode_sound(container):
    """All frames; a copy that was cut may begin with a packet that can't be decoded."""
    for packet in container.demux(audio=0):
        with contextlib.suppress(av.InvalidDataError):
            yield from packet.decode()
