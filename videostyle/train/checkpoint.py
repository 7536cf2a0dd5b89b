"""A training saved in one file beside its target, so that a kill costs a minute at most."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from videostyle.errors import ConfigError, TrainError
from videostyle.files.digest import name_differences
from videostyle.files.lock import Lock
from videostyle.files.whole import writing

if TYPE_CHECKING:
    from videostyle.train.state import Arrays, TrainState

FORMAT = 1

SUFFIX = ".checkpoint"

# The member with everything that isn't an array of weights, as JSON.
_NOTES = "notes"


class Checkpoint:
    """The file; a NumPy archive, written whole or not at all.

    Attributes:
        path: the target's name and `.checkpoint`.
    """

    def __init__(self, target: Path, settings: dict[str, str]) -> None:
        """Name the checkpoint of a target; `settings` say which training it belongs to."""
        self._target = target
        self.path = target.with_name(target.name + SUFFIX)
        self._settings = settings

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A block that only one run with this target can enter.

        Raises:
            TargetError: another run is in it, or nothing can be written there.
        """
        path = self._target.with_name(f".{self._target.name}.lock")
        lock = Lock(path, self._target)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            lock.release()

    def exists(self) -> bool:
        return self.path.exists()

    def steps(self) -> int:
        """How many steps the training had made.

        Raises:
            TrainError: the file is damaged.
            ConfigError: it belongs to a training with other settings, which are named.
        """
        return int(self._read()[0]["state"]["schedule"]["steps"])

    def save(self, state: "TrainState") -> None:
        """Save a training; the network must be in sync.

        Raises:
            TargetError: it can't be written, as on a full disk; an older file is untouched.
            TrainError: training diverged.
        """
        notes = {"format": FORMAT, "settings": self._settings, "state": state.numbers()}
        members: dict[str, Any] = {
            f"{group}/{number:04d}": array
            for group, arrays in state.arrays().items()
            for number, array in enumerate(arrays)
        }
        members[_NOTES] = np.asarray(json.dumps(notes))
        with writing(self.path) as part, part.open("wb") as file:
            np.savez(file, **members)

    def load(self, state: "TrainState") -> None:
        """Restore a saved training.

        Raises:
            TrainError, ConfigError: as `steps`.
        """
        notes, arrays = self._read()
        try:
            state.restore(arrays, notes["state"])
        except (KeyError, ValueError, TypeError) as error:
            raise self._damage(error) from error

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def _read(self) -> tuple[dict[str, Any], "Arrays"]:
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                notes = json.loads(str(archive[_NOTES]))
                arrays: Arrays = {"network": [], "best": [], "optimizer": []}
                for name in sorted(set(archive.files) - {_NOTES}):
                    arrays[name.split("/")[0]].append(archive[name])
                then, known = notes["settings"], notes["format"] == FORMAT
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise self._damage(error) from error
        if not known:
            raise TrainError(
                f"{self.path}: was written by another version of videostyle; "
                "delete it to start again"
            )
        if differences := name_differences(then, self._settings):
            raise ConfigError(
                f"{self.path}: the earlier training had another "
                f"{', '.join(differences)}; continue with the same settings, or delete "
                "it to start again"
            )
        return notes, arrays

    def _damage(self, error: Exception) -> TrainError:
        return TrainError(f"{self.path}: is damaged ({error}); delete it to start again")
