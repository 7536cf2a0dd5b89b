"""Where a trained style comes from, for its model file."""

from dataclasses import asdict
from typing import Any

import keras

from videostyle.files.digest import digest_path
from videostyle.frames import Size
from videostyle.models.cost import count_macs, count_parameters
from videostyle.models.spec import spec_to_json
from videostyle.train.plan import TrainPlan
from videostyle.train.state import TrainState

ARTICLE_SIZE = Size(853, 480)


def make_card(plan: TrainPlan, state: TrainState, photos: int, precision: str) -> dict[str, Any]:
    """Everything known about a finished training, as plain values.

    Args:
        plan: the training's plan; the user's card entries come first.
        state: at the end.
        photos: how many were trained on, frames of clips included.
        precision: the numbers the network was trained with.
    """
    config = plan.config
    return {
        **config.card,
        "painting_file": config.painting.name,
        "painting_digest": digest_path(config.painting),
        "photos": photos,
        "clips": len(plan.photos.clips),
        "start_from": plan.start.label,
        "features": config.features,
        "steps": state.schedule.steps,
        "batch_size": config.batch_size,
        "crop": config.crop,
        "stroke": config.stroke,
        "learning_rate": config.learning_rate,
        "weights": asdict(config.weights),
        "seed": config.seed,
        "precision": precision,
        "library": keras.backend.backend(),
        "seconds": round(state.schedule.seconds, 1),
        "held_out": state.best.losses,
        "network": spec_to_json(config.spec),
        "parameters": count_parameters(config.spec),
        "gmac_at_480x853": round(count_macs(config.spec, ARTICLE_SIZE) / 1e9, 2),
    }
