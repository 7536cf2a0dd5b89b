"""What is settled before the first step. Everything that can be wrong with files is found here,
before a network is loaded."""

from dataclasses import dataclass
from pathlib import Path

from videostyle.errors import ConfigError, UnfinishedError
from videostyle.files.target import check_target
from videostyle.models.making.painting import read_painting
from videostyle.models.model_file import SUFFIX
from videostyle.train.checkpoint import Checkpoint
from videostyle.train.photos import PhotoSources, find_photos
from videostyle.train.recipe import describe_settings
from videostyle.train.start import Start, choose_start
from videostyle.train.train_config import TrainConfig


@dataclass(frozen=True)
class TrainPlan:
    """All that is known before the first step.

    Attributes:
        config: the settings that led here.
        photos: what to paint.
        start: the weights to start from.
        target: the model file to write, or None when only the network is wanted.
        checkpoint: beside the target.
        steps_made: by the training that is gone on with; 0 for a new one.
    """

    config: TrainConfig
    photos: PhotoSources
    start: Start
    target: Path | None = None
    checkpoint: Checkpoint | None = None
    steps_made: int = 0


def prepare_training(
    config: TrainConfig,
    target: Path | None = None,
    *,
    resume: bool = False,
    overwrite: bool = False,
) -> TrainPlan:
    """Check pictures, target and checkpoint.

    Args:
        config: the settings.
        target: a `.keras` file to write, with a checkpoint beside it until it is finished.
        resume: continue from the checkpoint, if there is one.
        overwrite: replace an existing target and, without `resume`, a checkpoint.

    Raises:
        ConfigError: the target's name is wrong, or the checkpoint has other settings.
        TrainError, ProbeError: painting, photos or checkpoint can't be read, or the target is
            there already.
        ModelLoadError: the model file to start from can't be read.
    """
    if target is not None:
        _check_target(target, overwrite)
    read_painting(config.painting, config.stroke)
    start = choose_start(config)
    photos = find_photos(config.photos)
    if target is None:
        return TrainPlan(config, photos, start)
    checkpoint = Checkpoint(target, describe_settings(config, photos, start))
    if not checkpoint.exists() or (overwrite and not resume):
        return TrainPlan(config, photos, start, target, checkpoint)
    if not resume:
        raise UnfinishedError(f"{checkpoint.path}: an unfinished training was saved there")
    return TrainPlan(config, photos, start, target, checkpoint, checkpoint.steps())


def _check_target(target: Path, overwrite: bool) -> None:
    if target.suffix != SUFFIX:
        raise ConfigError(f"{target}: a model file's name must end in {SUFFIX}")
    check_target(target, overwrite=overwrite)
