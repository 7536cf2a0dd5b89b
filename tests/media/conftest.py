"""The chart as a file, made once for each form of it."""

from fractions import Fraction

import numpy as np
import pytest

from tests.media.chart import CLICK_FRAME, COUNT, HEIGHT, RATE, WIDTH, draw_chart
from tests.media.kinds import Workshop


@pytest.fixture(scope="session")
def shop(run_ffmpeg, tmp_path_factory) -> Workshop:
    folder = tmp_path_factory.mktemp("charts")

    def chart(width=WIDTH, height=HEIGHT, rate=RATE, count=COUNT):
        path = folder / f"{width}-{height}-{str(rate).replace('/', '_')}-{count}.mkv"
        if not path.exists():
            frames = draw_chart(width, height, count)
            at_s = float(CLICK_FRAME / Fraction(rate))
            click = (
                f"aevalsrc='if(between(t,{at_s},{at_s + 0.02}),0.9,0)':s=48000:d="
                f"{float(count / Fraction(rate)):.4f}"
            )
            run_ffmpeg(
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "-video_size",
                f"{width}x{height}",
                "-framerate",
                rate,
                "-i",
                "pipe:0",
                "-f",
                "lavfi",
                "-i",
                click,
                "-c:v",
                "ffv1",
                "-pix_fmt",
                "bgr0",
                "-c:a",
                "pcm_s16le",
                path,
                stdin=np.ascontiguousarray(frames).tobytes(),
            )
        return path

    return Workshop(run_ffmpeg, chart)
