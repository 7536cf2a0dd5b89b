"""Processes of ours that work for the server: orders go in and news comes out, a JSON line each.

A process of its own may run out of memory, or be killed, and takes nothing else with it. It ends by
itself when the server is gone, however that came about: its input ends then.
"""

import asyncio
import contextlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from videostyle.errors import VideoStyleError

# A line may hold a whole report.
MOST_LINE_BYTES = 16_000_000

# How long a process may take to clean up after it was told to stop.
PATIENCE_S = 8.0

GONE = "the process that paints has ended unexpectedly, perhaps for lack of memory"


# An order that ends the one before it.
STOP = {"act": "stop"}


class Stopped(Exception):
    """The server wants something else."""


class Child:
    """One such process, as the server sees it.

    Args:
        module: what it runs.
        on_news: called with each line that it says.
    """

    def __init__(self, module: str, on_news: Callable[[dict[str, Any]], None]) -> None:
        self._module, self._on_news = module, on_news
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        # In a session of its own: a Ctrl-C in the terminal is for the server, which stops it.
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._module),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            limit=MOST_LINE_BYTES,
        )

    async def listen(self) -> None:
        """Pass on what it says until it ends."""
        assert self._process
        assert self._process.stdout
        async for line in self._process.stdout:
            self._on_news(json.loads(line))
        await self._process.wait()

    def order(self, order: dict[str, Any]) -> None:
        """Give it one thing to do; a process that is gone hears nothing."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    def interrupt(self) -> None:
        """Stop what it does, as by Ctrl-C."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGINT)

    async def stop(self) -> None:
        """End it, at first kindly."""
        if not self._process or self._process.returncode is not None:
            return
        self.interrupt()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


class Parent:
    """The server, as one such process sees it."""

    def __init__(self) -> None:
        # Libraries print what they like on stdout, which is for the server: they get stderr.
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._is_stopped = threading.Event()
        self._orders: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def say(self, **news: Any) -> None:
        """Tell the server something."""
        print(json.dumps(news), file=self._out, flush=True)

    def orders(self) -> Iterator[dict[str, Any]]:
        """What the server wants, one thing after another, until it is gone."""
        while order := self._orders.get():
            self._is_stopped.clear()
            yield order

    def check(self) -> None:
        """Call it now and then.

        Raises:
            Stopped: nobody wants any more what is being done.
        """
        if self._is_stopped.is_set():
            raise Stopped

    def _read(self) -> None:
        for line in sys.stdin:
            order = json.loads(line)
            if order == STOP:
                self._is_stopped.set()
            else:
                self._orders.put(order)
        self._orders.put(None)
        os.kill(os.getpid(), signal.SIGINT)  # whatever is being painted: nobody waits for it


def words_of(error: BaseException) -> str:
    """An error as a sentence for the page."""
    if isinstance(error, VideoStyleError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory; take a smaller size"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'a file'}: {error.strerror}"
    return f"unexpected {type(error).__name__}: {error}"
