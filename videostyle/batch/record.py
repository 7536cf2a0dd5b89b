"""`batch.json`: what is finished in a folder, how it was made, and what the last run did."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from videostyle._version import __version__
from videostyle.batch.address import absolute, exists, is_url, stamp
from videostyle.batch.job import Job, Outcome
from videostyle.errors import ConfigError, ProbeError, TargetExistsError
from videostyle.files.digest import digest_path
from videostyle.files.lock import Lock
from videostyle.files.recipe import Recipe
from videostyle.files.whole import write_json
from videostyle.models.styles import find_style
from videostyle.pipeline.recipe import recipe_for
from videostyle.video.source_file import find_source

FORMAT = 2


class Record:
    """A context manager that locks the file and keeps it up to date.

    A target is finished if it is still the file that a run wrote, and source, style and settings
    are still those of that run. Sources are compared by size and time, styles by their content. A
    source that couldn't be read, or only in part, isn't read again until it changes.
    """

    def __init__(self, path: Path) -> None:
        """Read an existing file.

        Raises:
            ConfigError: the file is damaged or of another format.
            TargetError: it can't be written, or another batch is using it.
        """
        self.path = path
        self._models: dict[str, str] = {}
        self._lock = Lock(path.with_name(f".{path.name}.lock"), path)
        try:
            content = _read(path)
        except BaseException:
            self.__exit__()
            raise
        self._made: dict[str, dict[str, Any]] = content.get("made", {})
        self._refused: dict[str, dict[str, Any]] = content.get("refused", {})

    def __enter__(self) -> "Record":
        return self

    def __exit__(self, *exception: object) -> None:
        self.path.with_name(f".{self.path.name}.lock").unlink(missing_ok=True)
        self._lock.release()

    def check(self, job: Job, force: bool) -> Outcome | None:
        """The outcome of a job that needs no painting, or must not be painted; otherwise None."""
        name = self._name(job)
        if exists(job.target):
            reason = self._why_not_finished(job, self._made.get(name))
            if not reason:
                return Outcome(job, "kept")
            return None if force else Outcome.refused(job, TargetExistsError(job.target, reason))
        refused = self._refused.get(name)
        if refused and not force and not self._changes(job, refused):
            error = refused.get("error", "")
            return Outcome(job, "failed", refused["reason"], source_at_fault=True, error=error)
        return None

    def take(self, outcome: Outcome) -> None:
        """Record how a target was made, or that its source can't be used."""
        job = outcome.job
        name = self._name(job)
        known: dict[str, Any] = {"videostyle": __version__}
        self._refused.pop(name, None)
        try:
            known |= {"recipe": self._recipe(job).values}
        except ProbeError:  # the source is missing
            return
        if outcome.status == "done":
            self._made[name] = known | {"file": stamp(job.target)}
        elif outcome.source_at_fault:
            self._refused[name] = known | {"reason": outcome.reason, "error": outcome.error}

    def write(self, outcomes: Sequence[Outcome], seconds: float, executor: str) -> None:
        """Rewrite the file, whole or not at all.

        Args:
            outcomes: of this run, so far.
            seconds: wall time of this run.
            executor: where it ran.
        """
        content = {
            "format": FORMAT,
            "run": BatchSummary.of(outcomes, seconds, executor).as_json(),
            "clips": [outcome.as_json() for outcome in outcomes],
            "made": self._made,
            "refused": self._refused,
        }
        write_json(self.path, content)

    def _why_not_finished(self, job: Job, made: dict[str, Any] | None) -> str:
        if made is None:
            return "exists already, and was not made by a finished run of this batch"
        if made["file"] != stamp(job.target):
            return "was changed after it was made"
        changed = self._changes(job, made)
        return f"exists already, made with another {', '.join(changed)}" if changed else ""

    def _changes(self, job: Job, known: dict[str, Any]) -> list[str]:
        try:
            return Recipe(known["recipe"]).differences(self._recipe(job))
        except ProbeError:  # the source is gone, so it can't be painted again
            return []

    def _name(self, job: Job) -> str:
        """The target's path, relative to the record's folder if inside it: folders may be moved."""
        target, folder = Path(absolute(job.target)), Path(absolute(self.path.parent))
        if is_url(job.target) or not target.is_relative_to(folder):
            return absolute(job.target)
        return str(target.relative_to(folder))

    def _recipe(self, job: Job) -> Recipe:
        """What decides a target; another version repeats it only if the user forces it."""
        model = str(find_style(job.config.style))
        if model not in self._models:
            self._models[model] = digest_path(Path(model))
        return recipe_for(
            job.config,
            source=str([stamp(file) for file in _files_of(job)]),
            model=self._models[model],
            backend=job.config.backend,
            versions=False,
        )


@dataclass(frozen=True)
class BatchSummary:
    """A whole run.

    Attributes:
        done, kept, failed: number of clips with each outcome.
        frames: frames painted.
        seconds: wall time.
        executor: where it ran.
    """

    done: int
    kept: int
    failed: int
    frames: int
    seconds: float
    executor: str

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], seconds: float, executor: str) -> "BatchSummary":
        """Sum up outcomes."""
        count = Counter(outcome.status for outcome in outcomes)
        frames = sum(outcome.result.frames for outcome in outcomes if outcome.result)
        return cls(count["done"], count["kept"], count["failed"], frames, seconds, executor)

    @property
    def frames_per_second(self) -> float:
        return self.frames / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "seconds": round(self.seconds, 3),
            "frames_per_second": round(self.frames_per_second, 3),
        }


def _files_of(job: Job) -> Sequence[str | Path]:
    """The source file, or all pictures of a sequence."""
    if is_url(job.source):
        return [job.source]
    return find_source(Path(job.source), job.config.sequence_rate_exact).files()


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT or not isinstance(content["made"], dict):
            raise ValueError
        return content
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path}: is damaged, or of another version; delete it, and all targets "
            "count as unfinished"
        ) from error
