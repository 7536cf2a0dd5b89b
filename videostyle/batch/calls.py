"""The steps of painting one clip, each of which any worker can do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from videostyle.batch.job import Job
from videostyle.batch.worker import Worker
from videostyle.files.recipe import Recipe
from videostyle.pipeline.pieces import Piece
from videostyle.pipeline.plan import ClipPlan
from videostyle.pipeline.result import StylizeResult


class Call(Protocol):
    """One step of one clip. Calls are compared by identity.

    Attributes:
        stage: lower stages go first: all clips are checked, so that bad ones are reported early
            and the total is known; then painted clips are joined; then clips are painted in order.
        is_repeated: it is tried again when it fails; a clip that is painted whole fails at once.
    """

    @property
    def stage(self) -> int: ...

    @property
    def is_repeated(self) -> bool: ...

    def carry_out(self, worker: Worker) -> object:
        """Do it."""
        ...


@dataclass(frozen=True, eq=False)
class Survey:
    """Check a clip and make its plan."""

    job: Job
    stage = 0
    is_repeated = False

    def carry_out(self, worker: Worker) -> ClipPlan:
        return worker.survey(self.job)


@dataclass(frozen=True, eq=False)
class Join:
    """Join the pieces into the target, and add the sound."""

    plan: ClipPlan
    pieces: tuple[tuple[Path, int], ...]
    list_path: Path
    stage = 1
    is_repeated = True

    def carry_out(self, worker: Worker) -> None:
        worker.join(list(self.pieces), self.list_path, self.plan.encode)


@dataclass(frozen=True, eq=False)
class Paint:
    """Paint a whole clip."""

    plan: ClipPlan
    stage = 2
    is_repeated = False

    def carry_out(self, worker: Worker) -> StylizeResult:
        return worker.paint(self.plan)


@dataclass(frozen=True, eq=False)
class PaintFromAfar:
    """Paint a whole clip whose source or target is at an address."""

    job: Job
    stage = 2
    is_repeated = False

    def carry_out(self, worker: Worker) -> StylizeResult:
        return worker.paint_from_afar(self.job)


@dataclass(frozen=True, eq=False)
class Describe:
    """Work out the recipe that the pieces of a clip belong to."""

    plan: ClipPlan
    stage = 2
    is_repeated = False

    def carry_out(self, worker: Worker) -> Recipe:
        return worker.describe(self.plan)


@dataclass(frozen=True, eq=False)
class PaintPiece:
    """Paint one piece of a clip.

    Attributes:
        plan: of the whole clip.
        recipe: what the piece belongs to.
        path: the piece's file.
        index: the piece's number, from 0.
        length: how many frames a piece has.
    """

    plan: ClipPlan
    recipe: Recipe
    path: Path
    index: int
    length: int
    stage = 2
    is_repeated = True

    def carry_out(self, worker: Worker) -> Piece:
        return worker.paint_piece(self.plan, self.recipe, self.path, self.index, self.length)
