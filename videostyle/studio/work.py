"""The two processes that work for the studio, and what waits for them."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from videostyle.studio.child import GONE, STOP, Child
from videostyle.studio.project import Job

PAINTER = "videostyle.studio.painter"
EXPORTER = "videostyle.studio.exporter"


@dataclass(eq=False)
class Order:
    """Something to paint that somebody looks at.

    Attributes:
        act: what the painter is told, with its arguments.
        urgency: smaller ones come first.
        on_done: called with an error in words, or None.
    """

    act: dict[str, Any]
    urgency: int
    on_done: Callable[[str | None], None] = lambda error: None


@dataclass
class Painting:
    """Carries out one order after another, while somebody looks.

    Attributes:
        on_news: called with what the painter tells in between.
        is_watched: whether somebody looks.
        waiting: orders.
        current: the order that is being carried out.
    """

    on_news: Callable[[dict[str, Any]], None]
    is_watched: Callable[[], bool]
    waiting: list[Order] = field(default_factory=list)
    current: Order | None = None

    def __post_init__(self) -> None:
        self._has_news = asyncio.Event()
        self._child: Child | None = None
        self._ears: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[str | None] | None = None

    def add(self, *orders: Order) -> None:
        self.waiting.extend(orders)
        self.wake()

    def has(self, act: dict[str, Any]) -> bool:
        """Whether something is waiting or being carried out."""
        orders = [*self.waiting, *([self.current] if self.current else [])]
        return any(order.act == act for order in orders)

    def wake(self) -> None:
        """Somebody began to look, or there is more to do."""
        self._has_news.set()

    def drop(self, is_unwanted: Callable[[Order], bool]) -> None:
        """Forget orders, and stop the one that is being carried out if it is among them."""
        self.waiting = [order for order in self.waiting if not is_unwanted(order)]
        if self.current and is_unwanted(self.current) and self._child:
            self._child.order(STOP)

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                await self._has_news.wait()
                self._has_news.clear()
                while self.waiting and self.is_watched():
                    order = min(self.waiting, key=lambda each: each.urgency)
                    self.waiting.remove(order)
                    self.current = order
                    error = await self._carry_out(order)
                    self.current = None
                    order.on_done(error)
        finally:
            if self._child:
                await self._child.stop()

    async def _carry_out(self, order: Order) -> str | None:
        if self._ears is None or self._ears.done():
            self._child = Child(PAINTER, self._hear)
            await self._child.start()
            self._ears = asyncio.create_task(self._child.listen())
        assert self._child
        self._answer = asyncio.get_running_loop().create_future()
        self._child.order({**order.act, "number": id(order)})
        ends: list[asyncio.Future[Any]] = [self._answer, self._ears]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        return self._answer.result() if self._answer.done() else GONE

    def _hear(self, news: dict[str, Any]) -> None:
        if news["news"] not in ("done", "failed"):
            self.on_news(news)
        elif self._answer and not self._answer.done():
            self._answer.set_result(news.get("error"))


class Exports:
    """Makes one export after another; whoever looks or not.

    Args:
        jobs: all of them, finished ones too; the list is shared with the project.
        on_change: called when something about a job has changed.
        on_end: called when a job has ended.
    """

    def __init__(
        self, jobs: list[Job], on_change: Callable[[], None], on_end: Callable[[Job], None]
    ) -> None:
        self._jobs, self._on_change, self._on_end = jobs, on_change, on_end
        self._has_news = asyncio.Event()
        self._child: Child | None = None
        self._cancelled: set[str] = set()

    def wake(self) -> None:
        self._has_news.set()

    def cancel(self, job: Job) -> None:
        """Stop a job; what is finished of a film is kept, and `resume` goes on with it."""
        if job.state == "waiting":
            job.state = "cancelled"
        elif job.state == "running" and self._child:
            self._cancelled.add(job.id)
            self._child.interrupt()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            while job := next((each for each in self._jobs if each.state == "waiting"), None):
                await self._make(job)
                self._on_end(job)

    async def _make(self, job: Job) -> None:
        job.state, job.error, job.seconds_left = "running", None, None
        began = _Clock()

        def hear(news: dict[str, Any]) -> None:
            if news["news"] == "progress":
                job.done, job.total = news["done"], news["total"]
                job.stage = news.get("stage", "")
                job.seconds_left = began.seconds_left(job.done, job.total)
            elif news["news"] == "made":
                job.file, job.proof, job.verdict = news["file"], news["proof"], news["verdict"]
                job.state, job.done = "done", job.total or job.done
            else:
                job.state, job.error = "failed", news["error"]
            self._on_change()

        self._child = child = Child(EXPORTER, hear)
        try:
            await child.start()
            child.order(job.order)
            await child.listen()
        except asyncio.CancelledError:
            job.state = "interrupted"
            raise
        finally:
            with contextlib.suppress(asyncio.CancelledError):
                await child.stop()
            self._child = None
            if job.state == "running":
                job.state = "cancelled" if job.id in self._cancelled else "failed"
                job.error = None if job.state == "cancelled" else GONE
            job.seconds_left = None
            self._cancelled.discard(job.id)


class _Clock:
    """How long work will take, by how it went so far."""

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None

    def seconds_left(self, done: float, total: float | None) -> float | None:
        """None before there is anything to go by; what an earlier run did says nothing."""
        now = time.monotonic()
        if self._first is None:
            self._first = (now, done)
        began, first = self._first
        if total is None or done <= first or now - began < 1:
            return None
        return round((now - began) / (done - first) * max(0.0, total - done), 1)
