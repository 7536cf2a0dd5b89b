"""A terminal to run commands in, which tells what a person would see on it."""

import fcntl
import os
import pty
import re
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

CTRL_C = b"\x03"


@dataclass
class Run:
    """What a command left on the screen.

    Attributes:
        status: exit status.
        screen: the lines of the last screen, without the empty ones at the end.
        states: every different screen on the way, in order.
        widest: characters of the longest piece between two line feeds or carriage returns; above
            the terminal's width the terminal had to break it.
    """

    status: int
    screen: list[str]
    states: list[list[str]] = field(repr=False)
    widest: int


def run_in_terminal(
    arguments: Sequence[object],
    columns: int,
    *,
    cwd: Path,
    press_at: Callable[[list[str]], bool] = lambda screen: False,
) -> Run:
    """Run `videostyle` with stdin, stdout and stderr on one pseudo-terminal.

    Args:
        arguments: the words after `videostyle`.
        columns: width of the terminal in characters.
        cwd: the folder to run in.
        press_at: Ctrl-C is pressed, once, at the first screen that this is true of.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    process = subprocess.Popen(
        # setsid --ctty: Ctrl-C that is typed into the terminal becomes a signal to the command.
        ["setsid", "--ctty", "--wait", sys.executable, "-m", "videostyle", *map(str, arguments)],
        cwd=cwd,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    screen = pyte.Screen(columns, LINES)
    stream = pyte.ByteStream(screen)
    states: list[list[str]] = []
    received, deadline, pressed = b"", time.monotonic() + PATIENCE_S, False
    try:
        while data := _read(master, deadline):
            received += data
            # Piece by piece, as a slow eye would see it.
            for piece in re.split(rb"(?=\r)", data):
                stream.feed(piece)
                shown = _lines(screen)
                if not states or shown != states[-1]:
                    states.append(shown)
                if not pressed and press_at(shown):
                    pressed = bool(os.write(master, CTRL_C))
    finally:
        os.close(master)
        if time.monotonic() >= deadline:
            process.kill()
        status = process.wait()
    pieces = re.split(r"[\r\n]", received.decode())
    return Run(status, _lines(screen), states, max(map(len, pieces)))


def _read(master: int, deadline: float) -> bytes:
    ready, _, _ = select.select([master], [], [], max(0, deadline - time.monotonic()))
    try:
        return os.read(master, 1 << 16) if ready else b""
    except OSError:  # Linux' way to say that the other end is closed
        return b""


def _lines(screen: pyte.Screen) -> list[str]:
    return "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n")
