"""Letting the decoder, the network and the encoder work at the same time.

Each side of the network gets a thread with a short queue. The threads only move bytes through
pipes, which releases Python's global lock, so threads are enough.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")

# Enough to even out a codec's bursts (a key frame, a group of B-frames), and below 10 MB at
# 853x480.
DEPTH = 8

# How often a waiting thread checks whether the other side has given up.
_PATIENCE_S = 0.1

# How long writing one item may take when everything is given up.
_LAST_ITEM_S = 5


class ReadAhead(Generic[Item]):
    """Iterates over a source that is read ahead in a thread; a context manager.

    An error in the source is raised where the items are taken.
    """

    def __init__(self, source: Iterable[Item], depth: int = DEPTH) -> None:
        self._queue: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(depth)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(source,), daemon=True, name="videostyle-read"
        )
        self._thread.start()

    def __enter__(self) -> "ReadAhead[Item]":
        return self

    def __exit__(self, *exception: object) -> None:
        """Give up reading. The thread ends by itself once its source does."""
        self._stop.set()

    def __iter__(self) -> Iterator[Item]:
        while True:
            item, error = self._queue.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item

    def _run(self, source: Iterable[Item]) -> None:
        try:
            for item in source:
                if not self._put((item, None)):
                    return
            self._put((None, None))
        except BaseException as error:  # raised in the thread that takes the items
            self._put((None, error))

    def _put(self, entry: tuple[Item | None, BaseException | None]) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(entry, timeout=_PATIENCE_S)
                return True
            except queue.Full:
                continue
        return False


class WriteBehind(Generic[Item]):
    """Hands items to a writer in a thread; a context manager that waits for the last one.

    An error in the writer is raised by the next `put`, or at the end of the block.
    """

    def __init__(self, write: Callable[[Item], None], depth: int = DEPTH) -> None:
        self._write = write
        self._queue: queue.Queue[Item | None] = queue.Queue(depth)
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="videostyle-write")
        self._thread.start()

    def __enter__(self) -> "WriteBehind[Item]":
        return self

    def __exit__(self, kind: object, *exception: object) -> None:
        if kind is not None:
            self._stop.set()
            self._thread.join(_LAST_ITEM_S)  # what it holds must not outlive the block
            return
        self._put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def put(self, item: Item) -> None:
        """Queue one item; waits while the queue is full."""
        self._put(item)
        if self._error is not None:
            raise self._error

    def _put(self, item: Item | None) -> None:
        while self._error is None:
            try:
                self._queue.put(item, timeout=_PATIENCE_S)
                return
            except queue.Full:
                continue

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                try:
                    item = self._queue.get(timeout=_PATIENCE_S)
                except queue.Empty:
                    continue
                if item is None:
                    return
                self._write(item)
        except BaseException as error:  # raised in the thread that puts the items
            self._error = error
