"""After an hour picture and sound are still together, in tiny frames."""

import sys
from fractions import Fraction

import av
import numpy as np
import pytest

from videostyle import StylizeConfig, stylize

HOUR_S = 3600

# Flash and click once in this many seconds, the last one shortly before the end.
EVERY_S = 60

# Frames whose hold times vary between 6 and 47 ms, 25 a second on the whole, one at each minute.
VARIABLE = "settb=1/1000,setpts='N*40+mod(mod(N,1500)*7,41)'"

SOURCES = {
    "constant": ("30", "null", ()),
    "variable": ("25", VARIABLE, ("-fps_mode", "passthrough", "-enc_time_base", "1:1000")),
}


def make(run_ffmpeg, path, rate, filters, options):
    """The picture turns white for one second in a minute, and a tone begins with it."""
    run_ffmpeg(
        "-f",
        "lavfi",
        "-i",
        f"color=black:size=32x32:rate={rate}:duration={HOUR_S}",
        "-f",
        "lavfi",
        "-i",
        f"aevalsrc='if(lt(mod(t,{EVERY_S}),1),sin(3142*t)/2,0)':s=8000:d={HOUR_S}",
        "-vf",
        f"{filters},drawbox=color=white:t=fill:enable='lt(mod(t,{EVERY_S}),1)'",
        *options,
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-c:a",
        "aac",
        path,
    )


def flashes(path) -> list[Fraction]:
    """When the picture turns white, by the file's timestamps."""
    times, before = [], True
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in container.decode(stream):
            white = bool(np.frombuffer(frame.planes[0], np.uint8)[:32].mean() > 128)
            if white and not before:
                times.append(frame.pts * stream.time_base)
            before = white
    return times


def clicks(path) -> list[Fraction]:
    """When the tone begins again."""
    times, quiet_since = [], None
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            loud = np.flatnonzero(np.abs(frame.to_ndarray()[0]) > 0.03)
            at = Fraction(frame.pts) * frame.time_base
            if loud.size:
                begins = at + Fraction(int(loud[0]), frame.sample_rate)
                if quiet_since is not None and begins - quiet_since > 10:
                    times.append(begins)
                quiet_since = at + Fraction(int(loud[-1]), frame.sample_rate)
    return times


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="not run there")
@pytest.mark.parametrize("kind", list(SOURCES))
def test_flash_and_click_are_together_at_the_end_of_an_hour(run_ffmpeg, tmp_path, kind):
    source = tmp_path / "hour.mp4"
    make(run_ffmpeg, source, *SOURCES[kind])
    config = StylizeConfig(backend="identity", size="32p", fps=15, batch_size=64)
    result = stylize(source, tmp_path / "out.mp4", config)
    assert abs(result.frames - HOUR_S * 15) <= 1
    seen, heard = flashes(tmp_path / "out.mp4"), clicks(tmp_path / "out.mp4")
    assert len(seen) == len(heard) == HOUR_S // EVERY_S - 1
    apart = [abs(float(flash - click)) for flash, click in zip(seen, heard, strict=True)]
    print(
        f"{kind}: {1000 * apart[-1]:.1f} ms at {float(seen[-1]):.0f} s, "
        f"{1000 * max(apart):.1f} ms at most"
    )
    assert max(apart) < 1 / 15
