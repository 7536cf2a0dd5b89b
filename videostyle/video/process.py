"""One ffmpeg process: started, watched, and ended with its block."""

import atexit
import contextlib
import io
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, cast

from videostyle.errors import MediaError
from videostyle.video.messages import FfmpegMessages
from videostyle.video.watch import Watch

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None

logger = logging.getLogger(__name__)

FFMPEG_VARIABLE = "VIDEOSTYLE_FFMPEG"

# A file can't make ffmpeg open anything except files and our own pipes.
PROTOCOLS = "file,pipe"

# The most that Linux gives a user's pipe; its default is 64 KB.
PIPE_BYTES = 1 << 20

# How long a description may take; normally it takes milliseconds.
DESCRIBE_S = 10

_running: "set[subprocess.Popen[bytes]]" = set()


def find_ffmpeg() -> str:
    """The ffmpeg to run: the one named by `VIDEOSTYLE_FFMPEG`, otherwise imageio-ffmpeg's.

    Raises:
        MediaError: there is none for this platform.
    """
    if named := os.environ.get(FFMPEG_VARIABLE):
        return named
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise MediaError(
            f"no ffmpeg for this system; install one and name it in {FFMPEG_VARIABLE}"
        ) from error


class _Url(str):
    """A URL whose name may contain bytes that aren't UTF-8.

    ffmpeg-python compares its nodes by their printed form, in UTF-8; ffmpeg gets the bytes.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return self.encode(errors="backslashreplace").decode()


def local_url(path: Path) -> str:
    """Name a local file so that no part of its name (`http:`) is taken for a protocol, and from
    whatever folder ffmpeg is started."""
    return _Url("file:" + os.path.abspath(path))


def thread_options(threads: int | None) -> dict[str, int]:
    """ffmpeg's option for the number of processor threads of an input or an output.

    Each codec uses that many; reading, filtering and writing use one more thread each.
    """
    return {} if threads is None else {"threads": threads}


def filter_threads(threads: int | None) -> list[str]:
    """ffmpeg's option, before all others, for the number of threads of filters."""
    return [] if threads is None else ["-filter_threads", str(threads)]


class FfmpegProcess:
    """An ffmpeg with one end of a pipe in our hands.

    It runs in its own session, so that Ctrl-C reaches only us and we decide how it ends.

    Attributes:
        messages: what it prints.
        began_ns: when it was started, on the system's clock.
        pipe: the end that we hold; empty if there is none.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        pipe: str,
        watch: Watch | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start it.

        Args:
            arguments: the command line without the program's name.
            pipe: `stdin`, `stdout` or `none`: the end that we hold.
            watch: reads the lines of the filter `showinfo`, if that is among the arguments.
            folder: where it is started; None for where we are.

        Raises:
            MediaError: ffmpeg can't be started.
        """
        command = [
            find_ffmpeg(),
            "-hide_banner",
            "-nostdin",
            "-nostats",
            "-loglevel",
            "level+warning" if watch is None else "level+info",
            *arguments,
        ]
        logger.debug("starting %s", subprocess.list2cmdline(command))
        ends = {
            end: subprocess.PIPE if end == pipe else subprocess.DEVNULL
            for end in ("stdin", "stdout")
        }
        try:
            self._process = subprocess.Popen(
                command,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=folder,
                stdin=ends["stdin"],
                stdout=ends["stdout"],
                start_new_session=sys.platform != "win32",
            )
        except OSError as error:
            raise MediaError(f"{command[0]}: ffmpeg can't be started: {error.strerror}") from error
        self.began_ns = time.time_ns()
        _running.add(self._process)
        self._watch = watch
        self.messages = FfmpegMessages(cast(IO[bytes], self._process.stderr), watch)
        held = {"stdin": self._process.stdin, "stdout": self._process.stdout}.get(pipe)
        self.pipe: IO[bytes] = held or io.BytesIO()
        if held:
            _widen(held)

    def as_expected(self, time_s: Fraction) -> bool:
        """Whether what came up to a time, on its clock, is of frames that look as expected."""
        if self._watch is None or self._watch.has_passed(time_s):
            return True
        self.messages.catch_up()
        return self._watch.changed_s is None or self._watch.has_passed(time_s)

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> int:
        """Wait for its end and its last message; returns the exit status."""
        status = self._process.wait()
        self.messages.join()
        return status

    def last_words(self, lines: int = 2) -> str:
        """The end of what it printed, on one line."""
        return self.messages.last_words(lines)

    def stop(self) -> None:
        """End it if it still runs, and release everything it held.

        It is killed, because a polite request would make ffmpeg finish a file that nobody wants.
        """
        _end(self._process)
        self.messages.join()
        with contextlib.suppress(OSError):  # a broken pipe: it is gone already
            self.pipe.close()


def run_ffmpeg(arguments: Sequence[str], folder: Path | None = None) -> str:
    """Run an ffmpeg to its end, in a folder.

    Returns:
        An empty string if all went well, otherwise its last words.
    """
    process = FfmpegProcess(arguments, pipe="none", folder=folder)
    try:
        status = process.wait()
        return "" if status == 0 else process.last_words() or f"ffmpeg ended with {status}"
    finally:
        process.stop()


def ffmpeg_version() -> str:
    """The version of the ffmpeg that is used, such as `7.1`."""
    words = read_output(["-version"]).split()
    return words[2] if len(words) > 2 else "unknown"


def read_output(arguments: Sequence[str]) -> str:
    """What ffmpeg prints on stdout about itself."""
    command = [find_ffmpeg(), "-hide_banner", *arguments]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False
    ).stdout.decode(errors="replace")


def describe(arguments: Sequence[str]) -> str:
    """What ffmpeg prints of its inputs; empty if that takes suspiciously long."""
    try:
        return subprocess.run(
            [find_ffmpeg(), "-hide_banner", "-nostdin", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DESCRIBE_S,
            check=False,
        ).stderr.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return ""
    except OSError as error:
        raise MediaError(f"{find_ffmpeg()}: ffmpeg can't be started: {error.strerror}") from error


def _widen(pipe: IO[bytes]) -> None:
    """Enlarge a pipe to most of a frame, so that the two sides wake each other less often."""
    if fcntl is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):  # a system may allow less to one user
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    _running.discard(process)


@atexit.register
def _end_all() -> None:
    """End what is left: a signal may come between an ffmpeg's start and the block that ends it."""
    for process in list(_running):
        _end(process)
