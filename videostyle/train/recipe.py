"""The recipe of a training: a checkpoint is only continued with the same one."""

import json
from dataclasses import asdict

from videostyle._version import __version__
from videostyle.files.digest import digest_path, digest_values
from videostyle.files.recipe import Shows, shown_values
from videostyle.models.spec import spec_to_json
from videostyle.train.photos import PhotoSources
from videostyle.train.start import Start
from videostyle.train.train_config import TrainConfig


def describe_settings(config: TrainConfig, photos: PhotoSources, start: Start) -> dict[str, str]:
    """Everything that decides the steps of a training, by the names a user knows.

    Photos and clips are compared by name and size, since reading them all may take long.
    """
    weights = {f"{name}_weight": value for name, value in asdict(config.weights).items()}
    weights["stability"] = weights.pop("stability_weight")
    files = [*photos.pictures, *(clip.path for clip in photos.clips)]
    settings = {
        **shown_values(config, Shows.FILE),
        **weights,
        "architecture": json.dumps(spec_to_json(config.spec)),
        "painting": digest_path(config.painting),
        "photos": digest_values([[path.name, path.stat().st_size] for path in files]),
        "start_from": start.digest,
        "loss_network": digest_path(config.loss_network) if config.loss_network else "its own",
        "videostyle": __version__,
    }
    return {name: str(value) for name, value in settings.items()}
