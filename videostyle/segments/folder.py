"""The folder in which the pieces of one target gather."""

import json
import shutil
from pathlib import Path

from videostyle.errors import ConfigError, EncodeError
from videostyle.files.lock import Lock
from videostyle.files.whole import unwritable, write_text
from videostyle.segments.manifest import Manifest
from videostyle.video.codecs import SEGMENT_SUFFIX
from videostyle.video.verify import check_count


class SegmentFolder:
    """Opened, it is ours alone; a context manager.

    Attributes:
        path: the folder.
        manifest: what its pieces belong to.
    """

    def __init__(self, target: Path, manifest: Manifest, begin_again: bool = False) -> None:
        """Open the folder of a target, or begin it.

        Args:
            target: the file that the pieces are for.
            manifest: what they belong to.
            begin_again: throw pieces of other settings away.

        Raises:
            ConfigError: it belongs to a run with other settings.
            TargetError: it can't be written, or another run is at it.
        """
        self.path = target.with_name(f".{target.name}.segments")
        self.manifest = manifest
        self._target = target
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise unwritable(self.path, error) from error
        self._lock = Lock(self.path / "lock", target)
        try:
            self._check(begin_again)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> "SegmentFolder":
        return self

    def __exit__(self, *exception: object) -> None:
        self._lock.release()

    def segment(self, index: int) -> Path:
        """Where a piece belongs."""
        return self.path / f"{index:05d}{SEGMENT_SUFFIX}"

    def frames_of(self, index: int, end: int | None) -> int:
        """How many frames a piece must have.

        Args:
            index: of the piece, from 0.
            end: frames of the whole target, or None if that isn't known yet.
        """
        full = self.manifest.segment_frames
        return full if end is None else min(full, end - index * full)

    def is_done(self, index: int) -> bool:
        """Whether a piece is there and whole; one that isn't is removed."""
        path = self.segment(index)
        if not path.exists():
            return False
        try:
            check_count(path, path, self.frames_of(index, self.end()))
        except EncodeError:
            path.unlink(missing_ok=True)
            return False
        return True

    def first_missing(self) -> int | None:
        """The first piece that has to be made; None if all are there."""
        index, end = 0, self.end()
        while end is None or index * self.manifest.segment_frames < end:
            if not self.is_done(index):
                return index
            index += 1
        return None

    def end(self) -> int | None:
        """How many frames the target has, once its end has been seen."""
        path = self.path / "end.json"
        return int(json.loads(path.read_text())["frames"]) if path.exists() else None

    def set_end(self, frames: int) -> None:
        self._write("end.json", json.dumps({"frames": frames}))

    def note_damage(self, text: str) -> None:
        """Remember what a run that may yet be killed has seen of a damaged source."""
        self._write("damage.txt", text)

    def damage(self) -> str | None:
        path = self.path / "damage.txt"
        return path.read_text() if path.exists() else None

    def segments(self) -> list[tuple[Path, int]]:
        """All pieces in their order, with their numbers of frames; only when all are there."""
        end = self.end() or 0
        count = -(-end // self.manifest.segment_frames)
        return [(self.segment(index), self.frames_of(index, end)) for index in range(count)]

    def remove(self) -> None:
        """The target is whole; its pieces are not needed any more."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _check(self, begin_again: bool) -> None:
        path = self.path / "manifest.json"
        if path.exists():
            try:
                self._check_same(Manifest.load(path))
                return
            except ConfigError:
                if not begin_again:
                    raise
            for piece in [
                *self.path.glob(f"*{SEGMENT_SUFFIX}"),
                self.path / "end.json",
                self.path / "damage.txt",
            ]:
                piece.unlink(missing_ok=True)
        self._write(path.name, self.manifest.as_text())

    def _check_same(self, begun: Manifest) -> None:
        if differences := begun.differences(self.manifest):
            raise ConfigError(
                f"{self._target}: the run begun there had another "
                f"{', '.join(differences)}; go on with the same settings, or delete "
                f"{self.path} to begin again"
            )

    def _write(self, name: str, text: str) -> None:
        write_text(self.path / name, text)
