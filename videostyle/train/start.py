"""What a training starts from: a network made from the painting, a style, or random weights."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from videostyle.errors import TrainError
from videostyle.files.digest import digest_path
from videostyle.models.making.ingredients import STROKE_BOUNDS, is_painting
from videostyle.models.making.made_style import CODES_FILE, make_style
from videostyle.models.model_file import read_spec
from videostyle.models.styles import built_in_styles, find_style
from videostyle.train.train_config import AUTO_START, NO_START, TrainConfig


@dataclass(frozen=True)
class Start:
    """Where a training starts.

    Attributes:
        path: a model file, or None for random weights.
        label: what it is, for a person and for the model's card.
        digest: of all that decides its weights.
    """

    path: Path | None = None
    label: str = "random weights"
    digest: str = "none"


def choose_start(config: TrainConfig) -> Start:
    """Find what a training's settings ask for.

    By itself a *fast* network starts as the one that is made from the painting, and another as
    the built-in style whose painting looks most alike, if one has the same architecture.

    Raises:
        ModelLoadError, UnknownStyleError: the style can't be read or doesn't exist.
        TrainError: it has another architecture.
        PaintingError: the painting can't be read.
    """
    if config.start_from == NO_START:
        return Start()
    if config.start_from == AUTO_START:
        return _made(config) or _nearest(config) or Start()
    path = find_style(str(config.start_from))
    if (spec := read_spec(path)) != config.spec:
        raise TrainError(f"{config.start_from}: has another network than the one to train: {spec}")
    return Start(path, Path(config.start_from).name, digest_path(path))


def _made(config: TrainConfig) -> Start | None:
    from videostyle.models.making.make import shipped_maker

    if config.spec != shipped_maker().spec.network or not is_painting(config.painting):
        return None
    low, high = STROKE_BOUNDS
    made = make_style(f"{config.painting}@{min(high, max(low, config.stroke))}")
    if made is None:
        return None
    # The cache names a made style by all that decides it.
    return Start(made.path, f"the network made from {made.label}", made.path.stem)


def _nearest(config: TrainConfig) -> Start | None:
    paths = {
        info.style: info.path for info in built_in_styles() if read_spec(info.path) == config.spec
    }
    if not paths:
        return None
    from videostyle.models.making.make import encode_painting
    from videostyle.models.making.painting import read_painting

    code = encode_painting(read_painting(config.painting, config.stroke))
    with np.load(CODES_FILE, allow_pickle=False) as codes:
        near = {name: float(np.square(codes[name] - code).sum()) for name in codes if name in paths}
    if not near:
        return None
    name = min(near, key=near.__getitem__)
    return Start(paths[name], f"{name}/{paths[name].stem}", digest_path(paths[name]))
