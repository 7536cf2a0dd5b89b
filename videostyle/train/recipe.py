"""What a checkpoint belongs to: a training goes on with the settings that it began with."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import videostyle
from videostyle.models.spec import spec_to_json
from videostyle.train.photos import PhotoSources
from videostyle.train.train_config import TrainConfig

# By their own values. Free are how long it takes, how often it is looked at, and what is written
# beside it.
_COMPARED = ("features", "batch_size", "crop", "stroke", "learning_rate", "precision", "seed")


def describe_settings(config: TrainConfig, photos: PhotoSources) -> dict[str, str]:
    """Everything that decides which step follows which, by the name a user knows.

    Photos and clips count by name and size: reading them all may take longer than a step.
    """
    weights = {f"{name}_weight": value for name, value in asdict(config.weights).items()}
    weights["stability"] = weights.pop("stability_weight")
    files = [*photos.pictures, *(clip.path for clip in photos.clips)]
    settings = {
        **{name: getattr(config, name) for name in _COMPARED},
        **weights,
        "architecture": json.dumps(spec_to_json(config.spec)),
        "painting": _hash_file(config.painting),
        "photos": _hash_text([[path.name, path.stat().st_size] for path in files]),
        "start_from": _hash_file(config.start_from) if config.start_from else "none",
        "loss_network": _hash_file(config.loss_network) if config.loss_network else "its own",
        "videostyle": videostyle.__version__,
    }
    return {name: str(value) for name, value in settings.items()}


def name_differences(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """What differs, in words: `crop (64, now 96)`."""
    names = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    return [
        f"{name} ({then.get(name)}, now {now.get(name)})"
        if len(f"{then.get(name)}{now.get(name)}") < 40
        else name
        for name in names
    ]


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_text(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
