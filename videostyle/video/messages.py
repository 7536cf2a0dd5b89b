"""What an ffmpeg prints while it works: what is damaged, and what each source frame looks like."""

import os
import re
import select
import sys
import threading
import time
from collections import deque
from typing import IO

from videostyle.video.watch import Watch

# The most that is read of one ffmpeg's messages: a damaged film causes a hundred thousand.
_LINES_KEPT = 20

# `[h264 @ 0x55d0c8] [error] text`: where a message comes from, and its level.
_SOURCE = re.compile(r"\[([^\] ]*) @ 0x[0-9a-f]+\] ")
_LEVEL = re.compile(r"\[(info|warning|error|fatal|panic)\] ")

# Decoders that mark the frames that they could not decode as they should. What else they print at
# the level of errors (a message of the camera's that is too long, a reference to a picture before a
# cut) costs no frame.
MARKING = frozenset({"h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vc1", "wmv3", "h263"})

# Messages of any level that mean lost frames: a stream that starts in the middle of a broadcast is
# not read at all.
_LOST = ("Error submitting packet to decoder", "New video stream")

# The muxers' complaints about times: of streams that are only read along, or of copied sound.
_ONLY_TIMES = ("Application provided invalid, non monotonically increasing dts",)


_READ_BYTES = 1 << 16

# Windows can't tell whether a pipe has data; reading there waits for it.
_CAN_TELL = sys.platform != "win32"


def _wait_for(stream: IO[bytes]) -> None:
    if _CAN_TELL:
        select.select([stream], [], [])


def _is_readable(stream: IO[bytes]) -> bool:
    return not _CAN_TELL or bool(select.select([stream], [], [], 0)[0])


class FfmpegMessages:
    """What an ffmpeg prints, read in a thread: a full pipe would hang it
    (ffmpeg-python#195), and a file could fill the temporary folder.

    Attributes:
        errors: how many messages were errors that cost frames.
        corrupt: how many frames were decoded with parts missing.
        first_error: the first of them, or an empty string.
        jumps: how often the clock of the file jumped, and was brought back.
    """

    def __init__(self, stream: IO[bytes], watch: Watch | None = None) -> None:
        """Start reading; the stream is closed at its end."""
        self.errors = 0
        self.corrupt = 0
        self.first_error = ""
        self.jumps = 0
        self._watch = watch
        self._stream = stream
        self._begun = b""
        self._is_over = False
        self._reading = threading.Lock()
        self._last: deque[str] = deque(maxlen=_LINES_KEPT)
        self._thread = threading.Thread(target=self._read, daemon=True, name="videostyle-messages")
        self._thread.start()

    def last_words(self, lines: int = 2) -> str:
        """The end of what was printed, on one line."""
        self.join()
        return "; ".join(list(self._last)[-lines:])

    def join(self) -> None:
        """Wait for the last message of an ffmpeg that has ended."""
        self._thread.join(timeout=5)

    def catch_up(self) -> None:
        """Read everything that ffmpeg has printed so far, without waiting for more."""
        if not _CAN_TELL:
            time.sleep(0.01)
            return
        with self._reading:
            while not self._is_over and _is_readable(self._stream):
                self._read_some()

    def _read(self) -> None:
        with self._stream:
            while not self._is_over:
                _wait_for(self._stream)
                with self._reading:
                    if not self._is_over and _is_readable(self._stream):
                        self._read_some()

    def _read_some(self) -> None:
        data = os.read(self._stream.fileno(), _READ_BYTES)
        self._is_over = not data
        *lines, self._begun = (self._begun + data).split(b"\n")
        if self._is_over:
            lines.append(self._begun)
        for line in lines:
            rest = line if self._watch is None else self._watch.take(line)
            if rest:
                self._take(rest.decode(errors="replace").strip())

    def _take(self, line: str) -> None:
        sources = _SOURCE.findall(line)
        line = _SOURCE.sub("", line)
        level = _LEVEL.match(line)
        text = _LEVEL.sub("", line, count=1) if level else line
        if not text or (level is not None and level[1] == "info"):
            return
        self._last.append(text)
        if text.startswith("corrupt decoded frame"):
            self.corrupt += 1
        elif (level is None or level[1] == "warning") and not text.startswith(_LOST):
            self.jumps += text.startswith("timestamp discontinuity")
            return
        elif text.startswith(_ONLY_TIMES):
            return
        self.first_error = self.first_error or text
        self.errors += not sources or sources[-1] not in MARKING
