"""What decides a painted frame and a written file."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

from videostyle._version import __version__
from videostyle.errors import ConfigError
from videostyle.files.digest import digest_files, digest_path
from videostyle.files.recipe import Recipe, Shows, shown_values
from videostyle.pipeline.plan import FramesPlan
from videostyle.pipeline.stylize_config import StylizeConfig
from videostyle.video.hwaccel import NONE
from videostyle.video.process import ffmpeg_version

# What a model counts as for a backend that paints nothing.
NO_MODEL = "none"


def recipe_of(plan: FramesPlan, backend: str) -> Recipe:
    """The recipe of a plan; reads the whole source and model once.

    Args:
        plan: what is to be done.
        backend: what runs the network, with version and device if they are known already.
    """
    recipe = recipe_for(
        plan.config,
        source=digest_files(plan.decode.info.source.files()),
        model=digest_model(plan.model, backend),
        backend=backend,
        versions=True,
    )
    # What was chosen, not what was asked for.
    return Recipe(recipe.values | {"hwaccel": plan.decode.hwaccel or NONE})


def recipe_for(
    config: StylizeConfig, *, source: str, model: str, backend: str, versions: bool
) -> Recipe:
    """The recipe of settings and of inputs that are already hashed.

    Args:
        config: the settings.
        source: identifies the content of the source, such as its digest.
        model: identifies the content of the model.
        backend: what runs the network.
        versions: whether the recipe includes the versions of videostyle and ffmpeg.
    """
    values = {"source": source, "model": model, "backend": backend}
    values |= shown_values(config, Shows.FRAME, Shows.FILE)
    return Recipe(values | (tool_versions() if versions else {}))


def digest_model(model: Path, backend: str) -> str:
    """What identifies the content of a model."""
    return NO_MODEL if backend.startswith("identity") else digest_path(model)


@cache
def tool_versions() -> dict[str, str]:
    """The versions of what paints here."""
    return {"videostyle": __version__, "ffmpeg": ffmpeg_version()}


def check_alike(plans: Sequence[FramesPlan]) -> FramesPlan:
    """Check that plans paint the same frames, so that one run can carry them all out.

    Returns:
        The first of them.

    Raises:
        ConfigError: there are none, or they differ in more than rate and target.
    """
    if not plans:
        raise ConfigError("there is nothing to carry out")
    if any(_frames_of(plan) != _frames_of(plans[0]) for plan in plans):
        raise ConfigError("plans that run together may differ in rate and target only")
    return plans[0]


def _frames_of(plan: FramesPlan) -> tuple[object, ...]:
    """Everything that decides what a painted frame looks like; the rate doesn't."""
    settings = shown_values(plan.config, Shows.FRAME)
    del settings["fps"]
    return plan.decode.at_rate(Fraction(1)), plan.model, plan.config.backend, settings
