"""Bringing a style that was made from a painting closer to it, by a minute of training."""

from collections.abc import Callable
from pathlib import Path

from videostyle.errors import ConfigError
from videostyle.models.making.ingredients import STROKE_BOUNDS, Ingredient, read_ingredients
from videostyle.models.making.made_style import make_from, nearest_style
from videostyle.models.model_file import read_card
from videostyle.models.spec import FastSpec, NetworkSpec
from videostyle.models.styles import built_in_styles
from videostyle.train.plan import TrainPlan, prepare_training
from videostyle.train.progress import TrainProgress, TrainStart
from videostyle.train.train_config import TrainConfig

# What brings a made style furthest in a minute on two processor cores (docs/any-painting.md).
CROP, BATCH_SIZE, LEARNING_RATE = 192, 2, 1e-3


def choose_start(painting: Path, spec: NetworkSpec, stroke: int) -> Path | None:
    """The model file from which a short training starts.

    Returns:
        The style made from the painting if it has this network; otherwise this network of the
        built-in style that is most like the painting; None if there is no such network.

    Raises:
        PaintingError: no style can be made from the painting.
    """
    low, high = STROKE_BOUNDS
    stroke = min(max(stroke, low), high)
    if spec == FastSpec():
        return make_from((Ingredient(str(painting), stroke=stroke),)).path
    nearest = nearest_style(painting, stroke)
    return next(
        (info.path for info in built_in_styles() if info.style == nearest and info.spec == spec),
        None,
    )


def plan_refining(
    style: str, photos: tuple[Path, ...], seconds: float, samples: Path | None = None
) -> TrainPlan:
    """Make a style from a painting and plan its training.

    Args:
        style: a painting, with a stroke size or without.
        photos: what to paint while training: clips, pictures, folders of either.
        seconds: how long to train, without loading and compiling.
        samples: a folder for a picture at each measurement, or None.

    Raises:
        ConfigError: the style is a mix or not a painting, or there are no photos.
        TrainError, PaintingError, MediaError: a file can't be read.
    """
    ingredients = read_ingredients(style)
    if len(ingredients) != 1 or not ingredients[0].is_painting:
        raise ConfigError(f"only a style made from one painting can be refined, not '{style}'")
    if not photos:
        raise ConfigError("refining needs a clip or photos to practise on")
    painting, stroke = Path(ingredients[0].source), ingredients[0].stroke
    config = TrainConfig(
        painting=painting,
        photos=photos,
        minutes=seconds / 60,
        crop=CROP,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        stroke=stroke,
        start_from=choose_start(painting, FastSpec(), stroke),
        samples=samples,
    )
    return prepare_training(config)


def refine_style(
    plan: TrainPlan,
    target: Path,
    on_progress: Callable[[TrainProgress], None] | None = None,
    on_start: Callable[[TrainStart], None] | None = None,
) -> dict[str, dict[str, float]]:
    """Carry out a plan of `plan_refining`; the best state on held-out frames is written.

    Args:
        plan: the plan.
        target: the `.keras` file to write, whole or not at all; an existing one is replaced.
        on_progress: called after every step.
        on_start: called before the first step.

    Returns:
        Style and content loss on held-out frames, `before` and `after`.

    Raises:
        As `run_training`.
    """
    from videostyle.models.model_file import save_model
    from videostyle.train.trainer import run_training

    config = plan.config
    result = run_training(plan, on_progress, on_start)
    trained = result.card
    losses = {"before": trained["held_out_before"], "after": trained["held_out"]}
    known = ("steps", "seconds", "photos", "crop", "batch_size", "learning_rate")
    same = ("stroke", "network", "parameters", "gmac_at_480x853")
    card = {
        **(read_card(config.start_from) if config.start_from else {}),
        "painting_file": config.painting.name,
        "refined": {name: trained[name] for name in known},
        "held_out_before": losses["before"],
        "held_out": losses["after"],
        **{name: trained[name] for name in same},
    }
    save_model(target, result.network, config.spec, card)
    return losses
