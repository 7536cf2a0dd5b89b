"""The one interface between a batch and wherever its workers are."""

from dataclasses import dataclass
from typing import Protocol

from videostyle.batch.calls import Call


@dataclass(frozen=True)
class Finished:
    """A call that has ended.

    Attributes:
        call: which.
        value: what it came to.
        error: what it raised, or `WorkerError` if the worker is gone; else None.
    """

    call: Call
    value: object = None
    error: BaseException | None = None


class Executor(Protocol):
    """Has workers and gives them calls. A context manager, which may be entered again.

    Nothing is started before it is entered; at the end of its block nothing of it runs any more,
    and calls that were under way have left nothing half-written.

    Attributes:
        description: for the user to read, such as `2 workers here`; settled when entered.
        segment_s: seconds of video that a clip is cut into so that several workers share it, or
            None: clips are painted whole.
    """

    description: str
    segment_s: float | None

    def __enter__(self) -> "Executor": ...

    def __exit__(self, *exception: object) -> None: ...

    def free(self) -> int:
        """How many more calls would be begun at once."""
        ...

    def submit(self, call: Call) -> None:
        """Begin a call; only while one is free."""
        ...

    def wait(self, timeout_s: float) -> list[Finished]:
        """The calls that have ended since it was asked last; waits for the first a while.

        Raises:
            WorkerError: no worker can be had.
        """
        ...

    def underway(self) -> int:
        """How many frames the calls that run have painted so far, about."""
        ...
