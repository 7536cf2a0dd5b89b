"""Pieces of one target: which are missing, where the clip ends, what damage means.

A long run is kept in pieces of 10 s, so that a kill or a power cut loses one piece at most, and so
that several workers can share a clip. They lie in a hidden folder beside the target:
`manifest.json` says what the pieces belong to, `00000.nut` and so on are the pieces, `end.json`
comes when the clip's end has been seen, `damage.json` when something was found broken. A piece
gets its name only when it is whole, so what is there is done; any process that has the same recipe
may make any piece.
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

# Seconds of video that a kill may cost.
SEGMENT_S = 10


@dataclass(frozen=True)
class Piece:
    """A piece that was painted.

    Attributes:
        index: its number, from 0.
        frames: how many it has; fewer than asked for, or none, where the clip ends.
        damage: what was found broken on the way, one line each.
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
    """The folder of one target, ours alone while it is open; a context manager.

    Attributes:
        path: the folder.
        recipe: what the pieces belong to.
        length: output frames in a piece; the last one may have fewer.
        end: frames of the whole target, once its end has been seen.
    """

    def __init__(
        self, plan: ClipPlan, recipe: Recipe, length: int, *, begin_again: bool = False
    ) -> None:
        """Open the folder of a target, or begin it.

        Args:
            plan: of the whole clip.
            recipe: what the pieces belong to.
            length: output frames in a piece.
            begin_again: throw away pieces of other settings.

        Raises:
            ConfigError: it belongs to a run with other settings.
            TargetError: it can't be written, or another run is using it.
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
        """Let others have the folder."""
        self._lock.release()

    def path_of(self, index: int) -> Path:
        """Where a piece belongs."""
        return self.path / f"{index:05d}{SEGMENT_SUFFIX}"

    def missing(self) -> list[int]:
        """The pieces to make before anything more can be said; none if all are there.

        While the end isn't known these are as many as the header promises and one more, which may
        turn out empty and so shows the end; a clip that goes on after that gets more, one by one.

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
        """Whether a piece was painted, by this run or another; one that isn't whole is removed."""
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
        """The clip's end was seen: the target has so many frames."""
        self.end = frames
        write_json(self.path / "end.json", frames)

    def note_damage(self, index: int, lines: tuple[str, ...]) -> None:
        """Remember what a run that began with a piece has found broken so far."""
        write_json(self.path / "damage.json", self._damage() | {str(index): lines})

    def losses(self) -> tuple[str, ...]:
        """What was found broken, one line each, when the settings say to keep going.

        Raises:
            DamageError: something was, and they don't.
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
        """The target is whole; its pieces are not needed any more."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _settle(self, count: int) -> None:
        """The clip ends with its first short piece; frames after that one are a sign of damage."""
        counts = [self._counts[index] for index in range(count)]
        short = next(index for index, frames in enumerate(counts) if frames < self.length)
        if any(counts[short + 1 :]):
            raise DamageError(
                f"{self._plan.decode.info.path}: its frames end at "
                f"{short * self.length + counts[short]} and go on after it; it is damaged"
            )
        self.end_at(sum(counts))

    def _check(self, begin_again: bool) -> None:
        """See that what is there was begun with the same recipe."""
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
                f"{self._plan.encode.target}: the run begun there had another "
                f"{', '.join(differences)}; go on with the same settings, or delete "
                f"{self.path} to begin again"
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
        return ConfigError(f"{self.path / name}: is damaged; delete {self.path} to begin again")
