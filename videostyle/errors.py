"""Every error that videostyle raises on purpose, in one tree.

    VideoStyleError
    ├── ConfigError            a setting is out of range or contradicts another (also ValueError)
    ├── MissingDependencyError an optional package is needed and not installed (also ImportError)
    ├── MediaError             a video file or ffmpeg
    │   ├── ProbeError         the source can't be read as video
    │   └── DecodeError        the source broke while it was decoded
    │       └── DamageError    the source itself is cut short or damaged
    ├── TargetError            a file can't be written
    │   ├── TargetExistsError  it exists already
    │   ├── NoFolderError      its folder is missing
    │   ├── SameFileError      it is the source itself
    │   └── EncodeError        ffmpeg or the disk failed while it was written
    ├── ModelError             a style network
    │   ├── ModelLoadError     a model file is missing, damaged or of the wrong kind
    │   ├── UnknownStyleError  no style of that name (also ValueError)
    │   ├── PaintingError      a picture from which no style can be made
    │   ├── FrameShapeError    frames of the wrong shape, dtype or size (also ValueError)
    │   ├── BackendError       the network could not be run
    │   └── ParityError        a converted package paints another picture
    ├── TrainError             training can't start or continue
    │   └── UnfinishedError    an unfinished training of the target was saved
    └── WorkerError            a worker of a batch was lost, or none is available

Messages are one line, written for a person: the file first, then what is wrong, then what to do.
"""

from pathlib import Path
from typing import Any


class VideoStyleError(Exception):
    """Base of all errors that videostyle raises on purpose."""


class ConfigError(VideoStyleError, ValueError):
    """A setting is out of range or contradicts another one."""


class MissingDependencyError(VideoStyleError, ImportError):
    """An optional package is needed and not installed."""


class MediaError(VideoStyleError):
    """A video file or ffmpeg failed."""


class ProbeError(MediaError):
    """The source can't be read as video."""


class DecodeError(MediaError):
    """The source broke while it was decoded."""


class DamageError(DecodeError):
    """The source itself is cut short or damaged; trying again doesn't help."""


class TargetError(VideoStyleError):
    """A file can't be written.

    Attributes:
        target: the file.
        problem: what is wrong, without the file's name.
    """

    def __init__(self, target: Path | str, problem: str) -> None:
        super().__init__(target, problem)  # both, so that the error survives pickling
        self.target = target
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.target}: {self.problem}"


class TargetExistsError(TargetError):
    """The target exists and may not be replaced."""

    def __init__(self, target: Path | str, problem: str = "exists already") -> None:
        super().__init__(target, problem)


class NoFolderError(TargetError):
    """The folder of the target is missing."""

    def __init__(self, target: Path | str, problem: str | None = None) -> None:
        parent = Path(target).parent
        super().__init__(target, problem or f"there is no folder {parent}; make it first")


class SameFileError(TargetError):
    """The target is the source itself."""

    def __init__(
        self, target: Path | str, problem: str = "is the source itself; name another target"
    ) -> None:
        super().__init__(target, problem)


class EncodeError(TargetError):
    """The target failed while it was written."""


class ModelError(VideoStyleError):
    """A style network failed."""


class ModelLoadError(ModelError):
    """A model file is missing, damaged or of the wrong kind."""


class UnknownStyleError(ModelError, ValueError):
    """No style has that name."""


class PaintingError(ModelError):
    """A picture can't be used as a painting to make a style from."""


class FrameShapeError(ModelError, ValueError):
    """Frames have a shape, dtype or size that the receiver can't take."""


class BackendError(ModelError):
    """The network could not be run."""


class ParityError(ModelError):
    """A converted package paints another picture than its network.

    Attributes:
        report: the `PackageReport` that says so.
    """

    def __init__(self, message: str, report: Any) -> None:
        super().__init__(message)
        self.report = report


class TrainError(VideoStyleError):
    """Training can't start or continue."""


class UnfinishedError(TrainError):
    """An unfinished training of the target was saved, and nothing says what to do with it."""


class WorkerError(VideoStyleError):
    """A worker of a batch was lost, or none is available."""
