"""A studio in a process of its own, as people start it."""

import os
import signal
import subprocess
import sys
from pathlib import Path


class RunningStudio:
    """`videostyle studio` in a folder; a context manager."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self._words = folder, words

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "videostyle", "studio", "--no-browser", *self._words],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.address = self._process.stdout.readline().strip()
        assert "token=" in self.address, self._process.communicate()[1]
        return self

    def __exit__(self, *error):
        if self._process.poll() is None:
            self.end(signal.SIGINT)

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal; exit status and stderr."""
        self._process.send_signal(number)
        _, complaints = self._process.communicate(timeout=30)
        return self._process.returncode, complaints

    def processes(self) -> list[int]:
        """Of the studio and all that it started."""
        found = {self._process.pid}
        children = _children()
        while more := {child for pid in found for child in children.get(pid, ())} - found:
            found |= more
        return sorted(found)


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            text = Path(f"/proc/{name}/stat").read_text()
        except OSError:
            continue
        parent = int(text.rpartition(")")[2].split()[1])
        found.setdefault(parent, []).append(int(name))
    return found


def alive(pids: list[int]) -> list[int]:
    """Those that still run; ended ones that nobody has asked for don't."""
    return [pid for pid in pids if _state(pid) not in ("", "Z")]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
