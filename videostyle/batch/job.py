"""The jobs of a batch, and their outcomes."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from videostyle.errors import VideoStyleError
from videostyle.pipeline.result import StylizeResult
from videostyle.pipeline.stylize_config import StylizeConfig

Status = Literal["done", "kept", "failed"]


@dataclass(frozen=True)
class Job:
    """One clip to paint.

    Attributes:
        source: the video file to read: a path, or an address that fsspec opens.
        target: the video file to write, likewise; its folder is made if it is missing.
        config: the settings; `overwrite` is ignored, because the batch decides that.
    """

    source: str | Path
    target: str | Path
    config: StylizeConfig = field(default_factory=StylizeConfig)

    def __post_init__(self) -> None:
        for name in ("source", "target"):
            object.__setattr__(self, name, os.fspath(getattr(self, name)))


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes:
        job: as it was given.
        status: `done`, `kept` (the target existed, made with the same settings) or `failed`.
        reason: why it failed, in one line; otherwise empty.
        result: what was written; only if it is done.
        segments: number of pieces it was painted in.
        retries: number of calls that had to be repeated.
        source_at_fault: it will fail until the source changes.
        error: the name of the error's class, such as `DamageError`; empty unless it failed.
    """

    job: Job
    status: Status
    reason: str = ""
    result: StylizeResult | None = None
    segments: int = 1
    retries: int = 0
    source_at_fault: bool = False
    error: str = ""

    @classmethod
    def refused(
        cls, job: Job, error: VideoStyleError, *, source_at_fault: bool = False
    ) -> "Outcome":
        """The outcome of a job that no worker has seen."""
        return cls(
            job,
            "failed",
            describe_error(error),
            source_at_fault=source_at_fault,
            error=type(error).__name__,
        )

    def as_json(self) -> dict[str, Any]:
        """The outcome as plain values, with those of its result."""
        own = {"source": self.job.source, "target": self.job.target, "status": self.status}
        if self.status == "failed":
            own |= {"reason": self.reason, "error": self.error}
        painted = (
            {} if self.result is None else (self.result.as_json() | {"segments": self.segments})
        )
        return painted | own | {"retries": self.retries}


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    Attributes:
        clips: jobs that have an outcome.
        clips_total: all jobs.
        segments: pieces of clips that were painted; a clip that isn't cut is one.
        segments_total: all that are known of so far.
        frames: frames that were painted.
        frames_total: what the headers of the clips looked at so far promise.
    """

    clips: int
    clips_total: int
    segments: int
    segments_total: int
    frames: int
    frames_total: int


def describe_error(error: BaseException) -> str:
    """One line for a person."""
    if isinstance(error, VideoStyleError):
        return " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return "out of memory; use a smaller size, or fewer workers"
    return f"unexpected {type(error).__name__}: {' '.join(str(error).split())}"
