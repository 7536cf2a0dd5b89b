"""A terminal to run commands in, which tells what a person would see on it."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyte

# Taller than anything that a command prints, so that nothing scrolls away.
LINES = 200

# Seconds after which a command that doesn't end counts as stuck, on a busy machine.
PATIENCE_S = 120


@dataclass
class Run:
    """What a command left on the screen.

    Attributes:
        status: exit status.
        screen: the lines of the last screen, without the empty ones at the end.
        states: every different screen on the way, in order, the last one included.
    """

    status: int
    screen: list[str]
    states: list[list[str]] = field(repr=False)


def run_in_terminal(
    arguments: Sequence[object],
    columns: int,
    *,
    cwd: Path,
    on_screen: Callable[[list[str], subprocess.Popen], None] | None = None,
) -> Run:
    """Run `videostyle` with stdout and stderr on one pseudo-terminal.

    Args:
        arguments: the words after `videostyle`.
        columns: width of the terminal in characters.
        cwd: the folder to run in.
        on_screen: called with each new screen and the process, for example to press Ctrl-C.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "videostyle", *map(str, arguments)],
        cwd=cwd,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "linux", "PYTHONWARNINGS": "ignore"},
        start_new_session=True,
        # Makes the pseudo-terminal the controlling one: Ctrl-C typed into it becomes SIGINT.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    screen = pyte.Screen(columns, LINES)
    stream = pyte.ByteStream(screen)
    states: list[list[str]] = []
    deadline = time.monotonic() + PATIENCE_S
    try:
        while data := _read(master, deadline):
            # Piece by piece, as a slow eye would see it: each line feed and carriage return.
            for piece in data.replace(b"\r", b"\0\r").split(b"\0"):
                stream.feed(piece)
                shown = _lines(screen)
                if not states or shown != states[-1]:
                    states.append(shown)
                    if on_screen:
                        on_screen(shown, master)
    finally:
        os.close(master)
        if time.monotonic() >= deadline:
            process.kill()
        status = process.wait()
    return Run(status, _lines(screen), states)


def _read(master: int, deadline: float) -> bytes:
    ready, _, _ = select.select([master], [], [], max(0, deadline - time.monotonic()))
    try:
        return os.read(master, 65536) if ready else b""
    except OSError:  # Linux' way to say that the other end is closed
        return b""


def _lines(screen: pyte.Screen) -> list[str]:
    return "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")
