"""Workers on a Ray cluster; each is a Ray actor.

Ray starts, watches and stops them. This module gives calls to free ones, and replaces lost ones.
"""

import contextlib
import logging
import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from videostyle._version import __version__
from videostyle.batch.calls import Call
from videostyle.batch.executor import Finished
from videostyle.batch.worker import Worker
from videostyle.errors import ConfigError, MissingDependencyError, WorkerError
from videostyle.pipeline.pieces import SEGMENT_S

# How long stopped calls may take to clean up.
GRACE_S = 5

# After this many workers in a row that end before they are ready, something is wrong with all.
MOST_FALSE_STARTS = 3

# Frames never go through Ray's object store, only small messages; this is its smallest size.
OBJECT_STORE_BYTES = 80 * 2**20

LOCAL = "local"


class RayExecutor:
    """Paints clips on a Ray cluster.

    Attributes:
        description, segment_s: see `Executor`.
    """

    def __init__(
        self,
        address: str = LOCAL,
        *,
        workers: int | None = None,
        cores: int = 1,
        gpus: float = 0,
        segment_s: float | None = SEGMENT_S,
    ) -> None:
        """Set it up; nothing is started yet.

        Args:
            address: HOST:PORT of the cluster's head, or `local` to start one on this machine for
                the duration of the batch. If this process is connected to Ray already, that
                cluster is used.
            workers: how many to ask for; None for as many as fit on the cluster's machines.
            cores: processor cores for each worker; its network and each ffmpeg use as many
                threads.
            gpus: GPUs for each worker; with 0.5 two share one.
            segment_s: seconds of video in a piece; None paints clips whole.

        Raises:
            ConfigError: a number is out of range.
            MissingDependencyError: Ray isn't installed.
        """
        for name, value in (("workers", workers), ("worker cores", cores)):
            if value is not None and value < 1:
                raise ConfigError(f"{name} {value} is out of range; it must be 1 or more")
        if gpus < 0:
            raise ConfigError(f"worker gpus {gpus} is out of range; it must be 0 or more")
        self._ray = _import_ray()
        self.segment_s = segment_s
        self.description = f"Ray ({address})"
        self._address, self._count, self._cores, self._gpus = address, workers, cores, gpus
        self._slots: list[_Slot] = []
        self._false_starts = 0
        self._is_ours = False

    def __enter__(self) -> "RayExecutor":
        self._is_ours = not self._ray.is_initialized()
        try:
            if self._is_ours:
                self._connect()
            count = self._count or self._room()
            for _ in range(count):
                self._start()
        except BaseException:
            self.__exit__()
            raise
        gpus = f" and {self._gpus:g} GPU" if self._gpus else ""
        self.description = (
            f"{count} on Ray ({self._address}), {self._cores} "
            f"core{'s' * (self._cores > 1)}{gpus} each"
        )
        return self

    def __exit__(self, *exception: object) -> None:
        """Ask running calls to stop, then kill the workers, and stop Ray if we started it."""
        with contextlib.suppress(self._ray.exceptions.RayError):
            running = [slot.work for slot in self._slots if slot.call is not None]
            for slot in self._slots:
                slot.actor.stop.remote()
            if running:
                self._ray.wait(running, num_returns=len(running), timeout=GRACE_S)
            for slot in self._slots:
                self._ray.kill(slot.actor)
        self._slots.clear()
        if self._is_ours:
            self._ray.shutdown()

    def free(self) -> int:
        return sum(slot.is_free for slot in self._slots)

    def submit(self, call: Call) -> None:
        slot = next(slot for slot in self._slots if slot.is_free)
        slot.call, slot.frames, slot.asked = call, 0, None
        slot.work = slot.actor.call.remote(call)

    def wait(self, timeout_s: float) -> list[Finished]:
        works = {slot.work: slot for slot in self._slots if slot.work is not None}
        self._ray.wait(list(works), num_returns=1, timeout=timeout_s)
        ended, _ = self._ray.wait(list(works), num_returns=len(works), timeout=0)
        finished = [each for ref in ended for each in self._take(works[ref])]
        self._ask()
        return finished

    def underway(self) -> int:
        return sum(slot.frames for slot in self._slots if slot.call is not None)

    def _connect(self) -> None:
        own: dict[str, Any] = {}
        _check_reachable(self._address)
        if self._address == LOCAL:
            # No usage statistics are sent; this must be set before Ray starts.
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            own = {"include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES}
        with _signals_kept():
            try:
                self._ray.init(
                    address=self._address, log_to_driver=False, logging_level=logging.ERROR, **own
                )
            except (ConnectionError, RuntimeError, ValueError) as error:
                raise WorkerError(
                    f"cannot connect to a Ray cluster at {self._address}: {_last_line(error)}"
                ) from error

    def _room(self) -> int:
        """How many workers fit on the machines."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        count = 0
        for node in nodes:
            by_cores = int(node.get("CPU", 0) // self._cores)
            by_gpus = int(node.get("GPU", 0) / self._gpus) if self._gpus else by_cores
            count += min(by_cores, by_gpus)
        if count == 0:
            raise WorkerError(
                f"Ray {self._address}: none of {len(nodes)} machines has "
                f"{self._cores} cores and {self._gpus:g} GPUs for a worker"
            )
        return count

    def _start(self) -> None:
        # The second thread answers questions while the first one paints.
        kind = self._ray.remote(max_concurrency=2, num_cpus=self._cores, num_gpus=self._gpus)
        actor = kind(RemoteWorker).remote(self._cores)
        self._slots.append(_Slot(actor, actor.introduce.remote()))

    def _take(self, slot: "_Slot") -> list[Finished]:
        """The result of a slot's work. A lost worker is replaced."""
        call, work = slot.call, slot.work
        slot.call = slot.work = None
        try:
            value = self._ray.get(work)
        except self._ray.exceptions.RayTaskError as error:
            if call is None:
                raise WorkerError(f"a worker can't start: {_last_line(error)}") from error
            return [Finished(call, error=error.cause)]
        except self._ray.exceptions.RayError as error:
            self._replace(slot, error)
            lost = WorkerError(f"its worker was lost: {_first_line(error)}")
            return [] if call is None else [Finished(call, error=lost)]
        if call is not None:
            return [Finished(call, value)]
        _check_version(*value)
        self._false_starts = 0
        slot.is_ready = True
        return []

    def _replace(self, slot: "_Slot", error: Exception) -> None:
        if not slot.is_ready:
            self._false_starts += 1
            if self._false_starts == MOST_FALSE_STARTS:
                raise WorkerError(f"workers can't start: {_last_line(error)}") from error
        self._slots.remove(slot)
        self._start()

    def _ask(self) -> None:
        """Ask the workers for their progress, without waiting for the answers."""
        for slot in self._slots:
            if slot.call is None:
                continue
            if slot.asked is None:
                slot.asked = slot.actor.frames.remote()
                continue
            answered, _ = self._ray.wait([slot.asked], timeout=0)
            if answered:
                slot.asked = None
                with contextlib.suppress(self._ray.exceptions.RayError):
                    slot.frames = self._ray.get(answered[0])


class RemoteWorker:
    """A `Worker` in a Ray process."""

    def __init__(self, threads: int) -> None:
        self._worker = Worker(threads)

    def introduce(self) -> tuple[str, str]:
        """Version and machine, once everything is imported."""
        return __version__, socket.gethostname()

    def call(self, call: Call) -> object:
        return call.carry_out(self._worker)

    def frames(self) -> int:
        return self._worker.frames

    def stop(self) -> None:
        self._worker.stop()


@dataclass(eq=False)
class _Slot:
    """One worker and its current work.

    Attributes:
        actor: Ray's handle.
        work: Ray's reference to its current work, or None.
        call: the call being worked on; None while the worker starts.
        is_ready: it has started.
        asked: a pending question for its frame count, or None.
        frames: the last answer.
    """

    actor: Any
    work: Any
    call: Call | None = None
    is_ready: bool = False
    asked: Any = None
    frames: int = 0

    @property
    def is_free(self) -> bool:
        return self.is_ready and self.work is None


def _import_ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise MissingDependencyError(
            "a batch on Ray needs: pip install 'videostyle[ray]'"
        ) from error
    return ray


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray takes over SIGTERM, and would end the process before anything is cleaned up."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # not the main thread: Ray takes no signals there
            signal.signal(signal.SIGTERM, before)


def _check_reachable(address: str) -> None:
    """Check that something listens there: Ray itself would try for minutes.

    Raises:
        WorkerError: nothing does.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:  # `auto`, `local`, `ray://...`
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=GRACE_S).close()
    except (OSError, OverflowError) as error:
        raise WorkerError(f"cannot connect to a Ray cluster at {address}: {error}") from error


def _check_version(version: str, machine: str) -> None:
    if version != __version__:
        raise WorkerError(
            f"{machine}: has videostyle {version}, and this machine has "
            f"{__version__}; install the same everywhere"
        )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()
