"""What the pieces in a folder belong to. Pieces of different runs must never be joined."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import videostyle
from videostyle.errors import ConfigError
from videostyle.pipeline.plan import Plan
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.process import ffmpeg_version
from videostyle.video.source_file import SourceFile

FORMAT = 1

# What doesn't change a frame: how often a run may be told to go on, and whether it is checked.
FREE = ("overwrite", "keep_going", "backend", "batch_size", "threads")


@dataclass(frozen=True)
class Manifest:
    """Everything that decides what a finished file looks like, as text.

    Attributes:
        format: of this file.
        source: SHA-256 of the clip.
        model: SHA-256 of the model file, or `none`.
        backend: what runs the network, with version and device.
        segment_frames: output frames in a piece; the last one may have fewer.
        rate: frames per second.
        settings: all others, by name.
        versions: of videostyle and ffmpeg.
    """

    format: int
    source: str
    model: str
    backend: str
    segment_frames: int
    rate: str
    settings: dict[str, str]
    versions: dict[str, str]

    @classmethod
    def of(cls, plan: Plan, backend: str, segment_frames: int) -> "Manifest":
        """Describe a run; reads the whole source once.

        Args:
            plan: what is to be done.
            backend: the open backend's description.
            segment_frames: output frames in a piece.
        """
        is_painted = not backend.startswith("identity")
        return cls(
            format=FORMAT,
            source=hash_source(plan.decode.info.source),
            model=hash_model(plan.model) if is_painted else "none",
            backend=backend,
            segment_frames=segment_frames,
            rate=str(plan.decode.rate),
            settings=settings_of(plan.config),
            versions=versions(),
        )

    def check_painter(self, model: Path, backend: str) -> None:
        """See that who paints a piece here and now paints as the run was begun.

        Args:
            model: the model file.
            backend: the open backend's description.

        Raises:
            ConfigError: model, backend or versions are others.
        """
        here = replace(
            self,
            model=self.model if self.model == "none" else hash_model(model),
            backend=backend,
            versions=versions(),
        )
        if differences := self.differences(here):
            raise ConfigError(
                "the clip was begun elsewhere with another "
                f"{', '.join(differences)}; all workers must paint alike"
            )

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read one back.

        Raises:
            ConfigError: it is damaged or of another format.
        """
        try:
            values = json.loads(path.read_text())
            return cls(**values)
        except (OSError, ValueError, TypeError) as error:
            raise ConfigError(f"{path}: is damaged; delete {path.parent} to begin again") from error

    def as_text(self) -> str:
        return json.dumps(asdict(self), indent=1)

    def differences(self, other: "Manifest") -> list[str]:
        """What differs, in words: `fps (15, now 24)`."""
        return differences(self._flat(), other._flat())

    def _flat(self) -> dict[str, str]:
        own = {
            name: str(value) for name, value in asdict(self).items() if not isinstance(value, dict)
        }
        return self.settings | own | self.versions


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """The settings that differ, in words; the value too where it is short."""
    return [
        f"{name} ({value}, now {now[name]})" if len(value + now[name]) < 60 else name
        for name, value in before.items()
        if value != now[name]
    ]


def versions() -> dict[str, str]:
    """What paints here."""
    return {"videostyle": videostyle.__version__, "ffmpeg": ffmpeg_version()}


def hash_source(source: SourceFile) -> str:
    """SHA-256 of a clip, or of all pictures of a sequence in their order."""
    return _hash_files(source.files())


def hash_model(model: Path) -> str:
    """SHA-256 of a model file, or of all files of a package in their order."""
    return _hash_files(_files_of(model))


def _files_of(model: Path) -> list[Path]:
    """A `.mlpackage` is a folder, every other model one file."""
    if model.is_dir():
        return sorted(path for path in model.rglob("*") if path.is_file())
    return [model]


def _hash_files(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def settings_of(config: StylizeConfig) -> dict[str, str]:
    """Every setting that shows in the target, as text."""
    values: dict[str, Any] = {
        each.name: getattr(config, each.name)
        for each in fields(config)
        if each.init and each.name not in (*FREE, "encode")
    }
    values |= asdict(config.encode)
    del values["verify"]
    return {name: str(value) for name, value in values.items()}
