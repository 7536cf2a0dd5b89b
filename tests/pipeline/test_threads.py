"""The setting `threads` reaches the network and both ffmpegs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.test_pipeline import identity
from videostyle import StylizeConfig, stylize
from videostyle.backends import open_backend
from videostyle.errors import ConfigError
from videostyle.pipeline.plan import plan_frames
from videostyle.video.decoder import Decoder
from videostyle.video.process import FfmpegProcess


@pytest.mark.parametrize("threads", [1, 3])
def test_ffmpeg_is_held_to_them(counting_clip, tmp_path, monkeypatch, threads):
    """x264 writes into the file how many it had."""
    started = []
    original = FfmpegProcess.__init__

    def remember(self, arguments, **settings):
        started.append(list(arguments))
        original(self, arguments, **settings)

    monkeypatch.setattr(FfmpegProcess, "__init__", remember)
    stylize(counting_clip(8), tmp_path / "out.mp4", identity(threads=threads))
    assert f" threads={threads} ".encode() in (tmp_path / "out.mp4").read_bytes()
    for words in started:
        assert words[words.index("-filter_threads") + 1] == str(threads)
        assert words[words.index("-threads") + 1] == str(threads)
    assert started[0].index("-threads") < started[0].index("-i")  # of the decoder, not the pipe


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_a_decoder_with_one_thread_has_fewer_than_with_eight(run_ffmpeg, tmp_path):
    clip = tmp_path / "clip.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=30:duration=4", clip)

    def count(threads):
        plan = plan_frames(clip, identity(threads=threads))
        with Decoder(plan.decode) as frames:
            next(iter(frames))
            status = Path(f"/proc/{frames.pid}/status").read_text()
        return int(status.split("Threads:")[1].split()[0])

    assert count(1) + 7 <= count(8)


def test_openvino_is_held_to_them(tiny_model):
    backend = open_backend("openvino", tiny_model, threads=1)
    assert backend.frames_at_once == 1
    [request] = backend._compile(48, 64, 1)
    assert request.get_compiled_model().get_property("INFERENCE_NUM_THREADS") == 1


@pytest.mark.slow
def test_tensorflow_is_held_to_them_or_says_that_it_is_too_late(tiny_model):
    code = (
        "import sys; from pathlib import Path; from videostyle.backends import open_backend\n"
        "from videostyle.errors import BackendError\n"
        "path = Path(sys.argv[1]); open_backend('tensorflow', path, threads=1)\n"
        "from tensorflow.config import threading\n"
        "print(threading.get_intra_op_parallelism_threads())\n"
        "open_backend('tensorflow', path, threads=1)\n"
        "try: open_backend('tensorflow', path, threads=2)\n"
        "except BackendError as error: print(error)\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(tiny_model)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert out[0] == "1"
    assert "can no longer be limited to 2 threads" in out[1]


def test_a_number_out_of_range_is_refused():
    with pytest.raises(ConfigError, match="threads 0 is out of range"):
        StylizeConfig(threads=0)
