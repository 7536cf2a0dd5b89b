"""Pieces of one target: which are missing, where the clip ends, what damage means.

A long run is saved in pieces of 10 s, so that a kill or a power cut loses little work, and so
that several workers can share a clip. They are in a hidden folder beside the target:
`manifest.json` says what the pieces belong to, `00000.nut` and so on are the pieces, `end.json`
is written when the clip's end has been seen, `damage.json` when damage was found. A piece gets its
name only when it is whole, so any piece that exists is done. Any process with the same recipe may
paint any piece.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostyle.errors import ConfigError, DamageError, TargetError
from videostyle.files.lock import Lock
from videostyle.files.recipe import Recipe
from videostyle.files.target import make_folder
from videostyle.files.whole import hidden_beside, write_json
from videostyle.pipeline.plan import ClipPlan
from videostyle.video.codecs import SEGMENT_SUFFIX, SILENT
from videostyle.video.verify import check_count

FORMAT = 2

# Seconds of video in a piece, which a kill may cost.
SEGMENT_S = 10


@dataclass(frozen=True)
class Piece:
    """A piece that was painted.

    Attributes:
        index: its number, from 0.
        frames: how many it has; fewer than asked for, or none, at the clip's end.
        damage: the damage that was found in the source, one line each.
    """

    index: int
    frames: int
    damage: tuple[str, ...] = ()


def piece_frames(plan: ClipPlan, segment_s: float) -> int:
    """How many output frames a piece has; the last one may have fewer."""
    return max(1, round(segment_s * plan.decode.rate))


def check_joinable(target: Path) -> None:
    """See that a target can be joined from pieces.

    Raises:
        ConfigError: it can't.
    """
    suffix = target.suffix.lower()
    if suffix in SILENT:
        raise ConfigError(f"{target}: only video files can be resumed, not {suffix}")


class Pieces:
    """The folder of one target, locked while it is open; a context manager.

    Attributes:
        path: the folder.
        recipe: what the pieces belong to.
        length: output frames in a piece; the last one may have fewer.
        end: frames in the whole target, once the clip's end has been seen.
    """

    def __init__(
        self, plan: ClipPlan, recipe: Recipe, length: int, *, begin_again: bool = False
    ) -> None:
        """Open the folder of a target, or create it.

        Args:
            plan: of the whole clip.
            recipe: what the pieces belong to.
            length: output frames in a piece.
            begin_again: delete pieces that were made with other settings.

        Raises:
            ConfigError: the folder belongs to a run with other settings.
            TargetError: the folder can't be written, or another run is using it.
        """
        target = plan.encode.target
        self.path = hidden_beside(target, ".segments")
        self.recipe, self.length = recipe, length
        self._plan = plan
        self._counts: dict[int, int] = {}  # frames of the pieces that are done
        make_folder(self.path)
        self._lock = Lock(self.path / "lock", target)
        try:
            self._check(begin_again)
            self.end: int | None = self._read("end.json", None)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Pieces":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the folder for others."""
        self._lock.release()

    def path_of(self, index: int) -> Path:
        """The file of a piece."""
        return self.path / f"{index:05d}{SEGMENT_SUFFIX}"

    def missing(self) -> list[int]:
        """The pieces that still have to be painted, as far as is known; none if all are there.

        While the clip's end isn't known, that is as many as the header promises and one more. If
        that one turns out empty, the end is found; if the clip continues, more are added one by
        one.

        Raises:
            DamageError: a piece in the middle is short.
        """
        promised = self._plan.decode.expected_frames or 0
        count = promised // self.length + 1 if self.end is None else -(-self.end // self.length)
        while not (missing := [index for index in range(count) if not self.is_done(index)]):
            if self.end is not None:
                return []
            if self._counts[count - 1] < self.length:
                self._settle(count)
                return []
            count += 1
        return missing

    def take(self, piece: Piece) -> None:
        """Remember a piece that was painted."""
        self._counts[piece.index] = piece.frames
        if piece.damage:
            self.note_damage(piece.index, piece.damage)

    def is_done(self, index: int) -> bool:
        """Whether a piece was painted, by any run; one that isn't whole is deleted."""
        if index in self._counts:
            return True
        path, frames = self.path_of(index), self.length
        if self.end is not None:
            frames = min(self.length, self.end - index * self.length)
        if not path.exists():
            return False
        try:
            check_count(path, path, frames)
        except TargetError:
            path.unlink(missing_ok=True)
            return False
        self._counts[index] = frames
        return True

    @property
    def done(self) -> int:
        """How many pieces are done; the last may be empty."""
        return len(self._counts)

    @property
    def frames(self) -> int:
        """How many frames are done."""
        return sum(self._counts.values())

    def end_at(self, frames: int) -> None:
        """Record the clip's end: the number of frames in the target."""
        self.end = frames
        write_json(self.path / "end.json", frames)

    def note_damage(self, index: int, lines: tuple[str, ...]) -> None:
        """Record the damage found so far by a run that started with a piece."""
        write_json(self.path / "damage.json", self._damage() | {str(index): lines})

    def losses(self) -> tuple[str, ...]:
        """The damage that was found, one line each.

        Raises:
            DamageError: there is some, and the settings don't say to keep going.
        """
        lines = tuple(dict.fromkeys(line for each in self._damage().values() for line in each))
        if lines and not self._plan.config.keep_going:
            raise DamageError(f"{self._plan.decode.info.path}: {lines[0]}")
        return lines

    def segments(self) -> list[tuple[Path, int]]:
        """All pieces in their order, with their numbers of frames; only when all are there."""
        return [
            (self.path_of(index), frames)
            for index, frames in sorted(self._counts.items())
            if frames
        ]

    def remove(self) -> None:
        """Delete the pieces, once the target is whole."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _settle(self, count: int) -> None:
        """Record the end: the first short piece is the last one; frames after it mean damage."""
        counts = [self._counts[index] for index in range(count)]
        short = next(index for index, frames in enumerate(counts) if frames < self.length)
        if any(counts[short + 1 :]):
            raise DamageError(
                f"{self._plan.decode.info.path}: is damaged; its frames stop at "
                f"{short * self.length + counts[short]} and continue later"
            )
        self.end_at(sum(counts))

    def _check(self, begin_again: bool) -> None:
        """See that the pieces on disk were made with the same recipe."""
        own = self.recipe.values | {"segment_frames": str(self.length)}
        try:
            then = self._read("manifest.json", None)
            if then is None:
                self._begin(own)
                return
            differences = Recipe(then["recipe"]).differences(Recipe(own))
        except (KeyError, TypeError, AttributeError) as error:
            if not begin_again:
                raise self._damaged("manifest.json") from error
            differences = ["form"]
        if differences and not begin_again:
            raise ConfigError(
                f"{self._plan.encode.target}: the earlier run had another "
                f"{', '.join(differences)}; continue with the same settings, or delete "
                f"{self.path} to start again"
            )
        if differences:
            self._begin(own)

    def _begin(self, own: dict[str, str]) -> None:
        for old in (*self.path.glob(f"*{SEGMENT_SUFFIX}"), *self.path.glob("*.json")):
            old.unlink(missing_ok=True)
        write_json(self.path / "manifest.json", {"format": FORMAT, "recipe": own})

    def _damage(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = self._read("damage.json", {})
        return found

    def _read(self, name: str, default: Any) -> Any:
        path = self.path / name
        try:
            return json.loads(path.read_text(encoding="utf-8")) if path.exists() else default
        except (OSError, ValueError) as error:
            raise self._damaged(name) from error

    def _damaged(self, name: str) -> ConfigError:
        return ConfigError(f"{self.path / name}: is damaged; delete {self.path} to start again")
