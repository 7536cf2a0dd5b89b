"""Workers in this process, one thread each: the slow work runs outside Python's global lock."""

import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from videostyle.batch.calls import Call
from videostyle.batch.executor import Finished
from videostyle.batch.worker import Worker
from videostyle.errors import ConfigError


class LocalExecutor:
    """Paints clips on this machine.

    Attributes:
        description, segment_s: see `Executor`.
    """

    def __init__(self, jobs: int = 1, segment_s: float | None = None) -> None:
        """Set it up; nothing is started yet.

        Args:
            jobs: clips painted at the same time. Two or more share the processor's cores.
            segment_s: seconds of video in a piece; None paints clips whole.

        Raises:
            ConfigError: fewer than one job.
        """
        if jobs < 1:
            raise ConfigError(f"jobs {jobs} is out of range; it must be 1 or more")
        self._jobs = jobs
        self.segment_s = segment_s
        self.description = "one worker here" if jobs == 1 else f"{jobs} workers here"
        self._idle: list[Worker] = []
        self._running: dict[Future[object], tuple[Call, Worker]] = {}

    def __enter__(self) -> "LocalExecutor":
        threads = None if self._jobs == 1 else max(1, (os.cpu_count() or 1) // self._jobs)
        self._idle = [Worker(threads) for _ in range(self._jobs)]
        self._pool = ThreadPoolExecutor(self._jobs, "videostyle-batch")
        return self

    def __exit__(self, *exception: object) -> None:
        for _, worker in self._running.values():
            worker.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._running.clear()
        self._idle.clear()

    def free(self) -> int:
        return len(self._idle)

    def submit(self, call: Call) -> None:
        worker = self._idle.pop()
        future = self._pool.submit(call.carry_out, worker)
        self._running[future] = call, worker

    def wait(self, timeout_s: float) -> list[Finished]:
        done, _ = wait(self._running, timeout_s, FIRST_COMPLETED)
        return [self._finish(future) for future in done]

    def underway(self) -> int:
        return sum(worker.frames for _, worker in self._running.values())

    def _finish(self, future: "Future[object]") -> Finished:
        call, worker = self._running.pop(future)
        self._idle.append(worker)
        error = future.exception()
        return Finished(call, None if error else future.result(), error)
