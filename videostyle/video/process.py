"""One ffmpeg process: started, watched, and gone when its block ends."""

import contextlib
import logging
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from videostyle.errors import MediaError

logger = logging.getLogger(__name__)

FFMPEG_VARIABLE = "VIDEOSTYLE_FFMPEG"


def find_ffmpeg() -> str:
    """The ffmpeg to run: the one named by `VIDEOSTYLE_FFMPEG`, else imageio-ffmpeg's.

    Raises:
        MediaError: there is none for this platform.
    """
    if named := os.environ.get(FFMPEG_VARIABLE):
        return named
    import imageio_ffmpeg

    try:
        return imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise MediaError(
            f"no ffmpeg for this system; install one and name it in {FFMPEG_VARIABLE}"
        ) from error


def local_url(path: Path) -> str:
    """Name a local file so that no part of its name (`http:`) is taken for a protocol."""
    return f"file:{path}"


class FfmpegProcess:
    """An ffmpeg with one end of a pipe in our hands.

    Its messages go to an unnamed temporary file: an undrained stderr pipe would hang it
    (ffmpeg-python#195). It runs in a session of its own, so that Ctrl-C reaches us alone and we
    decide how it ends.
    """

    def __init__(self, arguments: Sequence[str], *, pipe: str) -> None:
        """Start it.

        Args:
            arguments: the command line without the program's name.
            pipe: `stdin` or `stdout`, the end that we hold.

        Raises:
            MediaError: ffmpeg can't be started.
        """
        command = [find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "warning", *arguments]
        logger.debug("starting %s", subprocess.list2cmdline(command))
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (closed by stop)
        ends = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | {pipe: subprocess.PIPE}
        try:
            self._process = subprocess.Popen(command, stderr=self._log, start_new_session=True,
                                             bufsize=0, stdin=ends["stdin"], stdout=ends["stdout"])
        except OSError as error:
            self._log.close()
            raise MediaError(f"{command[0]}: ffmpeg can't be started: {error.strerror}") from error
        self.pipe: IO[bytes] = getattr(self._process, pipe)

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> int:
        """Wait for its end; returns the exit status."""
        return self._process.wait()

    def last_words(self, lines: int = 2) -> str:
        """The end of what it printed, on one line."""
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - 4096))
        text = self._log.read().decode(errors="replace").splitlines()
        return "; ".join(line.strip() for line in text[-lines:] if line.strip())

    def stop(self) -> None:
        """End it if it still runs, and let go of everything it held.

        Killed at once: asked politely, ffmpeg would first finish a file that nobody wants.
        """
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):  # a broken pipe: it is gone already
            self.pipe.close()
        self._log.close()
