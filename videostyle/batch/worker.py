"""A worker of a batch, wherever it runs: one open network and the steps of a clip."""

import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from videostyle.backends.base import Backend
from videostyle.batch.address import fetch, is_url, send
from videostyle.batch.job import Job
from videostyle.errors import ConfigError
from videostyle.files.recipe import Recipe
from videostyle.files.target import make_folder
from videostyle.models.styles import find_style
from videostyle.pipeline.piece_sink import paint_piece
from videostyle.pipeline.pieces import Piece
from videostyle.pipeline.plan import ClipPlan, prepare
from videostyle.pipeline.recipe import digest_model, recipe_of, tool_versions
from videostyle.pipeline.result import StylizeResult
from videostyle.pipeline.stylize import run_plan
from videostyle.video.encode_plan import EncodePlan
from videostyle.video.join import join


class Stopped(Exception):
    """The batch was stopped; raised in running calls, so that they clean up."""


class Worker:
    """Takes one call at a time. Its network stays open from one clip to the next.

    Attributes:
        frames: how many frames of the current call are painted.
    """

    def __init__(self, threads: int | None = None) -> None:
        """Start without a network.

        Args:
            threads: processor threads, if a job's settings don't say.
        """
        self.frames = 0
        self._threads = threads
        self._stop = threading.Event()
        self._network: tuple[object, Backend] | None = None
        self._checked: tuple[Recipe, Path] | None = None

    def stop(self) -> None:
        """Stop the current call at its next frame, and every later one. From any thread."""
        self._stop.set()

    def survey(self, job: Job) -> ClipPlan:
        """Check a clip and make its plan."""
        self._begin()
        config = job.config
        if config.threads is None:
            config = replace(config, threads=self._threads)
        make_folder(Path(job.target).parent)
        return prepare(job.source, job.target, config)

    def paint(self, plan: ClipPlan) -> StylizeResult:
        """Paint a whole clip."""
        self._begin()
        plan = _as_here(plan)
        return run_plan(plan, backend=self._backend(plan), on_progress=self._count)

    def paint_from_afar(self, job: Job) -> StylizeResult:
        """Paint a whole clip whose source or target is at an address, using local copies."""
        self._begin()
        with TemporaryDirectory(prefix="videostyle-") as name:
            folder = Path(name)
            source = fetch(job.source, folder) if is_url(job.source) else Path(job.source)
            target = folder / f"target-{Path(job.target).name}"
            here = replace(job, source=source, target=target if is_url(job.target) else job.target)
            result = self.paint(self.survey(here))
            if is_url(job.target):
                send(target, job.target)
        return result

    def describe(self, plan: ClipPlan) -> Recipe:
        """Work out the recipe that a clip's pieces belong to; reads the whole source once."""
        self._begin()
        plan = _as_here(plan)
        return recipe_of(plan, self._backend(plan).description)

    def paint_piece(
        self, plan: ClipPlan, recipe: Recipe, path: Path, index: int, length: int
    ) -> Piece:
        """Paint one piece of a clip.

        Args:
            plan: of the whole clip.
            recipe: what the piece belongs to.
            path: the piece's file.
            index: the piece's number, from 0.
            length: how many frames a piece has.

        Raises:
            ConfigError: this worker paints differently from the one that made the recipe.
        """
        self._begin()
        plan = _as_here(plan)
        backend = self._backend(plan)
        if self._checked != (recipe, plan.model):
            _check_same(recipe, plan.model, backend.description)
            self._checked = recipe, plan.model
        return paint_piece(plan, path, index, length, backend, self._count)

    def join(self, pieces: list[tuple[Path, int]], list_path: Path, encode: EncodePlan) -> None:
        """Join the pieces into the target, and add the sound."""
        self._begin()
        join(pieces, list_path, encode)

    def _begin(self) -> None:
        self.frames = 0
        self._count(0)

    def _count(self, frames: int) -> None:
        if self._stop.is_set():
            raise Stopped
        self.frames = frames

    def _backend(self, plan: ClipPlan) -> Backend:
        """The plan's network: the open one if it is the same; otherwise it replaces that one."""
        config = plan.config
        key = (plan.model, config.backend, config.precision, config.compute, config.threads)
        if self._network is None or self._network[0] != key:
            self._network = None  # release the old one first
            self._network = key, plan.open_backend()
        return self._network[1]


def _as_here(plan: ClipPlan) -> ClipPlan:
    """The plan with this machine's path to the style, which may differ."""
    return replace(plan, model=find_style(plan.config.style))


def _check_same(recipe: Recipe, model: Path, backend: str) -> None:
    """Check that this worker paints like the one that started the clip."""
    here = {"model": digest_model(model, backend), "backend": backend, **tool_versions()}
    if differences := recipe.differences(Recipe(recipe.values | here)):
        raise ConfigError(
            "another worker started this clip with another "
            f"{', '.join(differences)}; all workers must paint alike"
        )
