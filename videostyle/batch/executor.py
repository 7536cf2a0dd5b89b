"""The one interface between a batch and its workers, wherever they are."""

from dataclasses import dataclass
from typing import Protocol

from videostyle.batch.calls import Call


@dataclass(frozen=True)
class Finished:
    """A call that has ended.

    Attributes:
        call: the call.
        value: its result.
        error: what it raised, or `WorkerError` if its worker is gone; otherwise None.
    """

    call: Call
    value: object = None
    error: BaseException | None = None


class Executor(Protocol):
    """Runs workers and gives them calls. A context manager, which may be entered again.

    Nothing is started before it is entered. After its block nothing of it runs any more, and
    interrupted calls have left nothing half-written.

    Attributes:
        description: for the user to read, such as `2 workers here`; final once entered.
        segment_s: seconds of video in a piece, so that several workers can share a clip, or None:
            clips are painted whole.
    """

    description: str
    segment_s: float | None

    def __enter__(self) -> "Executor": ...

    def __exit__(self, *exception: object) -> None: ...

    def free(self) -> int:
        """How many more calls would start right away."""
        ...

    def submit(self, call: Call) -> None:
        """Start a call; only while a worker is free."""
        ...

    def wait(self, timeout_s: float) -> list[Finished]:
        """The calls that have ended since the last time; waits up to the timeout for one.

        Raises:
            WorkerError: no worker is available.
        """
        ...

    def underway(self) -> int:
        """Roughly how many frames the running calls have painted so far."""
        ...
